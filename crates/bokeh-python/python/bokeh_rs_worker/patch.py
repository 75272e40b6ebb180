"""Applies patches to a document, without the work that grows with the document."""
from __future__ import annotations

import logging
from typing import Any

from bokeh.core.serialization import Buffer, Deserializer, UnknownReferenceError
from bokeh.document import Document
from bokeh.document.events import DocumentPatchedEvent

log = logging.getLogger("bokeh.document")


def apply_patch(document: Document, content: Any, buffers: list[Buffer], setter: Any) -> None:
    """Does what `Document.apply_json_patch` does. What new models the patch has brought is known to the other side
    once its events are recorded."""
    deserializer = Deserializer(setter=setter)
    deserializer._references = KnownModels(document)
    try:
        patch = deserializer.decode(content, buffers)
    except UnknownReferenceError as error:
        if not document.models.seen(error.id):
            raise
        log.debug("a patch is dropped, since it names model %r, which has left the document", error.id)
        return
    for event in patch["events"]:
        DocumentPatchedEvent.handle_event(document, event, setter)


class KnownModels(dict):  # type: ignore[type-arg]
    """Models by their ids: those that a patch has defined, and those of the document, which are not gone through."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._of_document = document.models._models

    def get(self, id: str, default: Any = None) -> Any:
        """The model of that id."""
        found = super().get(id)
        return found if found is not None else self._of_document.get(id, default)

    def __contains__(self, id: object) -> bool:
        return super().__contains__(id) or id in self._of_document
