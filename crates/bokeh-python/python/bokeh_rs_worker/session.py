"""A session whose connections are in another process."""
from __future__ import annotations

import inspect
from typing import Any, Callable, Optional

from bokeh.core.serialization import Buffer, Serialized
from bokeh.document.callbacks import invoke_with_curdoc
from bokeh.document.events import DocumentChangedEvent, DocumentPatchedEvent
from bokeh.server.session import ServerSession

from .channel import Channel
from .curdoc import trimmed_curdoc
from .failure import Failure, log_failure, no_exit
from .json_text import Named, to_json_and_buffers, with_buffers
from .place import Place, at_place
from .recorder import Change, Recorder, segments

Answer = Callable[[list, Optional[Failure]], None]
"""Takes what a submission has changed, and why it failed."""


class Peer:
    """A connection that the server has. Bokeh counts them to know whether a session is used."""


class EditOfServer:
    """The setter of what Rust code has changed: nobody is its author here, so everything is told."""


class WorkerSession(ServerSession):
    """Bokeh's session, which tells the server of each change instead of writing to sockets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._author: int | None = None
        self._peers: dict[int, Peer] = {}
        self._number: int | None = None
        self._channel: Channel | None = None
        self._place = Place(None, self.id)
        self._recorder = Recorder(self.document, self._is_own)

    @property
    def place(self) -> Place:
        """Where log lines of this session come from."""
        return self._place

    def attach(self, number: int, route: str, channel: Channel) -> None:
        """Takes the server's number for this session, and where to tell of it."""
        self._number = number
        self._channel = channel
        self._place = Place(route, self.id)

    def join(self, peer: int) -> None:
        """A connection is open."""
        self._peers[peer] = connection = Peer()
        self.subscribe(connection)  # type: ignore[arg-type]

    async def leave(self, peer: int) -> None:
        """A connection is closed."""
        connection = self._peers.pop(peer, None)
        if connection is None or self.destroyed:
            return
        try:
            await self.with_document_locked(lambda: invoke_with_curdoc(self.document, self.notify_connection_lost))
        finally:
            self.unsubscribe(connection)  # type: ignore[arg-type]

    async def patch(self, peer: int, content: Any, buffers: list[Buffer], answer: Answer) -> None:
        """Applies the PATCH-DOC of a peer."""
        await self._submitted(peer, answer, lambda: self._apply(content, buffers, self))

    async def push(self, peer: int, content: Any, buffers: list[Buffer], answer: Answer) -> None:
        """Applies the PUSH-DOC of a peer."""
        await self._submitted(
            peer, answer, lambda: self.document.replace_with_json(with_buffers(content["doc"], buffers))
        )

    async def edit(self, content: Any, buffers: list[Buffer]) -> None:
        """Applies what Rust code has done to the copy."""
        await self.with_document_locked(self._apply, content, buffers, EditOfServer())

    async def whole(self, answer: Callable[[str, list[Named]], None]) -> None:
        """Gives the document as it is."""
        await self.with_document_locked(lambda: answer(*self.snapshot()))

    def snapshot(self) -> tuple[str, list[Named]]:
        """The JSON of the document and its buffers. Changes from now on come after it."""
        self._flush()
        document = self.document.to_json()
        self._recorder.snapshot_taken()
        # Bokeh before 3.9 gives the content as it is.
        return to_json_and_buffers(document.content if isinstance(document, Serialized) else document)

    def stop_callbacks(self) -> None:
        """Nothing that is not under way yet is begun any more."""
        self._callbacks.remove_all_callbacks()

    # What Bokeh calls

    def with_document_locked(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Runs the function with the document locked, and tells what it has changed, also if it fails."""
        return super().with_document_locked(self._told, func, args, kwargs)

    def request_expiration(self) -> None:
        """The server decides, as it knows who is connected."""
        super().request_expiration()
        if self._channel is not None:
            self._channel.send({"t": "expire", "s": self._number})

    def destroy(self) -> None:
        """Ends the session."""
        self._recorder.stop()
        super().destroy()

    def _wrap_document_callback(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        wrapped = super()._wrap_document_callback(callback)
        if not getattr(callback, "nolock", False):
            return wrapped

        def without_lock(*args: Any, **kwargs: Any) -> Any:
            with at_place(self._place), trimmed_curdoc(), no_exit():
                return wrapped(*args, **kwargs)

        return without_lock

    def _document_patched(self, event: DocumentPatchedEvent) -> None:
        if self._pending_writes is not None:
            return
        # The change has happened and the copy must know it, although it is refused as a Bokeh server does.
        self._loop.add_callback(self._flush)
        raise RuntimeError(
            "the document was changed by code that does not hold its lock; "
            "use add_next_tick_callback to change it from a thread or an unlocked callback"
        )

    # Helpers

    async def _told(self, func: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        with at_place(self._place):
            try:
                with no_exit(), trimmed_curdoc():
                    result = func(*args, **kwargs)
                with no_exit():
                    return await result if inspect.isawaitable(result) else result
            finally:
                self._flush()

    async def _submitted(self, peer: int, answer: Answer, submission: Callable[[], None]) -> None:
        def run() -> None:
            failure = None
            self._flush()
            self._author = peer
            try:
                with no_exit(), trimmed_curdoc():
                    submission()
            except Exception as error:
                failure = Failure.of(error)
                log_failure(error)
            finally:
                self._author = None
            # Still with the lock, so that it comes before what happens next.
            answer(self._recorder.take(), failure)

        await self.with_document_locked(run)

    def _apply(self, content: Any, buffers: list[Buffer], setter: Any) -> None:
        document = self.document
        patch = Serialized(content, buffers)
        invoke_with_curdoc(document, lambda: document.apply_json_patch(patch, setter=setter))

    def _is_own(self, event: DocumentChangedEvent) -> bool:
        return self._author is not None and event.setter is self

    def _flush(self) -> None:
        changes: list[Change] = self._recorder.take()
        if not changes or self._channel is None:
            return
        text, buffers = segments(changes)
        self._channel.send_text(f'{{"t":"changes","s":{self._number},"segments":{text}}}', buffers)
