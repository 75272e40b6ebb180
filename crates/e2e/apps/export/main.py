"""Pay of made-up people, filtered on the server and saved as a file by the page.

Shows: a folder whose main script reads a script for the page from beside itself; ``CustomJS`` on a button and with
arguments; a table that is filled by a callback.
"""

from pathlib import Path

from bokeh.layouts import column, row
from bokeh.models import Button, ColumnDataSource, CustomJS, DataTable, NumberFormatter, RangeSlider, TableColumn
from bokeh.plotting import curdoc

NAMES = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal"]
PAY = [31000, 45500, 52000, 28000, 87000, 64000, 39500, 71000]

source = ColumnDataSource(name="people", data={"name": NAMES, "pay": PAY})
table = DataTable(
    name="table",
    source=source,
    columns=[
        TableColumn(field="name", title="Name"),
        TableColumn(field="pay", title="Pay", formatter=NumberFormatter(format="0,0")),
    ],
    reorderable=False,
    width=400,
    height=300,
)
slider = RangeSlider(name="range", title="pay", start=20000, end=90000, value=(20000, 90000), step=1000)
button = Button(name="download", label="Download", button_type="success")
button.js_on_event(
    "button_click", CustomJS(args={"source": source}, code=(Path(__file__).parent / "download.js").read_text())
)


def update(attr, old, new):
    low, high = new
    rows = [(name, pay) for name, pay in zip(NAMES, PAY) if low <= pay <= high]
    source.data = {"name": [name for name, _ in rows], "pay": [pay for _, pay in rows]}


slider.on_change("value", update)

curdoc().title = "Export"
curdoc().add_root(row(column(slider, button), table))
