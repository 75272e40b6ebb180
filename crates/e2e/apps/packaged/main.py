"""An application in several files.

Shows: a folder with ``__init__.py``, whose main script imports its neighbours relatively, and a module's state that all
sessions of a process share.
"""

from bokeh.layouts import column
from bokeh.models import ColumnDataSource, Div, RadioButtonGroup, Spinner
from bokeh.plotting import curdoc, figure

from . import N_RUNS
from .shapes import CURVES, curve

names = list(CURVES)
shape = RadioButtonGroup(name="shape", labels=names, active=0)
factor = Spinner(name="factor", title="factor", low=1, high=5, step=1, value=1)
source = ColumnDataSource(name="curve", data=curve(names[0], 1))
runs = Div(name="runs", text=f"the package has run {N_RUNS} time(s)")
plot = figure(name="plot", width=400, height=400, x_range=(-5, 5), y_range=(-5, 5))
plot.line("x", "y", source=source, line_width=2)


def update(attr, old, new):
    source.data = curve(names[shape.active], factor.value)


shape.on_change("active", update)
factor.on_change("value", update)

curdoc().title = "Packaged"
curdoc().add_root(column(shape, factor, runs, plot))
