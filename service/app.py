"""The Flask application: the JSON API and the pages over one `Context`."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from service.api import openapi, routes
from service.api.problems import UNKNOWN_IDS, respond
from service.context import Context
from service.errors import BusyError, TooManyError
from service.http.admission import check_admission
from service.http.app_context import EXTENSION
from service.http.problems import ERRORS, problem_of
from service.http.uploads import allow_upload
from service.settings import Settings
from service.web import (
    actors,
    call_explanation,
    mail_links,
    mail_preview,
    pages,
    pilots,
    recipients,
)
from service.web.error_page import error_page

LARGEST_BODY = 1024 * 1024
"""Bytes that a request's body may have; a longer one is refused."""

_POLICY = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_WITH_SCRIPT = {"script-src": "'self'", "connect-src": "'self'"}


PAGES = (actors, mail_links, pages, call_explanation, pilots, recipients)
"""Modules with pages: importing one hangs its routes on the blueprint."""


def create_app(context: Context | None = None) -> APIFlask:
    """Return the application over ``context``, by default the one that the settings name."""
    app = APIFlask(
        "service",
        title="fundscout",
        version=_version(),
        docs_path=None,
        json_errors=False,
        static_folder="web/static",
        template_folder="web/templates",
    )
    app.config.update(
        OPENAPI_VERSION=openapi.VERSION,
        DESCRIPTION=openapi.DESCRIPTION,
        LICENSE={"name": "MIT", "identifier": "MIT"},
        TAGS=openapi.TAGS,
        SERVERS=[{"url": "/"}],
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's default provider
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.merge_slashes = False  # a call's id may contain two slashes in a row
    app.extensions[EXTENSION] = context or Context.open(Settings.from_env())
    app.spec_processor(openapi.complete_spec)
    app.register_blueprint(routes.api)
    app.register_blueprint(pages.web)
    _handle_errors(app)
    app.before_request(allow_upload)
    app.before_request(check_admission)
    app.after_request(_set_security_headers)
    return app


def _handle_errors(app: Flask) -> None:
    """Answer every error in the reader's form: a problem to tools, a page to people."""

    def answer(error: Exception) -> ResponseReturnValue:
        for_tools = _is_for_tools()
        problem = problem_of(error, UNKNOWN_IDS if for_tools else None)
        expected = isinstance(error, (HTTPException, BusyError))
        if problem.status >= 500 and not expected:  # noqa: PLR2004  server errors
            trace = error if isinstance(error, SQLAlchemyError) else None
            app.logger.error("%r failed: %s", request.path, error, exc_info=trace)
        response = respond(problem) if for_tools else error_page(problem, error)
        if isinstance(error, HTTPException):
            for name, value in error.get_headers():
                if name in {"Allow", "Retry-After"}:
                    response.headers[name] = value
        if isinstance(error, (TooManyError, BusyError)):
            response.headers["Retry-After"] = str(int(error.wait.total_seconds()))
        return response

    handled: tuple[type[Exception], ...] = (HTTPException, HTTPError, *ERRORS)
    for error in handled:
        app.register_error_handler(error, answer)


def _is_for_tools() -> bool:
    return request.path.startswith(("/api/", "/healthz", "/openapi.json"))


def _set_security_headers(response: Response) -> Response:
    """Let a page load only our own files, and run script only where a page has some."""
    policy = _POLICY | (_WITH_SCRIPT if request.path == "/docs" else {})
    if request.endpoint in mail_preview.MAIL_ENDPOINTS and response.status_code == 200:  # noqa: PLR2004  no error
        policy |= mail_preview.MAIL_POLICY
    response.headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in policy.items())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Frame-Options"] = "DENY"
    if not request.path.startswith("/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _version() -> str:
    try:
        return version("fundscout")
    except PackageNotFoundError:
        return "0"
