"""What the example `sliders` of this repository does, for Bokeh's own server."""

import numpy as np
from bokeh.layouts import column, row
from bokeh.models import ColumnDataSource, Slider, TextInput
from bokeh.plotting import curdoc, figure

x = np.arange(200) * 0.0316


def wave(a, b, w, k):
    return {"x": x, "y": a * np.sin(k * x + w) + b}


source = ColumnDataSource(name="curve", data=wave(1, 0, 0, 1))
plot = figure(
    name="plot", title="my sine wave", width=400, height=400, y_range=(-2.5, 2.5), x_range=(0, 2 * np.pi)
)
plot.line("x", "y", source=source, line_width=3, line_alpha=0.6, color="navy")

title = TextInput(name="title", title="title", value="my sine wave")
offset = Slider(name="offset", title="offset", start=-5, end=5, step=0.1, value=0)
amplitude = Slider(name="amplitude", title="amplitude", start=-5, end=5, step=0.1, value=1)
phase = Slider(name="phase", title="phase", start=0, end=2 * np.pi, step=0.1, value=0)
frequency = Slider(name="frequency", title="frequency", start=0.1, end=5.1, step=0.1, value=1)


def update_title(attr, old, new):
    plot.title.text = new


def update_wave(attr, old, new):
    source.data = wave(amplitude.value, offset.value, phase.value, frequency.value)


title.on_change("value", update_title)
for slider in [offset, amplitude, phase, frequency]:
    slider.on_change("value", update_wave)

curdoc().add_root(row(column(title, offset, amplitude, phase, frequency), plot, width=800))
curdoc().title = "Sliders"
