"""What applications and extensions see of the connections, which the server has."""

from __future__ import annotations

from typing import Any

from bokeh.protocol import Protocol
from bokeh.protocol.message import Message
from bokeh.server.connection import ServerConnection
from bokeh.server.session import ServerSession
from tornado.websocket import WebSocketHandler


class Peer(ServerConnection):
    """A connection that stands for one of the server's. Bokeh counts them to know whether a session is used.

    Some extensions, such as Panel, take held events out of the document and write them to the sockets of all connections
    themselves. There is no socket here: the `Recorder` sees what they have taken, and the server hears of it from there.
    """

    def __init__(self, session: ServerSession) -> None:
        super().__init__(Unwritten(), ClosedSocket(), None, session)  # type: ignore[arg-type]


class ClosedSocket(WebSocketHandler):
    """A socket to which nobody writes."""

    ws_connection = None

    def __init__(self) -> None:
        """It has no request that it belongs to."""


class Unwritten(Protocol):
    """Makes messages that never go anywhere, and so hold nothing."""

    def create(self, msgtype: str, *args: Any, **metadata: Any) -> Message[Any]:
        """An empty message."""
        return super().create("ACK")
