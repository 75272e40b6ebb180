"""What an application makes without a session, as the text of a file."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout

from bokeh.core.json_encoder import serialize_json
from bokeh.document import Document
from bokeh.embed import file_html
from bokeh.resources import Resources
from bokeh.server.contexts import ApplicationContext
from bokeh.settings import settings
from bokeh.util import serialization

from .apps import failure_of
from .failure import NoExit


class ExportError(RuntimeError):
    """The application makes nothing that could be written."""


def json_of(context: ApplicationContext, indent: int | None) -> str:
    """The document, indented or on one line."""
    return serialize_json(document_of(context).to_json(), indent=indent)


def html_of(context: ApplicationContext) -> str:
    """A page that needs no server. It gets BokehJS from where `BOKEH_RESOURCES` says."""
    try:
        resources = Resources(mode=settings.resources())
    except ValueError as error:
        raise ExportError(f"BOKEH_RESOURCES has a {error}") from error
    document = document_of(context)
    if not document.roots:
        raise ExportError("there is nothing to show: the application adds nothing to its document")
    return file_html(document, resources, template=document.template, template_variables=document.template_variables)


def document_of(context: ApplicationContext) -> Document:
    """A new document, the same whenever the application makes the same."""
    serialization._simple_id = FIRST_ID
    # What is asked for may go to standard output, and is not to be mixed with what the script says there.
    with redirect_stdout(sys.stderr), NoExit():
        document = context.application.create_document()
    if failure := failure_of(context):
        # Bokeh has written the traceback to the log.
        raise ExportError(failure["text"])
    return document


FIRST_ID = 999
"""What the counter of ids has in a process that has made no model yet."""
