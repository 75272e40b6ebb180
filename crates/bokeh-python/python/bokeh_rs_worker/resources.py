"""The BokehJS of a page."""

from __future__ import annotations

from typing import Any, NamedTuple

from bokeh.resources import Resources
from bokeh.server.tornado import BokehTornado


class AtFirst(NamedTuple):
    """What a page loads at once."""

    bundles: list[str]
    later_script: str
    """The JavaScript that loads the rest."""


class WithResources:
    """Bokeh's Tornado application, as a page sees it that does not load everything at once."""

    def __init__(self, app: BokehTornado, at_first: AtFirst) -> None:
        self._app = app
        self._at_first = at_first

    def __getattr__(self, name: str) -> Any:
        return getattr(self._app, name)

    def resources(self, absolute_url: str | bool | None = None) -> Resources:
        resources = self._app.resources(absolute_url)
        # Scripts of another host than this are left to who wants them.
        return PartOf(resources, self._at_first) if resources.mode == "server" else resources


class PartOf(Resources):
    """Resources of a server without those that come later."""

    def __init__(self, resources: Resources, at_first: AtFirst) -> None:
        super().__init__(
            mode=resources.mode,
            root_url=resources.root_url,
            path_versioner=resources.path_versioner,
            components=at_first.bundles,  # type: ignore[arg-type]
        )
        self._at_first = at_first

    def clone(self, *, components: Any = None) -> PartOf:
        return PartOf(self, self._at_first)

    @property
    def js_raw(self) -> list[str]:
        return [*super().js_raw, self._at_first.later_script]
