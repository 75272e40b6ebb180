"""Applies patches to a document, without the work that grows with the document."""

from __future__ import annotations

from typing import Any, Callable, NamedTuple

from bokeh.core.serialization import Buffer, Deserializer
from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.document.events import DocumentPatchedEvent, ModelChangedEvent

from .serializer import PLAIN


class Submitted(NamedTuple):
    """An event of a patch, as it came."""

    place: int
    event: Any

    def is_told_by(self, change: ModelChangedEvent) -> bool:
        """Whether a change is exactly what this has asked for."""
        new, asked = change.new, self.event
        return (
            type(new) in PLAIN
            and type(asked.get("new")) is type(new)
            and asked["new"] == new
            and asked.get("attr") == change.attr
            and asked["model"].get("id") == change.model.id
        )


def apply_patch(
    document: Document,
    content: Any,
    buffers: list[Buffer],
    setter: Any,
    begin: Callable[[Submitted], None] = lambda _: None,
) -> None:
    """Does what `Document.apply_json_patch` does, but for a patch that names models which have left the document: it is
    an error, since whoever sent it took it for applied otherwise. Tells of each event before it is applied.

    What new models the patch has brought is known to the other side once its events are recorded.
    """
    deserializer = Deserializer(setter=setter)
    deserializer._references = KnownModels(document)
    patch = deserializer.decode(content, buffers)
    for place, event in enumerate(patch["events"]):
        begin(Submitted(place, content["events"][place]))
        DocumentPatchedEvent.handle_event(document, event, setter)


class KnownModels(dict):  # type: ignore[type-arg]
    """Models by their ids: those that a patch has defined, and those of the document, which are not gone through."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._of_document = document.models._models

    def get(self, id: ID, default: Any = None) -> Any:
        """The model of that id."""
        found = super().get(id)
        return found if found is not None else self._of_document.get(id, default)

    def __contains__(self, id: object) -> bool:
        return super().__contains__(id) or id in self._of_document
