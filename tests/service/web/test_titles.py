"""A call's title on a page of matches: in the reader's language, where the funder has it."""

from __future__ import annotations

from pathlib import Path

from service import web
from service.app import create_app
from service.context import Context
from service.domain.pilot import Pilot
from service.jobs.reindex import reindex
from tests.service.conftest import NOW, a_call
from tests.service.web.outline import outline

ENGLISH, SWEDISH = "Heart failure at home", "Hjärtsvikt i hemmet"


def test_the_title_is_in_the_readers_language_not_the_texts(context: Context) -> None:
    both = a_call().model_copy(update={"titles": {"sv": SWEDISH, "en": ENGLISH}})
    words = "Stöd till forskning om äldre som bor ensamma på landet."
    only = a_call("vinnova:2026-002", "Hjärtsvikt hos äldre", text=words)
    context.calls.upsert([both, only], NOW)
    reindex(context)
    client = create_app(context).test_client()
    for language, title in (("en", ENGLISH), ("sv", SWEDISH)):
        page = client.post(
            f"/?lang={language}", data={"text": "Hjärtsvikt i hemmet hos äldre"}
        ).text
        assert f'<bdi lang="{language}">{title}</bdi></a></h3>' in page
        assert '<bdi lang="sv">Hjärtsvikt hos äldre</bdi></a></h3>' in page


def test_a_stored_pilots_matches_lead_to_the_page_where_they_are_judged(context: Context) -> None:
    context.calls.upsert([a_call()], NOW)
    context.pilots.add(Pilot(id="hemma", title="Hemma", text=SWEDISH, language="sv"))
    reindex(context)
    client = create_app(context).test_client()
    links = [a["href"] for a in outline(client.get("/?pilot=hemma&lang=sv").text).all("a")]
    assert "/pilots/hemma?lang=sv" in links
    sheet = Path(web.__file__).with_name("static").joinpath("style.css").read_text("utf-8")
    assert ".answered .jump { display: none" not in sheet, "it stands in the heading, on any width"
