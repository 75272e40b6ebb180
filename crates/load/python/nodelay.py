"""`bokeh serve` with TCP_NODELAY on its WebSockets, which Bokeh leaves off: each of its frames is written by itself, and the
system holds the next one back until the peer has acknowledged the last."""

import sys

from bokeh.command.bootstrap import main
from bokeh.server.views.ws import WSHandler

open_as_ever = WSHandler.open


def open_without_delay(self):
    self.set_nodelay(True)
    return open_as_ever(self)


WSHandler.open = open_without_delay
main(["bokeh", "serve", *sys.argv[1:]])
