"""Extensions of Bokeh that applications import."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import logging
import os
from typing import Iterator

from .imports import imported_modules

log = logging.getLogger("bokeh.application")


def import_extensions(path: str) -> None:
    """Imports the installed extensions that an application will import, as far as its main file says so.

    Some put classes of their own in the place of Bokeh's, such as Panel: what makes applications and what answers
    requests for pages. That takes effect if it happens before an application is made, and not in its first session.
    """
    for name in sorted({name for name in imported_packages(path) if is_extension(name)}):
        try:
            importlib.import_module(name)
        except Exception as error:
            # The application will fail at the same place, and has better means to tell.
            log.debug("%s cannot be imported ahead: %r", name, error)


def imported_packages(path: str) -> Iterator[str]:
    """The top-level packages that a script or the main script of a folder imports. None for what is no Python."""
    if os.path.isdir(path):
        path = os.path.join(path, "main.py")
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return
    yield from (name.partition(".")[0] for name in imported_modules(ast.walk(tree)))


def is_extension(name: str) -> bool:
    """Whether Bokeh would serve scripts of an installed package."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return False
    folders = (spec and spec.submodule_search_locations) or []
    return any(os.path.exists(os.path.join(folder, "bokeh.ext.json")) for folder in folders)
