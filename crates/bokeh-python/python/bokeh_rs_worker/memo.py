"""What Bokeh works out for each model anew although it is the same for all models of a class.

Most of the time that a session takes to be made goes there, above all into defaults that nobody has asked for.
"""

from __future__ import annotations

from typing import Any, Callable, Iterable

from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.property.singletons import Intrinsic, Undefined
from bokeh.core.property.wrappers import PropertyValueContainer
from bokeh.core.validation.check import ValidationIssues
from bokeh.document import document


def remember() -> None:
    """Has Bokeh ask here instead. Whatever is not sure to be the same is still answered by Bokeh."""
    replacements: list[tuple[Any, str, Any]] = [
        (HasProps, "_overridden_defaults", classmethod(overridden_defaults)),
        (HasProps, "themed_values", themed_values),
        (HasProps, "query_properties_with_values", query_properties_with_values),
        (PropertyDescriptor, "has_unstable_default", has_unstable_default),
        (PropertyDescriptor, "instance_default", instance_default),
        (document, "check_integrity", check_integrity),
    ]
    # What another version of Bokeh does not have, it does not ask for.
    for owner, name, replacement in replacements:
        if name in vars(owner):
            setattr(owner, name, replacement)


class Memo:
    """What is known of a class of models."""

    __slots__ = ("checks", "defaults", "overrides", "properties", "unstable")

    def __init__(self, cls: type[HasProps]) -> None:
        self.overrides = bokehs_overridden_defaults(cls)
        self.unstable: dict[Any, bool] = {}
        self.defaults: dict[Any, Any] = {}
        descriptors = [(name, cls.lookup(name)) for name in cls.properties(_with_props=True)]
        self.properties = [(*pair, may_be_unset(pair[1], self.overrides)) for pair in descriptors]
        checks = [name for name in dir(cls) if name.startswith("_check")]
        self.checks = [name for name in checks if getattr(getattr(cls, name), "validator_type", None)]


def memo(cls: type[HasProps]) -> Memo:
    """What is known of exactly this class. It goes when the class goes."""
    known = vars(cls).get(NAME)
    if known is None:
        known = Memo(cls)
        setattr(cls, NAME, known)
    return known


def overridden_defaults(cls: type[HasProps]) -> dict[str, Any]:
    """The defaults that classes have given to properties of their bases."""
    return memo(cls).overrides


def themed_values(self: HasProps) -> dict[str, Any] | None:
    """What a theme says. To ask for an attribute that is not there would take much longer."""
    return vars(self).get("__themed_values__")


def has_unstable_default(self: PropertyDescriptor[Any], obj: HasProps) -> bool:
    """Whether each model gets a default of its own."""
    unstable = memo(type(obj)).unstable
    known = unstable.get(self)
    if known is None:
        known = unstable[self] = bokehs_has_unstable_default(self, obj)
    return known


def instance_default(self: PropertyDescriptor[Any], obj: HasProps) -> Any:
    """What a property is that nobody has set."""
    themed = themed_values(obj)
    if themed is not None and self.name in themed:
        return bokehs_instance_default(self, obj)
    defaults = memo(type(obj)).defaults
    if self in defaults:
        return defaults[self]
    default = bokehs_instance_default(self, obj)
    if type(default) in UNCHANGEABLE and not has_unstable_default(self, obj):
        defaults[self] = default
    return default


def query_properties_with_values(
    self: HasProps,
    query: Callable[[PropertyDescriptor[Any]], bool],
    *,
    include_defaults: bool = True,
    include_undefined: bool = False,
) -> dict[str, Any]:
    """The properties that have been set. Defaults are not worked out only to be left out."""
    if include_defaults or include_undefined:
        return bokehs_query_properties_with_values(
            self, query, include_defaults=include_defaults, include_undefined=include_undefined
        )
    own, unstable, themed = self._property_values, self._unstable_default_values, themed_values(self) or {}
    values = {}
    for name, descriptor, may_be_unset in memo(type(self)).properties:
        is_set = name in own or name in themed or name in unstable
        if not (is_set or may_be_unset) or not query(descriptor):
            continue
        value = descriptor.get_value(self)
        # A container that each model has of its own, and in which this one has changed nothing.
        is_untouched = name in unstable and name not in themed and isinstance(value, PropertyValueContainer)
        if is_set and not is_untouched:
            values[name] = value
    return values


def may_be_unset(descriptor: Any, overrides: dict[str, Any]) -> bool:
    """Whether it can be an error that nobody has set a property, since it has no default."""
    if not isinstance(descriptor, PropertyDescriptor):
        return True
    default = overrides.get(descriptor.name, descriptor.property._default)
    return default is Undefined or default is Intrinsic or callable(default)


def check_integrity(models: Iterable[Any]) -> ValidationIssues:
    """What is wrong with models, as they say themselves."""
    issues = ValidationIssues()
    for model in models:
        for name in memo(type(model)).checks:
            check = getattr(model, name)
            (issues.error if check.validator_type == "error" else issues.warning).extend(check())
    return issues


NAME = "__bokeh_rs_memo__"

UNCHANGEABLE = frozenset((str, int, float, bool, type(None)))
"""Types of values that all models can share."""

bokehs_overridden_defaults: Callable[[type[HasProps]], dict[str, Any]] = HasProps._overridden_defaults.__func__
bokehs_query_properties_with_values = HasProps.query_properties_with_values
bokehs_has_unstable_default = PropertyDescriptor.has_unstable_default
bokehs_instance_default = PropertyDescriptor.instance_default
bokehs_check_integrity = document.check_integrity
