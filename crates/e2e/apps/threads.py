"""Work beside the document: in threads, in coroutines, and without the document's lock.

Shows: ``add_next_tick_callback`` from a thread, ``async`` callbacks, ``without_document_lock``, and an executor.
"""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bokeh.document import without_document_lock
from bokeh.layouts import column
from bokeh.models import Button, ColumnDataSource, Div
from bokeh.plotting import curdoc, figure

document = curdoc()
executor = ThreadPoolExecutor(max_workers=2)
source = ColumnDataSource(name="points", data={"x": [], "y": []})
plot = figure(name="plot", width=400, height=250, x_range=(-1, 13), y_range=(-1, 17))
plot.scatter("x", "y", source=source, size=8)

by_thread = Button(name="by_thread", label="In a thread")
by_coroutine = Button(name="by_coroutine", label="In a coroutine")
unlocked = Button(name="unlocked", label="Without the lock")
state = Div(name="state", text="idle")
counted = Div(name="counted", text="0")


def add(x, y):
    source.stream({"x": [x], "y": [y]})


def compute(n):
    """Takes its time in a thread, and does not touch the document itself."""
    threading.Event().wait(0.02)
    return n * n


def work_in_thread():
    for x in range(5):
        document.add_next_tick_callback(partial(add, x=x, y=compute(x)))
    document.add_next_tick_callback(lambda: setattr(state, "text", "thread done"))


def start_thread():
    state.text = "thread running"
    threading.Thread(target=work_in_thread).start()


async def run_coroutine():
    state.text = "coroutine running"
    await asyncio.sleep(0.05)
    add(6, 6)
    state.text = "coroutine done"


@without_document_lock
async def run_unlocked():
    # The document itself must not be changed here, but a callback may be asked for.
    document.add_next_tick_callback(lambda: setattr(state, "text", "unlocked running"))
    for n in range(3):
        result = await asyncio.wrap_future(executor.submit(compute, n))
        document.add_next_tick_callback(partial(add, x=10 + n, y=result))
    document.add_next_tick_callback(lambda: setattr(state, "text", "unlocked done"))


@without_document_lock
def count_unlocked():
    def count():
        counted.text = str(int(counted.text) + 1)
        if counted.text == "3":
            document.remove_periodic_callback(counting)

    document.add_next_tick_callback(count)


by_thread.on_click(start_thread)
by_coroutine.on_click(lambda: document.add_next_tick_callback(run_coroutine))
unlocked.on_click(lambda: document.add_next_tick_callback(run_unlocked))
counting = document.add_periodic_callback(count_unlocked, 100)

document.title = "Threads"
document.add_root(column(by_thread, by_coroutine, unlocked, state, counted, plot))
