"""Prices of a made-up share that go on and on, with an average that the user chooses.

Shows: ``stream`` with a rollover in a periodic callback, linked ranges, a layout of plots.
"""

import numpy as np

from bokeh.layouts import column, gridplot, row
from bokeh.models import ColumnDataSource, Div, Select, Slider
from bokeh.plotting import curdoc, figure

random = np.random.default_rng(1815)
ROLLOVER = 40

source = ColumnDataSource(
    name="prices",
    data={name: [] for name in ("time", "open", "high", "low", "close", "average", "color")},
)
plot = figure(name="plot", height=350, width=700, tools="xpan,xwheel_zoom,reset", y_axis_location="right")
plot.x_range.follow = "end"
plot.x_range.follow_interval = 40
plot.x_range.range_padding = 0
plot.segment(x0="time", y0="low", x1="time", y1="high", line_width=2, color="black", source=source)
plot.segment(x0="time", y0="open", x1="time", y1="close", line_width=8, color="color", source=source)
plot.line("time", "average", line_width=2, color="navy", source=source)
lower = figure(name="lower", height=150, width=700, x_range=plot.x_range, tools="", y_axis_location="right")
lower.line("time", "close", source=source)

kind = Select(name="kind", title="average", value="plain", options=["plain", "weighted"])
window = Slider(name="window", title="over", start=2, end=20, value=5, step=1)
time = Div(name="time", text="0")
price = 100.0
now = 0


def average(closes):
    recent = np.asarray(closes[-window.value:], dtype=float)
    weights = np.ones(len(recent)) if kind.value == "plain" else np.arange(1, len(recent) + 1)
    return float(np.average(recent, weights=weights))


def trade():
    global price, now
    now += 1
    opened = price
    price = max(1.0, price * (1 + random.normal(0, 0.02)))
    high, low = max(opened, price) * 1.01, min(opened, price) * 0.99
    new = {
        "time": [now],
        "open": [opened],
        "high": [high],
        "low": [low],
        "close": [price],
        "average": [average([*source.data["close"], price])],
        "color": ["green" if price >= opened else "red"],
    }
    source.stream(new, ROLLOVER)
    time.text = str(now)


trade()
curdoc().add_periodic_callback(trade, 50)
curdoc().title = "Prices"
curdoc().add_root(column(row(kind, window, time), gridplot([[plot], [lower]], toolbar_location="left")))
