"""Callbacks that fail.

Shows: what a callback has changed before it raises is seen, everything after it goes on, and nothing else is disturbed.
"""

from bokeh.layouts import column
from bokeh.models import Button, Div, Slider
from bokeh.plotting import curdoc

document = curdoc()
before = Div(name="before", text="0")
after = Div(name="after", text="0")
value = Slider(name="value", title="above 5 fails", start=0, end=10, value=0, step=1)
seen = Div(name="seen", text="0")
click = Button(name="click", label="Fail")
tick = Button(name="tick", label="Fail in the next tick")
forbidden = Button(name="forbidden", label="Set what cannot be")
fine = Button(name="fine", label="Do not fail")


def fail():
    before.text = str(int(before.text) + 1)
    raise RuntimeError("this callback fails on purpose")


def count():
    after.text = str(int(after.text) + 1)


def check(attr, old, new):
    seen.text = str(new)
    if new > 5:
        raise ValueError(f"{new} is too much on purpose")


def set_wrongly():
    value.step = "not a number, on purpose"


click.on_click(fail)
click.on_click(count)
tick.on_click(lambda: document.add_next_tick_callback(fail))
forbidden.on_click(set_wrongly)
fine.on_click(count)
value.on_change("value", check)

document.title = "Faults"
document.add_root(column(click, tick, forbidden, fine, value, before, after, seen))
