"""Columns of several kinds of which single entries, slices and parts of images are changed.

Shows: ``ColumnDataSource.patch`` with indices, slices and indices into arrays of several dimensions.
"""

import numpy as np

from bokeh.layouts import column, row
from bokeh.models import Button, ColumnDataSource
from bokeh.plotting import curdoc, figure

N_POINTS = 20
x = np.linspace(0, 1, N_POINTS)
points = ColumnDataSource(name="points", data={"x": x, "y": np.zeros(N_POINTS), "color": ["navy"] * N_POINTS})
curves = ColumnDataSource(
    name="curves", data={"xs": [x, x], "ys": [np.sin(6 * x), np.cos(6 * x)], "color": ["teal", "tomato"]}
)
image = ColumnDataSource(name="image", data={"z": [np.zeros((8, 8))]})

first = figure(name="first", width=350, height=250, y_range=(-1, 3), title="points")
first.scatter("x", "y", color="color", size=8, source=points)
second = figure(name="second", width=350, height=250, title="curves")
second.multi_line("xs", "ys", color="color", line_width=3, source=curves)
third = figure(name="third", width=350, height=250, title="image")
third.image("z", x=0, y=0, dw=1, dh=1, palette="Greys9", source=image)

button = Button(name="patch", label="Patch")
turn = 0


def patch():
    global turn
    turn += 1
    # A row of the image, every second point, the last point alone, and a piece of the first curve.
    image.patch({"z": [((0, turn % 8, slice(None)), np.full(8, turn, dtype=float))]})
    points.patch({
        "y": [(slice(0, N_POINTS, 2), np.full(N_POINTS // 2, turn % 3, dtype=float)), (N_POINTS - 1, 2.5)],
        "color": [(0, "red"), (slice(1, 3), ["green", "gold"])],
    })
    curves.patch({"ys": [((0, slice(0, 5)), np.full(5, turn / 10))], "color": [(1, "purple")]})


button.on_click(patch)

curdoc().title = "Patch"
curdoc().add_root(column(button, row(first, second, third)))
