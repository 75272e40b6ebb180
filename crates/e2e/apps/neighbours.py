"""Sessions that see each other.

Shows: ``server_context.sessions``, changes of another session's document, the end of sessions.
"""

from functools import partial

from bokeh.layouts import column
from bokeh.models import Button, Div, TextInput
from bokeh.plotting import curdoc

# Coroutines run without a current document.
document = curdoc()
context = document.session_context
others = Div(name="others", text="")
look = Button(name="look", label="Who is there?")
said = TextInput(name="said", title="say to all")
heard = Div(name="heard", text="silence")


def neighbours():
    return sorted(session.id for session in context.server_context.sessions)


def show():
    others.text = " ".join(neighbours())


def say(attr, old, new):
    document.add_next_tick_callback(partial(tell_all, new))


async def tell_all(new):
    def tell(of_session):
        of_session.get_model_by_name("heard").text = f"{context.id}: {new}"

    for session in context.server_context.sessions:
        if session.id == context.id:
            tell(document)
        elif not session.destroyed:
            await session.with_document_locked(tell, session.document)


look.on_click(show)
said.on_change("value", say)

document.title = "Neighbours"
document.add_root(column(look, others, said, heard))
