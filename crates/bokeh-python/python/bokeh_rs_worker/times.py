"""How long the callbacks of a session take."""

from __future__ import annotations

from time import perf_counter
from types import TracebackType
from typing import Callable, List

from tornado.ioloop import IOLoop


class Times:
    """Measures what runs inside of its `with` block, with the document locked, and tells of it a little later, of many in one go."""

    def __init__(self, loop: IOLoop | None, tell: Callable[[List[float], int], None]) -> None:
        self._loop = loop
        self._tell = tell
        self._secs: list[float] = []
        self._n_failed = 0
        # One at a time has the document's lock.
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = perf_counter()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if not self._secs and self._loop is not None:
            self._loop.call_later(TELL_AFTER_SECS, self.tell)
        self._secs.append(perf_counter() - self._began)
        self._n_failed += error is not None

    def tell(self) -> None:
        """Tells what has been measured since the last time."""
        if not self._secs:
            return
        self._tell(self._secs, self._n_failed)
        self._secs, self._n_failed = [], 0


TELL_AFTER_SECS = 0.5
