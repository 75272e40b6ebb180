"""Runs the Tornado handlers of an auth module for requests that came to another process."""
from __future__ import annotations

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
        self.set_status(200)


async def respond(app: BokehTornado, request: HTTPServerRequest, is_gate: bool | None = None) -> Response:
    """What the auth module answers: to a request for one of its own URLs, or, at the gate, to any other. What is at
    the gate is seen by the path if it is not said."""
    response = request.connection
    assert isinstance(response, Response)
    if is_gate is None:
        is_gate = request.path not in {app.prefix + url for url, _ in app.auth_provider.endpoints}
    dispatcher = app.get_handler_delegate(request, Gate) if is_gate else app.find_handler(request)
    dispatcher.execute()  # type: ignore[attr-defined]
    await response.finished
    return response
