"""The page that explains one call for one pilot. It renders what the API's way answers."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from service.api.pairs import find_pair
from service.api.source import source
from service.web import forms, render
from service.web.pages import web


@web.get("/pilots/<pilot_id>/calls/<path:call_id>")
def pair(pilot_id: str, call_id: str) -> ResponseReturnValue:
    """Show why a call fits or does not, its place, and what would change it.

    The link has the choices of the list that the reader comes from; what cannot be used is left.
    """
    view, _ = forms.read_view(request)
    found = find_pair(source(), pilot_id, call_id, view.filters())
    return render.page(
        "pair.html",
        request,
        found=found,
        pilot=source().pilots.get(pilot_id),
        linked=forms.as_link(view),
    )
