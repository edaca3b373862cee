"""Answers to what is no request that the application could see, in the form of its own problems."""

from __future__ import annotations

import json
import uuid
from typing import Any

from waitress.task import ErrorTask
from waitress.utilities import Error

from service.http.problems import problem
from service.http.request_ids import HEADER

_ADVICE = {
    400: "This is no request of HTTP: see the documentation at /docs.",
    413: "The body is too large: send less.",
    431: "The address or a header is too long: send less of it, or a body with POST.",
    501: "This way of sending a body is not known here: send it with its length.",
    503: "Many files are being sent at once: send it again in a minute.",
}
_FAILED = "Something went wrong here. It has been logged."


class ServiceBusyError(Error):  # type: ignore[misc]  # waitress has no types
    """More comes in at once than there is room for."""

    code = 503
    reason = "Service Unavailable"


class ProblemTask(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answers with a problem document, as every tool can read it."""

    def execute(self) -> None:
        """Send the answer, and close the connection: what follows on it cannot be told apart."""
        status, headers, body = _answer(self.request.error)
        self.status = status
        self.response_headers.extend(headers)
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


def _answer(error: Any) -> tuple[str, list[tuple[str, str]], bytes]:
    """Return the status line, the headers and the body for an error of waitress."""
    code = error.code if error.code in _ADVICE else 500
    name = uuid.uuid4().hex
    told = problem(code, _ADVICE.get(code, _FAILED)).model_copy(update={"request_id": name})
    headers = [
        ("Content-Type", "application/problem+json"),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        (HEADER, name),
    ]
    if code == ServiceBusyError.code:
        headers.append(("Retry-After", "60"))
    return f"{code} {told.title}", headers, json.dumps(told.model_dump(mode="json")).encode()
