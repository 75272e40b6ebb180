from bokeh.layouts import column
from bokeh.models import Button, ColumnDataSource, Div, Slider, TextInput
from bokeh.plotting import curdoc, figure

source = ColumnDataSource(name="source", data={"x": [0, 1, 2, 3], "y": [0, 1, 4, 9]})
plot = figure(name="plot", width=400, height=250)
plot.line("x", "y", source=source)

slider = Slider(name="factor", title="factor", start=0, end=10, step=1, value=1)
text = TextInput(name="title", title="title", value="")
button = Button(name="button", label="count")
output = Div(name="output", text="factor 1")
clicks = Div(name="clicks", text="0")


def rescale(attr, old, new):
    source.data = {"x": [0, 1, 2, 3], "y": [new * y for y in [0, 1, 4, 9]]}
    output.text = f"factor {new}"


def entitle(attr, old, new):
    plot.title.text = new


def count():
    clicks.text = str(int(clicks.text) + 1)


slider.on_change("value", rescale)
text.on_change("value", entitle)
button.on_click(count)
curdoc().add_root(column(slider, text, button, output, clicks, plot))
