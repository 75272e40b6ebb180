"""What the server says once, before anything else, and what comes of it."""

from __future__ import annotations

import os
import platform
import random
import sys
from typing import Any

import bokeh
import tornado
from bokeh import settings as bokeh_settings
from bokeh.embed import bundle
from bokeh.server.auth_provider import AuthModule, NullAuth
from bokeh.server.tornado import BokehTornado
from bokeh.util import serialization
from tornado.ioloop import IOLoop

from .apps import Apps, logout_url
from .channel import Channel, leave
from .failure import Failure
from .frame import FrameError
from .implementations import compile_only_once
from .log import FrameHandler, Quiet, send_logs
from .notebook import convert_without_nbconvert


class Setup:
    """Bokeh, set up and with its applications. A forked process takes it over as it is."""

    tornado: BokehTornado
    """Bokeh's Tornado application, which never sees a socket. Links of pages, the handlers of an auth module and the
    URLs to which these send users come from it."""
    apps: Apps
    is_template: bool
    """This process has no sessions, but forks others that have."""

    def __init__(self, channel: Channel) -> None:
        """Waits for the first frame and answers it."""
        frame = channel.wait()
        if frame["t"] != "configure":
            raise FrameError(f"the first frame is {frame['t']!r}")
        self.is_template = bool(frame.get("template"))
        self._log_handler: FrameHandler = send_logs(channel, frame.get("log_level"))
        try:
            self._configure(frame)
        except Exception as error:
            channel.send({"t": "reply", "id": frame["id"], "error": Failure.of(error)._asdict()})
            leave(1)
        channel.send({"t": "reply", "id": frame["id"], "error": None, **self._described()})

    def use(self, channel: Channel, loop: IOLoop) -> None:
        """Serves that channel with that loop from now on."""
        self._log_handler.channel = channel
        self.tornado._loop = loop
        self.apps.use_loop(loop)

    def start_anew(self) -> None:
        """A forked process must not draw the same numbers as others."""
        start_ids_high()
        random.seed()
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed()

    def _configure(self, frame: dict[str, Any]) -> None:
        if frame.get("config"):
            bokeh_settings.settings.load_config(frame["config"])
        for name, value in (frame.get("settings") or {}).items():
            setattr(bokeh_settings.settings, name, value)
        start_ids_high()
        convert_without_nbconvert()
        compile_only_once()
        auth_module = frame.get("auth_module")
        with Quiet("bokeh.server.tornado"):
            self.tornado = BokehTornado(
                {},
                prefix=frame.get("prefix") or "",
                auth_provider=AuthModule(auth_module) if auth_module else NullAuth(),
                xsrf_cookies=bool(frame.get("xsrf_cookies")),
                cookie_secret=frame.get("cookie_secret"),
                ico_path="none",
                use_index=False,
            )
        self.apps = Apps(self.tornado)

    def _described(self) -> dict[str, Any]:
        return {
            "python": platform.python_version(),
            "bokeh": bokeh.__version__,
            "tornado": tornado.version,
            "bokehjs_dir": os.fspath(bokeh_settings.settings.bokehjs_path()),
            "extension_dirs": extension_dirs(),
            "auth": described_auth(self.tornado),
        }


def extension_dirs() -> dict[str, str]:
    """Where the scripts of bundled extensions are. It grows as pages are made for applications with extensions."""
    return {name: os.fspath(path) for name, path in bundle.extension_dirs.items()}


def described_auth(app: BokehTornado) -> dict[str, Any] | None:
    """Which URLs the auth module answers. None without one."""
    auth = app.auth_provider
    if isinstance(auth, NullAuth):
        return None
    return {
        "has_user": auth.get_user is not None or auth.get_user_async is not None,
        "endpoints": [app.prefix + url for url, _ in auth.endpoints],
        "logout_url": logout_url(app),
        "share_sessions": bool(getattr(getattr(auth, "_module", None), "share_sessions", True)),
    }


def start_ids_high() -> None:
    """The ids of clients that are Python too begin at 1000 and must not meet those made here."""
    serialization._simple_id = random.SystemRandom().randrange(10**6, 10**12, 10**6)
