"""A process that has everything loaded and forks the processes of sessions."""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
from typing import Any, NoReturn

from bokeh.application import Application

from .channel import Channel
from .desk import Desk, Frame
from .failure import NoExit
from .garbage import Collector
from .limits import limit_process
from .preload import preload_bokeh, preload_imports
from .process import be_deaf, prepare_process
from .setup import Setup


class Forked(Exception):
    """This is the child."""

    def __init__(self, taken: socket.socket, limits: dict[str, Any]) -> None:
        super().__init__()
        self.taken = taken
        self.limits = limits


class Template(Desk):
    """Forks when the server says so, and tells how its children end. It has no event loop, which children could not
    take over."""

    def __init__(self, channel: Channel, setup: Setup) -> None:
        super().__init__(channel, setup, Collector(None, is_idle=lambda: True))
        channel.take_sockets()
        self._children: set[int] = set()
        preload_bokeh(setup.tornado)

    def run(self) -> Channel:
        """Returns in each child, with the channel that it is to serve."""
        try:
            self._serve()
        except Forked as forked:
            return self._begin(forked)

    def prepare(self, application: Application) -> None:
        """Imports what its sessions would import each by itself."""
        preload_imports(application)

    def on_fork(self, frame: Frame) -> None:
        """Makes a child, which serves the socket that came with the frame."""
        taken = self._channel.next_socket()
        # What is shared with children must not be written to, which the collector does.
        gc.collect()
        gc.freeze()
        process_id = os.fork()
        if process_id == 0:
            raise Forked(taken, frame.get("limits") or {})
        taken.close()
        self._children.add(process_id)
        self.reply(frame, pid=process_id)

    def on_kill(self, frame: Frame) -> None:
        """Ends a child at once."""
        if frame["pid"] in self._children:
            os.kill(frame["pid"], signal.SIGKILL)

    def _serve(self) -> NoReturn:
        ended, ends = socket.socketpair()
        ended.setblocking(False)
        ends.setblocking(False)
        signal.signal(signal.SIGCHLD, be_deaf)
        signal.set_wakeup_fd(ends.fileno(), warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector, ended, ends:
            selector.register(self._channel, selectors.EVENT_READ)
            selector.register(ended, selectors.EVENT_READ)
            self._read()
            while True:
                for key, _ in selector.select():
                    if key.fileobj is ended:
                        ended.recv(4096)
                        self._reap()
                    else:
                        self._read()

    def _read(self) -> None:
        for frame in self._channel.read():
            try:
                with NoExit():
                    self.handler(frame)(frame)
            except Forked:
                raise
            except Exception as error:
                self.refuse(frame, error)

    def _reap(self) -> None:
        for process_id in list(self._children):
            reaped, status = os.waitpid(process_id, os.WNOHANG)
            if reaped:
                self._children.discard(process_id)
                self._channel.send({"t": "exited", "pid": process_id, "status": described(status)})

    def _begin(self, forked: Forked) -> Channel:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._channel.forget_sockets()
        prepare_process(forked.taken)
        limit_process(forked.limits.get("memory_bytes"), forked.limits.get("cpu_secs"))
        self._setup.start_anew()
        return Channel(forked.taken)


def described(status: int) -> str:
    """How a process ended, in words."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"signal {number} ({signal.Signals(number).name})"
    return f"exit status {os.WEXITSTATUS(status)}"
