"""What callbacks can do besides answering a change."""
from __future__ import annotations

import unittest

from harness import WorkerTest, changed, told

DIV = """
    import asyncio
    import threading
    from functools import partial

    from bokeh.document import without_document_lock
    from bokeh.events import ConnectionLost, DocumentReady
    from bokeh.io import curdoc
    from bokeh.models import Div

    doc = curdoc()
    div = Div(text="", name="div")
    doc.add_root(div)

    def say(text):
        div.text = text
"""


class Callbacks(WorkerTest):
    def told_texts(self, n_texts: int) -> list[str]:
        texts: list[str] = []
        while len(texts) < n_texts:
            texts += [new for own, attr, new in told(self.worker.wait_for("changes")) if attr == "text"]
        return texts

    def test_timed_callbacks_are_told_as_they_come(self) -> None:
        for text, expected in [
            ("doc.add_next_tick_callback(partial(say, 'next'))", ["next"]),
            ("doc.add_timeout_callback(partial(say, 'later'), 1)", ["later"]),
            ("""
    seen = []
    def count():
        seen.append(1)
        div.text = str(len(seen))
        if len(seen) == 3:
            doc.remove_periodic_callback(periodic)
    periodic = doc.add_periodic_callback(count, 1)
""", ["1", "2", "3"]),
            ("""
    async def slowly():
        div.text = "before"
        await asyncio.sleep(0.01)
        div.text = "after"
    doc.add_next_tick_callback(slowly)
""", ["before", "after"]),
            ("""
    @without_document_lock
    async def unlocked():
        await asyncio.sleep(0)
        doc.add_next_tick_callback(partial(say, "unlocked"))
    doc.add_next_tick_callback(unlocked)
""", ["unlocked"]),
            ("""
    def work():
        doc.add_next_tick_callback(partial(say, "from a thread"))
    threading.Thread(target=work).start()
""", ["from a thread"]),
        ]:
            with self.subTest(expected):
                self.app(DIV + "    " + text)
                self.assertEqual(self.told_texts(len(expected)), expected)
                self.worker.ask("close", s=1)
                self.worker.news.clear()

    def test_one_locked_callback_is_one_frame(self) -> None:
        self.app(DIV + """
    async def both():
        div.text = "a"
        await asyncio.sleep(0)
        div.name = "b"
    doc.add_next_tick_callback(both)
""")
        self.assertEqual(told(self.worker.wait_for("changes")), [(False, "text", "a"), (False, "name", "b")])

    def test_patches_wait_for_a_callback_that_has_the_lock(self) -> None:
        ids = self.app(DIV + """
    free = asyncio.Event()
    async def hold_lock():
        div.text = "locked"
        doc.add_timeout_callback(without_document_lock(free.set), 20)
        await free.wait()
        div.text = "unlocked"
    doc.add_next_tick_callback(hold_lock)
""")
        self.worker.ask("ping")
        reply = self.worker.patch(changed(ids["div"], "text", "mine"))
        self.assertEqual(told(reply), [(True, "text", "mine")])
        # The frame of the callback came first.
        self.assertEqual(self.told_texts(2), ["locked", "unlocked"])

    def test_a_change_without_the_lock_is_refused_and_told(self) -> None:
        self.app(DIV + """
    @without_document_lock
    def wrong():
        try:
            div.text = "wrong"
        except RuntimeError as error:
            doc.add_next_tick_callback(partial(say, type(error).__name__))
    doc.add_next_tick_callback(wrong)
""")
        self.assertEqual(self.told_texts(2), ["wrong", "RuntimeError"])

    def test_events_and_messages_reach_the_document(self) -> None:
        self.app(DIV + """
    doc.on_event(DocumentReady, lambda event: say("ready"))
    doc.on_event(ConnectionLost, lambda event: say("lost"))
    doc.on_message("hello", lambda data: say(data))
""")
        ready = {"type": "event", "name": "document_ready", "values": {"type": "map", "entries": []}}
        event = {"kind": "MessageSent", "msg_type": "bokeh_event", "msg_data": ready}
        self.assertEqual(told(self.worker.patch(event)), [(False, "text", "ready")])
        event = {"kind": "MessageSent", "msg_type": "hello", "msg_data": "you"}
        self.assertEqual(told(self.worker.patch(event)), [(False, "text", "you")])
        self.worker.send("leave", s=1, peer=1)
        self.assertEqual(self.told_texts(1), ["lost"])

    def test_a_failing_callback_leaves_curdoc_alone(self) -> None:
        ids = self.app(DIV + """
    def fail(attr, old, new):
        1 / 0
    div.on_change("text", fail)
""")
        self.worker.patch(changed(ids["div"], "text", "x"))
        path = self.file("other.py", """
            from bokeh.io import curdoc
            from bokeh.io.doc import _PATCHED_CURDOCS
            curdoc().title = str(len(_PATCHED_CURDOCS))
        """)
        self.worker.load(path, route="/other")
        opened = self.worker.open(2, "/other")
        self.assertEqual(opened["doc"]["title"], "1")

    def test_failing_timers_are_logged_with_their_session(self) -> None:
        self.app(DIV + """
    def fail():
        div.text = "before"
        raise ValueError("as intended")
    doc.add_next_tick_callback(fail)
""")
        self.assertEqual(self.told_texts(1), ["before"])
        while not (logs := [frame for frame in self.worker.logs if "as intended" in frame["text"]]):
            self.worker.ask("ping")
        self.assertEqual((logs[0]["level"], logs[0]["route"], logs[0]["session"]), ("error", "/app", "session1"))

    def test_the_end_of_a_session_is_told_to_the_application(self) -> None:
        self.app(DIV + """
    def ended(context):
        # The module of the script is empty by now, as under Bokeh's own server.
        import logging
        logging.getLogger("bokeh.app").info("ended %s %s", context.id, context.destroyed)
    doc.on_session_destroyed(ended)
    doc.add_periodic_callback(lambda: None, 1)
""")
        self.worker.send("leave", s=1, peer=1)
        self.assertIsNone(self.worker.ask("close", s=1)["error"])
        self.assertIn("ended session1 True", self.worker.log_text())
        self.assertEqual(self.worker.ask("metrics")["sessions"], 0)

    def test_an_id_can_be_used_again_while_its_first_session_ends(self) -> None:
        self.app(DIV + """
    async def slowly():
        await asyncio.sleep(0.05)
        div.text = "done"
    doc.add_next_tick_callback(slowly)
""")
        self.worker.ask("ping")
        self.worker.send("close", id=98, s=1)
        again = self.worker.ask("open", s=2, route="/app", session_id="session1")
        self.assertIsNone(again["error"])
        self.assertEqual(self.worker.ask("metrics")["sessions"], 1)
        self.assertEqual(self.told_texts(1), ["done"])

    def test_a_session_that_is_closed_before_it_is_there_ends(self) -> None:
        self.app(DIV + """
    async def slowly():
        await asyncio.sleep(0.05)
    doc.add_next_tick_callback(slowly)
""")
        self.worker.ask("ping")
        self.worker.send("close", id=97, s=1)
        # It waits for the end of the first of this id.
        self.worker.send("open", id=98, s=2, route="/app", session_id="session1")
        self.worker.send("close", id=99, s=2)
        self.assertIn("closed before it was there", self.worker.reply(98)["error"]["text"])
        self.assertEqual(self.worker.ask("metrics")["sessions"], 0)

    def test_an_application_can_ask_for_its_end(self) -> None:
        self.app(DIV + """
    doc.add_next_tick_callback(lambda: doc.session_context.session.request_expiration())
""")
        self.assertEqual(self.worker.wait_for("expire")["s"], 1)


if __name__ == "__main__":
    unittest.main()
