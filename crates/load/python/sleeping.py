"""A slider whose callback blocks for as many seconds as the slider shows."""

import time

from bokeh.models import Slider
from bokeh.plotting import curdoc

slider = Slider(name="seconds", start=0, end=10, step=0.1, value=0)
slider.on_change("value", lambda attr, old, new: time.sleep(new))
curdoc().add_root(slider)
