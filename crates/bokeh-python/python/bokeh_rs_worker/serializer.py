"""Bokeh's serialiser, without the work that grows with the document."""

from __future__ import annotations

import itertools
import math
from typing import Any

from bokeh.core.serialization import Buffer, Serializer
from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.model import Model

MAX_SAFE_INT = 2**53 - 1

_buffer_numbers = itertools.count(1)


class SyncedSerializer(Serializer):
    """Knows the models that the other side has, like `Serializer(references=models.synced_references)`, but asks
    for them one by one instead of going through all of a document for each event."""

    def __init__(self, document: Document) -> None:
        super().__init__()
        self._models = document.models

    def get_ref(self, obj: Any) -> Any:
        if type(obj) in PLAIN:
            return None
        ref = self._references.get(id(obj))
        if ref is None and isinstance(obj, Model):
            models = self._models
            if models._models.get(obj.id) is obj and obj not in models._new_models:
                return obj.ref
        return ref

    def flush(self) -> None:
        """Counts as known to the other side what this has defined."""
        if self._models._new_models:
            self._models.flush_synced(lambda model: not self.has_ref(model))

    def _encode_bytes(self, obj: Any) -> Any:
        # Only the message that it comes with must not have the id twice; Bokeh's ids cost more than small buffers.
        buffer = Buffer(ID(buffer_id()), obj)
        self._buffers.append(buffer)
        return {"type": "bytes", "data": buffer}

    def _encode_list(self, obj: list[Any]) -> Any:
        return list(obj) if is_plain(obj) else super()._encode_list(obj)


def buffer_id() -> str:
    """An id that no other buffer of this process has."""
    return f"b{next(_buffer_numbers)}"


PLAIN = frozenset((str, bool, type(None), int, float))
"""Types of values that are never known by reference."""


def is_plain(values: list[Any]) -> bool:
    """Whether JSON has all of these values as they are. Quick, as columns are often long lists of numbers."""
    types = set(map(type, values))
    if not types <= PLAIN:
        return False
    if float in types and not math.isfinite(sum(value for value in values if type(value) is float)):
        return False
    return int not in types or all(-MAX_SAFE_INT <= value <= MAX_SAFE_INT for value in values if type(value) is int)
