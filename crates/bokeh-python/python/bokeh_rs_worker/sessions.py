"""The sessions of this worker."""

from __future__ import annotations

import asyncio
import logging
from typing import NamedTuple

from bokeh.core.types import ID
from bokeh.server import contexts
from bokeh.server.contexts import ApplicationContext
from tornado.httputil import HTTPServerRequest

from .channel import Channel
from .failure import NoExit
from .json_text import Named
from .place import AtPlace, Place
from .session import WorkerSession

log = logging.getLogger("bokeh.server")


class Hosted(NamedTuple):
    """A session and the application that it belongs to."""

    session: WorkerSession
    context: ApplicationContext


class Sessions:
    """By the server's numbers."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._hosted: dict[int, Hosted] = {}
        self._opening: set[int] = set()
        self._ends: dict[tuple[ApplicationContext, str], asyncio.Event] = {}
        # Everything that Bokeh does to make a session stays as it is; only the class is ours.
        setattr(contexts, "ServerSession", WorkerSession)

    def __len__(self) -> int:
        return len(self._hosted)

    def __getitem__(self, number: int) -> WorkerSession:
        try:
            return self._hosted[number].session
        except KeyError:
            raise UnknownSession(f"this worker has no session {number}") from None

    def get(self, number: int) -> WorkerSession | None:
        """The session. None if it has ended or was never there."""
        hosted = self._hosted.get(number)
        return None if hosted is None else hosted.session

    async def open(
        self, number: int, context: ApplicationContext, session_id: ID, request: HTTPServerRequest, token: str | None
    ) -> tuple[str, list[Named]]:
        """Runs the application for a new session, and gives its document's JSON and buffers."""
        self._opening.add(number)
        if (end := self._ends.get((context, session_id))) is not None:
            # An earlier session of that id is on its way out, and would be taken for this one.
            await end.wait()
        with AtPlace(Place(context.url, session_id)):
            try:
                with NoExit():
                    session = await context.create_session_if_needed(session_id, request, token)
            except Exception:
                # Bokeh leaves it there, and whoever asks for this id again would wait for ever.
                context._pending_sessions.pop(session_id, None)
                raise
            finally:
                is_wanted = number in self._opening
                self._opening.discard(number)
            assert isinstance(session, WorkerSession)
            session.attach(number, context.url or "/", self._channel)
            self._hosted[number] = Hosted(session, context)
            try:
                if not is_wanted:
                    raise UnknownSession("the session was closed before it was there")
                return session.snapshot()
            except Exception:
                await self.close(number)
                raise

    async def close(self, number: int) -> None:
        """Ends a session and runs the hooks for that. Does nothing if it has ended, or was never there. One that is
        being made ends as soon as it is there."""
        self._opening.discard(number)
        hosted = self._hosted.pop(number, None)
        if hosted is None:
            return
        key = (hosted.context, hosted.session.id)
        self._ends[key] = asyncio.Event()
        try:
            with AtPlace(hosted.session.place):
                await self._end(*hosted)
        finally:
            self._ends.pop(key).set()

    async def _end(self, session: WorkerSession, context: ApplicationContext) -> None:
        session_context = context._session_contexts[session.id]
        session.stop_callbacks()
        pause_secs = 0.0
        while not session.destroyed:
            await session.locked(discard, session, context)
            # Callbacks that wait for the lock get their turn.
            await asyncio.sleep(pause_secs)
            pause_secs = min(2 * pause_secs + 0.001, 1.0)
        try:
            with NoExit():
                await context.application.on_session_destroyed(session_context)
        except Exception as error:
            log.error("a hook for the end of a session has failed: %r", error, exc_info=True)


def discard(session: WorkerSession, context: ApplicationContext) -> None:
    """Ends a session whose lock is held, unless others wait for the lock too."""
    if session.expiration_blocked_count > 1:
        return
    session.destroy()
    del context._sessions[session.id]
    del context._session_contexts[session.id]


class UnknownSession(LookupError):
    """The server named a session that is not here."""
