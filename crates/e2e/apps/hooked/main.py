"""What the hooks of ``app_hooks.py`` have left for a session.

Shows: all five hooks, what ``process_request`` puts into the token, attributes of the server's and the session's context,
a callback for the end of the session.
"""

from bokeh.layouts import column
from bokeh.models import Button, Div
from bokeh.plotting import curdoc

context = curdoc().session_context
payload = context.token_payload
server = context.server_context

prepared = Div(name="prepared", text=str(getattr(context.request, "prepared", "nothing")))
loaded = Div(name="loaded", text=str(getattr(server, "greeting", "nothing")))
told = Div(name="told", text=f"{payload.get('asked')} {payload.get('path')} {payload.get('number')}")
ended = Div(name="ended", text="")
look = Button(name="look", label="Who has gone?")


def show_ended():
    ended.text = " ".join(server.ended)


look.on_click(show_ended)
# Bokeh empties the script's module before it calls this, so what is needed is handed over.
curdoc().on_session_destroyed(
    lambda session_context, ended=server.ended: ended.append(f"document:{session_context.id}")
)

curdoc().title = "Hooked"
curdoc().add_root(column(prepared, loaded, told, look, ended))
