"""When memory is collected that only cycles hold."""

from __future__ import annotations

import gc
import time
from types import SimpleNamespace
from typing import Callable

from bokeh.document import document
from tornado.ioloop import IOLoop


class Collector:
    """Collects what ended sessions leave, soon after they end but not for each of them.

    Bokeh collects at the end of each session, which goes through everything that was ever imported. That takes longer
    than to make a session.
    """

    def __init__(self, loop: IOLoop | None, is_idle: Callable[[], bool]) -> None:
        self._loop = loop
        self._is_idle = is_idle
        self._is_due = False
        self._pause_secs = LEAST_PAUSE_SECS
        setattr(document, "gc", SimpleNamespace(collect=self.collect_soon))

    def collect_soon(self) -> None:
        """What Bokeh calls."""
        if not self._is_due and self._loop is not None:
            self._is_due = True
            self._loop.call_later(self._pause_secs, self.collect)

    def collect(self) -> None:
        """Collects now."""
        self._is_due = False
        start = time.monotonic()
        if self._is_idle():
            # What is left when there is no session belongs to imported modules, and stays.
            gc.unfreeze()
            gc.collect()
            gc.freeze()
        else:
            gc.collect()
        self._pause_secs = max(LEAST_PAUSE_SECS, MAX_SHARE * (time.monotonic() - start))


LEAST_PAUSE_SECS = 1.0

MAX_SHARE = 20
"""At most one part in so many of the time goes into collections."""
