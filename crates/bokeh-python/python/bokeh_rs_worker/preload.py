"""What a template does once, so that no process that it forks has to."""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.util
from typing import Any, Iterator

from bokeh.application import Application
from bokeh.document import Document
from bokeh.embed.bundle import bundle_for_objs_and_resources
from bokeh.server.tornado import BokehTornado

from .imports import imported_modules
from .metrics import is_installed


def preload_bokeh(app: BokehTornado) -> None:
    """Fills what Bokeh looks up only once for each class, by making a plot."""
    import numpy as np
    from bokeh.layouts import column
    from bokeh.models.widgets import Slider
    from bokeh.plotting import figure

    plot = figure()
    # Parts of numpy are first imported when an array is written.
    plot.line(np.array([0, 1]), np.array([0.0, 1.0]))
    document = Document()
    document.add_root(column(plot, Slider(start=0, end=1, value=0)))
    document.validate()
    document.to_json()
    bundle_for_objs_and_resources(None, app.resources())
    document.clear()


def preload_imports(application: Application) -> None:
    """Imports the installed modules that the scripts of an application begin with. What is not installed, such as
    modules beside a script, may do what belongs to a session."""
    for source in sources(application):
        for name in modules_at_start(source):
            # The script will say what is wrong with it.
            with contextlib.suppress(Exception, SystemExit):
                spec = importlib.util.find_spec(name)
                if spec is not None and spec.origin is not None and is_installed(spec.origin):
                    importlib.import_module(name)


def sources(application: Application) -> Iterator[str]:
    for handler in application.handlers:
        for owner in (handler, getattr(handler, "_main_handler", None)):
            runner: Any = getattr(owner, "_runner", None)
            if runner is not None:
                yield runner.source


def modules_at_start(source: str) -> list[str]:
    """The modules that a script imports outside of functions, classes and conditions."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    return list(imported_modules(tree.body))
