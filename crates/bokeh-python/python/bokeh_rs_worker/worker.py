"""A process that has sessions: its loop, and what it does about the server's frames."""

from __future__ import annotations

import asyncio
import base64
import logging
from typing import Any, Callable, NoReturn

from tornado.ioloop import IOLoop

from . import auth
from .apps import failure_of
from .channel import Channel, leave
from .desk import Desk, Frame
from .export import ExportError, html_of, json_of
from .failure import Failure, NoExit, log_failure
from .frame import BUFFERS, FrameError, named_buffers
from .garbage import Collector
from .json_text import Named, to_json
from .page import autoload_script, page
from .place import AtPlace, Place
from .preload import preload_bokeh
from .recorder import Change, segments
from .request import http_request
from .resources import AtFirst
from .session import Submission, WorkerSession
from .sessions import Sessions, UnknownSession
from .setup import Setup, extension_dirs

log = logging.getLogger("bokeh.server")


class Worker(Desk):
    """Serves one server until that closes the socket."""

    def __init__(self, channel: Channel, setup: Setup) -> None:
        # A forked process cannot use the loop that it inherits, if there is one.
        asyncio.set_event_loop(asyncio.new_event_loop())
        IOLoop.clear_current()
        self._loop = IOLoop.current()
        self._sessions = Sessions(channel)
        super().__init__(channel, setup, Collector(self._loop, self._is_idle))
        self._tasks: set[asyncio.Task[None]] = set()
        setup.use(channel, self._loop)
        if not setup.is_template:
            self._collector.collect()

    def run(self) -> NoReturn:
        """Serves."""
        self._loop.asyncio_loop.add_reader(self._channel.fileno(), self._readable)  # type: ignore[attr-defined]
        self._loop.add_callback(self._readable)
        if self._setup.is_template:
            self._loop.call_later(WARM_UP_AFTER_SECS, self._warm_up)
        while True:
            try:
                self._loop.start()
            except (SystemExit, KeyboardInterrupt) as error:
                # From a callback that Bokeh does not run, such as a task of the application's own.
                log_failure(error)

    def n_sessions(self) -> int:
        """The number of sessions."""
        return len(self._sessions)

    # Sessions

    async def on_open(self, frame: Frame) -> None:
        """Makes a session."""
        context = self._setup.apps[frame["route"]]
        # Should this process end before, another one can still make the session.
        self._channel.send({"t": "begun", "s": frame["s"]})
        if "logout_url" in frame:
            context._logout_url = frame["logout_url"]
        request = http_request(frame.get("request") or {"uri": frame["route"]})
        text, buffers = await self._sessions.open(frame["s"], context, frame["session_id"], request, frame.get("token"))
        self._document(frame, text, buffers, failure=failure_of(context))

    async def on_close(self, frame: Frame) -> None:
        """Ends a session."""
        await self._sessions.close(frame["s"])
        self.reply(frame)

    async def on_join(self, frame: Frame) -> None:
        """A peer looks at a session."""
        self._sessions[frame["s"]].join(frame["peer"])

    async def on_leave(self, frame: Frame) -> None:
        """A peer is gone."""
        if session := self._sessions.get(frame["s"]):
            await session.leave(frame["peer"])

    async def on_patch(self, frame: Frame) -> None:
        """A peer has sent PATCH-DOC."""
        session = self._sessions[frame["s"]]
        await self._submit(frame, session, session.patch_of)

    async def on_push(self, frame: Frame) -> None:
        """A peer has sent PUSH-DOC."""
        session = self._sessions[frame["s"]]
        await self._submit(frame, session, session.push_of)

    async def on_edit(self, frame: Frame) -> None:
        """The server's own code has changed the copy."""
        await self._sessions[frame["s"]].edit(frame["content"], named_buffers(frame))

    async def on_whole(self, frame: Frame) -> None:
        """The copy has missed something."""
        session = self._sessions[frame["s"]]
        await session.whole(lambda text, buffers: self._document(frame, text, buffers))

    # Pages and requests

    async def on_page(self, frame: Frame) -> None:
        """The page of a session."""
        session = self._sessions[frame["s"]]
        context = self._setup.apps[session.place.route]
        with AtPlace(session.place):
            html = await page(self._setup.tornado, context, session, frame.get("token"), at_first_of(frame))
        # An extension may have changed the document for the page.
        session.flush()
        self.reply(frame, html=html, extension_dirs=extension_dirs())

    async def on_autoload(self, frame: Frame) -> None:
        """The script that shows a session in the page of somebody else."""
        session = self._sessions[frame["s"]]
        with AtPlace(session.place):
            script = await autoload_script(
                self._setup.tornado,
                self._setup.apps[session.place.route],
                session,
                frame.get("token"),
                frame["element_id"],
                frame.get("app_path") or "/",
                frame.get("absolute_url"),
                frame.get("with_resources", True),
            )
        session.flush()
        self.reply(frame, js=script, extension_dirs=extension_dirs())

    async def on_process_request(self, frame: Frame) -> None:
        """What the application wants to have in the token."""
        request = http_request(frame["request"], body_of(frame))
        payload = self._setup.apps[frame["route"]].application.process_request(request)
        self.reply(frame, payload=with_bytes(payload))

    def on_export(self, frame: Frame) -> None:
        """What an application makes without a session."""
        context = self._setup.apps[frame["route"]]
        with AtPlace(Place(frame["route"])):
            try:
                text = html_of(context) if frame["format"] == "html" else json_of(context, frame.get("indent"))
            except ExportError as error:
                self.reply(frame, reason=str(error))
            else:
                self.reply(frame, text=text)

    async def on_http(self, frame: Frame) -> None:
        """What the auth module answers."""
        request = http_request(frame["request"], body_of(frame))
        response = await auth.respond(self._setup.tornado, request, is_gate=frame["gate"])
        body = Named("body", bytes(response.body))
        self.reply(frame, buffers=[body], status=response.status, headers=response.headers, user=response.user)

    # Helpers

    def _warm_up(self) -> None:
        # Memory that is shared with the template is copied when it is first touched, if only to count references. Who waits for
        # a session need not wait for that.
        if len(self._sessions) == 0 and not self._tasks:
            preload_bokeh(self._setup.tornado)

    def _is_idle(self) -> bool:
        # A forked process shares what its template has loaded as long as it does not go through it.
        return len(self._sessions) == 0 and not self._setup.is_template

    def _readable(self) -> None:
        try:
            for frame in self._channel.read():
                self._take(frame)
        except EOFError:
            leave()
        except (FrameError, ValueError) as error:
            log.error("the server sent what is no frame: %s", error)
            leave(1)

    def _take(self, frame: Frame) -> None:
        # Nothing that came before is under way, so this can overtake nothing.
        if not self._tasks and frame["t"] == "patch" and self._patch_now(frame):
            return
        task = self._loop.asyncio_loop.create_task(self._handle(frame))  # type: ignore[attr-defined]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, frame: Frame) -> None:
        try:
            # Whoever asked waits for the answer.
            with NoExit():
                answer = self.handler(frame)(frame)
                if answer is not None:
                    await answer
        except Exception as error:
            self.refuse(frame, error)

    def _patch_now(self, frame: Frame) -> bool:
        session = self._sessions.get(frame["s"])
        if session is None:
            return False
        submission = session.patch_of(frame["peer"], frame["content"], named_buffers(frame))
        return session.submit_now(submission, lambda *result: self._submitted(frame, *result))

    async def _submit(self, frame: Frame, session: WorkerSession, submission: Callable[..., Submission]) -> None:
        has_answered = False

        def answer(changes: list[Change], failure: Failure | None) -> None:
            nonlocal has_answered
            has_answered = True
            self._submitted(frame, changes, failure)

        await session.submit(submission(frame["peer"], frame["content"], named_buffers(frame)), answer)
        if not has_answered:
            raise UnknownSession("the session has ended")

    def _submitted(self, frame: Frame, changes: list[Change], failure: Failure | None) -> None:
        text, buffers = segments(changes)
        error = "null" if failure is None else to_json(failure._asdict())
        self._channel.send_text(f'{{"t":"reply","id":{frame["id"]},"error":{error},"segments":{text}}}', buffers)

    def _document(self, frame: Frame, text: str, buffers: list[Named], **fields: Any) -> None:
        names = to_json([buffer.id for buffer in buffers])
        rest = "".join(f",{to_json(name)}:{to_json(value)}" for name, value in fields.items())
        self._channel.send_text(
            f'{{"t":"reply","id":{frame["id"]},"error":null,"doc":{text},"buffers":{names}{rest}}}', buffers
        )


def with_bytes(value: Any) -> Any:
    """The value with bytes as tokens have them."""
    if isinstance(value, dict):
        return {name: with_bytes(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_bytes(item) for item in value]
    if isinstance(value, bytes):
        return {"bytes": base64.urlsafe_b64encode(value).decode().rstrip("=")}
    return value


def at_first_of(frame: Frame) -> AtFirst | None:
    """What of BokehJS a page is to load at once. None for all."""
    later_script = frame.get("later_script")
    return AtFirst(frame["bundles"], later_script) if later_script else None


def body_of(frame: Frame) -> bytes:
    """The body of a request is the frame's only buffer."""
    return frame[BUFFERS][0] if frame[BUFFERS] else b""


WARM_UP_AFTER_SECS = 0.02
"""A session that has waited for the process comes before."""
