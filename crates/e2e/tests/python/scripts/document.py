import numpy as np

from bokeh.core.properties import Float, List, String
from bokeh.layouts import column, grid, gridplot, layout, row
from bokeh.model import DataModel
from bokeh.models import *
from bokeh.palettes import Viridis256
from bokeh.plotting import figure
from bokeh.transform import dodge, factor_cmap, jitter, linear_cmap


class Settings(DataModel):
    gain = Float(default=1.5)
    names = List(String)


def plots():
    """Figures with glyphs, annotations, tools and filters."""
    source = ColumnDataSource(name="source", data={"x": np.arange(5.0), "y": np.arange(5), "kind": list("ababa")})
    view = CDSView(filter=IndexFilter([0, 2]) | GroupFilter(column_name="kind", group="b"))
    plot = figure(name="plot", title="glyphs", tools="pan,wheel_zoom,box_select,lasso_select,tap,reset", width=500)
    plot.line("x", "y", source=source, legend_label="line", color="#c02942")
    colors = linear_cmap("y", Viridis256, 0, 4)
    plot.scatter("x", "y", source=source, view=view, size=9, marker="triangle", fill_color=colors)
    plot.vbar(x=dodge("x", 0.2), top="y", width=0.5, source=source)
    plot.multi_line(xs=[[1, 2], [3, 4, np.nan]], ys=[[1, 2], [3, 4, 5]])
    plot.patches(xs=[[1, 2, 3]], ys=[[1, 2, 1]], hatch_pattern="/")
    plot.text(x=[1], y=[2], text=["text"], text_font_style="bold")
    plot.image(image=[np.arange(6.0).reshape(2, 3)], x=0, y=0, dw=1, dh=1, palette="Spectral11")
    plot.add_tools(HoverTool(tooltips=[("x", "@x{0.00}"), ("y", "$y")], mode="vline"), CrosshairTool())
    plot.add_layout(Span(location=2, dimension="height", line_dash="dashed"))
    plot.add_layout(BoxAnnotation(left=1, right=2, fill_alpha=0.1))
    plot.add_layout(Label(x=1, y=1, text="$$x^2$$"))
    plot.add_layout(ColorBar(color_mapper=LinearColorMapper(palette=Viridis256, low=0, high=1)), "right")
    plot.add_layout(LinearAxis(y_range_name="other", axis_label="other"), "right")
    plot.extra_y_ranges = {"other": Range1d(0, 100)}
    plot.x_range.js_on_change("start", CustomJS(args={"source": source}, code="source.change.emit()"))
    factors = [("a", "x"), ("a", "y"), ("b", "x")]
    bars = figure(x_range=FactorRange(*factors), height=200, toolbar_location=None)
    bars.vbar(x=factors, top=[1, 2, 3], width=0.9, color=factor_cmap("x", ["red", "blue"], ["x", "y"], start=1))
    bars.scatter(x=jitter("x", 0.4, range=bars.x_range), y=[1, 2, 3], size=[3, 4, 5])
    times = figure(x_axis_type="datetime", y_axis_type="log")
    times.line(np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"), [1, 10])
    times.x_range = plot.x_range
    return plot, bars, times, source


def widgets(source):
    """Widgets with what is special about their values."""
    slider = Slider(start=0, end=10, value=1, name="slider", tags=["a", {"b": 1}])
    slider.js_link("value", source, "name")
    return [
        slider,
        RangeSlider(start=0, end=10, value=(2, 3), step=0.5),
        DateRangeSlider(start="2020-01-01", end="2020-12-31", value=("2020-02-01", "2020-03-01")),
        DatePicker(value="2020-01-01", disabled_dates=["2020-01-02", ("2020-02-01", "2020-02-03")]),
        Select(options={"group": ["a", ("b", "B")], "other": ["c"]}, value="a"),
        MultiSelect(options=[("1", "one"), ("2", "two")], value=["2"]),
        CheckboxGroup(labels=["x", "y"], active=[1]),
        RadioButtonGroup(labels=["x", "y"], active=0),
        Dropdown(menu=[("item", "value"), None, "other"], button_type="success"),
        Toggle(active=True, icon=TablerIcon("bulb", size="1em")),
        AutocompleteInput(completions=["abc", "abd"], min_characters=1, restrict=False),
        ColorPicker(color="#abcdef"),
        Spinner(low=0, high=None, step=0.1, value=np.float32(0.5)),
        PreText(text="<pre>"),
        Div(styles={"color": "red"}, stylesheets=[":host { margin: 0 }", ImportedStyleSheet(url="a.css")]),
        TextInput(value="ünïcödé", prefix="$"),
        DataTable(
            source=source,
            columns=[
                TableColumn(field="x", formatter=NumberFormatter(format="0.0"), editor=NumberEditor(step=1)),
                TableColumn(field="y", formatter=HTMLTemplateFormatter(template="<%= value %>")),
                TableColumn(field="kind", editor=SelectEditor(options=["a", "b"])),
            ],
            editable=True,
        ),
    ]


def build():
    document = Document()
    document.title = "ünïcödé & <title>"
    plot, bars, times, source = plots()
    plots_grid = gridplot([[bars, None], [times, None]], sizing_mode="scale_width")
    document.add_root(layout([[column(widgets(source)), plot], [plots_grid]]))
    tabs = [TabPanel(child=row(Div(text=str(n)), Spacer(width=5)), title=str(n)) for n in range(3)]
    document.add_root(Tabs(tabs=tabs, active=1))
    document.add_root(grid([[Div(text="in a grid"), HelpButton(tooltip=Tooltip(content="help", position="right"))]]))
    document.add_root(Settings(name="settings", gain=2.5, names=["a", "b"]))
    return document


document = build()
classes = {model.__class__.__name__ for model in document.models}
one = push(document)
assert_same(document, settled(one))

# A change of each kind that documents have, seen by whoever pulls.
plot = document.get_model_by_name("plot")
plot.title.text = "changed"
plot.renderers = plot.renderers[:2]
document.get_model_by_name("slider").value = 7.5
document.get_model_by_name("settings").gain = 9
document.remove_root(document.roots[2])
document.add_root(figure(name="added"))
document.title = "changed"
assert_same(document, settled(one))

# What changed while nobody told the server arrives with the next push.
document.hold("collect")
document.get_model_by_name("added").scatter([1, 2], [3, 4])
document.remove_root(document.roots[0])
one.push()
seen = settled(one)
assert_same(document, seen)
names = [root.name or type(root).__name__ for root in seen.roots]

# And another document takes the place of the first.
document = build()
three = push(document)
seen = settled(three)
assert_same(document, seen)
answer(many=len(classes) > 90, classes=len(classes), names=names, settings=seen.get_model_by_name("settings").gain)
