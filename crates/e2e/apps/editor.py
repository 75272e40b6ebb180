"""A table whose cells the user writes in.

Shows: editors and formatters of a table, dates, a source's ``on_change`` for edits in the page, selection by code, filters.
"""

from datetime import date

from bokeh.layouts import column
from bokeh.models import (
    BooleanFilter, Button, CDSView, CellEditor, ColumnDataSource, DataTable, DateFormatter, Div, IntEditor, NumberFormatter,
    SelectEditor, StringEditor, TableColumn,
)
from bokeh.plotting import curdoc

KINDS = ["fruit", "herb", "root"]
source = ColumnDataSource(
    name="garden",
    data={
        "plant": ["apple", "basil", "carrot", "dill"],
        "kind": ["fruit", "herb", "root", "herb"],
        "count": [3, 12, 40, 7],
        "sown": [date(2024, 3, day) for day in (1, 8, 15, 22)],
    },
)
view = CDSView(filter=BooleanFilter(name="filter", booleans=[True] * 4))
table = DataTable(
    name="table",
    source=source,
    view=view,
    editable=True,
    reorderable=False,
    width=600,
    height=220,
    index_position=-1,
    index_header="row",
    columns=[
        TableColumn(field="plant", title="Plant", editor=StringEditor(completions=["apple", "anise"])),
        TableColumn(field="kind", title="Kind", editor=SelectEditor(options=KINDS)),
        TableColumn(field="count", title="Count", editor=IntEditor(step=1), formatter=NumberFormatter(format="0")),
        TableColumn(field="sown", title="Sown", editor=CellEditor(), formatter=DateFormatter(format="%d.%m.%Y")),
    ],
)
total = Div(name="total", text="62 plants")
few = Button(name="few", label="Only many")
choose = Button(name="choose", label="Choose the herbs")


def add_up(attr, old, new):
    total.text = f"{sum(int(count) for count in new['count'])} plants"


def keep_many():
    view.filter = BooleanFilter(name="filter", booleans=[count > 10 for count in source.data["count"]])


def select():
    source.selected.indices = [i for i, kind in enumerate(source.data["kind"]) if kind == "herb"]


source.on_change("data", add_up)
few.on_click(keep_many)
choose.on_click(select)

curdoc().title = "Editor"
curdoc().add_root(column(table, total, few, choose))
