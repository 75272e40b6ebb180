"""Sliders and a text input shape a curve.

Shows: ``on_change`` of several widgets with one callback, throttled values, a title that follows the user.
"""

import numpy as np

from bokeh.layouts import column, row
from bokeh.models import ColumnDataSource, Slider, TextInput
from bokeh.plotting import curdoc, figure

N_POINTS = 120

amplitude = Slider(name="amplitude", title="amplitude", start=0, end=3, value=1, step=0.25)
frequency = Slider(name="frequency", title="frequency", start=1, end=8, value=2, step=1)
settled = Slider(name="settled", title="told when released", start=0, end=10, value=0, step=1)
caption = TextInput(name="caption", title="caption", value="a wave")

x = np.linspace(0, 2 * np.pi, N_POINTS)
source = ColumnDataSource(name="wave", data={"x": x, "y": np.sin(2 * x)})
plot = figure(name="plot", width=500, height=300, y_range=(-3, 3), title=caption.value)
plot.line("x", "y", source=source, line_width=2)
released = TextInput(name="released", value="nothing yet", disabled=True)


def redraw(attr, old, new):
    source.data = {"x": x, "y": amplitude.value * np.sin(frequency.value * x)}


def rename(attr, old, new):
    plot.title.text = new.upper()


def release(attr, old, new):
    released.value = f"from {old} to {new}"


for slider in (amplitude, frequency):
    slider.on_change("value", redraw)
settled.on_change("value_throttled", release)
caption.on_change("value", rename)

curdoc().title = "Waves"
curdoc().add_root(row(column(amplitude, frequency, settled, caption, released), plot))
