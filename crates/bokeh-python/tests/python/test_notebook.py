"""How notebooks become scripts."""
from __future__ import annotations

import importlib.util
import sys
import unittest
from typing import Any
from unittest import mock

from harness import PACKAGE

spec = importlib.util.spec_from_file_location("notebook", PACKAGE / "notebook.py")
assert spec is not None and spec.loader is not None
notebook = importlib.util.module_from_spec(spec)
spec.loader.exec_module(notebook)

HEADER = "#!/usr/bin/env python\n# coding: utf-8\n"


def cell(kind: str, source: Any, count: int | None = None) -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "execution_count": count}


def script(*cells: dict[str, Any]) -> str:
    # Without IPython, whether it is installed or not.
    with mock.patch.dict(sys.modules, {"IPython": None, "IPython.core.inputtransformer2": None}):
        return notebook.source_of({"cells": list(cells)})[len(HEADER) :]


class Notebook(unittest.TestCase):
    def test_cells_become_what_nbconvert_makes_of_them(self) -> None:
        for cells, expected in [
            ([], ""),
            ([cell("code", "x = 1")], "\n# In[ ]:\n\n\nx = 1\n"),
            ([cell("code", ["a\n", "b"], 7)], "\n# In[7]:\n\n\na\nb\n"),
            ([cell("code", "if 1:\r\n\tx = 1")], "\n# In[ ]:\n\n\nif 1:\n\tx = 1\n"),
            ([cell("code", "")], "\n# In[ ]:\n\n\n\n"),
            ([cell("markdown", "# T\n\nb")], "\n# # T\n# \n# b\n"),
            ([cell("raw", "r"), cell("code", "x")], "r\n# In[ ]:\n\n\nx\n"),
        ]:
            with self.subTest(cells):
                self.assertEqual(script(*cells), expected)

    def test_magic_is_made_harmless(self) -> None:
        for source, expected in [
            ("%%time\nx = 1", "x = 1"),
            ("  %%bash -x\nls", "ls"),
            ("%matplotlib inline\nx = 1", "('matplotlib', 'inline')\nx = 1"),
            ("y = %timeit 1", "y = ('timeit', '1')"),
            ("def f():\n    %time 1", "def f():\n    ('time', '1')"),
            ("a = 5 % 3\ns = '''\n%d''' % 1", "a = 5 % 3\ns = '''\n%d''' % 1"),
        ]:
            with self.subTest(source):
                self.assertEqual(script(cell("code", source)), f"\n# In[ ]:\n\n\n{expected}\n")

    def test_other_formats_are_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "no notebook of format 4"):
            notebook.source_of({"worksheets": []})


if __name__ == "__main__":
    unittest.main()
