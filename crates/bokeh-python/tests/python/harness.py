"""A server's end of a worker, as far as tests need it."""
from __future__ import annotations

import itertools
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import unittest
from typing import Any

PACKAGE = pathlib.Path(__file__).resolve().parents[2] / "python" / "bokeh_rs_worker"


class Worker:
    """A process, and the frames that came from it."""

    def __init__(self, python: str = sys.executable, path: str = "", **settings: Any) -> None:
        ours, theirs = socket.socketpair()
        bootstrap = (PACKAGE / "bootstrap.py").read_text()
        environment = {**os.environ, "PYTHONPATH": path} if path else None
        self.process = subprocess.Popen([python, "-c", bootstrap], stdin=theirs.fileno(), env=environment)
        theirs.close()
        self.adopt(ours, self.process.pid)
        files = {f"bokeh_rs_worker/{path.name}": path.read_text() for path in PACKAGE.glob("*.py")}
        self.send("package", files=files)
        self.about = self.ask("configure", log_level="info", **settings)

    def adopt(self, ours: socket.socket, pid: int) -> None:
        """Talks to the process at the other end of a socket."""
        ours.settimeout(60)
        self.pid = pid
        self._socket = ours
        self._ids = itertools.count(1)
        self.logs: list[dict[str, Any]] = []
        self.news: list[dict[str, Any]] = []

    def ask(self, kind: str, data: list[bytes] = [], **fields: Any) -> dict[str, Any]:
        """Sends a request and gives its reply; what comes before it is kept in `news` and `logs`."""
        number = next(self._ids)
        self.send(kind, data, id=number, **fields)
        return self.reply(number)

    def send(self, kind: str, data: list[bytes] = [], _file: int | None = None, **fields: Any) -> None:
        """Sends a frame, with an open file if one is given."""
        payload = json.dumps({"t": kind, **fields}).encode()
        head = struct.pack(f"<II{len(data)}Q", len(payload), len(data), *map(len, data))
        message = head + payload + b"".join(data)
        if _file is not None:
            socket.send_fds(self._socket, [message[:1]], [_file])
            message = message[1:]
        self._socket.sendall(message)

    def reply(self, number: int) -> dict[str, Any]:
        while True:
            frame = self.read()
            if frame["t"] == "reply" and frame["id"] == number:
                return frame
            self.keep(frame)

    def wait_for(self, kind: str) -> dict[str, Any]:
        """The next frame of that kind that nobody has taken yet."""
        for at, frame in enumerate(self.news):
            if frame["t"] == kind:
                return self.news.pop(at)
        while True:
            frame = self.read()
            if frame["t"] == kind:
                return frame
            self.keep(frame)

    def keep(self, frame: dict[str, Any]) -> None:
        if frame["t"] not in ("begun", "took"):
            (self.logs if frame["t"] == "log" else self.news).append(frame)

    def read(self) -> dict[str, Any]:
        n_json, n_buffers = struct.unpack("<II", self._exactly(8))
        lengths = struct.unpack(f"<{n_buffers}Q", self._exactly(8 * n_buffers))
        frame = json.loads(self._exactly(n_json))
        frame["$buffers"] = [self._exactly(length) for length in lengths]
        return frame

    def load(self, path: str, route: str = "/app", argv: list[str] = []) -> dict[str, Any]:
        return self.ask("load", apps=[{"route": route, "path": path, "argv": argv}])["apps"][0]

    def open(self, session: int = 1, route: str = "/app", **fields: Any) -> dict[str, Any]:
        return self.ask("open", s=session, route=route, session_id=f"session{session}", **fields)

    def patch(self, *events: dict[str, Any], session: int = 1, peer: int = 1) -> dict[str, Any]:
        reply = self.ask("patch", s=session, peer=peer, content={"events": list(events)}, buffers=[])
        for segment in reply.get("segments", ()):
            if (place := segment.pop("submitted", None)) is not None:
                segment.update(content={"events": [events[place]]}, buffers=[])
        return reply

    def end(self) -> int:
        """Closes the socket, which ends the worker, and gives its exit code."""
        self.hang_up()
        return self.process.wait(timeout=60)

    def hang_up(self) -> None:
        """Closes the socket."""
        self._socket.close()

    def kill(self) -> None:
        """Ends the worker, if it still runs."""
        self._socket.close()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def log_text(self) -> str:
        """Everything that was logged so far."""
        return "\n".join(frame["text"] for frame in self.logs)

    def _exactly(self, n_bytes: int) -> bytes:
        data = bytearray()
        while len(data) < n_bytes:
            try:
                part = self._socket.recv(n_bytes - len(data))
            except ConnectionResetError:
                part = b""
            if not part:
                raise EOFError("the worker is gone")
            data += part
        return bytes(data)


class WorkerTest(unittest.TestCase):
    """Gives each test a worker of its own."""

    settings: dict[str, Any] = {}

    def setUp(self) -> None:
        self.worker = Worker(**self.settings)
        self.addCleanup(self.worker.kill)

    def app(self, text: str, **fields: Any) -> dict[str, str]:
        """Loads a script, opens a session of it with one peer, and gives the ids of its models by their names."""
        loaded = self.worker.load(self.file("app.py", text))
        self.assertIsNone(loaded["error"])
        self.opened = self.worker.open(**fields)
        self.assertIsNone(self.opened["error"])
        self.worker.send("join", s=1, peer=1)
        return models(self.opened)

    def file(self, name: str, text: str) -> str:
        """Writes a file into the test's folder and gives its path."""
        path = pathlib.Path(self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return str(path)

    @property
    def folder(self) -> str:
        if not hasattr(self, "_folder"):
            self._folder = tempfile.mkdtemp()
            self.addCleanup(shutil.rmtree, self._folder)
        return self._folder


def models(reply: dict[str, Any]) -> dict[str, str]:
    """Ids of the models in an `open` reply, by their names."""
    found: dict[str, str] = {}

    def look(value: Any) -> None:
        if isinstance(value, dict):
            attributes = value.get("attributes")
            if "id" in value and isinstance(attributes, dict) and "name" in attributes:
                found[attributes["name"]] = value["id"]
            for inner in value.values():
                look(inner)
        elif isinstance(value, list):
            for inner in value:
                look(inner)

    look(reply["doc"])
    return found


def changed(model: str, attr: str, new: Any) -> dict[str, Any]:
    return {"kind": "ModelChanged", "model": {"id": model}, "attr": attr, "new": new}


def told(frame: dict[str, Any]) -> list[tuple[bool, str, Any]]:
    """The changes of properties in a frame: whether they are the author's own, property, value."""
    return [
        (segment["own"], event.get("attr") or event["kind"], event.get("new"))
        for segment in frame["segments"]
        for event in segment["content"]["events"]
    ]
