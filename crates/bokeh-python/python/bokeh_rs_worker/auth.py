"""Runs the Tornado handlers of an auth module for requests that came to another process."""

from __future__ import annotations

from typing import Any

from bokeh.server.tornado import BokehTornado
from bokeh.server.views.auth_request_handler import AuthRequestHandler
from tornado.httputil import HTTPServerRequest
from tornado.web import authenticated

from .response import Response


class Gate(AuthRequestHandler):
    """Answers 200 to users whom the auth module knows, and sends the others to the login page."""

    @authenticated
    async def get(self) -> None:
        """As Bokeh's own pages decide it."""
        response = self.request.connection
        assert isinstance(response, Response)
        response.user = name_of(self.current_user)

    head = get
    post = get

    def get_login_url(self) -> str:
        """Below the prefix, which Bokeh before 3.9 forgets."""
        app: BokehTornado = self.application  # type: ignore[assignment]
        url = app.auth_provider.login_url
        return super().get_login_url() if url is None else f"{app.prefix}/{url.lstrip('/')}"  # type: ignore[no-untyped-call]


def name_of(user: Any) -> str | None:
    """What the auth module calls a user, if that is a text. Nobody else is told from others."""
    if isinstance(user, bytes):
        return user.decode(errors="backslashreplace")
    return str(user) if isinstance(user, (str, int)) else None


async def respond(app: BokehTornado, request: HTTPServerRequest, is_gate: bool) -> Response:
    """What the auth module answers: to a request for one of its own URLs, or, at the gate, to any other."""
    response = request.connection
    assert isinstance(response, Response)
    dispatcher = app.get_handler_delegate(request, Gate) if is_gate else app.find_handler(request)
    dispatcher.execute()
    await response.finished
    if is_gate and response.status == 200:
        # The page that follows has headers of its own, but a cookie that was renewed has to arrive.
        response.headers = [(name, value) for name, value in response.headers if name == "Set-Cookie"]
    return response
