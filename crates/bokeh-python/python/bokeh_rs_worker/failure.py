"""Why something that was asked for has failed."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import NamedTuple

log = logging.getLogger("bokeh.server")


class Failure(NamedTuple):
    """What the one who asked is told."""

    text: str
    traceback: str

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """As Bokeh puts it into an ERROR message."""
        lines = traceback.format_exception(type(error), error, error.__traceback__)
        return cls(repr(error), "".join(lines))


class ApplicationExit(RuntimeError):
    """An application wanted to end the process, which belongs to other sessions too."""


class NoExit:
    """Makes an ordinary error of `sys.exit()`."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if isinstance(error, (SystemExit, KeyboardInterrupt)):
            raise ApplicationExit(f"the application asked to end the process: {error!r}") from error


def log_failure(error: BaseException) -> None:
    """Writes what a callback has raised to the log, with its traceback."""
    log.error("a callback has failed: %r", error, exc_info=error)
