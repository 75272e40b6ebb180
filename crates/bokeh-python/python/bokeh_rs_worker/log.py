"""Log records, sent to the server, which has the log."""

from __future__ import annotations

import logging
import sys

from bokeh.util import logconfig

from .channel import Channel
from .place import current_place


def send_logs(channel: Channel, level: str | None) -> FrameHandler:
    """Does what `bokeh serve` does for its log: the root logger has a handler, and bokeh a level. An application
    can configure logging as it could there."""
    handler = FrameHandler(channel)
    logconfig.basicConfig(handlers=[handler], format="%(message)s")
    logging.getLogger("bokeh").setLevel(level_number(level))
    return handler


class FrameHandler(logging.Handler):
    """Writes each record as a `log` frame; to standard error in a child that an application has forked."""

    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self.channel = channel

    def emit(self, record: logging.LogRecord) -> None:
        """Sends a record."""
        try:
            if not self.channel.is_ours():
                sys.stderr.write(self.format(record) + "\n")
                return
            place = current_place()
            frame = {
                "t": "log",
                "level": level_name(record.levelno),
                "logger": record.name,
                "text": self.format(record),
            }
            if place.route is not None:
                frame["route"] = place.route
            if place.session is not None:
                frame["session"] = place.session
            self.channel.send(frame)
        except Exception:
            self.handleError(record)


class Quiet(logging.Filter):
    """Meanwhile a logger only warns: what every worker would say, the server says once."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is passed on."""
        return record.levelno >= logging.WARNING

    def __enter__(self) -> None:
        logging.getLogger(self.name).addFilter(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger(self.name).removeFilter(self)


def level_number(level: str | None) -> int:
    """Of a name as `--log-level` takes it."""
    if level is None or level.lower() == "none":
        return logging.INFO
    number = logging.getLevelName(level.upper())
    return number if isinstance(number, int) else logging.INFO


def level_name(number: int) -> str:
    """The nearest of the server's levels."""
    return next((name for least, name in LEVELS if number >= least), "trace")


LEVELS = [
    (logging.ERROR, "error"),
    (logging.WARNING, "warning"),
    (logging.INFO, "info"),
    (logging.DEBUG, "debug"),
]
