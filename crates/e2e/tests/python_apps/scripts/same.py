"""Pulls the documents of applications from two servers, and answers where they differ.

The arguments are the addresses of the servers, and the paths of the applications.
"""

import asyncio
import json
import sys

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from bokeh.util.token import generate_jwt_token


async def pull(server, path):
    """The contents of a document as it is on the wire, with its buffers in the places where they are referred to."""
    token = generate_jwt_token(f"same-{path}", expiration=300)
    request = HTTPRequest(f"ws{server[4:]}/{path}/ws", headers={"Sec-WebSocket-Protocol": f"bokeh, {token}"})
    socket = await websocket_connect(request, max_message_size=1 << 30)
    try:
        # The first message is the acknowledgement.
        await receive(socket)
        for part in ({"msgid": "1", "msgtype": "PULL-DOC-REQ"}, {}, {}):
            await socket.write_message(json.dumps(part))
        while True:
            header, content, buffers = await receive(socket)
            if header["msgtype"] == "PULL-DOC-REPLY":
                return with_buffers(content["doc"], buffers)
            # A callback may run before.
            assert header["msgtype"] == "PATCH-DOC", (header, content)
    finally:
        socket.close()


async def receive(socket):
    async def fragment():
        part = await asyncio.wait_for(socket.read_message(), 60)
        assert part is not None, f"closed: {socket.close_code} {socket.close_reason}"
        return part

    header = json.loads(await fragment())
    await fragment()
    content = json.loads(await fragment())
    buffers = {}
    for _ in range(header.get("num_buffers", 0)):
        name = json.loads(await fragment())["id"]
        buffers[name] = await fragment()
    return header, content, buffers


def with_buffers(value, buffers):
    if isinstance(value, dict):
        if value.get("type") in ("bytes", "ndarray") or "data" in value or "array" in value:
            value = {k: buffers[v["id"]].hex() if is_buffer(v, buffers) else v for k, v in value.items()}
        return {k: with_buffers(v, buffers) for k, v in value.items()}
    return [with_buffers(item, buffers) for item in value] if isinstance(value, list) else value


def is_buffer(value, buffers):
    return isinstance(value, dict) and set(value) == {"id"} and value["id"] in buffers


def normal(document):
    """A document whose ids are numbered in the order in which the models are defined."""
    numbers = {}

    def number(value):
        if isinstance(value, dict):
            if isinstance(value.get("id"), str) and (value.get("type") == "object" or set(value) == {"id"}):
                numbers.setdefault(value["id"], f"#{len(numbers) + 1}")
            if value.get("type") == "set":
                # Its order is that of hashes, which differ from process to process.
                return {**value, "entries": sorted(value["entries"], key=str)}
            return {k: numbers[v] if k == "id" and v in numbers else number(v) for k, v in value.items()}
        return [number(item) for item in value] if isinstance(value, list) else value

    return number(document)


def differences(one, other, at="document"):
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted(one.keys() | other.keys(), key=str):
            if key not in one or key not in other:
                yield f"{at}.{key} is only on the {'second' if key not in one else 'first'}"
            else:
                yield from differences(one[key], other[key], f"{at}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        if len(one) != len(other):
            yield f"{at} has {len(one)} items on the first, {len(other)} on the second"
        for i, (left, right) in enumerate(zip(one, other)):
            yield from differences(left, right, f"{at}[{i}]")
    elif one != other or type(one) is not type(other):
        yield f"{at} is {one!r:.200} on the first, {other!r:.200} on the second"


async def compare(path):
    try:
        one, other = [normal(await pull(server, path)) for server in servers]
    except Exception as error:
        return [f"could not be pulled: {type(error).__name__} {error}"]
    assert one["roots"], path
    return list(differences(one, other))[:10]


async def main():
    print(json.dumps({path: await compare(path) for path in paths}))


servers, paths = sys.argv[1:3], sys.argv[3:]
asyncio.run(main())
