"""What this process does about signals, its parent and its children."""

from __future__ import annotations

import atexit
import ctypes
import os
import signal
import socket
import sys
from typing import Any

from .failure import NoExit, log_failure

PR_SET_PDEATHSIG = 1


def prepare_process(taken: socket.socket) -> None:
    """Ends with the server, is deaf to signals that everybody gets, and keeps the socket from forked children."""
    die_with_parent()
    # Ctrl-C in a terminal, and what stops a service, go to every process of the group; the server decides what ends.
    # They are not ignored but handled, since programs that an application starts would inherit the former.
    signal.signal(signal.SIGINT, be_deaf)
    signal.signal(signal.SIGTERM, be_deaf)

    def be_forked() -> None:
        # A child that multiprocessing forks must neither write into the socket nor keep it open, and must end when it
        # is told to.
        taken.close()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)

    os.register_at_fork(after_in_child=be_forked)


def die_with_parent() -> None:
    """Asks Linux to kill this process when the thread that started it ends. The end of the socket says so too, but
    C code that hangs would never hear of it."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        pass


def run_exit_functions() -> None:
    """Runs what applications have registered with `atexit`. Not for a forked process: it would run what belongs to the
    process that it comes from."""
    try:
        with NoExit():
            atexit._run_exitfuncs()
    except Exception as error:
        log_failure(error)


def be_deaf(*_: Any) -> None:
    """Does nothing about a signal."""
