"""A plot that looks as the file ``theme.yaml`` beside it says, until the user takes another theme.

Shows: ``theme.yaml`` of a folder, ``Document.theme`` that is set by a callback, the names of built-in themes.
"""

from bokeh.layouts import column
from bokeh.models import Select
from bokeh.plotting import curdoc, figure

own = curdoc().theme
plot = figure(name="plot", width=500, height=350, title="Seen in another light")
plot.line([0, 1, 2, 3], [1, 3, 2, 4], line_width=3)
select = Select(name="theme", title="theme", value="own", options=["own", "dark_minimal", "caliber", "contrast"])


def change(attr, old, new):
    curdoc().theme = own if new == "own" else new


select.on_change("value", change)

curdoc().title = "Themed"
curdoc().add_root(column(select, plot))
