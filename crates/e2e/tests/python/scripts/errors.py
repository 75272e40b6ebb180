from bokeh.core.properties import Float
from bokeh.document.events import ModelChangedEvent
from bokeh.models import ColumnDataSource, Div, Slider


class Extension(Div):
    """A class that only this program knows."""

    strength = Float(default=1)


def send(change):
    """Sends a patch that Python would not let anybody make."""
    message = one._connection._protocol.create("PATCH-DOC", [ModelChangedEvent(document, slider, "value", 1)])
    change(message.content["events"][0])
    one._connection._loop.add_callback(one._connection.send_message, message)


document = Document()
slider = Slider(name="slider", start=0, end=10, value=1)
source = ColumnDataSource(name="source", data={"x": [1, 2]})
document.add_root(slider)
document.add_root(source)
one = push(document)
two = pull()
kept = flat(two.document)

refused = {
    "a value of another kind": lambda: send(lambda event: event.update(new="high")),
    "a model that is not there": lambda: send(lambda event: event.update(model={"id": "nowhere"})),
    "an event that is none": lambda: send(lambda event: event.update(kind="Nonsense")),
    "a rollover that keeps nothing": lambda: source.stream({"x": [3]}, rollover=0),
    "a class that the server does not know": lambda: document.add_root(Extension(name="extension")),
}
for what, change in refused.items():
    change()
    assert flat(settled(one)) == kept, what
# The author goes on, and the next thing that the other one hears of is its next change.
slider.value = 9
one.force_roundtrip()
follow(two, lambda: flat(two.document) != kept)

# A push that cannot be read is answered.
unreadable = Document()
unreadable.add_root(Extension())
try:
    push(unreadable, "another session")
except RuntimeError as error:
    answered = str(error)
answer(answered=answered, value=two.document.get_model_by_name("slider").value)
