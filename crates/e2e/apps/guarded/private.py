"""A page for those who have logged in.

Shows: ``--auth-module``: who has logged in is known from a cookie, and how to leave from the session's context.
"""

from bokeh.layouts import column
from bokeh.models import Button, Div
from bokeh.plotting import curdoc

context = curdoc().session_context
who = Div(name="who", text=f"welcome {context.request.cookies.get('user')}")
leave = Div(name="leave", text=f'<a href="{context.logout_url}">leave</a>')
count = Div(name="count", text="0")
button = Button(name="button", label="Count")
button.on_click(lambda: setattr(count, "text", str(int(count.text) + 1)))

curdoc().title = "Private"
curdoc().add_root(column(who, button, count, leave))
