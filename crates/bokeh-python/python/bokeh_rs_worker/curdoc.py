"""The stack behind `curdoc()`."""

from __future__ import annotations

from bokeh.io import doc as io_doc


class TrimmedCurdoc:
    """Undoes what a failing callback leaves on the stack, lest other sessions get its document from `curdoc()`."""

    __slots__ = ("_depth",)

    def __enter__(self) -> None:
        self._depth = len(io_doc._PATCHED_CURDOCS)

    def __exit__(self, *_: object) -> None:
        del io_doc._PATCHED_CURDOCS[self._depth :]
