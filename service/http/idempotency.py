"""The header Idempotency-Key: a create that is sent again creates nothing again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec

from flask import Response, current_app, request
from werkzeug.exceptions import BadRequest

from service.http.app_context import app_context
from service.http.uploads import MULTIPART
from service.use_cases.sync.idempotency import KeptAnswer, answer_once

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_CREDENTIALS = ("Authorization", "X-API-Key", "Cookie")
_KEPT_HEADERS = ("Location", "ETag")
_P = ParamSpec("_P")


def once(view: Callable[_P, Any]) -> Callable[_P, Any]:
    """Answer requests with the same Idempotency-Key alike, and do what they ask for once."""

    @wraps(view)
    def answer(*args: _P.args, **kwargs: _P.kwargs) -> Any:
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **kwargs)
        if not _KEY.fullmatch(key):
            raise BadRequest(f"{HEADER} has 1 to 255 letters, digits and signs, without blanks.")
        made: list[Response] = []

        def make() -> KeptAnswer | None:
            made.append(current_app.make_response(view(*args, **kwargs)))
            return _keep(made[0])

        asked = f"{request.method} {request.path}\0{_sent()}"
        kept = answer_once(app_context(), key, _caller(), asked, make)
        return made[0] if made or kept is None else _replay(kept)

    return answer


def _sent() -> str:
    """Return what was sent; of a form its parts, between which each request has its own line."""
    if request.mimetype != MULTIPART:
        return request.get_data(as_text=True)
    parts: list[tuple[str, str]] = list(request.form.items(multi=True))
    for name, file in request.files.items(multi=True):
        parts.append((name, hashlib.sha256(file.stream.read()).hexdigest()))
        file.stream.seek(0)
    return json.dumps(sorted(parts))


def _caller() -> str:
    """Return who asks, as far as credentials say: keys of two callers never meet."""
    return "\0".join(request.headers.get(name, "") for name in _CREDENTIALS)


def _keep(response: Response) -> KeptAnswer | None:
    if not 200 <= response.status_code < 300:  # noqa: PLR2004  success
        return None
    pilot_id = (request.view_args or {}).get("pilot_id") or (response.json or {}).get("id")
    return KeptAnswer(
        status=response.status_code,
        body=response.get_data(as_text=True),
        headers={
            name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers
        },
        pilot_id=pilot_id,
    )


def _replay(kept: KeptAnswer) -> Response:
    headers = {**kept.headers, REPLAYED: "true"}
    return Response(kept.body, kept.status, headers, mimetype="application/json")
