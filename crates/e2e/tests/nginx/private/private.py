"""A page for those who have logged in. It says how they have come."""

from bokeh.layouts import column
from bokeh.models import Button, Div
from bokeh.plotting import curdoc

context = curdoc().session_context
request = context.request
who = Div(name="who", text=f"{request.cookies.get('user')} over {request.protocol} from {request.remote_ip}")
leave = Div(name="leave", text=f'<a href="{context.logout_url}">leave</a>')
count = Div(name="count", text="0")
button = Button(name="button", label="Count")
button.on_click(lambda: setattr(count, "text", str(int(count.text) + 1)))
curdoc().add_root(column(who, button, count, leave))
