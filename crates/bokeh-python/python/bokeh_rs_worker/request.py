"""An HTTP request that the server has received."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tornado.httputil import HTTPHeaders, HTTPServerRequest

from .response import Response


def http_request(described: dict[str, Any], body: bytes = b"") -> HTTPServerRequest:
    """The request as Tornado would have it. What is answered goes to the `Response` that is its connection."""
    headers = HTTPHeaders()
    for name, value in described.get("headers") or []:
        headers.add(name, value)
    response = Response(
        SimpleNamespace(remote_ip=described.get("remote_ip"), protocol=described.get("protocol") or "http")
    )
    request = HTTPServerRequest(
        method=described.get("method") or "GET",
        uri=described["uri"],
        version=described.get("version") or "HTTP/1.1",
        headers=headers,
        body=body,
        host=described.get("host") or headers.get("Host") or "localhost",
        connection=response,
    )
    request._parse_body()
    return request
