"""Data that a thread of the server collects for all sessions.

Shows: ``server_lifecycle.py`` that starts a thread, a module beside it that sessions share with it, and a periodic callback
that looks at it.
"""

from bokeh.layouts import column
from bokeh.models import ColumnDataSource, Div
from bokeh.plotting import curdoc, figure

import collected

source = ColumnDataSource(name="collected", data={"n": [], "value": []})
plot = figure(name="plot", width=500, height=300, x_range=(0, 200), y_range=(-1, 1))
plot.line("n", "value", source=source)
hooks = Div(name="hooks", text=" ".join(collected.hooks))


def look():
    n_shown = len(source.data["n"])
    new = collected.values[n_shown : n_shown + 50]
    if new and n_shown < 200:
        source.stream({"n": list(range(n_shown, n_shown + len(new))), "value": new})


curdoc().add_periodic_callback(look, 60)
curdoc().title = "Lifecycle"
curdoc().add_root(column(hooks, plot))
