"""Processes for one session each, forked from one that has everything loaded."""
from __future__ import annotations

import os
import signal
import socket
import unittest

from harness import Worker, WorkerTest, changed, models, told

APP = """
    import random
    import numpy as np
    from bokeh.io import curdoc
    from bokeh.models import Slider

    slider = Slider(start=0, end=10, value=1, name="slider")

    def act(attr, old, new):
        if new == 5:
            slider.tags = [np.zeros(1 << 30)]
        while new == 6:
            pass
        slider.title = f"{new}"

    slider.on_change("value", act)
    curdoc().add_root(slider)
    curdoc().title = str(random.random() + np.random.random())
"""


class Template(WorkerTest):
    settings = {"template": True}

    def fork(self, **limits: int) -> Worker:
        ours, theirs = socket.socketpair()
        number = next(self.worker._ids)
        self.worker.send("fork", id=number, limits=limits, _file=theirs.fileno())
        theirs.close()
        reply = self.worker.reply(number)
        self.assertIsNone(reply["error"])
        child = Worker.__new__(Worker)
        child.adopt(ours, reply["pid"])
        self.addCleanup(child.hang_up)
        return child

    def test_children_serve_what_the_template_has_loaded(self) -> None:
        self.worker.load(self.file("app.py", APP))
        self.worker.ask("server_loaded")
        children = [self.fork() for _ in range(3)]
        titles, ids = set(), set()
        for child in children:
            opened = child.open()
            titles.add(opened["doc"]["title"])
            slider = models(opened)["slider"]
            ids.add(slider)
            child.send("join", s=1, peer=1)
            reply = child.patch(changed(slider, "value", 3))
            self.assertEqual(told(reply), [(True, "value", 3), (False, "title", "3")])
            self.assertIn("bokeh.min.js", child.ask("page", s=1, token="a.token")["html"])
            self.assertIsNone(child.ask("close", s=1)["error"])
        # Nobody draws the same numbers.
        self.assertEqual((len(titles), len(ids)), (3, 3))

    def test_what_scripts_import_is_there_before_they_run(self) -> None:
        self.worker.load(self.file("app.py", """
            import colorsys
            from beside import thing
        """), route="/importing")
        self.file("beside.py", "thing = 1\n")
        self.worker.load(self.file("looking.py", """
            import sys
            from bokeh.io import curdoc
            curdoc().title = str([name in sys.modules for name in ("colorsys", "beside")])
        """), route="/looking")
        # What lies beside a script is left to its sessions.
        self.assertEqual(self.fork().open(1, "/looking")["doc"]["title"], "[True, False]")

    def test_the_end_of_children_is_told(self) -> None:
        for end, expected in [
            (lambda child: child.hang_up(), "exit status 0"),
            (lambda child: os.kill(child.pid, signal.SIGKILL), "signal 9 (SIGKILL)"),
            (lambda child: self.worker.send("kill", pid=child.pid), "signal 9 (SIGKILL)"),
        ]:
            with self.subTest(expected):
                child = self.fork()
                self.assertIsNone(child.ask("ping")["error"])
                end(child)
                told_end = self.worker.wait_for("exited")
                self.assertEqual((told_end["pid"], told_end["status"]), (child.pid, expected))

    def test_limits_bind_children_alone(self) -> None:
        self.worker.load(self.file("app.py", APP))
        child, other = self.fork(memory_bytes=256 << 20, cpu_secs=2), self.fork()
        slider = models(child.open())["slider"]
        child.send("join", s=1, peer=1)
        reply = child.patch(changed(slider, "value", 5))
        self.assertIn("MemoryError", reply["error"]["text"])
        self.assertIsNone(child.patch(changed(slider, "value", 4))["error"])
        child.send("patch", id=99, s=1, peer=1, content={"events": [changed(slider, "value", 6)]}, buffers=[])
        self.assertEqual(self.worker.wait_for("exited")["status"], "signal 24 (SIGXCPU)")
        self.assertIsNone(other.open()["error"])

    def test_children_end_with_the_template(self) -> None:
        child = self.fork()
        self.assertIsNone(child.ask("ping")["error"])
        os.kill(self.worker.process.pid, signal.SIGKILL)
        with self.assertRaises(EOFError):
            child.read()

    def test_a_failed_fork_is_an_error(self) -> None:
        self.assertIn("no socket has come along", self.worker.ask("fork", limits={})["error"]["text"])
        self.assertEqual(self.worker.ask("metrics")["sessions"], 0)

    def test_log_lines_of_children_come_from_them(self) -> None:
        self.worker.load(self.file("app.py", "1 / 0\n"))
        child = self.fork()
        child.open()
        self.assertIn("division by zero", child.log_text())
        self.assertNotIn("division by zero", self.worker.log_text())


if __name__ == "__main__":
    unittest.main()
