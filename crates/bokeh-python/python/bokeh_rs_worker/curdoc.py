"""The stack behind `curdoc()`."""
from __future__ import annotations

import contextlib
from typing import Iterator

from bokeh.io import doc as io_doc


@contextlib.contextmanager
def trimmed_curdoc() -> Iterator[None]:
    """Undoes what a failing callback leaves on the stack, lest other sessions get its document from `curdoc()`."""
    stack = io_doc._PATCHED_CURDOCS
    depth = len(stack)
    try:
        yield
    finally:
        del stack[depth:]
