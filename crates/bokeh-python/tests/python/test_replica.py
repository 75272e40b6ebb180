"""A copy that follows what the worker tells ends with what the worker has."""
from __future__ import annotations

import json
import random
import unittest
from typing import Any

from bokeh.core.serialization import Buffer, Serialized
from bokeh.document import Document
from harness import WorkerTest, changed

APP = """
    import random
    import numpy as np
    from bokeh.io import curdoc
    from bokeh.layouts import column
    from bokeh.models import Button, ColumnDataSource, Div, Slider
    from bokeh.plotting import figure

    doc = curdoc()
    chance = random.Random(SEED)
    sliders = [Slider(start=0, end=100, value=0, name=f"slider{at}") for at in range(3)]
    source = ColumnDataSource(dict(x=[0.0], y=np.array([0.0])), name="source")
    box = column(*sliders, name="box")
    plot = figure(name="plot")
    plot.scatter("x", "y", source=source)
    doc.add_root(box)
    doc.add_root(plot)

    def nest(value):
        sliders[2].value = min(value, 50)

    def grow(value):
        div = Div(text=str(value))
        box.children = [*box.children[:5], div]
        div.text += "!"

    def swap(value):
        box.children = box.children[::-1]

    def root(value):
        if len(doc.roots) < 4:
            doc.add_root(Div(text="root"))
        else:
            doc.remove_root(doc.roots[-1])

    def stream(value):
        source.stream(dict(x=[float(value)], y=[1.0]), rollover=5)

    def data(value):
        source.data = dict(x=[float(value)], y=np.array([2.0]))

    def patch(value):
        source.patch(dict(x=[(0, float(value))]))

    def title(value):
        doc.title = str(value)

    def fail(value):
        sliders[1].title = str(value)
        raise ValueError("as intended")

    def hold(value):
        doc.hold("combine")

    def release(value):
        doc.unhold()

    def later(value):
        doc.add_next_tick_callback(lambda: title(value))

    ACTIONS = [nest, grow, swap, root, stream, data, patch, title, fail, hold, release, later]

    def act(attr, old, new):
        for action in chance.sample(ACTIONS, 2) if ACTIONS else []:
            action(new)

    def end(data):
        ACTIONS.clear()
        doc.unhold()

    sliders[0].on_change("value", act)
    doc.on_message("end", end)
"""


class Replica(WorkerTest):
    def test_after_random_edits_and_failures(self) -> None:
        for seed in range(4):
            with self.subTest(seed):
                chance = random.Random(seed)
                ids = self.app(APP.replace("SEED", str(seed)))
                copy = Document.from_json(serialized(self.opened, "doc"))
                for _ in range(40):
                    name = chance.choice(["slider0", "slider0", "slider1", "slider2"])
                    reply = self.worker.patch(changed(ids[name], "value", chance.randrange(100)))
                    self.follow(copy, reply)
                end = {"kind": "MessageSent", "msg_type": "end", "msg_data": None}
                self.follow(copy, self.worker.patch(end))
                whole = self.worker.ask("whole", s=1)
                self.follow(copy, None)
                primary = Document.from_json(serialized(whole, "doc"))
                self.assertEqual(canonical(copy), canonical(primary))
                self.worker.ask("close", s=1)

    def follow(self, copy: Document, reply: dict[str, Any] | None) -> None:
        """Applies what was told, in the order in which it came."""
        for frame in [*self.worker.news, *([reply] if reply else [])]:
            buffers = [Buffer(f"b{at}", data) for at, data in enumerate(frame["$buffers"])]
            left = iter(buffers)
            for segment in frame["segments"]:
                named = [Buffer(id, next(left).data) for id in segment["buffers"]]
                copy.apply_json_patch(Serialized(segment["content"], named))
        self.worker.news.clear()


def canonical(document: Document) -> list[Any]:
    """What a document says, as the JSON of lists whatever its columns are made of."""
    for model in document.models:
        if model.name == "source":
            model.data = {name: [float(value) for value in column] for name, column in model.data.items()}
    return [document.title, *(json.loads(json.dumps(document.to_json(deferred=False)["roots"], sort_keys=True)))]


def serialized(frame: dict[str, Any], field: str) -> Any:
    buffers = [Buffer(id, data) for id, data in zip(frame["buffers"], frame["$buffers"])]
    return Serialized(frame[field], buffers)


if __name__ == "__main__":
    unittest.main()
