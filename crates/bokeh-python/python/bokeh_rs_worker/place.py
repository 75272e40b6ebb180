"""Which application and session is at work, for log lines."""
from __future__ import annotations

import contextlib
from contextvars import ContextVar
from typing import Iterator, NamedTuple, Optional


class Place(NamedTuple):
    """An application's route and a session's id, as far as they are known."""

    route: Optional[str] = None
    session: Optional[str] = None


def current_place() -> Place:
    """Where the running code belongs. Timers and tasks belong where they were made."""
    return _current.get()


@contextlib.contextmanager
def at_place(place: Place) -> Iterator[None]:
    """Log lines come from there meanwhile."""
    token = _current.set(place)
    try:
        yield
    finally:
        _current.reset(token)


_current: ContextVar[Place] = ContextVar("bokeh_rs_place", default=Place())
