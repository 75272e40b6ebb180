"""Any column against any other, with a size and a colour from two more.

Shows: selects, a plot that is made anew and put in the place of the old one, categorical axes, hover tool.
"""

import numpy as np

from bokeh.layouts import column, row
from bokeh.models import ColumnDataSource, Div, HoverTool, Select
from bokeh.palettes import Viridis5
from bokeh.plotting import curdoc, figure

random = np.random.default_rng(3)
N_ROWS = 80
KINDS = ["boat", "car", "plane", "train"]
TABLE = {
    "weight": random.uniform(1, 40, N_ROWS).round(1),
    "speed": random.uniform(10, 300, N_ROWS).round(0),
    "seats": random.integers(1, 200, N_ROWS),
    "kind": [KINDS[i] for i in random.integers(0, len(KINDS), N_ROWS)],
}
n_plots = 0
NUMBERS = [name for name in TABLE if name != "kind"]

across = Select(name="across", title="across", value="weight", options=list(TABLE))
up = Select(name="up", title="up", value="speed", options=list(TABLE))
size = Select(name="size", title="size", value="none", options=["none", *NUMBERS])
color = Select(name="color", title="colour", value="none", options=["none", *NUMBERS])


def spread(values, low, high):
    values = np.asarray(values, dtype=float)
    return low + (high - low) * (values - values.min()) / (values.max() - values.min())


def make_plot():
    """A plot with a name of its own: the page forgets the old one some time later."""
    global n_plots
    n_plots += 1
    options = {}
    if across.value == "kind":
        options["x_range"] = KINDS
    if up.value == "kind":
        options["y_range"] = KINDS
    title = f"{up.value} by {across.value}"
    plot = figure(name=f"plot{n_plots}", width=600, height=500, title=title, tools="pan,reset", **options)
    plot.add_tools(HoverTool(tooltips=[("kind", "@kind"), ("seats", "@seats")]))
    sizes = np.full(N_ROWS, 8.0) if size.value == "none" else spread(TABLE[size.value], 4, 20)
    if color.value == "none":
        colors = ["#31AADE"] * N_ROWS
    else:
        colors = [Viridis5[int(i)] for i in spread(TABLE[color.value], 0, 4.99)]
    source = ColumnDataSource({**TABLE, "a_size": sizes, "a_color": colors})
    plot.scatter(across.value, up.value, size="a_size", fill_color="a_color", line_color=None, alpha=0.7, source=source)
    return plot


def update(attr, old, new):
    layout.children[1] = make_plot()
    log.text += f" {new}"


log = Div(name="log", text="chosen:")
for select in (across, up, size, color):
    select.on_change("value", update)

layout = row(column(across, up, size, color, log), make_plot())
curdoc().title = "Crossfilter"
curdoc().add_root(layout)
