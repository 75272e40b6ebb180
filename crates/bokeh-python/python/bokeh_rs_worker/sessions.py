"""The sessions of this worker."""
from __future__ import annotations

import asyncio
import logging
from typing import Any, NamedTuple

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
        # Everything that Bokeh does to make a session stays as it is; only the class is ours.
        contexts.ServerSession = WorkerSession  # type: ignore[misc]

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
        self, number: int, context: ApplicationContext, session_id: str, request: HTTPServerRequest, token: str | None
    ) -> tuple[str, list[Named]]:
        """Runs the application for a new session, and gives its document's JSON and buffers."""
        with AtPlace(Place(context.url, session_id)):
            self._opening.add(number)
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
        session, context = hosted
        session_id = session.id
        session_context = context._session_contexts[session_id]
        with AtPlace(session.place):
            session.stop_callbacks()
            while not session.destroyed:
                await session.with_document_locked(self._discard, session, context, session_id)
                await asyncio.sleep(0)
            try:
                with NoExit():
                    await context.application.on_session_destroyed(session_context)
            except Exception as error:
                log.error("a hook for the end of a session has failed: %r", error, exc_info=True)

    def _discard(self, session: WorkerSession, context: ApplicationContext, session_id: str) -> None:
        # The one is this; others are callbacks that wait for the lock and are still to run.
        if session.expiration_blocked_count > 1:
            return
        session.destroy()
        del context._sessions[session_id]
        del context._session_contexts[session_id]


class UnknownSession(LookupError):
    """The server named a session that is not here."""
