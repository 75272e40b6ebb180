"""Points that are selected in a scatter plot are counted in a histogram beside it.

Shows: box and lasso tools, ``Selection.indices``, ``on_change`` of a model that is part of another.
"""

import numpy as np

from bokeh.layouts import row
from bokeh.models import BoxSelectTool, ColumnDataSource, Div, LassoSelectTool
from bokeh.plotting import curdoc, figure

random = np.random.default_rng(7)
x = random.normal(0, 1, 400)
y = random.normal(0, 1, 400) + 0.5 * x
bins = np.linspace(-4, 4, 17)

points = ColumnDataSource(name="points", data={"x": x, "y": y})
bars = ColumnDataSource(
    name="bars",
    data={"left": bins[:-1], "right": bins[1:], "all": np.histogram(x, bins)[0], "chosen": np.zeros(16, dtype=int)},
)
count = Div(name="count", text="0 chosen")

box = BoxSelectTool(name="box")
scatter = figure(name="scatter", width=450, height=450, x_range=(-4, 4), y_range=(-4, 4), tools=[box, LassoSelectTool()])
scatter.toolbar.active_drag = box
scatter.scatter("x", "y", source=points, size=6, alpha=0.6)

histogram = figure(name="histogram", width=450, height=300, x_range=scatter.x_range, tools="")
histogram.quad(left="left", right="right", bottom=0, top="all", source=bars, color="lightgray")
histogram.quad(left="left", right="right", bottom=0, top="chosen", source=bars, color="orange")


def select(attr, old, new):
    chosen = np.histogram(x[new], bins)[0] if new else np.zeros(16, dtype=int)
    bars.patch({"chosen": [(slice(len(chosen)), chosen)]})
    count.text = f"{len(new)} chosen"


points.selected.on_change("indices", select)

curdoc().title = "Selection"
curdoc().add_root(row(scatter, histogram, count))
