"""What the server says once, before anything else."""
from __future__ import annotations

import os
import platform
import random
from typing import Any

import bokeh
import tornado
from bokeh import settings as bokeh_settings
from bokeh.server.auth_provider import AuthModule, AuthProvider, NullAuth
from bokeh.server.tornado import BokehTornado
from bokeh.util import serialization
from tornado.ioloop import IOLoop


def make_tornado(frame: dict[str, Any], loop: IOLoop) -> BokehTornado:
    """Bokeh's Tornado application, which never sees a socket. Links of pages, the handlers of an auth module and
    the URLs to which these send users come from it."""
    settings = bokeh_settings.settings
    for name, value in (frame.get("settings") or {}).items():
        setattr(settings, name, value)
    result = BokehTornado(
        {},
        prefix=frame.get("prefix") or "",
        auth_provider=auth_provider(frame.get("auth_module")),
        xsrf_cookies=bool(frame.get("xsrf_cookies")),
        cookie_secret=frame.get("cookie_secret"),
        ico_path="none",
        use_index=False,
    )
    result.initialize(loop)
    return result


def start_ids_high() -> None:
    """The ids of clients that are Python too begin at 1000 and must not meet those made here."""
    serialization._simple_id = random.SystemRandom().randrange(10**6, 10**12, 10**6)


def described(app: BokehTornado) -> dict[str, Any]:
    """What the server wants to know of this Python."""
    return {
        "python": platform.python_version(),
        "bokeh": bokeh.__version__,
        "tornado": tornado.version,
        "bokehjs_dir": os.fspath(bokeh_settings.settings.bokehjs_path()),
        "extension_dirs": extension_dirs(),
        "auth": described_auth(app),
    }


def extension_dirs() -> dict[str, str]:
    """Where the scripts of bundled extensions are. It grows as applications import extensions."""
    from bokeh.embed.bundle import extension_dirs as known

    return {name: os.fspath(path) for name, path in known.items()}


def described_auth(app: BokehTornado) -> dict[str, Any] | None:
    """Which URLs the auth module answers. None without one."""
    auth = app.auth_provider
    if isinstance(auth, NullAuth):
        return None
    return {
        "has_user": auth.get_user is not None or auth.get_user_async is not None,
        "endpoints": [app.prefix + url for url, _ in auth.endpoints],
        "logout_url": logout_url(app),
    }


def logout_url(app: BokehTornado) -> str | None:
    """Where a page sends users who log out."""
    url = app.auth_provider.logout_url
    return None if url is None else f"{app.prefix}/{url.lstrip('/')}"


def auth_provider(path: str | None) -> AuthProvider:
    return AuthModule(path) if path else NullAuth()
