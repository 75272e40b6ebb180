"""A surface that ripples, as an image and as a wire frame seen from the side.

Shows: arrays of several dimensions in every frame, a periodic callback that starts with the session and ends by itself.
"""

import numpy as np

from bokeh.layouts import row
from bokeh.models import ColumnDataSource, Div
from bokeh.plotting import curdoc, figure

N_FRAMES = 12
x, y = np.meshgrid(np.linspace(-4, 4, 40), np.linspace(-4, 4, 40))
distance = np.hypot(x, y)


def heights(phase):
    return np.cos(2 * distance - phase) / (1 + distance)


def wires(z):
    """The grid's lines in a parallel projection."""
    u, v = x - 0.5 * y, 2 * z + 0.5 * y
    return {"u": list(u[::4]), "v": list(v[::4])}


first = heights(0)
image = ColumnDataSource(name="image", data={"z": [first]})
frame = ColumnDataSource(name="wires", data=wires(first))
state = Div(name="state", text="running")

above = figure(name="above", width=350, height=350, x_range=(-4, 4), y_range=(-4, 4))
above.image("z", x=-4, y=-4, dw=8, dh=8, source=image, palette="Viridis256")
aside = figure(name="aside", width=450, height=350, x_range=(-6, 6), y_range=(-4, 4))
aside.multi_line("u", "v", source=frame)
n_frames = 0


def ripple():
    global n_frames
    n_frames += 1
    z = heights(0.5 * n_frames)
    image.data = {"z": [z]}
    frame.data = wires(z)
    if n_frames == N_FRAMES:
        curdoc().remove_periodic_callback(rippling)
        state.text = f"still after {n_frames} frames"


rippling = curdoc().add_periodic_callback(ripple, 60)

curdoc().title = "Surface"
curdoc().add_root(row(above, aside, state))
