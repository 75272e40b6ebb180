"""JSON, with binary data beside it."""

from __future__ import annotations

import json
from typing import Any, NamedTuple, Sequence

from bokeh.core.serialization import Buffer


class Named(NamedTuple):
    """Binary data and the id by which JSON refers to it."""

    id: str
    data: bytes


def to_json(value: Any) -> str:
    """The JSON of a value without binary data."""
    return _plain(value)


def to_json_and_buffers(value: Any) -> tuple[str, list[Named]]:
    """The JSON of what Bokeh's serialiser made, with references to the binary data that comes along."""
    encoder = _Encoder(**_OPTIONS)
    return encoder.encode(value), encoder.buffers


def with_buffers(value: Any, buffers: Sequence[Buffer]) -> Any:
    """The value with the buffers themselves instead of references to them, which all versions of Bokeh read."""
    return _put(value, {buffer.id: buffer for buffer in buffers}) if buffers else value


class _Encoder(json.JSONEncoder):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.buffers: list[Named] = []

    def default(self, o: Any) -> Any:
        if not isinstance(o, Buffer):
            raise TypeError(f"there is no JSON for {type(o).__name__}")
        # A copy, since an application may go on writing into its arrays.
        self.buffers.append(Named(o.id, bytes(o.data)))
        return {"id": o.id}


def _put(value: Any, buffers: dict[str, Buffer]) -> Any:
    if isinstance(value, list):
        return [_put(item, buffers) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "bytes" and isinstance(value.get("data"), dict):
        return {**value, "data": buffers[value["data"]["id"]]}
    return {key: _put(item, buffers) for key, item in value.items()}


_OPTIONS: dict[str, Any] = {
    "ensure_ascii": False,
    "allow_nan": False,
    "separators": (",", ":"),
    "check_circular": False,
}
_plain = json.JSONEncoder(**_OPTIONS).encode
