"""How ten made-up nations fare over the years, with a slider and a button that lets the years pass.

Shows: an animation that a toggle button starts and stops, a slider that code moves, text glyphs, a legend.
"""

import numpy as np

from bokeh.layouts import column, row
from bokeh.models import Button, CategoricalColorMapper, ColumnDataSource, Label, Slider
from bokeh.palettes import Category10_3
from bokeh.plotting import curdoc, figure

FIRST, LAST = 1990, 2000
random = np.random.default_rng(5)
NAMES = [f"Nation {letter}" for letter in "ABCDEFGHIJ"]
REGIONS = ["north", "south", "west"]
children = 6 - np.cumsum(random.uniform(0, 0.4, (LAST - FIRST + 1, 10)), axis=0)
years_lived = 50 + np.cumsum(random.uniform(0, 3, (LAST - FIRST + 1, 10)), axis=0)
people = random.uniform(15, 50, 10)


def at(year):
    i = year - FIRST
    region = [REGIONS[n % 3] for n in range(10)]
    return {"x": children[i], "y": years_lived[i], "size": people, "name": NAMES, "region": region}


source = ColumnDataSource(name="nations", data=at(FIRST))
plot = figure(name="plot", width=600, height=450, x_range=(1, 7), y_range=(45, 90), title="Children and years")
label = Label(name="year", x=1.2, y=47, text=str(FIRST), text_font_size="60px", text_color="#dddddd")
plot.add_layout(label)
mapper = CategoricalColorMapper(palette=Category10_3, factors=REGIONS)
plot.scatter(
    "x", "y", size="size", source=source, color={"field": "region", "transform": mapper}, alpha=0.7, legend_group="region"
)
plot.text("x", "y", "name", source=source, text_font_size="9px", text_align="center")

slider = Slider(name="slider", title="year", start=FIRST, end=LAST, value=FIRST, step=1)
button = Button(name="play", label="► Play", width=90)
playing = None


def show(attr, old, new):
    label.text = str(new)
    source.data = at(new)


def next_year():
    slider.value = FIRST if slider.value == LAST else slider.value + 1


def play():
    global playing
    if playing is None:
        button.label = "❚❚ Pause"
        playing = curdoc().add_periodic_callback(next_year, 100)
    else:
        button.label = "► Play"
        curdoc().remove_periodic_callback(playing)
        playing = None


slider.on_change("value", show)
button.on_click(play)

curdoc().title = "Nations"
curdoc().add_root(column(plot, row(slider, button)))
