"""What documents have beside models and their properties. Bokeh has no events for it."""

from __future__ import annotations

from typing import NamedTuple

from bokeh.core.has_props import is_DataModel
from bokeh.document import Document
from bokeh.model import Model


class Extras(NamedTuple):
    """How much there is."""

    n_data_models: int = 0
    """Classes that scripts define in Python alone. They are in all documents from then on."""
    n_js_callbacks: int = 0
    """Of the document's own events."""

    @classmethod
    def of(cls, document: Document) -> Extras:
        """What there is now."""
        js_callbacks = document.callbacks._js_event_callbacks
        return cls(_data_models.count(), sum(map(len, js_callbacks.values())))

    def has_more_than(self, other: Extras) -> bool:
        """Whether something has come since."""
        return self.n_data_models > other.n_data_models or self.n_js_callbacks > other.n_js_callbacks


class DataModels:
    """Counts classes anew only when there are others."""

    def __init__(self) -> None:
        self._n_classes = 0
        self._n_data_models = 0

    def count(self) -> int:
        """The number of classes that are data models."""
        classes = Model.model_class_reverse_map
        if len(classes) != self._n_classes:
            self._n_classes = len(classes)
            self._n_data_models = sum(map(is_DataModel, classes.values()))
        return self._n_data_models


_data_models = DataModels()
