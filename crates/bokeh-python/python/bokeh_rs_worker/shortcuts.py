"""Shorter ways for what Bokeh does with each edit, with the same outcome."""

from __future__ import annotations

import weakref
from typing import Any, Callable

import numpy as np
from bokeh.core.property.bases import Property
from bokeh.core.property.container import ColumnData, Dict, Seq
from bokeh.core.property.primitive import String
from bokeh.core.property.wrappers import PropertyValueColumnData
from bokeh.document import Document, callbacks
from bokeh.document.locking import UnlockedDocumentProxy
from bokeh.io import doc as io_doc
from bokeh.models import ColumnDataSource

from .serializer import PLAIN


def shorten() -> None:
    """Has Bokeh take these."""
    setattr(callbacks, "invoke_with_curdoc", invoke_with_curdoc)
    setattr(Property, "matches", matches)
    if "validate" not in vars(ColumnData):
        setattr(ColumnData, "validate", validate_columns)


def invoke_with_curdoc(document: Document, function: Callable[[], Any]) -> Any:
    """Calls a function with a document as `curdoc()`. Done five times for each move of a slider."""
    current = UnlockedDocumentProxy(document) if getattr(function, "nolock", False) else document
    stack = io_doc._PATCHED_CURDOCS
    stack.append(weakref.ref(current))
    result = function()
    # As in Bokeh, a function that fails leaves it there; see `TrimmedCurdoc`.
    stack.pop()
    return result


def matches(self: Property[Any], new: Any, old: Any) -> bool:
    """Whether two values of a property are equal."""
    kind = type(new)
    if kind is type(old) and kind in PLAIN:
        return bool(new == old)
    return bokehs_matches(self, new, old)


def validate_columns(self: ColumnData, value: Any, detail: bool = True) -> None:
    """Checks the columns of a data source. Bokeh looks for what it could say about each of them, before it knows whether
    something is wrong."""
    if type(value) in COLUMN_DICTS and set(map(type, value)) <= NAMES and set(map(type, value.values())) <= COLUMNS:
        if type(self.keys_type) is String and type(self.values_type) is Seq:
            # Its items can be anything.
            if type(self.values_type.item_type) is ANYTHING:
                return
    Dict.validate(self, value, detail)


COLUMN_DICTS = frozenset((dict, PropertyValueColumnData))
NAMES = frozenset((str,))
COLUMNS = frozenset((list, np.ndarray))

ANYTHING = type(ColumnDataSource.lookup("data").property.values_type.item_type)

bokehs_matches = Property.matches
