"""The applications that this worker runs."""

from __future__ import annotations

import traceback
from typing import Any, Callable

from bokeh.application import Application
from bokeh.application.handlers import Handler
from bokeh.application.handlers.document_lifecycle import DocumentLifecycleHandler
from bokeh.application.handlers.request_handler import RequestHandler
from bokeh.command import util
from bokeh.server.contexts import ApplicationContext
from bokeh.server.tornado import BokehTornado
from tornado.ioloop import IOLoop

from .failure import ApplicationExit, NoExit, log_failure
from .place import AtPlace, Place


class Apps:
    """Bokeh's contexts of applications, by route."""

    def __init__(self, app: BokehTornado) -> None:
        self._tornado = app
        # The Tornado application has the same table, so that auth handlers find what they would find in Bokeh's.
        self._contexts: dict[str, ApplicationContext] = app._applications  # type: ignore[assignment]
        self._has_loaded = False
        self._has_unloaded = False
        self._loop: IOLoop | None = None

    def __getitem__(self, route: str) -> ApplicationContext:
        return self._contexts[route]

    def load(self, route: str, path: str, argv: list[str]) -> dict[str, Any]:
        """Compiles a script, notebook or folder, and says how that went."""
        loaded: dict[str, Any] = {"route": route, "error": None}
        with AtPlace(Place(route)):
            try:
                # Not imported by its name, since extensions put their own function there.
                with NoExit():
                    application = util.build_single_handler_application(path, argv)
            except Exception as error:
                loaded["error"] = {"text": str(error), "detail": traceback.format_exc()}
                return loaded
        application.add(DocumentLifecycleHandler())
        for handler in application.handlers:
            survive_exit(handler)
        self._contexts[route] = ApplicationContext(
            application, io_loop=self._loop, url=route, logout_url=logout_url(self._tornado)
        )
        loaded.update(described(application))
        return loaded

    def use_loop(self, loop: IOLoop) -> None:
        """Callbacks of sessions run there."""
        for context in self._contexts.values():
            context._loop = loop
        self._loop = loop

    def run_load_hooks(self) -> None:
        """The server is there."""
        self._has_loaded = True
        for route, context in self._contexts.items():
            self._run(route, context.run_load_hook)

    def run_unload_hooks(self) -> None:
        """The server ends. Runs them once, however often it is told, and not if it has never been there."""
        if self._has_unloaded or not self._has_loaded:
            return
        self._has_unloaded = True
        for route, context in self._contexts.items():
            self._run(route, context.run_unload_hook)

    def _run(self, route: str, hook: Callable[[], None]) -> None:
        with AtPlace(Place(route)):
            try:
                with NoExit():
                    hook()
            except Exception as error:
                log_failure(error)


def logout_url(app: BokehTornado) -> str | None:
    """Where a page sends users who log out."""
    url = app.auth_provider.logout_url
    return None if url is None else f"{app.prefix}/{url.lstrip('/')}"


def described(application: Application) -> dict[str, Any]:
    """What the server has to know of an application."""
    return {
        "static_path": application.static_path,
        "metadata": application.metadata if not callable(application.metadata) else application.metadata(),
        "has_process_request": type(application).process_request is not Application.process_request
        or any(has_process_request(handler) for handler in application.handlers),
    }


def has_process_request(handler: Handler) -> bool:
    """Whether a request has to be shown to the application before it gets its token."""
    processor = getattr(handler, "_request_handler", handler)
    function = vars(processor).get("_process_request")
    if isinstance(processor, RequestHandler):
        return function is not vars(RequestHandler()).get("_process_request")
    return type(processor).process_request is not Handler.process_request


def failure_of(context: ApplicationContext) -> dict[str, Any] | None:
    """Why the last script that ran has stopped. None if it has not."""
    for handler in context.application.handlers:
        if handler.failed:
            return {"text": handler.error, "detail": handler.error_detail}
    return None


def survive_exit(handler: Any) -> None:
    """Lets a script that calls `sys.exit()` fail like one that raises."""
    for owner in (handler, getattr(handler, "_main_handler", None)):
        runner = getattr(owner, "_runner", None)
        if runner is not None:
            _survive_exit(runner)


def _survive_exit(runner: Any) -> None:
    run = runner.run

    def run_and_stay(module: Any, post_check: Any = None) -> None:
        try:
            run(module, post_check)
        except (SystemExit, KeyboardInterrupt) as error:
            runner._failed = True
            runner._error = str(ApplicationExit(f"the script asked to end the process: {error!r}"))
            runner._error_detail = traceback.format_exc()

    runner.run = run_and_stay
