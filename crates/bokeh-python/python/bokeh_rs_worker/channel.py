"""The socket to the server."""
from __future__ import annotations

import os
import select
import socket
import sys
import threading
from typing import Any, Iterator, Sequence

from .frame import FrameReader, encode
from .json_text import Named, to_json

READ_BYTES = 1 << 18

MAX_JOINED_BYTES = 1 << 16
"""Up to here a copy costs less than another call of the system."""


class Channel:
    """Frames in, without waiting; frames out, waiting until they are written: a server that does not read stops
    the worker instead of filling its memory."""

    def __init__(self, taken: socket.socket) -> None:
        self._socket = taken
        self._socket.setblocking(True)
        self._reader = FrameReader()
        self._writing = threading.RLock()
        self._process_id = os.getpid()

    def fileno(self) -> int:
        """For an event loop."""
        return self._socket.fileno()

    def read(self) -> Iterator[dict[str, Any]]:
        """The frames that have arrived.

        Raises:
            EOFError: the server is gone
            FrameError: the server does not keep to the format
        """
        try:
            data = self._socket.recv(READ_BYTES, socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return iter(())
        except OSError:
            data = b""
        if not data:
            raise EOFError
        return self._reader.push(data)

    def send(self, frame: dict[str, Any], buffers: Sequence[Named] = ()) -> None:
        """Writes a frame, from any thread."""
        self.send_text(to_json(frame), buffers)

    def send_text(self, text: str, buffers: Sequence[Named] = ()) -> None:
        """Writes a frame whose JSON is there already."""
        if os.getpid() != self._process_id:
            return
        parts = encode(text, buffers)
        with self._writing:
            try:
                for part in parts if sum(map(len, parts)) > MAX_JOINED_BYTES else (b"".join(parts),):
                    self._socket.sendall(part)
            except OSError:
                # Nobody is left to work for. The loop, if it still turns, sees the end of the socket too.
                leave()

    def poll(self) -> bool:
        """Whether something can be read now."""
        return bool(select.select([self._socket], [], [], 0)[0])


def leave() -> None:
    """Ends the process at once; threads of applications cannot hold it up."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)
