"""A session that can be told to do what a program should not do.

Shows: which process it runs in, and what becomes of it and of others when code blocks, ends the process, never comes back,
or writes where the server could be listening.
"""

import os
import re
import sys
import time

from bokeh.layouts import column
from bokeh.models import Div, Slider, TextInput
from bokeh.plotting import curdoc

process = Div(name="process", text=str(os.getpid()))
slider = Slider(name="slider", title="number", start=0, end=100000, value=0, step=1)
twice = Div(name="twice", text="0")
order = TextInput(name="order", title="order")
done = Div(name="done", text="nothing")


def write():
    """Writes text and bytes to everything that could be a channel, and reads what nobody writes."""
    print("hazard: printed")
    print("hazard: to standard error", file=sys.stderr)
    for stream in (1, 2):
        os.write(stream, b"hazard: bytes \x00\x01\xff\xff{}\n" * 100)
    assert sys.stdin.read() == ""
    sys.stdout.flush()


def exhaust():
    """Asks for more memory than there is."""
    bytearray(1 << 60)


ORDERS = {
    "sleep": lambda: time.sleep(3),
    "write": write,
    "exhaust": exhaust,
    "exit": lambda: os._exit(3),
    "leave": lambda: sys.exit(4),
    "abort": os.abort,
    # For ever, and without ever letting another thread run.
    "hang": lambda: re.match("(a+)+$", "a" * 100 + "b"),
}


def obey(attr, old, new):
    ORDERS[new]()
    done.text = new


order.on_change("value", obey)
slider.on_change("value", lambda attr, old, new: setattr(twice, "text", str(2 * new)))

curdoc().title = "Hazard"
curdoc().add_root(column(process, slider, twice, order, done))
