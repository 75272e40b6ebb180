"""The socket to the server."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections import deque
from typing import Any, Iterator, Sequence

from .frame import FrameError, FrameReader, encode
from .json_text import Named, to_json

READ_BYTES = 1 << 18

MAX_FILES = 16

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
        self._files: deque[int] | None = None

    def fileno(self) -> int:
        """For an event loop."""
        return self._socket.fileno()

    def wait(self) -> dict[str, Any]:
        """The next frame, however long it takes.

        Raises:
            EOFError: the server is gone
            FrameError: the server does not keep to the format
        """
        while True:
            for frame in self._reader.push(self._receive(0)):
                return frame

    def read(self) -> Iterator[dict[str, Any]]:
        """The frames that have arrived. Raises what `wait` raises."""
        try:
            data = self._receive(socket.MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            data = b""
        return self._reader.push(data)

    def take_sockets(self) -> None:
        """From now on frames may bring sockets along."""
        self._files = deque()

    def next_socket(self) -> socket.socket:
        """The socket that came with the frame that is being handled."""
        if not self._files:
            raise FrameError("no socket has come along")
        return socket.socket(fileno=self._files.popleft())

    def forget_sockets(self) -> None:
        """Closes the sockets that came with frames which are still to be handled: they are another process's."""
        while self._files:
            os.close(self._files.popleft())

    def _receive(self, flags: int) -> bytes:
        try:
            if self._files is None:
                data = self._socket.recv(READ_BYTES, flags)
            else:
                data, files, _, _ = socket.recv_fds(self._socket, READ_BYTES, MAX_FILES, flags)
                for file in files:
                    os.set_inheritable(file, False)
                self._files.extend(files)
        except (BlockingIOError, InterruptedError):
            raise
        except OSError:
            data = b""
        if not data:
            raise EOFError
        return data

    def is_ours(self) -> bool:
        """Whether this is the process that the server talks to, and not one that an application has forked."""
        return os.getpid() == self._process_id

    def send(self, frame: dict[str, Any], buffers: Sequence[Named] = ()) -> None:
        """Writes a frame, from any thread."""
        self.send_text(to_json(frame), buffers)

    def send_text(self, text: str, buffers: Sequence[Named] = ()) -> None:
        """Writes a frame whose JSON is there already."""
        if not self.is_ours():
            return
        parts = encode(text, buffers)
        with self._writing:
            try:
                for part in parts if sum(map(len, parts)) > MAX_JOINED_BYTES else (b"".join(parts),):
                    self._socket.sendall(part)
            except OSError:
                # Nobody is left to work for. The loop, if it still turns, sees the end of the socket too.
                leave()


def leave(status: int = 0) -> None:
    """Ends the process at once; threads of applications cannot hold it up."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(status)
