"""The pages to sign in and out by. What was typed into a form before is never lost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from flask import Request, Response, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.errors import TooManyError, UnauthorizedError
from service.http.access.authentication import cookie_name, needs_https
from service.http.app_context import app_context
from service.messages.message import Message, message
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.access.sign_in import SignedIn, sign_in, sign_out
from service.web import render
from service.web.pages import web
from service.web.words import chosen_language, language_of

_HOME = "/"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class KeptForm:
    """A form that came without a session: where it goes, and its fields in order."""

    action: str
    fields: tuple[tuple[str, str], ...]
    is_multipart: bool = False
    files: tuple[str, ...] = ()

    @classmethod
    def of(cls, sent: Request) -> KeptForm | None:
        """Return the form in a request; None when it is none."""
        if sent.method != "POST" or sent.mimetype not in ("", *_FORMS):
            return None
        return cls(
            action=own_path(sent.full_path.removesuffix("?")),
            fields=tuple(sent.form.items(multi=True)),
            is_multipart=sent.mimetype == "multipart/form-data",
            files=tuple(file.filename for file in sent.files.values() if file.filename),
        )

    @classmethod
    def read(cls, text: str) -> KeptForm | None:
        """Return the form that a page of ours kept; None when there is none, or it was altered."""
        try:
            value = json.loads(text)
            fields = tuple((str(name), str(field)) for name, field in value["fields"])
            files = tuple(map(str, value["files"]))
            return cls(own_path(value["action"]), fields, bool(value["multipart"]), files)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None

    @property
    def text(self) -> str:
        """The form as a page keeps it."""
        value = {
            "action": self.action,
            "fields": self.fields,
            "multipart": self.is_multipart,
            "files": self.files,
        }
        return json.dumps(value, ensure_ascii=False)


@web.get("/sign-in", endpoint="sign_in")
def show_sign_in() -> ResponseReturnValue:
    """Show the form to sign in by."""
    return sign_in_page(request, next_=own_path(request.args.get("next", "")))


@web.post("/sign-in")
def send_sign_in() -> ResponseReturnValue:
    """Sign a person in, and lead back to where the person came from."""
    next_ = own_path(request.form.get("next", ""))
    kept = KeptForm.read(request.form.get("kept", ""))
    name = request.form.get("name", "")
    if needs_https(request):
        problem = message("problem.sign_in.https")
        return sign_in_page(request, problem, next_, kept, name, status=422)
    try:
        signed_in = sign_in(
            app_context(), name, request.form.get("password", ""), request.remote_addr or ""
        )
    except TooManyError as error:
        page = sign_in_page(request, from_error(error), next_, kept, name, status=429)
        page.headers["Retry-After"] = str(int(error.wait.total_seconds()))
        return page
    except UnauthorizedError as error:
        return sign_in_page(request, from_error(error), next_, kept, name, status=401)
    if kept is None:
        return lead_on(signed_in, next_)
    page = make_response(render.render_page("resume.html", request, kept=kept))
    return _with_session(page, signed_in)


@web.post("/sign-out")
def sign_out_here() -> ResponseReturnValue:
    """End the session of this browser."""
    cookie = cookie_name(request)
    sign_out(app_context(), request.cookies.get(cookie, ""))
    chosen = chosen_language(request)
    link: dict[str, Any] = {"lang": chosen} if chosen else {}
    response = make_response(redirect(current_app.url_for("web.sign_in", **link), 303))
    response.delete_cookie(cookie, path="/", secure=request.is_secure, httponly=True)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def sign_in_page(
    sent: Request,
    problem: Message | None = None,
    next_: str = _HOME,
    kept: KeptForm | None = None,
    name: str = "",
    *,
    status: int = 200,
) -> Response:
    """Return the page to sign in by.

    Args:
        sent: the request that it answers.
        problem: what went wrong, or why one must sign in.
        next_: where it leads to, a path of this service.
        kept: a form that came without a session; it is sent again afterwards.
        name: as it was typed before.
        status: of the answer.
    """
    page = render.render_page(
        "sign_in.html",
        sent,
        problem=words(language_of(sent)).say(problem) if problem else "",
        next=next_,
        kept=kept,
        name=name,
        provider=app_context().settings.access.provider,
        needs_https=needs_https(sent),
    )
    return make_response(page, status)


def unauthorized_page(error: UnauthorizedError) -> Response:
    """Return the page to sign in by, for a request that came without a session."""
    why = from_error(error) if error.was_shown else message("sign_in.needed")
    kept = KeptForm.of(request)
    next_ = _HOME if kept else own_path(request.full_path.removesuffix("?"))
    return sign_in_page(request, why, next_, kept, status=401)


def lead_on(signed_in: SignedIn, next_: str) -> Response:
    """Return the answer that opens a session in a browser and leads on."""
    return _with_session(make_response(redirect(next_, 303)), signed_in)


def own_path(text: Any) -> str:
    """Return a path of this service with its query; the first page for what may lead elsewhere."""
    path = text if isinstance(text, str) else ""
    leads_away = not path.startswith("/") or path.startswith(("//", "/\\", "/sign-"))
    return _HOME if leads_away or not path.isprintable() or "\\" in path else path


def _with_session(response: Response, signed_in: SignedIn) -> Response:
    response.set_cookie(
        cookie_name(request),
        signed_in.token,
        expires=signed_in.expires_at,
        path="/",
        secure=request.is_secure,
        httponly=True,
        samesite="Lax",
    )
    return response
