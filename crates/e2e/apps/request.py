"""What a session knows of the request that it was made for.

Shows: arguments, headers and cookies of the request, the payload of the token, the session's id and the address to log out.
"""

import json

from bokeh.layouts import column
from bokeh.models import PreText
from bokeh.plotting import curdoc

context = curdoc().session_context
request = context.request
payload = context.token_payload


def text(values):
    return {name: [value.decode() for value in list_] for name, list_ in sorted(values.items())}


arguments = PreText(name="arguments", text=json.dumps(text(request.arguments)))
cookies = PreText(name="cookies", text=json.dumps(request.cookies if isinstance(request.cookies, dict) else {}, default=str))
agent = PreText(name="agent", text=request.headers.get("User-Agent", "no agent"))
own = PreText(name="own", text=json.dumps(sorted(name.lower() for name in request.headers if name.lower().startswith("x-"))))
token = PreText(name="token", text=json.dumps(sorted(payload)))
session = PreText(name="session", text=f"{context.id} {context.destroyed} {context.logout_url}")

curdoc().title = "Request"
curdoc().add_root(column(arguments, cookies, agent, own, token, session))
