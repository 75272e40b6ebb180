"""A landscape of hills that move, as filled contours.

Shows: a periodic callback that is added and removed, a model whose parts are replaced at every frame.
"""

import numpy as np

from bokeh.layouts import column
from bokeh.models import Button, Div
from bokeh.plotting import curdoc, figure
from bokeh.plotting.contour import contour_data

LEVELS = np.linspace(-1, 1, 9)
COLORS = ["#08306b", "#2171b5", "#6baed6", "#c6dbef", "#fee0d2", "#fc9272", "#de2d26", "#67000d"]
x, y = np.meshgrid(np.linspace(-3, 3, 30), np.linspace(-3, 3, 30))


def heights(phase):
    return np.sin(x + phase) * np.cos(y)


plot = figure(name="plot", width=400, height=400, x_range=(-3, 3), y_range=(-3, 3))
hills = plot.contour(x, y, heights(0), LEVELS, fill_color=COLORS, line_color="black")
frames = Div(name="frames", text="0")
button = Button(name="toggle", label="Start")
n_frames = 0
callback = None


def advance():
    global n_frames
    n_frames += 1
    hills.set_data(contour_data(x, y, heights(0.2 * n_frames), LEVELS))
    frames.text = str(n_frames)


def toggle():
    global callback
    if callback is None:
        button.label = "Stop"
        callback = curdoc().add_periodic_callback(advance, 50)
    else:
        button.label = "Start"
        curdoc().remove_periodic_callback(callback)
        callback = None


button.on_click(toggle)

curdoc().title = "Contours"
curdoc().add_root(column(button, frames, plot))
