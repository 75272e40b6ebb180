"""What a Tornado handler answers."""

from __future__ import annotations

import asyncio
from typing import Any

from tornado.httputil import HTTPConnection, HTTPHeaders, RequestStartLine, ResponseStartLine


class Response(HTTPConnection):
    """A connection that keeps what is written to it."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.no_keep_alive = False
        self.status = 500
        self.failure: BaseException | None = None
        """What has kept the handler from an answer of its own."""
        self.user: str | None = None
        """Whom the gate has let in."""
        self.headers: list[tuple[str, str]] = []
        self.body = bytearray()
        self.finished = asyncio.get_event_loop().create_future()

    def write_headers(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders, chunk: bytes | None = None
    ) -> asyncio.Future[None]:
        """The status and the headers."""
        assert isinstance(start_line, ResponseStartLine)
        self.status = start_line.code
        self.headers = list(headers.get_all())
        return self.write(chunk or b"")

    def write(self, chunk: bytes) -> asyncio.Future[None]:
        """A part of the body."""
        self.body += chunk
        written: asyncio.Future[None] = asyncio.get_event_loop().create_future()
        written.set_result(None)
        return written

    def finish(self) -> None:
        """Nothing more comes."""
        if not self.finished.done():
            self.finished.set_result(None)

    def set_close_callback(self, callback: Any) -> None:
        """The browser's connection is not watched."""
