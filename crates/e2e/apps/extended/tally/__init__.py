"""An extension of Bokeh: its script is in `dist`, and comes to pages with a URL of its own."""

from bokeh.core.properties import Int
from bokeh.events import ModelEvent
from bokeh.models import UIElement


class Tally(UIElement):
    """Strokes that are counted; a click adds one."""

    count = Int(default=0)
    total = Int(default=5)


class Marked(ModelEvent):
    """Strokes were added in the page."""

    event_name = "tally_marked"

    def __init__(self, model, by):
        super().__init__(model)
        self.by = by
