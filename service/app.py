"""The Flask application: the JSON API and the pages over one `Context`."""

from __future__ import annotations

from functools import partial
from importlib.metadata import PackageNotFoundError, version

from apiflask import APIFlask
from apiflask.exceptions import HTTPError
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from service.api import openapi, routes
from service.api.common_grants import errors as common_grants
from service.api.health.metrics import watch
from service.api.problems import UNKNOWN_IDS, respond
from service.api.sheets.answers import SheetFormConverter
from service.context import Context
from service.errors import BusyError, TooManyError, UnauthorizedError
from service.http.access.guard import CHALLENGE, guard_routes
from service.http.access.proxies import ProxyHeaders
from service.http.access.rate_limits import too_many
from service.http.admission import check_admission
from service.http.app_context import EXTENSION
from service.http.caching import compress, make_cachable
from service.http.metrics import RequestMetrics
from service.http.problems import ERRORS, Problem, problem_of
from service.http.request_ids import request_id
from service.http.request_log import observe_requests, route_of_request
from service.http.uploads import allow_upload
from service.safe_traceback import ExcInfo, describe_safely
from service.settings import Settings
from service.use_cases.watching.figures import read_figures
from service.web import (
    actors,
    api_docs,
    call_explanation,
    feed_links,
    feeds,
    mail_links,
    mail_preview,
    pages,
    pilots,
    recipients,
)
from service.web.access import pilot_rights, provider, sign_in
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


PAGES = (
    actors,
    api_docs,
    feed_links,
    feeds,
    mail_links,
    pages,
    call_explanation,
    pilots,
    pilot_rights,
    provider,
    recipients,
    sign_in,
)
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
    app.url_map.converters["sheet"] = SheetFormConverter
    app.url_map.merge_slashes = False  # a call's id may contain two slashes in a row
    context = context or Context.open(Settings.from_env())
    app.extensions[EXTENSION] = context
    app.wsgi_app = ProxyHeaders(app.wsgi_app, context.settings.access)  # type: ignore[method-assign]
    metrics = RequestMetrics(partial(read_figures, context))
    observe_requests(app, metrics, log=context.settings.access_log)
    app.spec_processor(openapi.complete_spec)
    app.register_blueprint(routes.api)
    app.register_blueprint(pages.web)
    app.register_blueprint(watch)
    _handle_errors(app)
    app.before_request(allow_upload)
    app.before_request(check_admission)
    guard_routes(app)
    provider.connect_provider(app, context)
    for finish in (_set_security_headers, compress, make_cachable):
        app.after_request(finish)  # the last one is called first
    return app


def _handle_errors(app: Flask) -> None:
    """Answer every error in the reader's form: a problem to tools, a page to people."""

    def answer(error: Exception) -> ResponseReturnValue:
        if isinstance(error, RateLimitExceeded):
            error = too_many()
        for_tools = _is_for_tools()
        problem = problem_of(error, UNKNOWN_IDS if for_tools else None)
        expected = isinstance(error, (HTTPException, BusyError))
        if problem.status >= 500 and not expected:  # noqa: PLR2004  server errors
            trace = error if isinstance(error, SQLAlchemyError) else None
            app.logger.error("%s failed: %s", _asked(), describe_safely(error), exc_info=trace)
        if request.path.startswith(common_grants.PREFIX):
            response = common_grants.respond(problem)
        else:
            response = respond(problem) if for_tools else _page_for(problem, error)
        _set_error_headers(response, error)
        return response

    app.log_exception = partial(_log_unexpected, app)  # type: ignore[method-assign]  # ours is safe
    handled: tuple[type[Exception], ...] = (HTTPException, HTTPError, *ERRORS)
    for error in handled:
        app.register_error_handler(error, answer)


def _set_error_headers(response: Response, error: Exception) -> None:
    """Say which methods there are, which key is wanted, or when to come again."""
    if isinstance(error, HTTPException):
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                response.headers[name] = value
    if isinstance(error, UnauthorizedError):
        reason = ', error="invalid_token"' if error.was_shown else ""
        response.headers["WWW-Authenticate"] = CHALLENGE + reason
    if isinstance(error, (TooManyError, BusyError)):
        response.headers["Retry-After"] = str(int(error.wait.total_seconds()))


def _log_unexpected(app: Flask, info: ExcInfo | tuple[None, None, None]) -> None:
    """Log an error that nobody foresaw; flask's own line has the path, which may be a link."""
    app.logger.error("%s failed", _asked(), exc_info=info)


def _asked() -> str:
    return f"{request.method} {route_of_request()} ({request_id()})"


def _page_for(problem: Problem, error: Exception) -> Response:
    """Return an error as a page; where somebody must sign in, the page to do so."""
    if isinstance(error, UnauthorizedError):
        return sign_in.unauthorized_page(error)
    return error_page(problem, error)


def _is_for_tools() -> bool:
    tools = ("/api/", "/feeds/", "/healthz", "/readyz", "/metrics", "/openapi.json")
    return request.path.startswith((*tools, common_grants.PREFIX))


def _set_security_headers(response: Response) -> Response:
    """Let a page load only our own files, and run script only where a page has some."""
    policy = _POLICY | (_WITH_SCRIPT if request.endpoint == "web.operation" else {})
    if request.endpoint in mail_preview.MAIL_ENDPOINTS and response.status_code == 200:  # noqa: PLR2004  no error
        policy |= mail_preview.MAIL_POLICY
    response.headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in policy.items())
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Frame-Options"] = "DENY"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _version() -> str:
    try:
        return version("fundscout")
    except PackageNotFoundError:
        return "0"
