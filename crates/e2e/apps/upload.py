"""Files that the user hands over.

Shows: ``FileInput`` for one file and for several, their contents on the server, and an answer in the page.
"""

from base64 import b64decode
from hashlib import sha256

from bokeh.layouts import column
from bokeh.models import Div, FileInput
from bokeh.plotting import curdoc

one = FileInput(name="one", accept=".csv,.txt")
many = FileInput(name="many", multiple=True)
got = Div(name="got", text="nothing")
got_many = Div(name="got_many", text="nothing")


def read():
    contents = b64decode(one.value)
    got.text = f"{one.filename} {one.mime_type} {len(contents)} bytes {sha256(contents).hexdigest()[:12]}"


def read_many():
    sizes = [len(b64decode(value)) for value in many.value]
    got_many.text = " ".join(f"{name}:{size}" for name, size in zip(many.filename, sizes))


# The names come after the contents.
document = curdoc()
one.on_change("value", lambda attr, old, new: document.add_next_tick_callback(read))
many.on_change("value", lambda attr, old, new: document.add_next_tick_callback(read_many))

document.title = "Upload"
document.add_root(column(one, got, many, got_many))
