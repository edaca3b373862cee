"""What pages write in the reader's language, and once: titles, rounds, remarks of our own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from scrapers.call import Deadline, DeadlineKind, Eligibility
from scrapers.remarks import Remark, add_remarks
from service import web
from service.app import create_app
from service.context import Context
from service.domain.calls.duplicates.decisions import Decision, Relation
from service.domain.pilots.pilot import Pilot
from service.jobs.reindex import reindex
from tests.service.conftest import NOW, a_call
from tests.service.web.html_outline import outline

PORTAL_CLOSING = Remark.PORTAL_CLOSING.write()
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
            f"/?lang={language}",
            data={"text": "Hjärtsvikt i hemmet hos äldre"},
            follow_redirects=True,
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


def test_a_round_is_named_once_with_the_day_it_opened(context: Context) -> None:
    years = (2025, 2026)
    calls = [
        a_call(f"vinnova:{year}-1", f"Välfärdsteknik i hemmet {year}").model_copy(
            update={"opens": datetime(year, 2, 3, 9, tzinfo=UTC)}
        )
        for year in years
    ]
    context.calls.upsert(calls, NOW)
    a, b = calls[0].id, calls[1].id
    again = Decision(a=a, b=b, relation=Relation.REISSUE, evidence=())
    context.links.renew({(a, b): again}, NOW)
    client = create_app(context).test_client()
    page = client.get("/calls/vinnova:2026-1?lang=sv").text
    assert page.count("Välfärdsteknik i hemmet 2025") == 1
    assert "öppnade 3 februari 2025" in page
    assert "Andra omgångar" not in page


def test_a_remark_of_our_own_is_no_quote_and_is_translated(context: Context) -> None:
    closes = datetime(2026, 4, 20, 15, tzinfo=UTC)
    at = Deadline(kind=DeadlineKind.FIXED, zone="Europe/Brussels", at=closes, text=PORTAL_CLOSING)
    quoted = at.model_copy(update={"text": "Den 20 april klockan 17"})
    context.calls.upsert(
        [
            a_call("eu_portal:T-1").model_copy(update={"deadlines": (at,)}),
            a_call("eu_portal:T-2").model_copy(update={"deadlines": (quoted,)}),
        ],
        NOW,
    )
    client = create_app(context).test_client()
    page = client.get("/calls/eu_portal:T-1?lang=sv").text
    assert '<span class="zone">Källan anger dagen; portalen tar emot' in page
    assert PORTAL_CLOSING not in page
    english = client.get("/calls/eu_portal:T-1?lang=en").text
    assert f'<span class="zone">{PORTAL_CLOSING}</span>' in english
    assert '<q dir="auto">Den 20 april klockan 17</q>' in client.get("/calls/eu_portal:T-2").text


def test_our_remarks_stand_beside_the_funders_quoted_words(context: Context) -> None:
    days = [date(2027, 2, 10)]
    mixed = add_remarks("Öppet till 3 februari", Remark.ALSO_NAMED.write(days=days))
    fixed = Deadline(
        kind=DeadlineKind.FIXED, zone="Europe/Stockholm", at=NOW + timedelta(days=30), text=mixed
    )
    rolling = Deadline(
        kind=DeadlineKind.ROLLING,
        zone="Europe/Stockholm",
        text=add_remarks("Open until 2099.", Remark.FAR_YEAR.write(year="2099")),
    )
    context.calls.upsert(
        [
            a_call("forte:1").model_copy(update={"deadlines": (fixed,)}),
            a_call("forte:2").model_copy(update={"deadlines": (rolling,)}),
        ],
        NOW,
    )
    client = create_app(context).test_client()
    page = client.get("/calls/forte:1?lang=sv").text
    assert (
        '<q dir="auto">Öppet till 3 februari.</q> '
        '<span class="zone">Sidan anger också 10 februari 2027 som sista dag.</span>'
    ) in page
    assert "The page also names" not in page
    undated = client.get("/calls/forte:2?lang=sv").text
    assert "(”Open until 2099.” Källan anger en dag år 2099," in undated
    assert "The record has" not in undated


def test_what_we_say_of_an_agencys_conditions_is_translated(context: Context) -> None:
    asked = (
        Eligibility(kind="condition", value="see the agency's own words", quote="Ask first."),
        Eligibility(kind="co-funding", value="not required"),
    )
    context.calls.upsert(
        [a_call("grants_gov:1").model_copy(update={"eligibility": asked})],
        NOW,
    )
    client = create_app(context).test_client()
    page = client.get("/calls/grants_gov:1?lang=sv").text
    assert "Se myndighetens egen text" in page
    assert "Ingen medfinansiering krävs" in page
    assert "No co-funding is required" in client.get("/calls/grants_gov:1?lang=en").text
