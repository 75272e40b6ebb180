"""Takes more than its share when it is asked to: all memory, or all of the processor."""

from bokeh.models import Div
from bokeh.plotting import curdoc

match curdoc().session_context.request.arguments.get("takes"):
    case [b"memory"]:
        hoard = bytearray(4 << 30)
    case [b"time"]:
        while True:
            pass
curdoc().add_root(Div(text="enough"))
