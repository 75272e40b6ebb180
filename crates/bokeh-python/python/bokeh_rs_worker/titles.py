"""Titles of documents, which are texts."""

from __future__ import annotations

from typing import Any

from bokeh.document import Document


def keep_titles_texts() -> None:
    """Has documents take other values as texts. Bokeh keeps what it is given; a copy elsewhere could not read it."""
    setattr(Document, "set_title", set_title)


def set_title(self: Document, title: Any, setter: Any = None) -> None:
    """Does what Bokeh does, with a text."""
    bokehs_set_title(self, title if title is None else str(title), setter)


bokehs_set_title = Document.set_title
