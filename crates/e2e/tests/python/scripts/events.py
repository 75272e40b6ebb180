import inspect

from bokeh import events
from bokeh.document.events import MessageSentEvent

one = pull()
document = one.document
plot, keep = document.get_model_by_name("plot"), document.get_model_by_name("keep")
FIELDS = dict(
    value="a value",
    x0=0,
    x1=1,
    y0=0.5,
    y1=1.5,
    geometry={"type": "rect", "sx0": 1, "sx1": 2},
    final=False,
    sx=10,
    sy=20.5,
    x=-1.5,
    y=2,
    modifiers={"shift": False, "ctrl": True, "alt": False},
    delta=120,
    delta_x=3,
    delta_y=4,
    scale=1.5,
    rotation=-90,
)
seen = []
for cls in vars(events).values():
    if not (inspect.isclass(cls) and issubclass(cls, events.ModelEvent) and hasattr(cls, "event_name")):
        continue
    if cls in (events.LegendItemClick, events.ValueSubmit):
        continue  # Python leaves out the value that it requires itself
    names = [name for name in inspect.signature(cls.__init__).parameters if name in FIELDS]
    values = {name: FIELDS[name] for name in names}
    event = cls(None, **values)
    # Of a plot, whatever Python thinks of that: it has callbacks for all.
    event.model = plot
    document.callbacks.trigger_on_change(MessageSentEvent(document, "bokeh_event", event))
    expected = [event.event_name, event.event_values()]
    follow(one, lambda: keep.tags == expected)
    seen.append(event.event_name)
answer(seen=sorted(seen))
