"""Callbacks for later.

Shows: timeouts and next ticks that run once, in order; timeouts that are taken back; periodic callbacks that end.
"""

from bokeh.layouts import column
from bokeh.models import Button, Div
from bokeh.plotting import curdoc

document = curdoc()
order = Div(name="order", text="")
again = Div(name="again", text="")
start = Button(name="start", label="Start")
never = Button(name="never", label="Take back")


def note(word):
    order.text = f"{order.text} {word}".strip()


def run():
    document.add_timeout_callback(lambda: note("late"), 150)
    document.add_timeout_callback(lambda: note("soon"), 30)
    document.add_next_tick_callback(lambda: note("tick"))
    note("now")


def take_back():
    timeout = document.add_timeout_callback(lambda: note("NEVER"), 50)
    tick = document.add_next_tick_callback(lambda: note("NEVER"))
    document.remove_timeout_callback(timeout)
    document.remove_next_tick_callback(tick)
    try:
        document.remove_timeout_callback(timeout)
    except ValueError:
        again.text = "a second time is refused"
    document.add_timeout_callback(lambda: note("taken"), 100)


# Asked for while the script runs; these begin when the session does.
document.add_next_tick_callback(lambda: note("first"))
start.on_click(run)
never.on_click(take_back)

document.title = "Timers"
document.add_root(column(start, never, order, again))
