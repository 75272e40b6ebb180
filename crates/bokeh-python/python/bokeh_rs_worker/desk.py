"""What a process answers whether it has sessions or not."""

from __future__ import annotations

from typing import Any, Callable, Dict, Sequence

from bokeh.application import Application

from . import metrics
from .channel import Channel, leave
from .extensions import import_extensions
from .failure import Failure, log_failure
from .frame import FrameError
from .garbage import Collector
from .json_text import Named
from .process import run_exit_functions
from .sessions import UnknownSession
from .setup import Setup

Frame = Dict[str, Any]

# The requests whose failures the server tells of: those that are made for a page or a file.
TOLD_BY_SERVER = ("open", "page", "autoload", "process_request", "export")


class Desk:
    """Finds the method for a frame: `on_` and the frame's kind."""

    def __init__(self, channel: Channel, setup: Setup, collector: Collector) -> None:
        self._channel = channel
        self._setup = setup
        self._collector = collector

    def on_load(self, frame: Frame) -> None:
        """Compiles applications."""
        apps = self._setup.apps
        for app in frame["apps"]:
            import_extensions(app["path"])
        loaded = [apps.load(app["route"], app["path"], app.get("argv") or []) for app in frame["apps"]]
        for app in loaded:
            if app["error"] is None:
                self.prepare(apps[app["route"]].application)
        self._collector.collect()
        self.reply(frame, apps=loaded)

    def on_server_loaded(self, frame: Frame) -> None:
        """The server is there."""
        self._setup.apps.run_load_hooks()
        self.reply(frame)

    def on_server_unloaded(self, frame: Frame) -> None:
        """The server ends."""
        self._setup.apps.run_unload_hooks()
        self.reply(frame)

    def on_ping(self, frame: Frame) -> None:
        """Answers if nothing holds this process up."""
        self.reply(frame)

    def on_metrics(self, frame: Frame) -> None:
        """How this process is doing."""
        self.reply(frame, sessions=self.n_sessions(), **metrics.measured())

    def on_files(self, frame: Frame) -> None:
        """What a developer may edit."""
        self.reply(frame, files=metrics.imported_files())

    def on_stop(self, frame: Frame) -> None:
        """Ends the process."""
        self._setup.apps.run_unload_hooks()
        if not self._setup.is_template:
            run_exit_functions()
        self.reply(frame)
        leave()

    def prepare(self, application: Application) -> None:
        """Does beforehand what sessions of a loaded application need."""

    def n_sessions(self) -> int:
        """The number of sessions."""
        return 0

    def handler(self, frame: Frame) -> Callable[[Frame], Any]:
        """The method for a frame."""
        handler: Callable[[Frame], Any] | None = getattr(self, f"on_{frame['t']}", None)
        if handler is None:
            raise FrameError(f"there is no answer to {frame['t']!r}")
        return handler

    def reply(self, frame: Frame, failure: Failure | None = None, buffers: Sequence[Named] = (), **fields: Any) -> None:
        """Answers a request."""
        error = None if failure is None else failure._asdict()
        self._channel.send({"t": "reply", "id": frame["id"], "error": error, **fields}, buffers)

    def refuse(self, frame: Frame, error: Exception) -> None:
        """Answers a request that has failed."""
        if not isinstance(error, UnknownSession) and frame.get("t") not in TOLD_BY_SERVER:
            log_failure(error)
        if "id" in frame:
            self.reply(frame, Failure.of(error))
