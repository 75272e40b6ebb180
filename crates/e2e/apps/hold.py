"""Changes that are held back and let go together.

Shows: ``hold`` with both policies, ``unhold``, and that what a user does meanwhile is not lost.
"""

from bokeh.layouts import column
from bokeh.models import Button, ColumnDataSource, Div
from bokeh.plotting import curdoc, figure

document = curdoc()
source = ColumnDataSource(name="points", data={"x": [0], "y": [0]})
plot = figure(name="plot", width=400, height=300)
plot.line("x", "y", source=source)
text = Div(name="text", text="0")
state = Div(name="state", text="free")

combine = Button(name="combine", label="Hold and combine")
collect = Button(name="collect", label="Hold and collect")
change = Button(name="change", label="Change")
release = Button(name="release", label="Let go")


def make_change():
    n = int(text.text) + 1
    text.text = str(n)
    source.stream({"x": [n], "y": [n * n]})


def hold(policy):
    # The state is told before the hold begins.
    state.text = policy
    document.hold(policy)


def let_go():
    state.text = "free"
    document.unhold()


combine.on_click(lambda: hold("combine"))
collect.on_click(lambda: hold("collect"))
change.on_click(make_change)
release.on_click(let_go)

document.title = "Hold"
document.add_root(column(combine, collect, change, release, state, text, plot))
