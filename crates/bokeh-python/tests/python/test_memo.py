"""What is remembered of classes is what Bokeh would say of each model."""
from __future__ import annotations

import sys
import unittest
from typing import Any, Callable

from bokeh.core.has_props import HasProps
from bokeh.core.properties import Override
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.validation.check import ValidationIssues
from bokeh.layouts import row
from bokeh.model import Model
from bokeh.models import ColumnDataSource, Plot, Slider
from bokeh.plotting import figure
from bokeh.themes import built_in_themes
from harness import PACKAGE

sys.path.insert(0, str(PACKAGE.parent))
from bokeh_rs_worker import memo  # noqa: E402


def outcome(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception as error:
        return type(error)


def models() -> list[HasProps]:
    """One of each class, as far as Bokeh makes them without arguments, and some that have been worked with."""
    made = [outcome(cls) for cls in Model.model_class_reverse_map.values()]
    plot = figure(title="a plot", x_range=(0, 1))
    plot.scatter([1, 2], [3, 4], size=7)
    worked_with = [plot, *plot.references(), ColumnDataSource({"x": [1]}), row(), Plot(), Slider()]
    plain = [model for model in made if isinstance(model, HasProps)]
    touched = figure()
    touched.tags.append("touched")
    return [*plain, *worked_with, touched]


class Remembered(unittest.TestCase):
    def setUp(self) -> None:
        self.models = models()
        self.assertGreater(len(self.models), 300)

    def test_defaults_are_those_of_bokeh(self) -> None:
        for model in self.models:
            for descriptor in type(model).descriptors():
                if not isinstance(descriptor, PropertyDescriptor):
                    continue
                is_unstable = memo.bokehs_has_unstable_default(descriptor, model)
                for _asked_again in range(2):
                    self.assertEqual(memo.has_unstable_default(descriptor, model), is_unstable)
                    ours = outcome(lambda: memo.instance_default(descriptor, model))
                    theirs = outcome(lambda: memo.bokehs_instance_default(descriptor, model))
                    self.assertIs(type(ours), type(theirs), f"{model}.{descriptor.name}")
                    if not is_unstable and ours is not theirs:
                        self.assertEqual(ours, theirs, f"{model}.{descriptor.name}")

    def test_set_properties_are_those_of_bokeh_with_and_without_a_theme(self) -> None:
        for theme in (None, built_in_themes["dark_minimal"]):
            for model in self.models:
                if theme is not None:
                    theme.apply_to_model(model)
                self.assertEqual(memo.themed_values(model), getattr(model, "__themed_values__", None))
                ours = outcome(lambda: asked(memo.query_properties_with_values, model))
                theirs = outcome(lambda: asked(memo.bokehs_query_properties_with_values, model))
                self.assertEqual(ours, theirs, str(model))
                if isinstance(ours, dict):
                    self.assertEqual(list(ours), list(theirs), str(model))

    def test_models_find_the_same_wrong_with_themselves(self) -> None:
        n_issues = 0
        for model in self.models:
            ours = outcome(lambda: memo.check_integrity([model]))
            self.assertEqual(ours, outcome(lambda: memo.bokehs_check_integrity([model])))
            if isinstance(ours, ValidationIssues):
                n_issues += len(ours.error) + len(ours.warning)
        self.assertGreater(n_issues, 5)

    def test_a_class_does_not_take_the_memo_of_its_base(self) -> None:
        class Wide(Slider):
            width = Override(default=900)

        for cls in (Slider, Wide, Slider):
            self.assertEqual(memo.overridden_defaults(cls), memo.bokehs_overridden_defaults(cls))
        self.assertEqual(memo.overridden_defaults(Wide)["width"], 900)


def asked(query: Callable[..., Any], model: HasProps) -> Any:
    return query(model, lambda descriptor: descriptor.serialized, include_defaults=False, include_undefined=False)


if __name__ == "__main__":
    unittest.main()
