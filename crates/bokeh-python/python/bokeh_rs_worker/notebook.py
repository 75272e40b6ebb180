"""Notebooks as applications, also where nbconvert is not installed."""

from __future__ import annotations

import ast
import importlib.util
import json
import logging
import os
import re
from typing import Any

from bokeh.application.handlers import directory
from bokeh.application.handlers.code import CodeHandler
from bokeh.command import util

log = logging.getLogger("bokeh.application")


def convert_without_nbconvert() -> None:
    """Lets Bokeh use `NotebookHandler` of this module, unless it can use its own, which needs nbconvert."""
    if all(importlib.util.find_spec(name) for name in ("nbformat", "nbconvert")):
        return
    for user in (directory, util):
        setattr(user, "NotebookHandler", NotebookHandler)


class NotebookHandler(CodeHandler):
    """Runs the code cells of a notebook."""

    _logger_text = "%s: the call of %s() does nothing in a notebook that is served"
    _origin = "Notebook"

    def __init__(self, *, filename: Any, **kwargs: Any) -> None:
        with open(filename, encoding="utf-8") as file:
            notebook = json.load(file)
        super().__init__(source=source_of(notebook, os.path.basename(filename)), filename=filename, **kwargs)


def source_of(notebook: dict[str, Any], name: str = "notebook") -> str:
    """The notebook as a Python script, like the one that nbconvert makes, so that line numbers in tracebacks agree."""
    if "cells" not in notebook:
        raise ValueError(f"{name} is no notebook of format 4")
    cells = enumerate(notebook["cells"], 1)
    return HEADER + "".join(cell_source(cell, f"cell {number} of {name}") for number, cell in cells)


def cell_source(cell: dict[str, Any], place: str) -> str:
    source = cell.get("source") or ""
    source = source if isinstance(source, str) else "".join(source)
    kind = cell.get("cell_type")
    if kind == "code":
        return f"\n# In[{cell.get('execution_count') or ' '}]:\n\n\n{code_source(source, place)}\n"
    if kind == "markdown":
        return "\n" + "".join(f"# {line}\n" for line in source.split("\n"))
    return source


def code_source(source: str, place: str) -> str:
    """A cell without what only IPython understands."""
    lines = []
    for line in source.splitlines():
        if CELL_MAGIC.match(line):
            log.warning("the line %r of %s is left out", line.strip(), place)
        else:
            lines.append(line)
    source = "\n".join(lines)
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        return source if is_python(source) else LINE_MAGIC.sub(harmless, source)
    translated: str = TransformerManager().transform_cell(source)
    return translated.replace("get_ipython().run_line_magic", "").replace("get_ipython().magic", "")


def is_python(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def harmless(magic: re.Match[str]) -> str:
    """A tuple instead of a line magic, which is what remains of it with IPython too."""
    return f"{magic['before']}({magic['name']!r}, {magic['rest'].strip()!r})"


HEADER = "#!/usr/bin/env python\n# coding: utf-8\n"
CELL_MAGIC = re.compile(r"\s*%%\w\w+(\s|$)")
LINE_MAGIC = re.compile(r"^(?P<before>[ \t]*(?:\w+[ \t]*=[ \t]*)?)%(?P<name>\w+)(?P<rest>.*)$", re.MULTILINE)
