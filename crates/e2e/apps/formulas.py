"""What a page does not need at first.

Shows: a callback that adds a table and formulas to a page that has begun without either.
"""

from bokeh.layouts import column
from bokeh.models import Button, ColumnDataSource, DataTable, Div, TableColumn
from bokeh.plotting import curdoc, figure

source = ColumnDataSource({"n": [1, 2, 3], "square": [1, 4, 9]})
add = Button(name="add", label="Add")
page = column(add)


def add_all():
    columns = [TableColumn(field="n"), TableColumn(field="square")]
    table = DataTable(name="table", source=source, columns=columns, height=150, reorderable=False)
    plot = figure(name="plot", title=r"$$n^2$$", width=300, height=200)
    plot.line("n", "square", source=source)
    page.children = [add, table, Div(name="formula", text=r"as in $$\sum n^2$$"), plot]


add.on_click(add_all)
curdoc().title = "Formulas"
curdoc().add_root(page)
