"""What scripts import."""

from __future__ import annotations

import ast
from typing import Iterable, Iterator


def imported_modules(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """The full names of the modules that some of these import, but for those named relative to a package."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
