"""What goes wrong in applications, and what does not happen then."""
from __future__ import annotations

import unittest

from harness import WorkerTest, changed, told


class Errors(WorkerTest):
    def test_what_cannot_be_loaded_is_said(self) -> None:
        for name, text, expected in [
            ("broken.py", "x = (", "Invalid syntax in 'broken.py' on line 1"),
            ("app.txt", "", "Expected a '.py' script or '.ipynb' notebook"),
            ("folder/other.py", "", "does not exist"),
        ]:
            with self.subTest(name):
                path = self.file(name, text)
                loaded = self.worker.load(path if "folder" not in name else path + ".missing")
                self.assertIn(expected, loaded["error"]["text"])

    def test_a_script_that_fails_is_said_and_its_session_goes_on(self) -> None:
        for text, expected in [("1 / 0", "division by zero"), ("import sys; sys.exit(3)", "SystemExit(3)")]:
            with self.subTest(text):
                self.worker.load(self.file("app.py", f"""
                    from bokeh.io import curdoc
                    curdoc().title = "begun"
                    {text}
                """))
                opened = self.worker.open()
                self.assertIsNone(opened["error"])
                self.assertEqual(opened["doc"]["title"], "begun")
                self.assertIn(expected, opened["failure"]["text"])
                self.assertIn("app.py", opened["failure"]["detail"])
                self.assertIn(expected, self.worker.log_text())
                self.worker.ask("close", s=1)

    def test_the_next_session_of_a_script_may_work(self) -> None:
        self.worker.load(self.file("app.py", """
            import builtins
            builtins.n_runs = getattr(builtins, "n_runs", 0) + 1
            assert n_runs > 1
        """))
        self.assertIsNotNone(self.worker.open(1)["failure"])
        self.assertIsNone(self.worker.open(2)["failure"])

    def test_a_document_that_cannot_be_sent_makes_no_session(self) -> None:
        self.worker.load(self.file("app.py", """
            from bokeh.io import curdoc
            from bokeh.models import Div
            curdoc().add_root(Div(tags=[object()]))
        """))
        self.assertIn("can't serialize", self.worker.open()["error"]["text"])
        self.assertEqual(self.worker.ask("metrics")["sessions"], 0)
        self.assertNotIn("a callback has failed", self.worker.log_text())

    def test_nothing_that_a_callback_raises_ends_the_worker(self) -> None:
        ids = self.app("""
            import asyncio, sys
            from bokeh.io import curdoc
            from bokeh.document import without_document_lock
            from bokeh.models import Div
            div = Div(name="div")
            def fail(attr, old, new):
                if new == "exit":
                    sys.exit(3)
                if new == "task":
                    async def task():
                        sys.exit(5)
                    asyncio.ensure_future(task())
                    return
                if new == "interrupt":
                    raise KeyboardInterrupt
                for one in (sys.exit, without_document_lock(sys.exit)):
                    curdoc().add_next_tick_callback(one)
                async def later():
                    sys.exit(4)
                curdoc().add_next_tick_callback(later)
            div.on_change("text", fail)
            curdoc().add_root(div)
        """)
        for text, expected in [("exit", "SystemExit(3)"), ("interrupt", "KeyboardInterrupt"), ("later", None), ("task", None)]:
            reply = self.worker.patch(changed(ids["div"], "text", text))
            self.assertEqual(told(reply), [(True, "text", text)])
            self.assertEqual(None if reply["error"] is None else expected in reply["error"]["text"], expected and True)
        while self.worker.log_text().count("asked to end the process") < 5:
            self.assertIsNone(self.worker.ask("ping")["error"])
        while "SystemExit(5)" not in self.worker.log_text():
            self.assertIsNone(self.worker.ask("ping")["error"])

    def test_patches_that_say_nonsense_are_refused(self) -> None:
        ids = self.app("""
            from bokeh.io import curdoc
            from bokeh.models import Slider
            curdoc().add_root(Slider(start=0, end=1, value=0, name="slider"))
        """)
        for event in [
            changed("nobody", "value", 1),
            changed(ids["slider"], "value", "text"),
            {"kind": "Nonsense"},
        ]:
            with self.subTest(event):
                reply = self.worker.patch(event)
                self.assertIsNotNone(reply["error"])
                self.assertEqual(reply["segments"], [])
        self.assertIsNotNone(self.worker.patch(changed(ids["slider"], "value", 1), session=7)["error"])
        self.assertIsNotNone(self.worker.ask("nonsense")["error"])

    def test_hooks_that_fail_are_logged(self) -> None:
        self.file("folder/main.py", "")
        hooks = "".join(
            f"{prefix}def {name}(context):\n    raise ValueError('{name} has failed')\n\n"
            for prefix, name in [
                ("", "on_server_loaded"), ("", "on_server_unloaded"), ("", "on_session_created"),
                ("", "on_session_destroyed"),
            ]
        )
        path = self.file("folder/app_hooks.py", hooks)
        self.worker.load(path[: -len("/app_hooks.py")])
        self.worker.ask("server_loaded")
        self.assertIsNone(self.worker.open()["error"])
        self.assertIsNone(self.worker.ask("close", s=1)["error"])
        self.worker.ask("server_unloaded")
        for name in ("server_loaded", "server_unloaded", "session_created", "session_destroyed"):
            self.assertEqual(self.worker.log_text().count(f"ValueError: on_{name} has failed"), 1)

    def test_a_folder_that_asks_to_end_the_process_cannot_be_loaded(self) -> None:
        self.file("folder/main.py", "")
        path = self.file("folder/app_hooks.py", "import sys; sys.exit(3)")
        self.assertIn("SystemExit(3)", self.worker.load(path[: -len("/app_hooks.py")])["error"]["text"])

    def test_a_hook_that_asks_to_end_the_process_fails(self) -> None:
        self.file("folder/main.py", "")
        path = self.file("folder/app_hooks.py", """
            import sys
            def process_request(request):
                sys.exit(3)
            def on_session_created(context):
                sys.exit(4)
        """)
        self.assertIsNone(self.worker.load(path[: -len("/app_hooks.py")])["error"])
        processed = self.worker.ask("process_request", route="/app", request={"uri": "/app"})
        self.assertIn("SystemExit(3)", processed["error"]["text"])
        self.assertIn("SystemExit(4)", self.worker.open()["error"]["text"])
        self.assertEqual(self.worker.ask("metrics")["sessions"], 0)

    def test_a_page_that_cannot_be_made_says_what_its_template_has_raised(self) -> None:
        self.app("""
            from bokeh.io import curdoc
            from jinja2 import Template
            curdoc().template = Template("{{ nothing.at.all }}")
        """)
        error = self.worker.ask("page", s=1, token="a.token")["error"]
        self.assertIn("'nothing' is undefined", error["text"])
        self.assertIn("in top-level template code", error["traceback"])
        self.assertEqual(self.worker.log_text(), "")

    def test_what_an_application_prints_is_no_frame(self) -> None:
        self.app("""
            import os, sys
            print("printed")
            os.write(1, b"raw\\n")
            assert sys.stdin.read() == ""
        """)
        self.assertIsNone(self.opened["failure"])


if __name__ == "__main__":
    unittest.main()
