"""Runs Bokeh applications for a server that is another process.

The server owns all sockets, pages and copies of documents; this process owns the documents. What the two say to
each other is in `frame`; what is done about it is in `desk` and `worker`.
"""

import socket


def main(taken: socket.socket) -> None:
    """Serves the other end of the socket until that is closed. Does not return."""
    from .channel import Channel, leave
    from .memo import remember
    from .process import prepare_process
    from .setup import Setup
    from .shortcuts import shorten
    from .template import Template
    from .titles import keep_titles_texts
    from .worker import Worker

    prepare_process(taken)
    remember()
    shorten()
    keep_titles_texts()
    channel = Channel(taken)
    try:
        setup = Setup(channel)
        if setup.is_template:
            # Goes on here in each process that it forks, with a socket of its own.
            channel = Template(channel, setup).run()
        Worker(channel, setup).run()
    except EOFError:
        leave()
