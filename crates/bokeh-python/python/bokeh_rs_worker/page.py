"""The page of a session, and the script that puts it into the page of somebody else."""

from __future__ import annotations

import contextlib
from typing import Iterator
from urllib.parse import urlparse

from bokeh.core.templates import AUTOLOAD_JS
from bokeh.core.types import ID
from bokeh.embed.bundle import Script, bundle_for_objs_and_resources
from bokeh.embed.elements import script_for_render_items
from bokeh.embed.server import server_html_page_for_session
from bokeh.embed.util import RenderItem
from bokeh.server.tornado import BokehTornado

from .session import WorkerSession


def page(app: BokehTornado, session: WorkerSession, token: str | None) -> str:
    """The HTML, with the application's template."""
    document = session.document
    with with_token(session, token):
        html: str = server_html_page_for_session(
            session,
            resources=app.resources(),
            title=document.title,
            template=document.template,
            template_variables=document.template_variables,
        )
        return html


def autoload_script(
    app: BokehTornado,
    session: WorkerSession,
    token: str | None,
    element_id: str,
    app_path: str = "/",
    absolute_url: str | None = None,
    with_resources: bool = True,
) -> str:
    """The JavaScript that shows the session in the element of that id."""
    origin = None
    if absolute_url:
        url = urlparse(absolute_url)
        origin = f"{url.scheme}://{url.netloc}"
    bundle = bundle_for_objs_and_resources(None, app.resources(origin) if with_resources else None)
    item = RenderItem(token=token or session.token, elementid=ID(element_id), use_for_title=False)
    bundle.add(Script(script_for_render_items({}, [item], app_path=app_path, absolute_url=absolute_url)))
    return AUTOLOAD_JS.render(bundle=bundle, elementid=ID(element_id))


@contextlib.contextmanager
def with_token(session: WorkerSession, token: str | None) -> Iterator[None]:
    """A page that comes later gets a token of its own, as the session's first one may have expired."""
    kept = session._token
    session._token = token or kept
    try:
        yield
    finally:
        session._token = kept
