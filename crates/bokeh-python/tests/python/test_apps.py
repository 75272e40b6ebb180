"""Scripts, folders and notebooks, and what they are given."""
from __future__ import annotations

import json
import os
import unittest

from bokeh.util.token import generate_jwt_token
from harness import WorkerTest

HOOKS = """
    import logging
    log = logging.getLogger("bokeh.app")

    def on_server_loaded(server_context):
        log.info("loaded %d", len(server_context.sessions))

    def on_server_unloaded(server_context):
        log.info("unloaded %d", len(server_context.sessions))

    def on_session_created(session_context):
        log.info("created %s %s", session_context.id, session_context.destroyed)

    def on_session_destroyed(session_context):
        log.info("destroyed %s %s", session_context.id, session_context.destroyed)
"""


class Apps(WorkerTest):
    def folder_app(self, **files: str) -> str:
        for name, text in files.items():
            self.file("folder/" + name, text)
        return os.path.join(self.folder, "folder")

    def title(self, session: int = 1, route: str = "/app", **fields: object) -> str:
        opened = self.worker.open(session, route, **fields)
        self.assertIsNone(opened["error"])
        self.assertIsNone(opened["failure"])
        return opened["doc"]["title"]

    def test_a_script_knows_its_place_and_arguments(self) -> None:
        path = self.file("app.py", """
            import os, sys
            from bokeh.io import curdoc
            curdoc().title = repr((sys.argv, os.path.basename(__file__), sys.path[0] == os.path.dirname(__file__)))
        """)
        loaded = self.worker.load(path, argv=["--n", "3"])
        self.assertFalse(loaded["has_process_request"])
        self.assertEqual(self.title(), "(['app.py', '--n', '3'], 'app.py', True)")

    def test_a_folder_brings_template_theme_static_files_and_hooks(self) -> None:
        path = self.folder_app(**{
            "__init__.py": "loaded = ['package']",
            "main.py": """
                from bokeh.io import curdoc
                from bokeh.models import Slider
                from . import loaded
                slider = Slider(start=0, end=1, value=0, name="slider")
                curdoc().add_root(slider)
                curdoc().title = f"{loaded} {slider.background} {curdoc().session_context.token_payload['who']}"
                curdoc().template_variables["word"] = "<from main>"
            """,
            "theme.yaml": "attrs: {Slider: {background: red}}\n".replace("background", "bar_color"),
            "templates/index.html": """
                {% extends base %}
                {% block contents %}<h1>{{ word|e }}</h1>{{ embed(roots.slider) }}{% endblock %}
            """,
            "static/style.css": "",
            "app_hooks.py": HOOKS + """
    def process_request(request):
        return {"who": request.arguments["who"][0].decode(), "path": request.path, "ip": request.remote_ip, "raw": b"?"}
""",
        })
        self.file("folder/main.py", """
            from bokeh.io import curdoc
            from bokeh.models import Slider
            from . import loaded
            slider = Slider(start=0, end=1, value=0, name="slider")
            curdoc().add_root(slider)
            curdoc().title = f"{loaded} {slider.bar_color} {curdoc().session_context.token_payload['who']}"
            curdoc().template_variables["word"] = "<from main>"
        """)
        loaded = self.worker.load(path)
        self.assertEqual(loaded["static_path"], os.path.join(path, "static"))
        self.assertTrue(loaded["has_process_request"])
        self.worker.ask("server_loaded")
        request = {"method": "GET", "uri": "/app?who=me", "headers": [], "remote_ip": "10.0.0.1"}
        payload = self.worker.ask("process_request", route="/app", request=request)["payload"]
        self.assertEqual(payload, {"who": "me", "path": "/app", "ip": "10.0.0.1", "raw": {"bytes": "Pw"}})
        token = generate_jwt_token("session1", extra_payload=payload)
        self.assertEqual(self.title(token=token), "['package'] red me")
        page = self.worker.ask("page", s=1, token="a.token")
        self.assertIn("<h1>&lt;from main&gt;</h1>", page["html"])
        self.assertIn('"a.token"', page["html"])
        self.assertIn("static/js/bokeh.min.js?v=", page["html"])
        self.worker.ask("close", s=1)
        self.worker.ask("stop")
        lines = [frame["text"] for frame in self.worker.logs if frame["logger"] == "bokeh.app"]
        self.assertEqual(
            lines, ["loaded 0", "created session1 False", "destroyed session1 True", "unloaded 0"]
        )
        self.assertEqual(self.worker.process.wait(timeout=60), 0)

    def test_a_notebook_runs(self) -> None:
        cells = ["%%time\nfrom bokeh.io import curdoc", "%matplotlib inline\ncurdoc().title = 'notebook'"]
        notebook = {
            "nbformat": 4, "nbformat_minor": 5, "metadata": {},
            "cells": [
                {"cell_type": "code", "id": f"c{at}", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
                for at, source in enumerate(cells)
            ],
        }
        self.worker.load(self.file("app.ipynb", json.dumps(notebook)))
        self.assertEqual(self.title(), "notebook")

    def test_a_session_knows_its_request(self) -> None:
        self.worker.load(self.file("app.py", """
            import json
            from bokeh.io import curdoc
            context = curdoc().session_context
            request = context.request
            curdoc().title = json.dumps([
                context.id, context.logout_url, len(context.server_context.sessions), request.path, request.method,
                request.protocol, request.remote_ip, {k: v[0].decode() for k, v in request.arguments.items()},
                request.cookies, request.headers.get("X-One"), request.headers.get("Cookie"), request.host,
            ])
        """))
        arguments = {"a": [b"1"], "bokeh-session-id": [b"session1"]}
        payload = {"headers": {"X-One": "1"}, "cookies": {"c": "2"}, "arguments": arguments}
        token = generate_jwt_token("session1", extra_payload=payload)
        request = {
            "method": "GET", "uri": "/p/app?a=1", "headers": [["Host", "example.org"]], "remote_ip": "10.0.0.1",
            "protocol": "https",
        }
        title = json.loads(self.title(token=token, request=request, logout_url="/p/logout"))
        self.assertEqual(
            title,
            ["session1", "/p/logout", 0, "/p/app", "GET", "https", "10.0.0.1", {"a": "1"}, {"c": "2"}, "1", "c=2",
             "example.org"],
        )

    def test_sessions_see_each_other(self) -> None:
        self.worker.load(self.file("app.py", """
            from bokeh.io import curdoc
            curdoc().title = str(len(curdoc().session_context.server_context.sessions))
        """))
        titles = [self.title(number) for number in (1, 2, 3)]
        self.worker.ask("close", s=1)
        self.assertEqual([*titles, self.title(4)], ["0", "1", "2", "2"])

    def test_ids_are_far_from_those_of_clients(self) -> None:
        ids = self.app("""
            from bokeh.io import curdoc
            from bokeh.models import Div
            curdoc().add_root(Div(name="div"))
        """)
        self.assertGreater(int(ids["div"][1:]), 10**6)

    def test_a_script_for_other_pages_has_what_they_need(self) -> None:
        self.app("from bokeh.io import curdoc\n")
        fields = {"s": 1, "token": "a.token", "element_id": "e1", "app_path": "/app"}
        absolute = self.worker.ask("autoload", absolute_url="https://example.org/app", **fields)["js"]
        self.assertIn('"https://example.org/static/js/bokeh.min.js', absolute)
        self.assertIn("a.token", absolute)
        bare = self.worker.ask("autoload", with_resources=False, **fields)["js"]
        self.assertNotIn("bokeh.min.js", bare)


if __name__ == "__main__":
    unittest.main()
