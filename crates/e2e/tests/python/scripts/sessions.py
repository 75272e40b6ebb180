import re
import urllib.request
from types import SimpleNamespace

import bokeh.util.browser
from bokeh.util.token import get_session_id

seen = {}
for session_id in ("never seen", "with/slash?and#more&", "ünïcödé", "x" * 500):
    one = pull(session_id)
    one.document.get_model_by_name("offset").value = 1.5
    seen[session_id] = settled(one).get_model_by_name("offset").value

# A session of its own for whoever names none.
apart = pull_session(url=URL), pull_session(url=URL)
apart[0].document.get_model_by_name("offset").value = 3
documents = [settled(session) for session in apart]

# What `show` would open in a browser.
shown = []
browser = SimpleNamespace(open=lambda location, **_: shown.append(location))
bokeh.util.browser.get_browser_controller = lambda **_: browser
one.show()
with urllib.request.urlopen(shown[0]) as page:
    token = re.search(r'"token":"([^"]+)"', page.read().decode()).group(1)

one.close()
closed = pull(one.id)
answer(
    seen=list(seen.values()),
    apart=[document.get_model_by_name("offset").value for document in documents],
    distinct=apart[0].id != apart[1].id,
    shown=get_session_id(token) == one.id,
    after_close=closed.document.get_model_by_name("offset").value,
)
