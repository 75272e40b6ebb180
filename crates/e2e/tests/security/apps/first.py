"""An application of which there can be too many sessions."""

from bokeh.models import Div
from bokeh.plotting import curdoc

curdoc().add_root(Div(text="one more"))
