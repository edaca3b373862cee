"""The page that explains one call for one pilot."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from service.http.app_context import app_context
from service.use_cases.explain_call import explain_call
from service.use_cases.pilots import get_pilot
from service.web import forms, render
from service.web.pages import web


@web.get("/pilots/<pilot_id>/calls/<path:call_id>")
def call_explanation(pilot_id: str, call_id: str) -> ResponseReturnValue:
    """Show why a call fits or does not, its place, and what would change it.

    The link has the filters of the list that the reader comes from; those in error are ignored.
    """
    form, _ = forms.read_pilot_view(request)
    explanation = explain_call(app_context(), pilot_id, call_id, form.filters())
    return render.render_page(
        "call_explanation.html",
        request,
        explanation=explanation,
        pilot=get_pilot(app_context(), pilot_id),
        search=None,
        linked=forms.as_link(form),
    )
