"""One page of a council: its address, dates, persons left out, and what its sentences say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from scrapers.catalogue import get_funder
from scrapers.errors import ShapeError
from scrapers.funder import SourceItem
from scrapers.http.page import Page
from scrapers.platforms.council_pages import CouncilPage, page_text, read_page
from scrapers.platforms.labelled_pages import read_labelled_page
from scrapers.reading.applicants import read_eligibility
from scrapers.reading.money import read_project_funding
from tests.scrapers.platforms.council_runs import FORMAS_CALLS, days


def read(key: str, address: str, text: str) -> SourceItem:
    (item,) = get_funder(key).items(Page("page.txt", f"URL: {address}\n\n{text}".encode()))
    assert isinstance(item, SourceItem)
    return item


VR_PAGE = "https://www.vr.se/soka-finansiering/utlysningar/2098-11-10-pahittad.html"
FORMAS_PAGE = f"https://formas.se{FORMAS_CALLS}/2098-01-01-pahittad.html"


def test_a_closed_page_without_a_day_is_counted_and_no_call() -> None:
    text = "Stängd utlysning\n\nPåhittad utlysning\n\nSöks av: Enskild forskare\n"
    assert read("vr", VR_PAGE, text).skip == "closed, without a day"
    dated = text + "\nSista ansökningsdag: 17.03.2099\n"
    assert read("vr", VR_PAGE, dated).skip == ""


def test_persons_who_got_grants_are_left_out() -> None:
    text = (
        "Påhittad utlysning\n\nVAD KAN DU SÖKA FÖR?\n\nProjekt om parker.\n\n"
        "Beslutad: 2098-03-26 14:00\n\nPreliminärt beslut (det slutliga finns i Prisma)\n\n"
        "Påhittad utlysning 2098\n\nDnr\n\nFörnamn\n\nEfternamn\n\n2098-02311\n\nJane\n\n"
        "Exempelsson\n\nEtt projekt om parker och hälsa\n\nVEM KAN SÖKA?\n\nKommuner."
    )
    call = get_funder("formas").call([read("formas", FORMAS_PAGE, text)])
    assert call.texts == {"sv": "Projekt om parker.\n\nKommuner."}
    assert "Jane" not in call.model_dump_json()
    assert days(call)[1] == []


def test_a_page_names_its_address_or_is_refused_with_advice() -> None:
    with pytest.raises(ShapeError, match="first line 'URL:"):
        list(get_funder("forte").items(Page("page.txt", b"En utlysning\n\nSyfte: ett\n")))
    saved = b"<!-- saved from url=(0042)https://forte.se/utlysning/sparad-2099/ -->\n<html><body>"
    body = saved + "<h1>Sparad</h1><p>Utlysningen stänger: 1 mars 2099</p></body></html>".encode()
    (item,) = get_funder("forte").items(Page("page.html", body))
    assert isinstance(item, SourceItem)
    assert item.id == "sparad-2099"
    quoted = "URL (quoted elsewhere): https://forte.se/utlysning/x/\n\nRubrik\n\nSyfte\n\nEtt.\n"
    (item,) = get_funder("forte").items(Page("page.txt", quoted.encode()))
    assert isinstance(item, SourceItem)
    assert item.id == "x"


def test_a_page_of_nothing_is_refused() -> None:
    with pytest.raises(ShapeError, match="the text of a call"):
        read("forte", "https://forte.se/utlysning/tom/", "Tom sida\n")


def page_of(text: str) -> CouncilPage:
    body = f"URL: {VR_PAGE}\n\nPåhittad utlysning\n\n{text}".encode()
    return read_page(read_labelled_page(Page("page.txt", body), "here"), "Vetenskapsrådet", "here")


@pytest.mark.parametrize(
    ("line", "opens", "closes"),
    [
        (
            "Ansökningsperiod: 14 februari – 19 mars 2099 (kl. 14.00)",
            "2099-02-14T00:00:00+01:00",
            "2099-03-19T14:00:00+01:00",
        ),
        (
            "Ansökningsperiod: 1 december (kl. 14.00) – 20 januari 2099 (kl. 14.00)",
            "2098-12-01T14:00:00+01:00",
            "2099-01-20T14:00:00+01:00",
        ),
        ("Ansökningsperiod: till den 19 mars 2099", None, "2099-03-19T23:59:59+01:00"),
        ("Ansökningsperiod: 19 mars 2099", None, "2099-03-19T23:59:59+01:00"),
        ("Ansökningsperiod: våren 2099", None, None),
        (
            "Öppnar för ansökningar: 2098-09-04 14:00\nSista ansökningsdatum: 2098-10-16",
            "2098-09-04T14:00:00+02:00",
            "2098-10-16T23:59:59+02:00",
        ),
        (
            "Current: 37 days left. Apply before: 2099-06-10 14:00",
            None,
            "2099-06-10T14:00:00+02:00",
        ),
        ("Utlysningen öppnar\n9 januari 2099, klockan 10:00", "2099-01-09T10:00:00+01:00", None),
        ("Beslutsdatum: 1 mars 2099", None, None),
    ],
)
def test_dates_as_the_councils_write_them(line: str, opens: str | None, closes: str | None) -> None:
    item = read(
        "vr", VR_PAGE, f"Påhittad utlysning\n\nEn text om något som det går att söka.\n{line}"
    )
    call = get_funder("vr").call([item])
    assert days(call) == (opens, [closes] if closes else [])


@pytest.mark.parametrize(
    "inside",
    [
        (
            "<div><b>Öppnar för ansökningar</b><b>2099-09-04 14:00</b></div>"
            "<div><b>Sista ansökningsdatum</b><b>2099-10-16 14:00</b></div>"
        ),
        (
            "<p>Nytt! <b>Ansökningsperiod:</b> 4 september 2099 (kl. 14.00) – 16 oktober 2099 "
            "(kl. 14.00) <b>Söks av:</b> alla</p>"
        ),
        (
            "<dl><dt>Öppnar för ansökningar</dt><dd>2099-09-04 14:00</dd>"
            "<dt>Sista ansökningsdatum</dt><dd><del>2099-10-01</del> 2099-10-16 14:00</dd></dl>"
        ),
        (
            "<p>Utlysningen öppnar den 4 september 2099 klockan 14:00. Ansökan stänger den "
            "16 oktober 2099 klockan 14:00, och beslutet kommer 1 mars 2100.</p>"
        ),
    ],
)
def test_dates_in_markup_of_any_kind(inside: str) -> None:
    body = f"<html><body><main><h1>Påhittad</h1><p>En text.</p>{inside}</main></body></html>"
    (item,) = get_funder("formas").items(Page(FORMAS_PAGE, body.encode()))
    assert isinstance(item, SourceItem)
    found = days(get_funder("formas").call([item]))
    assert found == ("2099-09-04T14:00:00+02:00", ["2099-10-16T14:00:00+02:00"])


def test_sections_come_in_one_order_and_one_line_facts_first() -> None:
    page = page_of(
        "Tidsplan\n\nNågot om tid.\n\nBedömning\n\nNågot om hur.\n\nVem kan söka?\n\nAlla.\n\n"
        "Söks av: Kommuner"
    )
    text, sections = page_text(page)
    assert text == "Vem kan söka: Kommuner\nAlla.\n\nNågot om tid.\n\nNågot om hur."
    assert [section.name for section in sections] == ["who", "schedule", "assessment"]
    assert page.language == "sv"
    assert replace(page, address="https://www.vr.se/english/x").language == "en"


# What the pages' sentences say


def test_a_sum_a_year_is_no_sum_of_a_project() -> None:
    assert read_project_funding("Inga siffror alls.") is None
    yearly = read_project_funding("Minst 400 000 kronor per år, max 2 500 000 kronor per år.")
    assert yearly is not None
    assert (yearly.minimum, yearly.maximum) == (None, None)
    assert yearly.text.startswith("Minst 400 000")
    both = read_project_funding(
        "Högst 1 miljon kronor per år. Ett projekt får högst 3 miljoner kr."
    )
    assert both is not None
    assert both.maximum is not None
    assert both.maximum.amount == 3_000_000


def test_a_least_and_a_most_in_one_sentence_are_both_read() -> None:
    found = read_project_funding("Du kan söka minst 5 miljoner kronor och max 6 miljoner kronor.")
    assert found is not None
    assert found.minimum is not None
    assert found.maximum is not None
    assert (found.minimum.amount, found.maximum.amount) == (
        Decimal(5_000_000),
        Decimal(6_000_000),
    )


def test_an_exception_in_brackets_does_not_hide_who_may_apply() -> None:
    facts = read_eligibility("Kommuner och företag (ej enskild firma) kan söka.")
    may = {fact.value for fact in facts if fact.kind == "applicant"}
    assert may == {"municipality", "company"}
    assert [fact.value for fact in facts if fact.kind == "excluded"] == ["not individual"]
    assert facts[0].quote == "Kommuner och företag (ej enskild firma) kan söka."
    (refused,) = read_eligibility("Företag kan inte söka.")
    assert (refused.kind, refused.value) == ("excluded", "not company")
