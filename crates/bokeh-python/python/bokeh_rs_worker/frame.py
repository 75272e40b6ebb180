"""One message between server and worker: a JSON object and the binary buffers that it names.

On the wire, little endian: the JSON's length (u32), the number of buffers (u32), the length of each buffer (u64),
the JSON as UTF-8, the buffers.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Iterator, Sequence

from bokeh.core.serialization import Buffer

from .json_text import Named

BUFFERS = "$buffers"
"""Where a frame that was read has its buffers."""

MAX_JSON_BYTES = 1 << 30
MAX_BUFFERS = 1_000_000

_HEAD = struct.Struct("<II")


class FrameError(Exception):
    """The other side did not keep to the format."""


def encode(text: str, buffers: Sequence[Named] = ()) -> list[bytes]:
    """The parts of a frame, to be written one after the other. The text is a JSON object."""
    # A lone surrogate, as in the name of a file, has no place in UTF-8.
    payload = text.encode("utf-8", "replace")
    head = _HEAD.pack(len(payload), len(buffers))
    if not buffers:
        return [head + payload]
    lengths = struct.pack(f"<{len(buffers)}Q", *(len(buffer.data) for buffer in buffers))
    return [head + lengths + payload, *(buffer.data for buffer in buffers)]


class FrameReader:
    """Makes frames of bytes, however those are cut."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def push(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Takes bytes and yields the frames that they complete."""
        self._bytes += data
        while (frame := self._take()) is not None:
            yield frame

    def _take(self) -> dict[str, Any] | None:
        have = self._bytes
        if len(have) < _HEAD.size:
            return None
        n_json, n_buffers = _HEAD.unpack_from(have)
        if n_json > MAX_JSON_BYTES or n_buffers > MAX_BUFFERS:
            raise FrameError(f"a frame of {n_json} bytes of JSON and {n_buffers} buffers")
        start = _HEAD.size + 8 * n_buffers
        if len(have) < start:
            return None
        lengths = struct.unpack_from(f"<{n_buffers}Q", have, _HEAD.size)
        end = start + n_json + sum(lengths)
        if len(have) < end:
            return None
        # Of bytes, `json` would guess the encoding first.
        frame = json.loads(have[start : start + n_json].decode())
        at = start + n_json
        buffers = []
        for length in lengths:
            buffers.append(bytes(have[at : at + length]))
            at += length
        del have[:end]
        if not isinstance(frame, dict):
            raise FrameError("a frame that is no JSON object")
        frame[BUFFERS] = buffers
        return frame


def named_buffers(frame: dict[str, Any]) -> list[Buffer]:
    """The buffers of a frame as Bokeh takes them, by the ids in `buffers`."""
    ids = frame.get("buffers") or []
    if len(ids) != len(frame[BUFFERS]):
        raise FrameError(f"{len(ids)} names for {len(frame[BUFFERS])} buffers")
    return [Buffer(id, data) for id, data in zip(ids, frame[BUFFERS])]
