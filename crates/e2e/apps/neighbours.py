"""Sessions that see each other.

Shows: ``server_context.sessions``, ``with_locked_document`` of another session, the end of sessions.
"""

from bokeh.layouts import column
from bokeh.models import Button, Div, TextInput
from bokeh.plotting import curdoc

context = curdoc().session_context
others = Div(name="others", text="")
look = Button(name="look", label="Who is there?")
said = TextInput(name="said", title="say to all")
heard = Div(name="heard", text="silence")


def neighbours():
    return sorted(session.id for session in context.server_context.sessions)


def show():
    others.text = " ".join(neighbours())


async def say(attr, old, new):
    def tell(document):
        document.get_model_by_name("heard").text = f"{context.id}: {new}"

    async def tell_later(document):
        tell(document)

    for session in context.server_context.sessions:
        if session.id == context.id:
            tell(curdoc_of_this_session)
        elif not session.destroyed:
            await session.with_locked_document(tell_later)


# Coroutines run without a current document.
curdoc_of_this_session = curdoc()
look.on_click(show)
said.on_change("value", say)

curdoc().title = "Neighbours"
curdoc().add_root(column(look, others, said, heard))
