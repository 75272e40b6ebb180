"""What the server is told of changes."""
from __future__ import annotations

import struct
import unittest

from harness import WorkerTest, changed, told

SLIDERS = """
    from bokeh.io import curdoc
    from bokeh.layouts import column
    from bokeh.models import Slider

    def slider(name):
        return Slider(start=0, end=10, value=1, title="", name=name)

    first, second = slider("first"), slider("second")
    curdoc().add_root(column(first, second))
"""


class Changes(WorkerTest):
    def test_a_change_is_its_authors_own_and_what_follows_is_not(self) -> None:
        ids = self.app(SLIDERS + """
    first.on_change("value", lambda attr, old, new: second.update(value=new))
""")
        reply = self.worker.patch(changed(ids["first"], "value", 5))
        self.assertEqual(told(reply), [(True, "value", 5), (False, "value", 5)])
        self.assertIsNone(reply["error"])

    def test_a_cause_comes_before_its_effects(self) -> None:
        ids = self.app(SLIDERS + """
    def clamp(attr, old, new):
        first.value = min(new, 3)

    first.on_change("value", clamp)
""")
        reply = self.worker.patch(changed(ids["first"], "value", 9))
        self.assertEqual(told(reply), [(True, "value", 9), (False, "value", 3)])

    def test_what_a_failing_callback_leaves_behind_is_told(self) -> None:
        ids = self.app(SLIDERS + """
    def fail(attr, old, new):
        second.value = 7
        raise ValueError("as intended")

    first.on_change("value", fail)
""")
        events = [changed(ids["first"], "value", 5), changed(ids["second"], "value", 2)]
        reply = self.worker.patch(*events)
        # As with Bokeh, what comes after the failure in the patch is not applied.
        self.assertEqual(told(reply), [(True, "value", 5), (False, "value", 7)])
        self.assertEqual(reply["error"]["text"], "ValueError('as intended')")
        self.assertIn('raise ValueError("as intended")', reply["error"]["traceback"])

    def test_values_are_as_they_were_when_they_were_set(self) -> None:
        ids = self.app("""
    import numpy as np
    from bokeh.io import curdoc
    from bokeh.layouts import column
    from bokeh.models import ColumnDataSource, Slider

    source = ColumnDataSource(dict(image=[np.zeros((2, 3))]), name="source")
    slider = Slider(start=0, end=10, value=1, name="slider")

    def draw(attr, old, new):
        image = np.full((2, 3), float(new))
        source.data = dict(image=[image])
        image[:] = -1

    slider.on_change("value", draw)
    slider.tags = [source]
    curdoc().add_root(slider)
""")
        reply = self.worker.patch(changed(ids["slider"], "value", 5))
        self.assertEqual(struct.unpack("<6d", reply["$buffers"][0]), (5.0,) * 6)
        self.assertEqual(len(reply["segments"][1]["buffers"]), 1)

    def test_new_models_are_defined_once(self) -> None:
        ids = self.app(SLIDERS + """
    def grow(attr, old, new):
        div = slider("third")
        curdoc().add_root(div)
        div.value = 4
        first.tags = [div]

    first.on_change("value", grow)
""")
        reply = self.worker.patch(changed(ids["first"], "value", 5))
        root, value, tags = reply["segments"][1]["content"]["events"]
        self.assertEqual(root["kind"], "RootAdded")
        self.assertEqual(root["model"]["attributes"]["name"], "third")
        self.assertEqual(value["new"], 4)
        self.assertEqual(tags["new"], [{"id": root["model"]["id"]}])

    def test_other_peers_are_not_the_author(self) -> None:
        ids = self.app(SLIDERS)
        self.worker.send("join", s=1, peer=2)
        for peer in (1, 2):
            reply = self.worker.patch(changed(ids["first"], "value", 5 + peer), peer=peer)
            self.assertEqual(told(reply), [(True, "value", 5 + peer)])

    def test_an_edit_of_the_server_comes_back_whole(self) -> None:
        ids = self.app(SLIDERS + """
    first.on_change("value", lambda attr, old, new: second.update(value=new))
""")
        self.worker.send("edit", s=1, content={"events": [changed(ids["first"], "value", 6)]}, buffers=[])
        frame = self.worker.wait_for("changes")
        self.assertEqual(told(frame), [(False, "value", 6), (False, "value", 6)])

    def test_a_stream_of_the_server_comes_back_as_all_that_is_there(self) -> None:
        ids = self.app("""
    from bokeh.io import curdoc
    from bokeh.models import ColumnDataSource

    source = ColumnDataSource(dict(x=[1]), name="source")
    source.on_change("data", lambda attr, old, new: curdoc().set_title("streamed"))
    curdoc().add_root(source)
""")
        data = {"type": "map", "entries": [["x", [2]]]}
        stream = {"kind": "ColumnsStreamed", "model": {"id": ids["source"]}, "attr": "data", "data": data}
        self.worker.send("edit", s=1, content={"events": [stream]}, buffers=[])
        changed_data, title = self.worker.wait_for("changes")["segments"][0]["content"]["events"]
        self.assertEqual(changed_data["kind"], "ColumnDataChanged")
        self.assertEqual(changed_data["data"], {"type": "map", "entries": [["x", [1, 2]]]})
        self.assertEqual(title["title"], "streamed")

    def test_an_edit_of_the_server_that_is_refused_is_undone(self) -> None:
        ids = self.app(SLIDERS)
        events = [changed(ids["first"], "value", 6), changed(ids["second"], "value", "text")]
        self.worker.send("edit", s=1, content={"events": events}, buffers=[])
        # What was done before the failure, then everything.
        self.assertEqual(told(self.worker.wait_for("changes")), [(False, "value", 6)])
        (segment,) = self.worker.wait_for("changes")["segments"]
        self.assertEqual(segment["doc"], self.worker.ask("whole", s=1)["doc"])

    def test_a_patch_that_names_a_model_that_is_gone_is_an_error(self) -> None:
        ids = self.app(SLIDERS + """
    first.on_change("value", lambda attr, old, new: curdoc().clear())
""")
        self.worker.patch(changed(ids["first"], "value", 5))
        reply = self.worker.patch(changed(ids["second"], "value", 5))
        self.assertIn("can't resolve reference", reply["error"]["text"])

    def test_a_title_is_told_as_a_text(self) -> None:
        ids = self.app(SLIDERS + """
    curdoc().title = 4
    first.on_change("value", lambda attr, old, new: curdoc().set_title(new))
""")
        self.assertEqual(self.worker.ask("whole", s=1)["doc"]["title"], "4")
        reply = self.worker.patch({"kind": "TitleChanged", "title": 5}, changed(ids["first"], "value", 6))
        titles = [event.get("title") for segment in reply["segments"] for event in segment["content"]["events"]]
        self.assertEqual(titles, ["5", None, "6"])

    def test_buffers_arrive_and_leave(self) -> None:
        ids = self.app("""
    from bokeh.io import curdoc
    from bokeh.models import ColumnDataSource

    curdoc().add_root(ColumnDataSource(dict(x=[1]), name="source"))
""")
        column = {
            "type": "ndarray", "dtype": "float64", "order": "little", "shape": [2],
            "array": {"type": "bytes", "data": {"id": "b1"}},
        }
        event = changed(ids["source"], "data", {"type": "map", "entries": [["x", column]]})
        data = struct.pack("<2d", 1.5, 2.5)
        reply = self.worker.ask("patch", [data], s=1, peer=1, content={"events": [event]}, buffers=["b1"])
        self.assertEqual(reply["$buffers"], [data])
        self.assertTrue(reply["segments"][0]["own"])

    def test_what_was_applied_as_it_was_asked_for_is_told_by_its_number(self) -> None:
        ids = self.app(SLIDERS + """
    first.on_change("value", lambda attr, old, new: first.update(title="moved"))
""")
        events = [
            changed(ids["second"], "value", 4),
            changed(ids["second"], "value", 4),
            changed(ids["first"], "value", 5),
            changed(ids["second"], "value", 6.0),
            changed(ids["second"], "tags", ["a list"]),
        ]
        reply = self.worker.ask("patch", s=1, peer=1, content={"events": events}, buffers=[])
        short = [segment.get("submitted") for segment in reply["segments"]]
        # The second event changes nothing; the effect of the third and lists are told in full.
        self.assertEqual(short, [0, 2, None, 3, None])
        self.assertEqual([segment["own"] for segment in reply["segments"]], [True, True, False, True, True])

    def test_what_has_no_events_comes_with_the_whole_document(self) -> None:
        ids = self.app(SLIDERS + """
    from bokeh.core.properties import Int
    from bokeh.model import DataModel
    from bokeh.models import CustomJS

    def add(attr, old, new):
        if new == 2:
            class Late(DataModel):
                n = Int(0)
        if new == 3:
            curdoc().js_on_event("document_ready", CustomJS(code="1"))

    first.on_change("value", add)
""")
        for value, field in [(1, None), (2, "defs"), (1, None), (3, "callbacks"), (1, None)]:
            self.worker.news.clear()
            self.worker.patch(changed(ids["first"], "value", value))
            self.worker.ask("ping")
            wholes = [segment["doc"] for frame in self.worker.news for segment in frame.get("segments", ())]
            self.assertEqual([field in doc for doc in wholes], [True] if field else [])

    def test_a_pushed_document_replaces_the_roots(self) -> None:
        ids = self.app(SLIDERS)
        document = self.worker.ask("whole", s=1)["doc"]
        document["title"] = "pushed"
        reply = self.worker.ask("push", s=1, peer=1, content={"doc": document}, buffers=[])
        self.assertIsNone(reply["error"])
        kinds = [event["kind"] for segment in reply["segments"] for event in segment["content"]["events"]]
        self.assertEqual(kinds, ["RootRemoved", "RootAdded", "TitleChanged"])
        again = self.worker.ask("whole", s=1)["doc"]
        self.assertEqual(again["roots"], document["roots"])
        self.assertIn(ids["first"], str(again))

    def test_streams_that_a_hold_has_kept_back_are_not_told_twice(self) -> None:
        ids = self.app("""
    from bokeh.io import curdoc
    from bokeh.models import ColumnDataSource, Slider

    source = ColumnDataSource(dict(x=[1]), name="source")
    slider = Slider(start=0, end=10, value=1, name="slider", tags=[source])
    curdoc().add_root(slider)
    curdoc().hold("collect")
    source.stream(dict(x=[2]))
    slider.on_change("value", lambda attr, old, new: source.stream(dict(x=[3])))
    curdoc().on_message("release", lambda data: curdoc().unhold())
""")
        self.assertEqual(told(self.worker.patch(changed(ids["slider"], "value", 5))), [])
        reply = self.worker.patch({"kind": "MessageSent", "msg_type": "release", "msg_data": None})
        value, stream = reply["segments"][0]["content"]["events"]
        self.assertEqual(value["new"], 5)
        self.assertEqual(stream["data"], {"type": "map", "entries": [["x", [3]]]})

    def test_what_was_held_is_nobodys_own(self) -> None:
        ids = self.app(SLIDERS + """
    curdoc().hold()
    curdoc().on_message("release", lambda data: curdoc().unhold())
""")
        self.worker.send("join", s=1, peer=2)
        self.assertEqual(told(self.worker.patch(changed(ids["first"], "value", 5))), [])
        reply = self.worker.patch({"kind": "MessageSent", "msg_type": "release", "msg_data": None}, peer=2)
        self.assertEqual(told(reply), [(False, "value", 5)])

    def test_what_is_taken_out_of_a_hold_is_told(self) -> None:
        ids = self.app(
            SLIDERS
            + """
    from bokeh.models import ColumnDataSource

    source = ColumnDataSource(dict(x=[1]), name="source")
    curdoc().add_root(source)

    def write_myself(data):
        document = curdoc()
        session = document.session_context.session
        document.hold("collect")
        first.value = 7
        source.stream(dict(x=[2]))
        taken, document.callbacks._held_events = document.callbacks._held_events, []
        for connection in session._subscribed_connections:
            assert not hasattr(connection._socket, "write_lock")
            connection.protocol.create("PATCH-DOC", taken)
        document.unhold()
        second.value = first.value + 1
        if data == "and give back":
            document.hold("collect")
            document.callbacks._held_events = taken
            document.unhold()

    curdoc().on_message("write", write_myself)
"""
        )
        self.assertEqual(ids.keys(), {"first", "second", "source"})
        told_once = [(False, "value", 7), (False, "data", None), (False, "value", 8)]
        for data, expected in [("", told_once), ("and give back", [*told_once, (False, "value", 7)])]:
            with self.subTest(data):
                reply = self.worker.patch({"kind": "MessageSent", "msg_type": "write", "msg_data": data})
                self.assertIsNone(reply["error"])
                self.assertEqual(told(reply), expected)
                self.worker.patch(changed(ids["first"], "value", 0), changed(ids["second"], "value", 0))


if __name__ == "__main__":
    unittest.main()
