"""Models that bring JavaScript of their own."""
from __future__ import annotations

import shutil
import unittest

from harness import WorkerTest


class Extensions(WorkerTest):
    def test_pages_have_the_code_of_custom_models(self) -> None:
        if shutil.which("node") is None:
            self.skipTest("Bokeh compiles custom models with node")
        self.app("""
            from bokeh.core.properties import Int
            from bokeh.io import curdoc
            from bokeh.models import Div
            from bokeh.util.compiler import JavaScript

            class Counter(Div):
                __implementation__ = JavaScript('''
                    const {Div, DivView} = require("models/widgets/div")
                    class Counter extends Div {
                      static __name__ = "Counter"
                      static { this.define(({Int}) => ({count: [Int, 0]})) }
                    }
                    module.exports = {Counter}
                ''')
                count = Int(0)

            curdoc().add_root(Counter(count=3))
        """)
        html = self.worker.ask("page", s=1, token="a.token")["html"]
        self.assertIn("class Counter extends Div", html)

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


if __name__ == "__main__":
    unittest.main()
