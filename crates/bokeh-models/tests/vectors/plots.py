"""Writes plots.json: documents that Python's Bokeh 3.9.2 makes, by the names of the tests that make the same ones in Rust.

    python plots.py > plots.json
"""

import json

import numpy as np
from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from bokeh.layouts import column, gridplot, row
from bokeh.models import (
    Button, CategoricalColorMapper, ColumnDataSource, DataRange1d, Div, FactorRange, HoverTool, PanTool, Select, Slider,
    TextInput,
)
from bokeh.palettes import Viridis256
from bokeh.plotting import figure
from bokeh.transform import dodge, factor_cmap, linear_cmap

X = np.array([1.0, 2.0, 3.0])
Y = np.array([4.0, 6.0, 5.0])


def an_empty_figure():
    return figure()


def a_line_with_a_legend():
    p = figure(title="a sine", width=600, height=300, x_axis_label="x", y_axis_label="y")
    source = ColumnDataSource(data=dict(x=X, y=Y))
    p.line("x", "y", source=source, line_width=3, line_alpha=0.6, color="navy", legend_label="sin")
    p.line("x", "y", source=source, line_dash="dashed", legend_label="sin")
    p.line("x", "y", source=source, color=(1, 2, 3), line_dash=[4, 2], legend_label="cos")
    return p


def a_scatter_with_colors():
    p = figure(x_range=(0, 10), y_range=(-2.5, 2.5), toolbar_location=None)
    p.scatter(X, Y, size=np.array([5, 10, 15]), marker="square", fill_color=linear_cmap("y", Viridis256, 4, 6),
              line_color=None, alpha=0.5)
    return p


def bars_of_categories():
    fruits = ["apple", "pear", "plum"]
    p = figure(x_range=fruits, height=250, tools="pan,reset")
    source = ColumnDataSource(data=dict(fruit=fruits, count=Y))
    p.vbar(x=dodge("fruit", 0.25, range=p.x_range), top="count", width=0.9, source=source, legend_field="fruit",
           fill_color=factor_cmap("fruit", ["red", "#00ff00", "blue"], fruits), line_color="white")
    return p


def grouped_categories():
    factors = [("a", "x"), ("a", "y"), ("b", "x")]
    p = figure(y_range=FactorRange(*factors))
    p.hbar(y=factors, right=Y, height=0.5, hatch_pattern="/", fill_alpha=0.2)
    return p


def rectangles_and_text():
    p = figure(x_axis_location=None, y_axis_location="right", match_aspect=True)
    source = ColumnDataSource(data=dict(x=X, y=Y, name=["a", "b", "c"]))
    p.rect("x", "y", width=0.5, height=1, angle=45, angle_units="deg", source=source, selection_color="red",
           nonselection_alpha=0.3, hover_alpha=0.9, muted_color="gray")
    p.text("x", "y", text="name", source=source, text_font_size="14px", text_align="center", x_offset=3,
           text_baseline="middle")
    return p


def an_image():
    p = figure(tooltips=[("value", "@image")])
    p.image(image=[np.array([[1.0, 2.0], [3.0, 4.0]])], x=0, y=0, dw=10, dh=10)
    return p


def axes_of_all_kinds():
    return column(
        figure(x_axis_type="log", y_axis_type="datetime"),
        figure(x_axis_type="mercator", y_axis_type="mercator"),
        figure(x_axis_type=None, y_axis_type="timedelta", y_minor_ticks=2),
    )


def tools_of_all_kinds():
    return row(
        figure(tools="xpan,ywheel_zoom,box_select,lasso_select,tap,hover,crosshair,undo,redo,fullscreen",
               active_drag="box_select", active_scroll="ywheel_zoom"),
        figure(tools=[PanTool(dimensions="width"), HoverTool(tooltips="@x")]),
        figure(tools=""),
    )


def a_grid_of_plots():
    x_range = DataRange1d()
    a, b, c = (figure(x_range=x_range, width=200, height=200) for _ in range(3))
    a.line(X, Y)
    return gridplot([[a, b], [None, c]])


def other_glyphs():
    p = figure()
    p.multi_line([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [2.0, 1.0]], line_color=["red", "blue"])
    p.patch(X, Y, fill_alpha=0.4, line_width=2)
    p.quad(left=X, right=X, top=Y, bottom=0, color="#abcdef")
    p.segment(x0=X, y0=Y, x1=0, y1=0)
    p.circle(x=X, y=Y, radius=0.1)
    p.varea(x=X, y1=0, y2=Y)
    p.step(X, Y, mode="center")
    p.wedge(x=X, y=Y, radius=1, start_angle=0, end_angle=1.5)
    return p


def a_dashboard():
    slider = Slider(title="amplitude", start=-5, end=5, step=0.1, value=1)
    text = TextInput(title="title", value="my plot")
    select = Select(title="unit", options=["m", "ft"], value="m")
    button = Button(label="reset", button_type="primary")
    p = figure(width=400, height=400, sizing_mode="stretch_width")
    return row(column(slider, text, select, button, Div(text="<b>hello</b>")), p, width=800)


def document(root):
    doc = Document()
    doc.add_root(root)
    return json.loads(serialize_json(doc.to_json(deferred=False)))


MAKERS = [an_empty_figure, a_line_with_a_legend, a_scatter_with_colors, bars_of_categories, grouped_categories,
          rectangles_and_text, an_image, axes_of_all_kinds, tools_of_all_kinds, a_grid_of_plots, other_glyphs, a_dashboard]
print(json.dumps({maker.__name__: document(maker()) for maker in MAKERS}, separators=(",", ":")))
