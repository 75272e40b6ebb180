"""The short way to the JSON of columns leads to the same as the long one."""
from __future__ import annotations

import json
import sys
import unittest
from typing import Any

import numpy as np
from bokeh.document import Document
from bokeh.document.events import ColumnDataChangedEvent
from bokeh.models import ColumnDataSource
from harness import PACKAGE

sys.path.insert(0, str(PACKAGE.parent))
from bokeh_rs_worker import recorder  # noqa: E402
from bokeh_rs_worker.columns import plain_columns  # noqa: E402
from bokeh_rs_worker.json_text import Named, to_json_and_buffers  # noqa: E402
from bokeh_rs_worker.serializer import SyncedSerializer  # noqa: E402

SHORT: list[Any] = [
    {"x": np.arange(3.0), "y": np.arange(3.0) * 0.1},
    {'a "name"\n ü': np.array([1, 2], dtype="int32"), "": np.array([], dtype="float32")},
    {"list": [1, 2.5, None, True, "text", 'a "quote"'], "empty": []},
    {"cut": np.arange(10.0)[::3], "turned": np.arange(6.0).reshape(2, 3).T, "image": np.zeros((2, 2), dtype="uint8")},
    {"nan": np.array([np.nan, np.inf])},
]

LONG: list[Any] = [
    {},
    {"x": np.arange(3)},
    {"x": np.array(["a", "b"])},
    {"x": np.array(["2020-01-01"], dtype="datetime64[D]")},
    {"x": np.arange(3.0).astype(">f8")},
    {"x": np.ma.masked_array([1.0, 2.0], mask=[True, False])},
    {"x": [float("nan"), 1.0]},
    {"x": [2**60]},
    {"x": [[1.0], [2.0]]},
    {"x": (1, 2)},
    {"x": [np.float64(1)]},
]


class Columns(unittest.TestCase):
    def test_both_ways_say_the_same(self) -> None:
        for data in SHORT:
            event = event_of(data)
            short = plain_columns(event)
            self.assertIsNotNone(short, data)
            assert short is not None
            self.assertEqual(with_data(*short), with_data(*long_way(event)), data)
            self.assertEqual(with_data(*recorder.encode_event(event)), with_data(*long_way(event)), data)

    def test_what_the_short_way_does_not_know_goes_the_long_one(self) -> None:
        for data in LONG:
            event = event_of(data)
            self.assertIsNone(plain_columns(event), data)
            self.assertEqual(with_data(*recorder.encode_event(event)), with_data(*long_way(event)), data)

    def test_some_of_the_columns_go_the_long_way(self) -> None:
        event = event_of({"x": np.arange(3.0), "y": np.arange(3.0)})
        event.cols = ["y"]
        self.assertIsNone(plain_columns(event))


def event_of(data: dict[str, Any]) -> ColumnDataChangedEvent:
    document = Document()
    source = ColumnDataSource(data)
    document.add_root(source)
    document.models.flush_synced()
    return ColumnDataChangedEvent(document, source, "data")


def long_way(event: ColumnDataChangedEvent) -> tuple[str, list[Named]]:
    return to_json_and_buffers(SyncedSerializer(event.document).encode(event))


def with_data(text: str, buffers: list[Named]) -> Any:
    """What the JSON says, with the bytes instead of their names."""
    data = {buffer.id: buffer.data for buffer in buffers}

    def put(value: dict[str, Any]) -> Any:
        return data[value["id"]] if value.keys() == {"id"} and value["id"] in data else value

    return json.loads(text, object_hook=put)


if __name__ == "__main__":
    unittest.main()
