"""The modules that the scripts of sessions run in."""

from __future__ import annotations

import sys

from bokeh.document import Document

from .implementations import forget_models


def forget_modules(document: Document) -> None:
    """Removes the modules of a document. Bokeh would do it too, but looks through all memory for who else has them,
    only to write that to the log."""
    forget_models(document.modules._modules)
    for module in document.modules._modules:
        sys.modules.pop(module.__name__, None)
        module.__dict__.clear()
    document.modules._modules = []
