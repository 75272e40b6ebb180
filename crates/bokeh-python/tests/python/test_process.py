"""How the process of a worker ends, and how not."""
from __future__ import annotations

import os
import signal
import unittest

from harness import Worker, WorkerTest


class Process(WorkerTest):
    def test_it_ends_with_its_socket(self) -> None:
        self.assertEqual(self.worker.end(), 0)

    def test_it_ends_although_threads_of_applications_run(self) -> None:
        self.app("""
            import threading
            threading.Thread(target=threading.Event().wait).start()
        """)
        self.assertEqual(self.worker.end(), 0)

    def test_it_ends_when_it_is_sent_what_is_no_frame(self) -> None:
        for sent in [b"\xff" * 8, b"\x01\0\0\0\0\0\0\0{", b"\x01\0\0\0\0\0\0\x001"]:
            with self.subTest(sent):
                worker = Worker()
                self.addCleanup(worker.kill)
                worker._socket.sendall(sent)
                self.assertEqual(worker.process.wait(timeout=60), 1)

    def test_it_ends_when_it_is_told(self) -> None:
        self.assertIsNone(self.worker.ask("stop")["error"])
        self.assertEqual(self.worker.process.wait(timeout=60), 0)

    def test_what_applications_want_to_do_at_the_end_is_done(self) -> None:
        done = os.path.join(self.folder, "done")
        self.app(f"""
            import atexit, sys
            atexit.register(lambda: open({done!r}, "w").close())
            atexit.register(sys.exit, 3)
        """)
        self.assertIsNone(self.worker.ask("stop")["error"])
        self.assertTrue(os.path.exists(done))
        self.assertEqual(self.worker.process.wait(timeout=60), 0)

    def test_it_is_deaf_to_signals_that_everybody_gets(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(self.worker.process.pid, number)
            self.assertIsNone(self.worker.ask("ping")["error"])

    def test_children_of_applications_end_when_they_are_told(self) -> None:
        self.app("""
            import multiprocessing, subprocess, sys, time
            from bokeh.io import curdoc
            program = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
            context = multiprocessing.get_context("fork")
            running = context.Event()
            def work():
                running.set()
                time.sleep(600)
            forked = context.Process(target=work)
            forked.start()
            running.wait()
            for child in (program, forked):
                child.terminate()
            forked.join()
            curdoc().title = str([program.wait(), forked.exitcode])
        """)
        self.assertEqual(self.opened["doc"]["title"], "[-15, -15]")

    def test_forked_children_have_no_part_in_the_socket(self) -> None:
        self.app("""
            import logging, os, signal, sys
            from bokeh.io import curdoc
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                sys.stderr = os.fdopen(write, "w", buffering=1)
                logging.getLogger("bokeh").error("from the child")
                signal.pause()
            curdoc().title = f"{child} {os.read(read, 100).decode()}"
        """)
        child, said = self.opened["doc"]["title"].split(maxsplit=1)
        child = int(child)
        self.assertEqual(said, "from the child\n")
        self.addCleanup(os.kill, child, signal.SIGKILL)
        # Only if the child had closed its copy do we see the end of the worker's.
        os.kill(self.worker.process.pid, signal.SIGKILL)
        with self.assertRaises(EOFError):
            self.worker.read()
        self.assertNotIn("from the child", self.worker.log_text())


if __name__ == "__main__":
    unittest.main()
