"""The page of a session, and the script that puts it into the page of somebody else."""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import urlencode

from bokeh.core.templates import FILE
from bokeh.server.contexts import ApplicationContext
from bokeh.server.tornado import BokehTornado
from bokeh.server.urls import per_app_patterns
from bokeh.server.views.doc_handler import DocHandler
from bokeh.server.views.session_handler import SessionHandler

from .failure import NoExit
from .request import http_request
from .resources import AtFirst, WithResources
from .response import Response
from .session import WorkerSession


class PageError(RuntimeError):
    """There is no page. Why is in the log."""


async def page(
    app: BokehTornado,
    context: ApplicationContext,
    session: WorkerSession,
    token: str | None,
    at_first: AtFirst | None = None,
) -> str:
    """The HTML, with the application's template. A template of users may have scripts, and needs all of BokehJS at once."""
    if session.document.template is not FILE:
        at_first = None
    return await _answer(app, context, Shown(session, token, at_first), PAGE, "")


async def autoload_script(
    app: BokehTornado,
    context: ApplicationContext,
    session: WorkerSession,
    token: str | None,
    element_id: str,
    app_path: str = "/",
    absolute_url: str | None = None,
    with_resources: bool = True,
) -> str:
    """The JavaScript that shows the session in the element of that id."""
    arguments = {"bokeh-autoload-element": element_id, "bokeh-app-path": app_path}
    if absolute_url:
        arguments["bokeh-absolute-url"] = absolute_url
    if not with_resources:
        arguments["resources"] = "none"
    return await _answer(app, context, Shown(session, token), AUTOLOAD, f"{AUTOLOAD}?{urlencode(arguments)}")


class Shown:
    """A session as one page sees it. A page that comes later gets a token of its own, as the session's first one may have
    expired."""

    def __init__(self, session: WorkerSession, token: str | None, at_first: AtFirst | None = None) -> None:
        self.session = session
        self.token = token or session.token
        self.at_first = at_first

    def __getattr__(self, name: str) -> Any:
        return getattr(self.session, name)


async def _answer(app: BokehTornado, context: ApplicationContext, shown: Shown, pattern: str, path: str) -> str:
    request = http_request({"uri": f"{app.prefix}{context.url}{path}"})
    setattr(request, "shown", shown)
    response = request.connection
    assert isinstance(response, Response)
    arguments = {"application_context": context, "bokeh_websocket_path": f"{app.prefix}{context.url}/ws"}
    app.get_handler_delegate(request, handler_of_session(registered(pattern)), arguments).execute()
    await response.finished
    if response.failure is not None:
        raise response.failure
    if response.status != 200:
        raise PageError(f"the page was answered with status {response.status}")
    return response.body.decode()


def registered(pattern: str) -> type[SessionHandler]:
    """The handler for a part of an application's URL: Bokeh's, or that of an extension that has put its own there."""
    return next(route[1] for route in per_app_patterns if route[0] == pattern)  # type: ignore[return-value]


@functools.lru_cache(maxsize=None)
def handler_of_session(handler: type[SessionHandler]) -> type[SessionHandler]:
    """Answers for a session that is there, and to a user whom the server has let in."""

    class OfSession(handler):  # type: ignore[misc,valid-type]
        async def prepare(self) -> None:
            self.current_user = "known"
            at_first = self.request.shown.at_first
            # Handlers of extensions have resources of their own.
            if at_first is not None and handler is DocHandler:
                self.application = WithResources(self.application, at_first)

        async def get(self, *args: Any, **kwargs: Any) -> None:
            # Bokeh exits where a model's script cannot be compiled.
            with NoExit():
                await super().get(*args, **kwargs)

        def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
            # It is raised where the page was asked for, and logged there.
            self.request.connection.failure = error

        async def get_session(self) -> Shown:
            shown: Shown = self.request.shown
            return shown

        def _log(self) -> None:
            pass

    return OfSession


PAGE = "/?"
AUTOLOAD = "/autoload.js"
