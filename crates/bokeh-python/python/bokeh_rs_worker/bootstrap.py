"""The text of `python -c`: takes the worker's files from the server, and starts the worker.

Nothing is written to disk, and nothing beside the user's own interpreter and bokeh needs to be installed.
"""

from __future__ import annotations

import importlib.abc
import json
import os
import socket
import struct
import sys
from importlib.machinery import ModuleSpec
from types import CodeType


class PackageInMemory(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds the files of one package in a dict of texts."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = {module_name(path): (path, text) for path, text in files.items()}

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname not in self._files:
            return None
        origin = "<bokeh-rs>/" + self._files[fullname][0]
        spec = ModuleSpec(fullname, self, origin=origin, is_package=self.is_package(fullname))
        spec.has_location = True
        return spec

    def is_package(self, fullname: str) -> bool:
        return self._files[fullname][0].endswith("__init__.py")

    def get_source(self, fullname: str) -> str:
        """What tracebacks take their lines from."""
        return self._files[fullname][1]

    def get_code(self, fullname: str) -> CodeType:
        path, text = self._files[fullname]
        return compile(text, "<bokeh-rs>/" + path, "exec", dont_inherit=True)


def module_name(path: str) -> str:
    name = path[: -len(".py")].replace("/", ".")
    return name[: -len(".__init__")] if name.endswith(".__init__") else name


def take_socket() -> socket.socket:
    """The socket that came as standard input, which is empty from now on."""
    taken = socket.socket(fileno=os.dup(0))
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return taken


def read_exactly(taken: socket.socket, n_bytes: int) -> bytes:
    read = bytearray()
    while len(read) < n_bytes:
        part = taken.recv(n_bytes - len(read))
        if not part:
            sys.exit(0)
        read += part
    return bytes(read)


def read_package(taken: socket.socket) -> dict[str, str]:
    n_json, n_buffers = struct.unpack("<II", read_exactly(taken, 8))
    if n_buffers:
        sys.exit("the first frame has buffers")
    frame = json.loads(read_exactly(taken, n_json))
    files: dict[str, str] = frame["files"]
    return files


def start() -> None:
    taken = take_socket()
    sys.meta_path.insert(0, PackageInMemory(read_package(taken)))
    # What `python script.py` has, and `python -c` has not: no working directory among the places of modules.
    if sys.path and sys.path[0] == "":
        del sys.path[0]
    import bokeh_rs_worker

    bokeh_rs_worker.main(taken)


start()
