"""The short way from columns of numbers to JSON, which most answers to a slider are."""

from __future__ import annotations

import sys
from json.encoder import encode_basestring
from typing import Any

import numpy as np
from bokeh.document.events import ColumnDataChangedEvent

from .json_text import Named, to_json
from .serializer import buffer_id, is_plain


def plain_columns(event: ColumnDataChangedEvent) -> tuple[str, list[Named]] | None:
    """The event as PATCH-DOC has it, with its buffers. None if it needs the long way."""
    data = event.data if event.data is not None else getattr(event.model, event.attr)
    if event.cols is not None or not data:
        return None
    entries: list[str] = []
    buffers: list[Named] = []
    for name, column in data.items():
        text = plain_column(column, buffers)
        if text is None or type(name) is not str:
            return None
        entries.append(f"[{encode_basestring(name)},{text}]")
    model, attr = encode_basestring(event.model.id), encode_basestring(event.attr)
    head = f'{{"kind":"ColumnDataChanged","model":{{"id":{model}}},"attr":{attr}'
    return f'{head},"data":{{"type":"map","entries":[{",".join(entries)}]}},"cols":null}}', buffers


def plain_column(column: Any, buffers: list[Named]) -> str | None:
    if type(column) is list:
        return to_json(column) if is_plain(column) else None
    if type(column) is not np.ndarray or (dtype := NAMES.get(column.dtype)) is None:
        return None
    id = buffer_id()
    # A copy, since an application may go on writing into its arrays.
    buffers.append(Named(id, column.tobytes()))
    array = f'{{"type":"bytes","data":{{"id":"{id}"}}}}'
    shape = ",".join(map(str, column.shape))
    return f'{{"type":"ndarray","array":{array},"shape":[{shape}],"dtype":"{dtype}","order":"{sys.byteorder}"}}'


NAMES = {np.dtype(name): name for name in ("float64", "float32", "int32", "uint32", "int16", "uint16", "int8", "uint8")}
"""What BokehJS has arrays for, as the machine has them."""
