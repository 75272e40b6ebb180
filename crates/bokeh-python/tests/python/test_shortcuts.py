"""The shorter ways come to the same as Bokeh's."""
from __future__ import annotations

import itertools
import sys
import unittest
from typing import Any

import numpy as np
from bokeh.core.property.container import Dict
from bokeh.document import Document, callbacks
from bokeh.document.locking import UnlockedDocumentProxy
from bokeh.io import curdoc
from bokeh.models import ColumnDataSource
from harness import PACKAGE

sys.path.insert(0, str(PACKAGE.parent))
from bokeh_rs_worker import shortcuts  # noqa: E402

DATA = ColumnDataSource.lookup("data").property
VALUES = [None, True, False, 0, 1, 1.0, -0.0, float("nan"), "", "1", [1], [1.0], (1,), {"x": [1]}, {"x": np.array([1])},
          np.array([1]), np.array([1.0, 2.0]), np.array([])]


def is_refused(validate: Any, value: Any, detail: bool) -> str | None:
    try:
        validate(DATA, value, detail)
    except ValueError as error:
        return str(error)
    return None


class Shortcuts(unittest.TestCase):
    def test_equal_values_are_those_that_are_equal_for_bokeh(self) -> None:
        for new, old in itertools.product(VALUES, VALUES):
            self.assertEqual(shortcuts.matches(DATA, new, old), shortcuts.bokehs_matches(DATA, new, old), (new, old))

    def test_columns_are_refused_with_the_words_of_bokeh(self) -> None:
        columns: list[Any] = [{"x": value} for value in VALUES]
        others: list[Any] = [{}, {1: [1]}, {"x": [1], "y": "text"}, {"x": {1}}, None, [], ColumnDataSource({"x": [1]}).data]
        refused = 0
        for value, detail in itertools.product([*columns, *others], [True, False]):
            expected = is_refused(Dict.validate, value, detail)
            self.assertEqual(is_refused(shortcuts.validate_columns, value, detail), expected, value)
            refused += expected is not None
        self.assertGreater(refused, 10)

    def test_functions_are_called_with_their_document(self) -> None:
        bokehs = callbacks.invoke_with_curdoc
        document, outside = Document(), curdoc()

        def without_lock() -> Any:
            return curdoc()

        setattr(without_lock, "nolock", True)

        def fail() -> None:
            raise KeyError("as intended")

        for invoke in (bokehs, shortcuts.invoke_with_curdoc):
            self.assertIs(invoke(document, curdoc), document)
            self.assertIs(invoke(document, lambda: invoke(outside, curdoc)), outside)
            self.assertIsInstance(invoke(document, without_lock), UnlockedDocumentProxy)
            self.assertIs(curdoc(), outside)
            with self.assertRaises(KeyError):
                invoke(document, fail)
            self.assertIs(curdoc(), document)
            shortcuts.io_doc._PATCHED_CURDOCS.pop()


if __name__ == "__main__":
    unittest.main()
