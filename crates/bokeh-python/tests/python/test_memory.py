"""What ended sessions leave behind."""
from __future__ import annotations

import unittest

from harness import WorkerTest


class Memory(WorkerTest):
    def test_ended_sessions_leave_no_models_and_no_modules(self) -> None:
        self.worker.load(self.file("app.py", """
            import gc
            from bokeh.io import curdoc
            from bokeh.models import Slider

            class Marked(Slider):
                pass

            slider = Marked(start=0, end=1, value=0)
            slider.on_change("value", lambda attr, old, new: slider.update(end=new))
            curdoc().add_root(slider)
            curdoc().add_periodic_callback(lambda: slider.value, 1000)
            gc.collect()
            curdoc().title = str(sum(type(found).__name__ == "Marked" for found in gc.get_objects()))
        """))
        for _ in range(3):
            # Of one session alone, each time.
            self.assertEqual(self.worker.open()["doc"]["title"], "1")
            self.worker.ask("close", s=1)
            self.assertEqual(self.worker.ask("metrics")["modules"], 0)


if __name__ == "__main__":
    unittest.main()
