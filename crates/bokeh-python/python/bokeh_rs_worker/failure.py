"""Why something that was asked for has failed."""
from __future__ import annotations

import contextlib
import logging
import traceback
from typing import Iterator, NamedTuple


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


@contextlib.contextmanager
def no_exit() -> Iterator[None]:
    """Makes an ordinary error of `sys.exit()`."""
    try:
        yield
    except (SystemExit, KeyboardInterrupt) as error:
        raise ApplicationExit(f"the application asked to end the process: {error!r}") from error


def log_failure(error: BaseException) -> None:
    """Writes what a callback has raised to the log, with its traceback."""
    log.error("a callback has failed: %r", error, exc_info=error)
