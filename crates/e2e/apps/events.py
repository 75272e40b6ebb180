"""Everything that a user does to a plot and a button is written down.

Shows: ``on_event`` with classes and names of events, their values, events of widgets, ``ValueSubmit`` and the wheel;
a ``CustomJS`` that hears the same event in the page.
"""

from bokeh import events
from bokeh.layouts import column, row
from bokeh.models import Button, CustomJS, Div, TextInput, Toggle
from bokeh.plotting import curdoc, figure

plot = figure(
    name="plot", width=400, height=400, x_range=(0, 10), y_range=(0, 10), tools="pan,wheel_zoom,box_select,reset,tap",
    active_scroll="wheel_zoom",
)
plot.scatter([2, 5, 8], [2, 5, 8], size=20)
button = Button(name="button", label="Press")
toggle = Toggle(name="toggle", label="Toggle")
entry = TextInput(name="entry", placeholder="type and press Enter")
heard = Div(name="heard", text="", width=400)
kinds = Div(name="kinds", text="", width=250)
in_page = Div(name="in_page", text="0")
seen = {}


def write(event):
    seen[event.event_name] = seen.get(event.event_name, 0) + 1
    values = [event.event_name]
    for name in ("x", "y", "delta", "value"):
        value = getattr(event, name, None)
        if isinstance(value, float):
            value = round(value, 1)
        if value is not None:
            values.append(f"{name}={value}")
    lines = [*heard.text.split("<br>"), " ".join(values)]
    heard.text = "<br>".join(lines[-12:])
    kinds.text = " ".join(sorted(seen))


for kind in (
    events.Tap, events.DoubleTap, events.Press, events.PanStart, events.Pan, events.PanEnd, events.MouseWheel,
    events.MouseEnter, events.MouseLeave, events.RangesUpdate, events.SelectionGeometry, events.Reset, events.LODStart,
):
    plot.on_event(kind, write)
button.on_event("button_click", write)
button.on_click(write)
toggle.on_click(lambda active: setattr(toggle, "label", "on" if active else "off"))
entry.on_event(events.ValueSubmit, write)
button.js_on_event("button_click", CustomJS(args={"div": in_page}, code="div.text = `${Number(div.text) + 1}`"))

curdoc().title = "Events"
curdoc().add_root(row(column(button, toggle, entry, in_page, kinds), plot, heard))
