"""What this process does about signals, its parent and its children."""
from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys

PR_SET_PDEATHSIG = 1


def prepare_process(taken: socket.socket) -> None:
    """Ends with the server, is deaf to Ctrl-C, and keeps the socket from forked children."""
    die_with_parent()
    # Ctrl-C in a terminal goes to every process of the group; the server decides what ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A child that multiprocessing forks must neither write into the socket nor keep it open.
    os.register_at_fork(after_in_child=taken.close)


def die_with_parent() -> None:
    """Asks Linux to kill this process when the thread that started it ends, which a full stop by EOF cannot
    promise while C code hangs."""
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    except (OSError, AttributeError):
        pass
