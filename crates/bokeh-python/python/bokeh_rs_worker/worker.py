"""The loop that takes the server's frames, and what each of them does."""
from __future__ import annotations

import asyncio
import base64
import logging
import socket
from typing import Any, Callable, Coroutine, Dict, Sequence

from tornado.ioloop import IOLoop

from . import auth, metrics, settings
from .apps import Apps, failure_of
from .channel import Channel, leave
from .failure import Failure, log_failure
from .frame import BUFFERS, FrameError, named_buffers
from .garbage import Collector
from .json_text import Named, to_json
from .log import send_logs
from .notebook import convert_without_nbconvert
from .page import autoload_script, page
from .place import AtPlace
from .recorder import Change, segments
from .request import http_request
from .session import Submission, WorkerSession
from .sessions import Sessions, UnknownSession

log = logging.getLogger("bokeh.server")

FrameOf = Dict[str, Any]


class Worker:
    """Serves one server until that closes the socket."""

    def __init__(self, taken: socket.socket) -> None:
        self._channel = Channel(taken)
        self._loop = IOLoop.current()
        self._sessions = Sessions(self._channel)
        self._tasks: set[asyncio.Task[None]] = set()
        self._handlers: dict[str, Callable[[FrameOf], Coroutine[Any, Any, None]]] = {
            name[len("_on_") :]: getattr(self, name) for name in dir(self) if name.startswith("_on_")
        }

    def run(self) -> None:
        """Does not return."""
        self._loop.add_handler(self._channel.fileno(), self._readable, IOLoop.READ)
        while True:
            try:
                self._loop.start()
            except (SystemExit, KeyboardInterrupt) as error:
                # From a callback that Bokeh does not run, such as a task of the application's own.
                log_failure(error)

    def _readable(self, *_: Any) -> None:
        try:
            for frame in self._channel.read():
                self._take(frame)
        except EOFError:
            leave()
        except (FrameError, ValueError) as error:
            log.error("the server sent what is no frame: %s", error)
            leave()

    def _take(self, frame: FrameOf) -> None:
        # Nothing that came before is under way, so this can overtake nothing.
        if not self._tasks and frame["t"] == "patch" and self._patch_now(frame):
            return
        task = self._loop.asyncio_loop.create_task(self._handle(frame))  # type: ignore[attr-defined]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle(self, frame: FrameOf) -> None:
        try:
            handler = self._handlers.get(frame["t"])
            if handler is None:
                raise FrameError(f"this worker does not know {frame['t']!r}")
            await handler(frame)
        except Exception as error:
            if not isinstance(error, UnknownSession):
                log_failure(error)
            if "id" in frame:
                self._reply(frame, Failure.of(error))

    # The server's settings and applications

    async def _on_configure(self, frame: FrameOf) -> None:
        send_logs(self._channel, frame.get("log_level"))
        settings.start_ids_high()
        self._collector = Collector(self._loop, is_idle=lambda: len(self._sessions) == 0)
        convert_without_nbconvert()
        self._tornado = settings.make_tornado(frame, self._loop)
        self._apps = Apps(self._tornado)
        self._collector.collect()
        self._reply(frame, **settings.described(self._tornado))

    async def _on_load(self, frame: FrameOf) -> None:
        loaded = [self._apps.load(app["route"], app["path"], app.get("argv") or []) for app in frame["apps"]]
        self._collector.collect()
        self._reply(frame, apps=loaded)

    async def _on_server_loaded(self, frame: FrameOf) -> None:
        self._apps.run_load_hooks()
        self._reply(frame)

    async def _on_server_unloaded(self, frame: FrameOf) -> None:
        self._apps.run_unload_hooks()
        self._reply(frame)

    # Sessions

    async def _on_open(self, frame: FrameOf) -> None:
        context = self._apps[frame["route"]]
        if "logout_url" in frame:
            context._logout_url = frame["logout_url"]
        request = http_request(frame.get("request") or {"uri": frame["route"]})
        text, buffers = await self._sessions.open(frame["s"], context, frame["session_id"], request, frame.get("token"))
        self._document(frame, text, buffers, failure=failure_of(context))

    async def _on_close(self, frame: FrameOf) -> None:
        await self._sessions.close(frame["s"])
        self._reply(frame)

    async def _on_join(self, frame: FrameOf) -> None:
        self._sessions[frame["s"]].join(frame["peer"])

    async def _on_leave(self, frame: FrameOf) -> None:
        if session := self._sessions.get(frame["s"]):
            await session.leave(frame["peer"])

    async def _on_patch(self, frame: FrameOf) -> None:
        session = self._sessions[frame["s"]]
        await self._submit(frame, session, session.patch)

    def _patch_now(self, frame: FrameOf) -> bool:
        session = self._sessions.get(frame["s"])
        if session is None:
            return False
        submission = session.patch(frame["peer"], frame["content"], named_buffers(frame))
        return session.submit_now(submission, lambda *result: self._submitted(frame, *result))

    async def _on_push(self, frame: FrameOf) -> None:
        session = self._sessions[frame["s"]]
        await self._submit(frame, session, session.push)

    async def _on_edit(self, frame: FrameOf) -> None:
        await self._sessions[frame["s"]].edit(frame["content"], named_buffers(frame))

    async def _on_whole(self, frame: FrameOf) -> None:
        session = self._sessions[frame["s"]]
        await session.whole(lambda text, buffers: self._document(frame, text, buffers))

    # Pages and requests

    async def _on_page(self, frame: FrameOf) -> None:
        session = self._sessions[frame["s"]]
        with AtPlace(session.place):
            html = page(self._tornado, session, frame.get("token"))
        self._reply(frame, html=html, extension_dirs=settings.extension_dirs())

    async def _on_autoload(self, frame: FrameOf) -> None:
        session = self._sessions[frame["s"]]
        script = autoload_script(
            self._tornado,
            session,
            frame.get("token"),
            frame["element_id"],
            frame.get("app_path") or "/",
            frame.get("absolute_url"),
            frame.get("with_resources", True),
        )
        self._reply(frame, js=script, extension_dirs=settings.extension_dirs())

    async def _on_process_request(self, frame: FrameOf) -> None:
        request = http_request(frame["request"], body_of(frame))
        payload = self._apps[frame["route"]].application.process_request(request)
        self._reply(frame, payload=with_bytes(payload))

    async def _on_http(self, frame: FrameOf) -> None:
        request = http_request(frame["request"], body_of(frame))
        response = await auth.respond(self._tornado, request, is_gate=frame["gate"])
        body = Named("body", bytes(response.body))
        self._reply(frame, buffers=[body], status=response.status, headers=response.headers)

    # The process

    async def _on_ping(self, frame: FrameOf) -> None:
        self._reply(frame)

    async def _on_metrics(self, frame: FrameOf) -> None:
        self._reply(frame, sessions=len(self._sessions), **metrics.measured())

    async def _on_files(self, frame: FrameOf) -> None:
        self._reply(frame, files=metrics.imported_files())

    async def _on_stop(self, frame: FrameOf) -> None:
        self._apps.run_unload_hooks()
        self._reply(frame)
        leave()

    # Answers

    async def _submit(self, frame: FrameOf, session: WorkerSession, submission: Callable[..., Submission]) -> None:
        has_answered = False

        def answer(changes: list[Change], failure: Failure | None) -> None:
            nonlocal has_answered
            has_answered = True
            self._submitted(frame, changes, failure)

        await session.submit(submission(frame["peer"], frame["content"], named_buffers(frame)), answer)
        if not has_answered:
            raise UnknownSession("the session has ended")

    def _submitted(self, frame: FrameOf, changes: list[Change], failure: Failure | None) -> None:
        text, buffers = segments(changes)
        error = "null" if failure is None else to_json(failure._asdict())
        self._channel.send_text(f'{{"t":"reply","id":{frame["id"]},"error":{error},"segments":{text}}}', buffers)

    def _document(self, frame: FrameOf, text: str, buffers: list[Named], **fields: Any) -> None:
        names = to_json([buffer.id for buffer in buffers])
        rest = "".join(f",{to_json(name)}:{to_json(value)}" for name, value in fields.items())
        self._channel.send_text(
            f'{{"t":"reply","id":{frame["id"]},"error":null,"doc":{text},"buffers":{names}{rest}}}', buffers
        )

    def _reply(self, frame: FrameOf, failure: Failure | None = None, buffers: Sequence[Named] = (), **fields: Any) -> None:
        error = None if failure is None else failure._asdict()
        self._channel.send({"t": "reply", "id": frame["id"], "error": error, **fields}, buffers)


def with_bytes(value: Any) -> Any:
    """The value with bytes as tokens have them."""
    if isinstance(value, dict):
        return {name: with_bytes(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [with_bytes(item) for item in value]
    if isinstance(value, bytes):
        return {"bytes": base64.urlsafe_b64encode(value).decode().rstrip("=")}
    return value


def body_of(frame: FrameOf) -> bytes:
    """The body of a request is the frame's only buffer."""
    return frame[BUFFERS][0] if frame[BUFFERS] else b""
