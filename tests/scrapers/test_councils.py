"""The research councils: both doors of each, played and real; what goes wrong is said."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from scrapers.applicants import eligibility
from scrapers.call import Call, Status
from scrapers.errors import ShapeError
from scrapers.fetch import Fetcher, Limits
from scrapers.funder import Expectations, Funder, Item, Lost, funder
from scrapers.page import Page
from scrapers.platforms import gdp
from scrapers.platforms.councils import Council
from scrapers.platforms.labelled_pages import document
from scrapers.platforms.swedish_pages import CallPage, read_page, text_of
from scrapers.platforms.yearly import funding_of_projects
from scrapers.run import RunReport, collect, parse_files
from tests.scrapers.conftest import Asked, FakeClock, Reply, Site

COUNCILS = ("formas", "forte", "vr")
FORMAS_LIST = "/soka-finansiering/alla-utlysningar.html"
FORMAS_CALLS = "/soka-finansiering/alla-utlysningar/utlysningar"
KEY = "played-key"


@pytest.fixture
def fetcher(clock: FakeClock) -> Iterator[Fetcher]:
    made = Fetcher("https://example.org/who", clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


def at(site: Site, key: str = "formas", secret: str = "", minimum: int = 1) -> Funder:
    """A council that asks ``site`` and is content with few calls."""
    source = funder(key, site.url)
    object.__setattr__(source, "expects", Expectations(minimum=minimum, fill=()))
    source.secret = secret
    return source


def one(report: RunReport) -> Call:
    assert report.complete
    assert report.unread == {}
    (call,) = report.calls
    return call


def days(call: Call) -> tuple[str | None, list[str]]:
    """Opening and deadlines of a call as ISO 8601 on the clock of Stockholm."""
    opens = call.opens.isoformat() if call.opens else None
    return opens, [deadline.local().isoformat() for deadline in call.deadlines]


# Real pages


@pytest.mark.parametrize(
    ("key", "name", "opens", "closes"),
    [
        (
            "formas",
            "page_utforska_2024_sv.txt",
            "2024-09-04T14:00:00+02:00",
            "2024-10-16T14:00:00+02:00",
        ),
        ("formas", "page_gestaltad_livsmiljo_2023_sv.txt", None, "2024-03-26T14:00:00+01:00"),
        (
            "forte",
            "page_projektbidrag_2024_sv.txt",
            "2024-01-09T10:00:00+01:00",
            "2024-02-29T14:00:00+01:00",
        ),
        (
            "vr",
            "page_etableringsbidrag_2023-11-15_sv.txt",
            "2024-02-14T14:00:00+01:00",
            "2024-03-19T14:00:00+01:00",
        ),
        ("vr", "page_virus_2021_sv.txt", "2021-02-10T14:00:00+01:00", "2021-03-17T14:00:00+01:00"),
    ],
)
def test_a_real_page_has_its_dates(
    samples: Path, key: str, name: str, opens: str | None, closes: str
) -> None:
    call = one(parse_files(key, [samples / key / name]))
    assert days(call) == (opens, [closes])
    assert call.status(FakeClock().now()) is Status.CLOSED
    assert call.url is not None
    assert call.url.endswith((f"{call.native_id}.html", f"{call.native_id}/"))
    assert set(call.titles) == set(call.texts) == {"sv"}


def test_real_pages_have_their_titles_sums_and_applicants(samples: Path) -> None:
    names = {
        "formas": "page_utforska_2024_sv.txt",
        "forte": "page_projektbidrag_2024_sv.txt",
        "vr": "page_virus_2021_sv.txt",
    }
    calls = {key: one(parse_files(key, [samples / key / name])) for key, name in names.items()}
    titles = {key: call.titles["sv"] for key, call in calls.items()}
    assert titles["formas"] == "Utforska – Formas öppna utlysning för forskningsprojekt 2024"
    assert titles["forte"] == "Projektbidrag 2024"
    assert titles["vr"] == "Projektbidrag inom virus och virusorsakade sjukdomstillstånd"
    sums = {
        key: (call.funding.total, call.funding.minimum, call.funding.maximum)
        for key, call in calls.items()
        if call.funding
    }
    figures = {key: [money and money.amount for money in found] for key, found in sums.items()}
    assert figures == {
        "formas": [None, Decimal(5_000_000), Decimal(6_000_000)],
        "forte": [Decimal(345_000_000), None, Decimal(5_000_000)],
        "vr": [Decimal(50_000_000), None, None],
    }
    assert "university" in {fact.value for fact in calls["formas"].eligibility}
    assert {fact.value for fact in calls["vr"].eligibility} == {"individual"}


def test_a_real_decided_page_says_that_its_day_is_the_decision(samples: Path) -> None:
    path = samples / "formas" / "page_gestaltad_livsmiljo_2023_sv.txt"
    (deadline,) = one(parse_files("formas", [path])).deadlines
    assert "decided" in deadline.text


def test_another_programs_list_is_refused_in_words(samples: Path) -> None:
    for path in sorted((samples / "formas").glob("abeltomy_*.json")):
        report = parse_files("formas", [path])
        assert report.calls == ()
        ((_, message),) = report.problems
        assert "another program's output" in message


# The interface


def a_row(number: int, **more: object) -> dict[str, object]:
    row = {"finansiarNamn": "Formas", "diarienummer": f"2099-{number:05}", "titel": f"Nr {number}"}
    return {**row, "oppningsdatum": "2098-12-01", "stangningsdatum": "2099-05-06", **more}


def play(site: Site, rows: list[dict[str, object]], *, cap: int = 200, link: bool = True) -> None:
    """Serve ``rows`` at most ``cap`` at a time, with the headers of the specification."""

    def answer(asked: Asked) -> Reply:
        if asked.headers.get("authorization") != KEY:
            return Reply(b'{"message": "no key"}', 401)
        query = {
            name: int(value[0]) for name, value in parse_qs(urlsplit(asked.path).query).items()
        }
        start = query["offset"]
        part = rows[start : start + min(query["limit"], cap)]
        headers = {"X-TotalRecords": str(len(rows))}
        if link and start + len(part) < len(rows):
            following = f"http://inside.invalid/utlysningar?limit={cap}&offset={start + len(part)}"
            headers["X-Next"] = following
        return Reply(json.dumps(part).encode(), headers=headers)

    site.routes["/utlysningar"] = answer


@pytest.mark.parametrize("link", [True, False])
def test_every_page_of_the_interface_is_asked_for(
    site: Site, fetcher: Fetcher, *, link: bool
) -> None:
    play(site, [a_row(number) for number in range(7)], cap=3, link=link)
    told: list[int | None] = []
    report = collect(at(site, secret=KEY), fetcher, progress=lambda _, total: told.append(total))
    assert len(report.calls) == 7
    assert report.complete
    assert report.publishable
    assert report.pages == 3
    assert [parse_qs(urlsplit(path).query)["offset"] for path in site.paths()] == [
        ["0"],
        ["3"],
        ["6"],
    ]
    assert told == [3, 3, 3]
    assert days(report.calls[0]) == ("2098-12-01T00:00:00+01:00", ["2099-05-06T23:59:59+02:00"])
    assert report.calls[0].deadlines[0].date_only


@pytest.mark.parametrize("key", COUNCILS)
def test_a_key_opens_the_interface_of_each_council(key: str) -> None:
    asked: list[str] = []

    class Asking(Fetcher):
        def get(
            self,
            url: str,
            *,
            deadline: float | None = None,
            headers: Mapping[str, str] | None = None,
        ) -> Page:
            asked.append(url)
            assert deadline
            assert headers == {"Authorization": KEY}
            return Page(url, json.dumps([a_row(1)]).encode())

    source = funder(key)
    source.secret = KEY
    (page,) = source.pages(Asking("https://example.org/who"))
    assert isinstance(page, Page)
    assert asked == [f"https://api.{key}.se/gdp_{key}/utlysningar?limit=200&offset=0"]


def test_a_refused_key_is_fatal_and_not_named(site: Site, fetcher: Fetcher) -> None:
    play(site, [a_row(1)])
    report = collect(at(site, secret=f"not-{KEY}"), fetcher)
    assert not report.publishable
    ((_, message),) = report.problems
    assert "the key for formas was refused" in message
    assert KEY not in repr(report)


def test_an_offset_that_is_ignored_ends_the_asking(site: Site, fetcher: Fetcher) -> None:
    body = json.dumps([a_row(1), a_row(2)]).encode()
    site.serve("/utlysningar", Reply(body, headers={"x-totalrecords": "9"}))
    report = collect(at(site, secret=KEY), fetcher, last_good=2)
    assert len(site.paths()) == 2
    assert not report.complete
    assert not report.publishable
    assert any("the same calls came again" in message for _, message in report.problems)


def test_a_later_page_that_fails_keeps_what_is_stored(site: Site, fetcher: Fetcher) -> None:
    first = Reply(json.dumps([a_row(1)]).encode(), headers={"x-totalrecords": "2"})
    site.serve("/utlysningar", first, Reply(b"", 500))
    report = collect(at(site, secret=KEY), fetcher, last_good=1)
    assert [call.native_id for call in report.calls] == ["2099-00001"]
    assert not report.complete
    assert not report.publishable


def test_fewer_calls_than_the_interface_counts_is_a_loss(site: Site, fetcher: Fetcher) -> None:
    first = Reply(json.dumps([a_row(1)]).encode(), headers={"x-totalrecords": "2"})
    site.serve("/utlysningar", first, b"[]")
    report = collect(at(site, secret=KEY), fetcher)
    assert ("formas utlysningar", "1 of 2 calls came") in report.problems


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("[]", "an empty list"),
        ('{"message": "Unauthorized"}', "Unauthorized"),
        ('[{"title": "x", "url": "y"}]', "another program's output"),
        ("[1, 2]", "no rows"),
        ('[{"diarienummer"', "cut off"),
    ],
)
def test_what_is_no_answer_of_the_interface_is_refused(body: str, words: str) -> None:
    with pytest.raises(ShapeError, match=words):
        list(funder("vr").items(Page("answer.json", body.encode())))


def test_records_that_are_no_calls_are_counted_and_bad_ones_are_said() -> None:
    rows = [
        a_row(1),
        a_row(2, utlysning={"diarienummer": "2099-00001"}, personer=[{"namn": "Jane"}]),
        a_row(3, finansiarNamn="Forte"),
        a_row(4, diarienummer=None),
        a_row(5, stangningsdatum="in spring"),
        a_row(6, titel=None),
        a_row(7, budgetBelopp=5, budgetValuta="pengar"),
    ]
    source = funder("formas")
    found = list(source.items(Page("answer.json", json.dumps(rows).encode())))
    assert [item.skip for item in found if isinstance(item, Item) and item.skip] == [
        "application or award",
        "call of another funder",
    ]
    (lost,) = [item for item in found if isinstance(item, Lost)]
    assert "diarienummer" in lost.message
    items = {item.id: item for item in found if isinstance(item, Item)}
    for number in ("2099-00005", "2099-00006"):
        with pytest.raises(ShapeError):
            source.call([items[number]])
    assert source.call([items["2099-00007"]]).funding is None
    assert "no currency" in items["2099-00007"].fields.notes[0][1]


def test_the_interfaces_status_changes_nothing() -> None:
    calls = []
    for status in ("Kommande", "Avslutad", None):
        body = json.dumps([a_row(1, status=status)]).encode()
        (item,) = funder("formas").items(Page("answer.json", body))
        assert isinstance(item, Item)
        calls.append(funder("formas").call([item]).content_hash())
    assert len(set(calls)) == 1


# The pages


def a_list(*paths: str, more: str = "") -> Reply:
    links = "".join(f'<li><a href="{path}">En utlysning</a></li>' for path in paths)
    return html(f"<h1>Alla utlysningar</h1><ul>{links}</ul>{more}")


def html(inside: str) -> Reply:
    body = f"<!doctype html><html><body><main>{inside}</main></body></html>".encode()
    return Reply(body, headers={"Content-Type": "text/html; charset=utf-8"})


def a_page(title: str, closes: str = "2099-05-06 14:00") -> Reply:
    return html(
        f"<h1>{title}</h1><h2>Vem kan söka?</h2><p>Företag och kommuner.</p>"
        f"<p>Sista ansökningsdatum: {closes}</p>"
    )


def test_a_list_leads_to_each_calls_page(site: Site, fetcher: Fetcher) -> None:
    one_path, other_path = (f"{FORMAS_CALLS}/2099-01-0{n}-utlysning.html" for n in (1, 2))
    questions = f"{FORMAS_CALLS}/2099-01-01-utlysning/fragor.html"
    further = f'<a href="{FORMAS_LIST}?sida=2">Nästa sida »</a>'
    second = a_list(other_path, one_path)

    def answer(asked: Asked) -> Reply:
        first = a_list(one_path, questions, "https://elsewhere.invalid/x", more=further)
        return second if asked.path.endswith("?sida=2") else first

    site.routes[FORMAS_LIST] = answer
    site.serve(one_path, a_page("Den ena"))
    site.serve(other_path, a_page("Den andra", "2099-06-07"))
    report = collect(at(site, minimum=2), fetcher)
    assert {call.titles["sv"] for call in report.calls} == {"Den ena", "Den andra"}
    assert report.complete
    assert report.publishable
    assert set(site.paths()) == {FORMAS_LIST, f"{FORMAS_LIST}?sida=2", one_path, other_path}
    assert report.skipped == {"link on a list": 3}
    (call,) = [call for call in report.calls if call.titles["sv"] == "Den ena"]
    assert days(call) == (None, ["2099-05-06T14:00:00+02:00"])
    assert {fact.value for fact in call.eligibility} == {"company", "municipality"}


@pytest.mark.parametrize("key", COUNCILS)
def test_a_list_without_links_is_fatal(site: Site, fetcher: Fetcher, key: str) -> None:
    source = at(site, key)
    assert isinstance(source, Council)
    for path in source.lists:
        site.serve(path, html("<h1>Alla utlysningar</h1><p>Sidan laddas.</p>"))
    answers = list(source.pages(fetcher))
    assert len(answers) == len(source.lists)
    assert all(isinstance(lost, Lost) and lost.fatal for lost in answers)
    report = collect(source, fetcher)
    assert report.calls == ()
    assert not report.publishable
    assert all("no link to a call" in message for _, message in report.problems)


def test_a_list_that_has_moved_is_looked_for_where_else_it_may_be(
    site: Site, fetcher: Fetcher
) -> None:
    path = "/utlysning/hittad-2099/"
    site.serve("/utlysningar/", a_list(path))
    site.serve(path, a_page("Hittad"))
    report = collect(at(site, "forte"), fetcher)
    assert one(report).id == "forte:hittad-2099"
    assert report.publishable


def test_a_page_that_fails_is_lost_and_the_others_come(site: Site, fetcher: Fetcher) -> None:
    paths = [f"/utlysning/nummer-{number}/" for number in range(3)]
    site.serve("/sok-finansiering/utlysningar/", a_list(*paths))
    for path in paths[:2]:
        site.serve(path, a_page(path))
    report = collect(at(site, "forte"), fetcher)
    assert {call.native_id for call in report.calls} == {"nummer-0", "nummer-1"}
    assert not report.complete
    assert [where for where, _ in report.problems] == ["forte nummer-2"]


def read(key: str, address: str, text: str) -> Item:
    (item,) = funder(key).items(Page("page.txt", f"URL: {address}\n\n{text}".encode()))
    assert isinstance(item, Item)
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
    call = funder("formas").call([read("formas", FORMAS_PAGE, text)])
    assert call.texts == {"sv": "Projekt om parker.\n\nKommuner."}
    assert "Jane" not in call.model_dump_json()
    assert days(call)[1] == ["2098-03-26T14:00:00+01:00"]


def test_a_page_names_its_address_or_is_refused_with_advice() -> None:
    with pytest.raises(ShapeError, match="first line 'URL:"):
        list(funder("forte").items(Page("page.txt", b"En utlysning\n\nSyfte: ett\n")))
    saved = b"<!-- saved from url=(0042)https://forte.se/utlysning/sparad-2099/ -->\n<html><body>"
    body = saved + "<h1>Sparad</h1><p>Utlysningen stänger: 1 mars 2099</p></body></html>".encode()
    (item,) = funder("forte").items(Page("page.html", body))
    assert isinstance(item, Item)
    assert item.id == "sparad-2099"
    quoted = "URL (quoted elsewhere): https://forte.se/utlysning/x/\n\nRubrik\n\nSyfte\n\nEtt.\n"
    (item,) = funder("forte").items(Page("page.txt", quoted.encode()))
    assert isinstance(item, Item)
    assert item.id == "x"


def test_a_page_of_nothing_is_refused() -> None:
    with pytest.raises(ShapeError, match="the text of a call"):
        read("forte", "https://forte.se/utlysning/tom/", "Tom sida\n")


def page_of(text: str) -> CallPage:
    body = f"URL: {VR_PAGE}\n\nPåhittad utlysning\n\n{text}".encode()
    return read_page(document(Page("page.txt", body), "here"), "Vetenskapsrådet", "here")


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
    call = funder("vr").call([item])
    assert days(call) == (opens, [closes] if closes else [])


def test_sections_come_in_one_order_and_one_line_facts_first() -> None:
    page = page_of(
        "Tidsplan\n\nNågot om tid.\n\nBedömning\n\nNågot om hur.\n\nVem kan söka?\n\nAlla.\n\n"
        "Söks av: Kommuner"
    )
    text, sections = text_of(page)
    assert text == "Vem kan söka: Kommuner\nAlla.\n\nNågot om tid.\n\nNågot om hur."
    assert [section.name for section in sections] == ["who", "schedule", "assessment"]
    assert page.language == "sv"
    assert replace(page, address="https://www.vr.se/english/x").language == "en"


# What the pages' sentences say


def test_a_sum_a_year_is_no_sum_of_a_project() -> None:
    assert funding_of_projects("Inga siffror alls.") is None
    yearly = funding_of_projects("Minst 400 000 kronor per år, max 2 500 000 kronor per år.")
    assert yearly is not None
    assert (yearly.minimum, yearly.maximum) == (None, None)
    assert yearly.text.startswith("Minst 400 000")
    both = funding_of_projects("Högst 1 miljon kronor per år. Ett projekt får högst 3 miljoner kr.")
    assert both is not None
    assert both.maximum is not None
    assert both.maximum.amount == 3_000_000


def test_a_least_and_a_most_in_one_sentence_are_both_read() -> None:
    found = funding_of_projects("Du kan söka minst 5 miljoner kronor och max 6 miljoner kronor.")
    assert found is not None
    assert found.minimum is not None
    assert found.maximum is not None
    assert (found.minimum.amount, found.maximum.amount) == (
        Decimal(5_000_000),
        Decimal(6_000_000),
    )


def test_an_exception_in_brackets_does_not_hide_who_may_apply() -> None:
    facts = eligibility("Kommuner och företag (ej enskild firma) kan söka.")
    assert {fact.value for fact in facts} == {"municipality", "company"}
    assert facts[0].quote == "Kommuner och företag (ej enskild firma) kan söka."
    assert eligibility("Företag kan inte söka.") == ()


def test_the_count_of_calls_is_read_only_where_it_is_one() -> None:
    assert gdp.count(Page("x", b"", headers={"x-totalrecords": "41"})) == 41
    assert gdp.count(Page("x", b"", headers={"x-totalrecords": "many"})) is None
    assert gdp.count(Page("x", b"")) is None
