"""The JavaScript of models that scripts define."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Iterable, Iterator

from bokeh.core import has_props
from bokeh.core.has_props import HasProps
from bokeh.util.compiler import CompilationError, CustomModel, nodejs_compile, set_cache_hook


def compile_only_once() -> None:
    """Lets Bokeh remember what it has compiled. A script defines its models anew in each session, and each time Bokeh
    would run the compiler for all of them, before the page is there."""
    compiled: dict[tuple[str, str, str | None], Any] = {}

    def find(model: CustomModel, implementation: Any) -> Any:
        key = (implementation.lang, implementation.code, implementation.file)
        if key not in compiled:
            result = nodejs_compile(implementation.code, lang=implementation.lang, file=implementation.file)
            if "error" in result:
                raise CompilationError(result.error)
            compiled[key] = result
        return type(compiled[key])(compiled[key])

    set_cache_hook(find)


def forget_models(modules: Iterable[ModuleType]) -> None:
    """Takes the models of modules that end out of those for which pages have scripts.

    Bokeh keeps them, and fails to make any further page, of whichever application: it looks for their modules. Of several
    sessions that have defined a model of one name it knows the last only, so that another one may have to take its place.
    """
    names = {module.__name__ for module in modules}
    known = has_props._default_resolver._known_models
    for name, model in list(known.items()):
        if model.__module__ in names:
            others = (other for other in living(model) if other.__module__ not in names)
            successor = next(others, None)
            if successor is None:
                del known[name]
            else:
                known[name] = successor


def living(model: type[HasProps]) -> Iterator[type[HasProps]]:
    """The models of the same name in scripts of other sessions."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bokeh_app_"):
            found = vars(module).get(model.__name__)
            if isinstance(found, type) and issubclass(found, HasProps):
                if found.__qualified_model__ == model.__qualified_model__:
                    yield found
