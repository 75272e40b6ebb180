"""A session whose connections are in another process."""

from __future__ import annotations

import inspect
from typing import Any, Callable, List, NamedTuple, Optional

from bokeh.core.serialization import Buffer, Serialized
from bokeh.document.events import DocumentChangedEvent, DocumentPatchedEvent
from bokeh.server.session import ServerSession

from .channel import Channel
from .connection import Peer
from .curdoc import TrimmedCurdoc
from .extras import Extras
from .failure import Failure, NoExit, log_failure
from .json_text import Named, to_json, to_json_and_buffers, with_buffers
from .modules import forget_modules
from .patch import apply_patch
from .place import AtPlace, Place
from .recorder import EDIT_OF_SERVER, Change, Recorder, segments
from .shortcuts import invoke_with_curdoc
from .times import Times

Answer = Callable[[List[Change], Optional[Failure]], None]
"""Takes what a submission has changed, and why it failed."""


class Submission(NamedTuple):
    """What a peer wants to be done."""

    peer: int
    apply: Callable[[], None]


class WorkerSession(ServerSession):
    """Bokeh's session, which tells the server of each change instead of writing to sockets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._author: int | None = None
        self._peers: dict[int, Peer] = {}
        self._number: int | None = None
        self._channel: Channel | None = None
        self._place = Place(None, self.id)
        self._times = Times(self._loop, self._tell_times)
        self._told_extras = Extras()
        self._recorder = Recorder(self.document, self._is_own, taken=self._flush_soon)

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
        self._peers[peer] = Peer(self)

    async def leave(self, peer: int) -> None:
        """A connection is closed."""
        connection = self._peers.pop(peer, None)
        if connection is None or self.destroyed:
            return
        try:
            await self.locked(lambda: invoke_with_curdoc(self.document, self.notify_connection_lost))
        finally:
            connection.detach_session()

    def patch_of(self, peer: int, content: Any, buffers: list[Buffer]) -> Submission:
        """The PATCH-DOC of a peer."""
        return Submission(peer, lambda: apply_patch(self.document, content, buffers, self, self._recorder.begin))

    def push_of(self, peer: int, content: Any, buffers: list[Buffer]) -> Submission:
        """The PUSH-DOC of a peer."""
        return Submission(peer, lambda: self.document.replace_with_json(with_buffers(content["doc"], buffers)))

    def submit_now(self, submission: Submission, answer: Answer) -> bool:
        """Applies a submission if nobody has or awaits the document's lock, and says whether it was so.

        Most edits find the lock free. They need no task, which takes longer than many a callback.
        """
        # Whoever has or awaits the lock blocks expiration.
        if self.destroyed or self.expiration_blocked:
            return False
        self.block_expiration()
        self._lock.acquire()
        self._pending_writes = []
        try:
            with AtPlace(self._place):
                self._submitted(submission, answer)
        finally:
            self._pending_writes = None
            self._lock.release()
            self.unblock_expiration()
        return True

    async def submit(self, submission: Submission, answer: Answer) -> None:
        """Applies a submission when its turn comes. It is never answered if the session ends before."""
        await self.locked(self._submitted, submission, answer)

    async def edit(self, content: Any, buffers: list[Buffer]) -> None:
        """Applies what Rust code has done to the copy, and tells it back. What is refused is undone in the copy."""
        await self.locked(self._edit, content, buffers)

    async def whole(self, answer: Callable[[str, list[Named]], None]) -> None:
        """Gives the document as it is."""
        await self.locked(lambda: answer(*self.snapshot()))

    def snapshot(self) -> tuple[str, list[Named]]:
        """The JSON of the document and its buffers. Changes from now on come after it."""
        self._tell_changes()
        document = self.document.to_json()
        self._told_extras = Extras.of(self.document)
        self._recorder.snapshot_taken()
        # Bokeh before 3.9 gives the content as it is.
        return to_json_and_buffers(document.content if isinstance(document, Serialized) else document)

    def flush(self) -> None:
        """Tells the server what has changed."""
        self._tell_changes()
        self._tell_extras()

    def stop_callbacks(self) -> None:
        """Nothing that is not under way yet is begun any more."""
        self._callbacks.remove_all_callbacks()

    def locked(self, func: Callable[..., Any], *args: Any) -> Any:
        """Runs the function with the document locked, and tells what it has changed, also if it fails."""
        return super().with_document_locked(self._told, func, args, {})

    # What Bokeh calls

    def with_document_locked(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Runs a callback with the document locked, and tells what it has changed, also if it fails."""
        return super().with_document_locked(self._timed, func, args, kwargs)

    def request_expiration(self) -> None:
        """The server decides, as it knows who is connected."""
        super().request_expiration()
        if self._channel is not None:
            self._channel.send({"t": "expire", "s": self._number})

    def destroy(self) -> None:
        """Ends the session."""
        self._recorder.stop()
        self._times.tell()
        forget_modules(self.document)
        super().destroy()

    def _wrap_document_callback(self, callback: Callable[..., Any]) -> Callable[..., Any]:
        wrapped = super()._wrap_document_callback(callback)
        if not getattr(callback, "nolock", False):
            return wrapped

        def without_lock(*args: Any, **kwargs: Any) -> Any:
            with AtPlace(self._place), TrimmedCurdoc(), NoExit():
                return wrapped(*args, **kwargs)

        return without_lock

    def _document_patched(self, event: DocumentPatchedEvent) -> None:
        if self._pending_writes is not None:
            return
        # The change has happened, so the copy must have it too, although it is refused as a Bokeh server refuses it.
        self._flush_soon()
        raise RuntimeError(
            "the document was changed by code that does not hold its lock; "
            "use add_next_tick_callback to change it from a thread or an unlocked callback"
        )

    # Helpers

    async def _timed(self, func: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        with self._times:
            return await self._told(func, args, kwargs)

    async def _told(self, func: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        with AtPlace(self._place):
            try:
                # Each step of a coroutine begins with an empty stack, so that what is left in the end can be undone.
                with TrimmedCurdoc(), NoExit():
                    result = func(*args, **kwargs)
                    return await result if inspect.isawaitable(result) else result
            finally:
                self.flush()

    def _submitted(self, submission: Submission, answer: Answer) -> None:
        failure = None
        self.flush()
        self._author = submission.peer
        try:
            with self._times, TrimmedCurdoc(), NoExit():
                invoke_with_curdoc(self.document, submission.apply)
        except Exception as error:
            failure = Failure.of(error)
            log_failure(error)
        finally:
            self._author = None
            self._recorder.begin(None)
        # Still with the lock, so that it comes before what happens next.
        answer(self._recorder.take(), failure)
        self._tell_extras()

    def _edit(self, content: Any, buffers: list[Buffer]) -> None:
        document = self.document
        try:
            with TrimmedCurdoc(), NoExit():
                invoke_with_curdoc(document, lambda: apply_patch(document, content, buffers, EDIT_OF_SERVER))
        except Exception as error:
            log_failure(error)
            self._tell_whole()

    def _tell_changes(self) -> None:
        changes = self._recorder.take()
        if changes:
            self._tell(*segments(changes))

    def _tell_extras(self) -> None:
        # There are no events of these, so the copy gets everything.
        if self._channel is None or self.destroyed or self.document.callbacks.hold_value is not None:
            return
        if Extras.of(self.document).has_more_than(self._told_extras):
            self._tell_whole()

    def _tell_whole(self) -> None:
        text, named = self.snapshot()
        ids = to_json([buffer.id for buffer in named])
        self._tell(f'[{{"own":false,"doc":{text},"buffers":{ids}}}]', named)

    def _is_own(self, event: DocumentChangedEvent) -> bool:
        return self._author is not None and event.setter is self

    def _flush_soon(self) -> None:
        assert self._loop is not None, "the worker gives its sessions a loop"
        self._loop.add_callback(self.flush)

    def _tell_times(self, secs: list[float], n_failed: int) -> None:
        if self._channel is not None:
            self._channel.send({"t": "took", "s": self._number, "secs": secs, "failed": n_failed})

    def _tell(self, segments_text: str, buffers: list[Named]) -> None:
        if self._channel is not None:
            self._channel.send_text(f'{{"t":"changes","s":{self._number},"segments":{segments_text}}}', buffers)
