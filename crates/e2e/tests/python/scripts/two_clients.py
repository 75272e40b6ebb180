from bokeh.models import ColumnDataSource, Column, Div, Slider
from bokeh.plotting import figure

document = Document()
document.add_root(Column(name="column", children=[Slider(name="slider", start=0, end=10, value=0)]))
one = push(document)
two, three = pull(), pull()
seen = []


def in_all(check):
    """Lets the other clients follow until something holds in their documents, and takes the first one's word for it."""
    one.force_roundtrip()
    assert check(one.document)
    for other in (two, three):
        follow(other, lambda: check(other.document))
    assert_same(one.document, two.document, three.document)
    seen.append(len(document.models))


def named(document, name):
    return document.get_model_by_name(name)


for value in (1, 2.5, 3):
    named(document, "slider").value = value
in_all(lambda document: named(document, "slider").value == 3)

# Models that nobody has seen, as a root, in a list, and inside each other.
document.add_root(Div(name="root", text="new"))
in_all(lambda document: named(document, "root"))
source = ColumnDataSource(name="source", data={"x": [1, 2], "y": [3, 4]})
plot = figure(name="plot")
plot.scatter("x", "y", source=source)
named(document, "column").children = [*named(document, "column").children, plot]
in_all(lambda document: named(document, "plot"))
source.stream({"x": [5], "y": [6]}, rollover=2)
in_all(lambda document: list(named(document, "source").data["x"]) == [2, 5])
plot.line("x", "y", source=source, name="line")
in_all(lambda document: named(document, "line"))

# A model that leaves and comes back with another value.
root = named(document, "root")
document.remove_root(root)
in_all(lambda document: not named(document, "root"))
root.text = "changed while away"
document.add_root(root)
in_all(lambda document: named(document, "root") and named(document, "root").text == "changed while away")
document.title = "the end"
in_all(lambda document: document.title == "the end")

# The other way round: what the second makes is known to the first and the third.
named(two.document, "column").children = [Div(name="by two", text="hello"), *named(two.document, "column").children]
two.force_roundtrip()
follow(one, lambda: named(one.document, "by two"))
follow(three, lambda: named(three.document, "by two"))
named(one.document, "by two").text = "by one"
one.force_roundtrip()
follow(three, lambda: named(three.document, "by two").text == "by one")
follow(two, lambda: named(two.document, "by two").text == "by one")
assert_same(one.document, two.document, three.document)
answer(steps=len(seen), text=named(three.document, "by two").text)
