"""A script that fails half way.

Shows: what it made before stays, the traceback goes to the log, and the page is there.
"""

from bokeh.models import Div
from bokeh.plotting import curdoc

curdoc().title = "Broken"
curdoc().add_root(Div(name="first", text="made before the error"))


def divide(by):
    return 1 / by


divide(0)
curdoc().add_root(Div(name="second", text="never made"))
