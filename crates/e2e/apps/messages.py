"""A conversation with the page's own scripts.

Shows: ``on_message`` and ``MessageSent``, document events, ``document_ready``, ``on_change`` of the document, and that
a ``CustomJS`` hears what the server says.
"""

from bokeh.document.events import MessageSentEvent
from bokeh.layouts import column
from bokeh.models import Button, CustomJS, Div
from bokeh.plotting import curdoc

document = curdoc()
ready = Div(name="ready", text="not yet")
received = Div(name="received", text="")
changes = Div(name="changes", text="0", tags=["not counted"])
speak = Button(name="speak", label="Speak to the page")
n_changes = 0


def answer(message):
    received.text = f"{type(message).__name__} {message}"
    send("answer", {"got": message, "length": len(message)})


def send(kind, data):
    document.callbacks.trigger_on_change(MessageSentEvent(document, kind, data))


def count(event):
    global n_changes
    if getattr(event, "model", None) is not changes:
        n_changes += 1


def show():
    send("greeting", [1, 2.5, "three", None, {"four": True}])
    changes.text = str(n_changes)


document.on_message("question", answer)
document.on_event("document_ready", lambda event: setattr(ready, "text", event.event_name))
document.on_change(count)
document.js_on_event("document_ready", CustomJS(code="window.heard_ready = true"))
speak.on_click(show)

document.title = "Messages"
document.add_root(column(ready, received, changes, speak))
