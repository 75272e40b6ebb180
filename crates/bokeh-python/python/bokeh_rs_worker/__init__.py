"""Runs Bokeh applications for a server that is another process.

The server owns all sockets, pages and copies of documents; this process owns the documents. What the two say to
each other is in `frame`; what a request does is in `worker`.
"""
import socket


def main(taken: socket.socket) -> None:
    """Serves the other end of the socket until that is closed."""
    from .process import prepare_process
    from .worker import Worker

    prepare_process(taken)
    Worker(taken).run()
