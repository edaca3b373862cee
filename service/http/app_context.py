"""The `Context` that the running application answers from."""

from __future__ import annotations

from typing import cast

from flask import current_app

from service.context import Context

EXTENSION = "fundscout"
"""Where the Flask application keeps its `Context`."""


def app_context() -> Context:
    """Return what the running application answers from."""
    return cast("Context", current_app.extensions[EXTENSION])
