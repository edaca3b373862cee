"""The pages of searches that have an address: shown, saved, shared and deleted."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.access.principal import acting
from service.domain.access.rights import Right
from service.domain.pilots.stored_search import StoredSearch
from service.errors import InputError
from service.http.app_context import app_context
from service.http.search_choices import read_view
from service.messages.notes import from_error
from service.messages.words import words
from service.use_cases.explain_call import explain_call_for_text
from service.use_cases.searches import searches as use_cases
from service.web import forms, render
from service.web.forms import SearchForm
from service.web.pages import gone_notes, show_search, web
from service.web.searching.choices import toggled_link
from service.web.words import chosen_language, language_of

_READERS_OWN = frozenset({"lang", "ui"})


@web.get("/searches/<search_id>")
def stored_search(search_id: str) -> ResponseReturnValue:
    """Show a search: its text and its matches, with the choices that stand in the address."""
    context = app_context()
    search = use_cases.get_search(context, search_id)
    if search.query and not set(request.args) - _READERS_OWN:
        return redirect(search_address(search.id, {**search.query}), 302)
    form, dropped = read_view(SearchForm, request.args)
    if asked := request.args.get("toggle", ""):
        parts = toggled_link(form, asked, context.settings.currency)
        return redirect(search_address(search.id, _never_bare(parts, search)), 302)
    if request.args.get("show") or request.args.get("stand") or request.args.get("boxes"):
        sent = forms.read_search(request)
        return redirect(search_address(search.id, forms.as_link(sent.form)), 302)
    return show_search(form, search.text, search=search, notes=gone_notes(dropped))


@web.get("/searches")
def searches() -> ResponseReturnValue:
    """List the saved searches."""
    saved = use_cases.list_searches(app_context())
    return render.render_page(
        "searches.html", request, searches=saved, mine=lambda one: one.is_of(acting())
    )


@web.post("/searches/<search_id>/save")
def save_search(search_id: str) -> ResponseReturnValue:
    """Keep a search under a name, with the choices in the address."""
    form, _ = read_view(SearchForm, request.args)
    parts = forms.as_link(form)
    try:
        use_cases.save_search(
            app_context(), search_id, request.form.get("name", ""), forms.to_query(parts)
        )
    except InputError as error:
        search = use_cases.get_search(app_context(), search_id)
        problem = words(language_of(request)).say(from_error(error))
        return make_response(show_search(form, search.text, search=search, problem=problem), 422)
    return redirect(search_address(search_id, parts), 303)


@web.post("/searches/<search_id>/share")
def share_search(search_id: str) -> ResponseReturnValue:
    """Let colleagues open a search, or its owner alone."""
    shared = request.form.get("shared") == "true"
    use_cases.share_search(app_context(), search_id, shared=shared)
    form, _ = read_view(SearchForm, request.args)
    return redirect(search_address(search_id, forms.as_link(form)), 303)


@web.post("/searches/<search_id>/delete")
def delete_search(search_id: str) -> ResponseReturnValue:
    """Delete a search with its text."""
    use_cases.delete_search(app_context(), search_id)
    endpoint = "web.searches" if acting().may(Right.READ) else "web.search"
    return redirect(url_for(endpoint, **_language_choice()), 303)


@web.get("/searches/<search_id>/calls/<path:call_id>")
def explained_call(search_id: str, call_id: str) -> ResponseReturnValue:
    """Explain one call for a search: why it fits or does not, and what would change it."""
    context = app_context()
    search = use_cases.get_search(context, search_id)
    form, _ = read_view(SearchForm, request.args)
    explanation = explain_call_for_text(
        context, search.text, call_id, form.filters(), form.profile(None)
    )
    return render.render_page(
        "call_explanation.html",
        request,
        explanation=explanation,
        search=search,
        pilot=None,
        linked=forms.as_link(form),
    )


def search_address(search_id: str, parts: dict[str, Any]) -> str:
    """Return the address of a search with a reader's choices, in the language that was chosen."""
    return url_for("web.stored_search", search_id=search_id, **parts, **_language_choice())


def _never_bare(parts: dict[str, Any], search: StoredSearch) -> dict[str, Any]:
    """Return ``parts``; of a search that has choices of its own, none at all must be said."""
    return parts or ({"sort": "fit"} if search.query else {})


def _language_choice() -> dict[str, Any]:
    chosen = chosen_language(request)
    return {"lang": chosen} if chosen else {}
