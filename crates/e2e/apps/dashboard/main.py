"""A page of our own design, with plots and widgets at places that the template names.

Shows: ``templates/index.html`` that extends Bokeh's own and includes another one, roots by name, variables of the template,
style sheets and pictures below ``static``.
"""

import numpy as np

from bokeh.models import ColumnDataSource, Div, Slider
from bokeh.plotting import curdoc, figure

x = np.linspace(0, 10, 50)
source = ColumnDataSource(name="line", data={"x": x, "y": x})
trend = figure(name="trend", height=250, sizing_mode="stretch_width", title="Trend")
trend.line("x", "y", source=source, line_width=2)

share = figure(name="share", height=250, sizing_mode="stretch_width", x_range=["a", "b", "c"], title="Shares")
share.vbar(x=["a", "b", "c"], top=[5, 3, 8], width=0.8)

power = Slider(name="power", title="power", start=1, end=4, value=1, step=1, sizing_mode="stretch_width")
note = Div(name="note", text="x to the power of 1")


def bend(attr, old, new):
    source.data = {"x": x, "y": x**new}
    note.text = f"x to the power of {new}"


power.on_change("value", bend)

document = curdoc()
document.title = "Dashboard"
document.template_variables["stations"] = ["Harbour", "Mill", "Tower"]
document.template_variables["greeting"] = "A page of <our> own"
for root in (trend, share, power, note):
    document.add_root(root)
