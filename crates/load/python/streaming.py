"""Ten rows twenty times a second; the first value of the last column counts the messages."""

import numpy as np
from bokeh.models import ColumnDataSource
from bokeh.plotting import curdoc, figure


def rows(n):
    x = n + np.arange(10) / 10
    return {"x": x, "y": np.sin(x), "n": np.full(10, float(n))}


source = ColumnDataSource(name="stream", data=rows(0))
plot = figure(width=400, height=400)
plot.line("x", "y", source=source)
count = 0


def step():
    global count
    count += 1
    source.stream(rows(count), rollover=1000)


curdoc().add_root(plot)
curdoc().add_periodic_callback(step, 50)
