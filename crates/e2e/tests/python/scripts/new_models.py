from bokeh.document.events import MessageSentEvent
from bokeh.events import ButtonClick


def click(session):
    """What a browser sends when somebody clicks."""
    button = session.document.get_model_by_name("add")
    event = MessageSentEvent(session.document, "bokeh_event", ButtonClick(button))
    session.document.callbacks.trigger_on_change(event)


def n_circles(session):
    return len(session.document.get_model_by_name("plot").renderers)


one, two = pull(), pull()
for n in range(1, 4):
    click(one)
    # Neither waits for a reply, so neither loses a patch.
    follow(one, lambda: n_circles(one) == n)
    follow(two, lambda: n_circles(two) == n)
    assert_same(one.document, two.document)
late = pull()
assert_same(one.document, late.document)
answer(circles=n_circles(late), title=late.document.get_model_by_name("plot").title.text)
