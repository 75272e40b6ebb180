"""What happened to a document, in order and as it was at the time."""

from __future__ import annotations

import threading
from json.encoder import encode_basestring
from typing import Any, Callable, NamedTuple
from weakref import WeakSet

from bokeh.document import Document
from bokeh.document.events import (
    ColumnDataChangedEvent,
    ColumnsPatchedEvent,
    ColumnsStreamedEvent,
    DocumentChangedEvent,
    DocumentPatchedEvent,
    ModelChangedEvent,
    TitleChangedEvent,
)

from .failure import log_failure
from .columns import plain_columns
from .json_text import Named, to_json, to_json_and_buffers
from .patch import Submitted
from .serializer import PLAIN, SyncedSerializer

EDIT_OF_SERVER = object()
"""The setter of what Rust code has changed in the copy. Nobody is its author here, so all of it is told back."""


class Change(NamedTuple):
    """One event, serialised."""

    own: bool
    """It is what the author of the patch under way has asked for."""
    text: str
    """Empty if it is told by a number."""
    buffers: list[Named]
    submitted: int | None = None
    """The event's number in the patch that has asked for exactly this."""


class Recorder:
    """Sees every event of a document before the callbacks that it causes.

    Bokeh tells its session of an event only after those callbacks. There, an event comes after its consequences, and is
    lost when a callback fails; a copy that follows would end with other values than the document.

    While a hold lasts, events wait in a list of the document. Whoever takes them out of there means to write them to the
    connections; they are recorded then.
    """

    def __init__(
        self, document: Document, is_own: Callable[[DocumentChangedEvent], bool], taken: Callable[[], None]
    ) -> None:
        self._document = document
        self._is_own = is_own
        self._tell_taken = taken
        self._changes: list[Change] = []
        self._lock = threading.Lock()
        self._contained: list[DocumentChangedEvent] = []
        self._is_replaying = False
        self._submitted: Submitted | None = None
        self._held: list[DocumentChangedEvent] | None = None
        self._taken: WeakSet[DocumentChangedEvent] = WeakSet()
        self._trigger = document.callbacks.trigger_on_change
        self._release = document.callbacks.unhold
        setattr(document.callbacks, "trigger_on_change", self._trigger_on_change)
        setattr(document.callbacks, "unhold", self._unhold)

    def take(self) -> list[Change]:
        """What has happened since the last time."""
        self._record_taken()
        with self._lock:
            changes, self._changes = self._changes, []
        return changes

    def begin(self, submitted: Submitted | None) -> None:
        """From now on this event is applied, or none."""
        self._submitted = submitted

    def snapshot_taken(self) -> None:
        """The other side gets the whole document as it is now, so that streams that a hold has kept back are in it
        already."""
        self.take()
        self._contained = [
            event for event in self._document.callbacks._held_events if isinstance(event, ColumnsStreamedEvent)
        ]

    def stop(self) -> None:
        """Gives the document back as it was."""
        for name in ("trigger_on_change", "unhold"):
            vars(self._document.callbacks).pop(name, None)

    def _trigger_on_change(self, event: DocumentChangedEvent) -> None:
        failure = None
        self._record_taken()
        is_held = self._document.callbacks.hold_value is not None
        if isinstance(event, DocumentPatchedEvent) and not is_held and not self._is_recorded(event):
            try:
                self._record(event)
            except Exception as error:
                # As with a Bokeh server, the callbacks run, and whoever changed the model hears of it.
                failure = error
        self._trigger(event)
        if is_held:
            self._held = self._document.callbacks._held_events
        if failure is not None:
            raise failure

    def _unhold(self) -> None:
        self._record_taken()
        self._held = None
        self._is_replaying = True
        try:
            self._release()
        finally:
            self._is_replaying = False

    def _record_taken(self) -> None:
        taken = self._held
        if taken is None or taken is self._document.callbacks._held_events:
            return
        self._held = None
        for event in taken:
            if isinstance(event, DocumentPatchedEvent) and not self._is_recorded(event):
                self._taken.add(event)
                try:
                    self._record(event, is_own=False)
                except Exception as error:
                    log_failure(error)
        # Nobody may have the document's lock, at whose end it would be told.
        self._tell_taken()

    def _is_recorded(self, event: DocumentPatchedEvent) -> bool:
        # Who takes events may give them back later, and then those may have been combined with others.
        if event in self._taken and not isinstance(
            event, (ModelChangedEvent, ColumnDataChangedEvent, TitleChangedEvent)
        ):
            self._taken.discard(event)
            return True
        return self._is_contained(event)

    def _is_contained(self, event: DocumentChangedEvent) -> bool:
        for at, contained in enumerate(self._contained):
            if contained is event:
                del self._contained[at]
                return True
        return False

    def _record(self, event: DocumentPatchedEvent, is_own: bool = True) -> None:
        if event.setter is EDIT_OF_SERVER and isinstance(event, (ColumnsStreamedEvent, ColumnsPatchedEvent)):
            # The copy has it already, and what other edits it has had meanwhile nobody knows.
            event = ColumnDataChangedEvent(event.document, event.model, event.attr)
        # What was held may be the edit of another peer than the one whose edit has ended the hold.
        own = is_own and not self._is_replaying and self._is_own(event)
        submitted = self._submitted
        if own and submitted and isinstance(event, ModelChangedEvent) and submitted.is_told_by(event):
            change = Change(own, "", [], submitted.place)
        else:
            change = Change(own, *encode_event(event))
        with self._lock:
            self._changes.append(change)


def encode_event(event: DocumentPatchedEvent) -> tuple[str, list[Named]]:
    """An event as PATCH-DOC has it, with its buffers."""
    if type(event) is ModelChangedEvent and type(event.new) in PLAIN and (plain := plain_change(event)):
        return plain, []
    if type(event) is ColumnDataChangedEvent and (columns := plain_columns(event)):
        return columns
    serializer = SyncedSerializer(event.document)
    content = serializer.encode(event)
    serializer.flush()
    return to_json_and_buffers(content)


def plain_change(event: ModelChangedEvent) -> str | None:
    """The short way for numbers and texts, which most edits are. None if it needs the long one."""
    new = event.new
    if isinstance(new, (int, float)) and not -(2**53) < new < 2**53:
        return None
    # The encoder prepares itself anew for each text, which takes as long again.
    text = encode_basestring(new) if type(new) is str else to_json(new)
    model, attr = encode_basestring(event.model.id), encode_basestring(event.attr)
    return f'{{"kind":"ModelChanged","model":{{"id":{model}}},"attr":{attr},"new":{text}}}'


def segments(changes: list[Change]) -> tuple[str, list[Named]]:
    """The JSON list of a frame's `segments`, one for each run of changes with the same author, and its buffers."""
    texts: list[str] = []
    run: list[Change] = []
    for change in changes:
        if run and (change.submitted is not None or change.own != run[0].own):
            texts.append(segment(run))
            run = []
        if change.submitted is None:
            run.append(change)
        else:
            texts.append(f'{{"own":true,"submitted":{change.submitted}}}')
    if run:
        texts.append(segment(run))
    return f"[{','.join(texts)}]", [buffer for change in changes for buffer in change.buffers]


def segment(changes: list[Change]) -> str:
    events = ",".join(change.text for change in changes)
    ids = ",".join(f'"{buffer.id}"' for change in changes for buffer in change.buffers)
    own = "true" if changes[0].own else "false"
    return f'{{"own":{own},"content":{{"events":[{events}]}},"buffers":[{ids}]}}'
