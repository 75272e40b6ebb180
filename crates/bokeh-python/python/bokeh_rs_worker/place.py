"""Which application and session is at work, for log lines."""

from __future__ import annotations

from contextvars import ContextVar
from typing import NamedTuple, Optional


class Place(NamedTuple):
    """An application's route and a session's id, as far as they are known."""

    route: Optional[str] = None
    session: Optional[str] = None


class AtPlace:
    """Log lines come from there meanwhile. Timers and tasks that are made meanwhile stay there."""

    __slots__ = ("_place", "_token")

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> None:
        self._token = _current.set(self._place)

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)


def current_place() -> Place:
    """Where the running code belongs."""
    return _current.get()


_current: ContextVar[Place] = ContextVar("bokeh_rs_place", default=Place())
