"""Models that bring JavaScript of their own."""
from __future__ import annotations

import shutil
import unittest

from harness import Worker, WorkerTest, told

CUSTOM_MODEL = """
    from bokeh.core.properties import Int
    from bokeh.io import curdoc
    from bokeh.models import Div
    from bokeh.util.compiler import JavaScript, TypeScript

    class NAME(Div):
        __implementation__ = JavaScript('''
            const {Div, DivView} = require("models/widgets/div")
            class NAME extends Div {
              static __name__ = "NAME"
              static { this.define(({Int}) => ({count: [Int, 0]})) }
            }
            module.exports = {NAME}
        ''')
        count = Int(0)

    curdoc().add_root(NAME(count=3))
"""


class Extensions(WorkerTest):
    def test_pages_have_the_code_of_custom_models(self) -> None:
        if shutil.which("node") is None:
            self.skipTest("Bokeh compiles custom models with node")
        self.app(CUSTOM_MODEL.replace("NAME", "Counter"))
        html = self.worker.ask("page", s=1, token="a.token")["html"]
        self.assertIn("class Counter extends Div", html)

    def test_a_model_whose_session_has_ended_is_in_no_page(self) -> None:
        if shutil.which("node") is None:
            self.skipTest("Bokeh compiles custom models with node")
        for name in ("First", "Second"):
            loaded = self.worker.load(self.file(f"{name}.py", CUSTOM_MODEL.replace("NAME", name)), f"/{name}")
            self.assertIsNone(loaded["error"])

        def page(number: int) -> str:
            html: str = self.worker.ask("page", s=number, token="a.token")["html"]
            return html

        self.worker.open(1, "/First")
        self.worker.open(2, "/First")
        self.worker.ask("close", s=2)
        self.assertIn("class First extends", page(1))
        self.worker.ask("close", s=1)
        self.worker.open(3, "/Second")
        self.assertIn("class Second extends", page(3))
        self.assertNotIn("class First extends", page(3))

    def test_a_model_that_cannot_be_compiled_fails_the_page(self) -> None:
        if shutil.which("node") is None:
            self.skipTest("Bokeh compiles custom models with node")
        self.app(CUSTOM_MODEL.replace("NAME", "Wrong").replace("JavaScript(", "TypeScript(").replace("count: [", "count: (["))
        for _ in range(2):
            self.assertIn("SystemExit(1)", self.worker.ask("page", s=1, token="a.token")["error"]["text"])

    def test_folders_of_extensions_are_told(self) -> None:
        package = self.file("myext/__init__.py", """
            from bokeh.models import Div

            class Special(Div):
                pass
        """)
        self.file("myext/bokeh.ext.json", "{}")
        self.file("myext/dist/myext.js", "// of the extension")
        self.app("""
            import os, sys
            sys.path.insert(0, os.path.dirname(__file__))
            import myext
            from bokeh.io import curdoc
            curdoc().add_root(myext.Special())
        """)
        reply = self.worker.ask("page", s=1, token="a.token")
        self.assertEqual(reply["extension_dirs"], {"myext": package.replace("__init__.py", "dist")})
        self.assertIn("/static/extensions/myext/myext.js", reply["html"])

    def test_extensions_may_replace_what_makes_applications_and_pages(self) -> None:
        self.file("site/replacing/__init__.py", """
            from bokeh.application import Application
            from bokeh.command import util
            from bokeh.server.urls import per_app_patterns
            from bokeh.server.views.doc_handler import DocHandler

            class Titled(Application):
                def initialize_document(self, doc):
                    super().initialize_document(doc)
                    doc.title = "from the extension"

                def process_request(self, request):
                    return {"from": "the extension"}

            class Page(DocHandler):
                async def get(self):
                    session = await self.get_session()
                    document = session.document
                    document.hold()
                    document.roots[0].text = "changed"
                    document.callbacks._held_events = []
                    document.unhold()
                    self.write(f"<p>{session.token} {self.request.path} {self.current_user is not None}</p>")

            build = util.build_single_handler_application

            def build_titled(path, argv):
                return Titled(*build(path, argv).handlers)

            util.build_single_handler_application = build_titled
            per_app_patterns[0] = ("/?", Page)
        """)
        self.file("site/replacing/bokeh.ext.json", "{}")
        script = self.file("app.py", """
            import replacing
            from bokeh.io import curdoc
            from bokeh.models import Div
            curdoc().add_root(Div(name="div"))
        """)
        worker = Worker(path=f"{self.folder}/site")
        self.addCleanup(worker.kill)
        self.assertTrue(worker.load(script)["has_process_request"])
        request = {"method": "GET", "uri": "/app", "headers": [], "remote_ip": "127.0.0.1"}
        asked = worker.ask("process_request", route="/app", request=request, payload={})
        self.assertEqual(asked["payload"], {"from": "the extension"})
        self.assertEqual(worker.open()["doc"]["title"], "from the extension")
        page = worker.ask("page", s=1, token="a.token")
        self.assertIsNone(page["error"])
        self.assertEqual(page["html"], "<p>a.token /app True</p>")
        # Before the page.
        self.assertEqual([told(frame) for frame in worker.news], [[(False, "text", "changed")]])

    def test_a_page_that_is_refused_is_an_error(self) -> None:
        self.file("site/refusing/__init__.py", """
            from bokeh.server.urls import per_app_patterns
            from bokeh.server.views.doc_handler import DocHandler

            class Page(DocHandler):
                async def get(self):
                    self.set_status(403)

            per_app_patterns[0] = ("/?", Page)
        """)
        self.file("site/refusing/bokeh.ext.json", "{}")
        worker = Worker(path=f"{self.folder}/site")
        self.addCleanup(worker.kill)
        worker.load(self.file("app.py", "import refusing"))
        worker.open()
        self.assertIn("status 403", worker.ask("page", s=1, token="a.token")["error"]["text"])


if __name__ == "__main__":
    unittest.main()
