"""Five agencies' pages: real texts give exact facts, whole runs keep to their manners."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from scrapers.call import Call, Deadline, DeadlineKind, Status
from scrapers.fetch import Fetcher, Limits
from scrapers.funder import Expectations, Funder, Item, funder
from scrapers.funders.nih_guide import NihGuide
from scrapers.page import Page
from scrapers.platforms.labelled_pages import Vocabulary, document, sums
from scrapers.run import RunReport, collect, parse_files
from tests.scrapers.conftest import Asked, FakeClock, Reply, Site

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "januari februari mars april maj juni juli augusti september oktober november december".split()
)
PAGED = ("energimyndigheten", "nordforsk", "tillvaxtverket", "ukri")


@pytest.fixture
def fetcher(clock: FakeClock) -> Iterator[Fetcher]:
    made = Fetcher("https://example.org/who", clock=clock, limits=Limits(retries=0))
    yield made
    made.close()


def asking(key: str, site: Site) -> Funder:
    """The funder at a site of ours, content with few calls."""
    source = funder(key, site.url)
    # an instance may differ from its class here because only this run sees it
    object.__setattr__(source, "expects", Expectations(minimum=1, fill=()))
    return source


def read(key: str, folder: Path, text: str, name: str = "saved.txt") -> RunReport:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return parse_files(key, [path])


def only(report: RunReport) -> Call:
    assert report.problems == ()
    assert report.unread == {}
    (call,) = report.calls
    return call


def one_deadline(call: Call) -> Deadline:
    (deadline,) = call.deadlines
    return deadline


def page(body: str, address: str = "https://example.org/x") -> Page:
    return Page(url=address, body=body.encode())


# Real answers


def test_every_real_card_is_cut_at_its_own_date(samples: Path, tmp_path: Path) -> None:
    captured = samples / "energimyndigheten" / "abeltomy_energi_2026-04-23.json"
    rows = json.loads(captured.read_text(encoding="utf-8"))
    cards = [f'<li><a href="{row["url"]}">{row["title"]}</a></li>' for row in rows]
    html = f"<html><body><main><ul>{''.join(cards)}</ul></main></body></html>"
    report = read("energimyndigheten", tmp_path, html, "list.html")
    assert report.problems == ()
    assert report.findings == ()
    assert len(report.calls) == len(rows) == 201
    for row, call in zip(rows, report.calls, strict=True):
        title = call.titles["sv"]
        day = one_deadline(call).local()
        badge = f"{day.day:02} {MONTHS[day.month - 1]} {day.year}"
        assert re.match(rf"{re.escape(title)} (?:Stänger )?{badge}\b", row["title"])
        assert one_deadline(call).date_only
        assert call.url == row["url"]
    assert len({one_deadline(call).at for call in report.calls}) > 100
    assert sum(bool(call.keywords) for call in report.calls) == 201


def test_a_real_call_within_five_counties(samples: Path) -> None:
    path = samples / "tillvaxtverket" / "page_7138_smarta_energisystem_sv.txt"
    call = only(parse_files("tillvaxtverket", [path]))
    assert call.id == "tillvaxtverket:7138"
    assert call.opens == datetime(2024, 8, 12, tzinfo=STOCKHOLM)
    assert call.funding is not None
    assert call.funding.share_percent == 40
    assert call.funding.maximum is None
    regions = [fact.value for fact in call.eligibility if fact.kind == "region"]
    assert regions == ["Örebro, Östergötland, Sörmland, Uppsala, Västmanland"]
    assert call.texts["sv"].startswith("Nu finns finansiering")
    assert [section.name for section in call.sections["sv"]][1:] == ["who", "what", "amount"]
    assert call.status(datetime(2024, 8, 1, tzinfo=STOCKHOLM)) is Status.FORTHCOMING


def test_a_real_ongoing_opportunity_is_rolling(samples: Path) -> None:
    call = only(parse_files("ukri", [samples / "ukri" / "page_dpfs_gap_fund.txt"]))
    assert call.native_id == "funding-for-early-stage-development-of-new-healthcare-interventions"
    deadline = one_deadline(call)
    assert deadline.kind is DeadlineKind.ROLLING
    assert deadline.text.endswith("every March, July and November.")
    assert not call.invited_only
    assert call.titles["en"].startswith("Funding for early stage")
    assert "research organisation" in [fact.value for fact in call.eligibility]


def test_a_real_summary_for_invited_applicants(samples: Path, tmp_path: Path) -> None:
    source = samples / "ukri" / "summary_block_dpfs_stage2_2026.txt"
    refused = parse_files("ukri", [source])
    assert refused.calls == ()
    assert "URL: https://" in refused.problems[0][1]
    summary = source.read_text(encoding="utf-8").split("\n", 1)[1]
    head = "URL: https://www.ukri.org/opportunity/dpfs-stage-two/\nFunding opportunity: DPFS\n"
    call = only(read("ukri", tmp_path, head + summary))
    assert one_deadline(call).at == datetime(2026, 3, 4, 16, tzinfo=LONDON)
    assert call.opens == datetime(2025, 12, 10, 9, tzinfo=LONDON)
    assert call.published == datetime(2025, 11, 26, tzinfo=LONDON)
    assert call.invited_only
    assert call.programme == "Medical Research Council (MRC)"
    assert call.funding is not None
    assert call.funding.total is not None
    assert call.funding.total.amount == 11_000_000
    assert call.funding.total.currency == "GBP"


def test_a_real_announcement_of_the_guide(samples: Path) -> None:
    call = only(parse_files("nih_guide", [samples / "nih" / "page_PAR-22-126.txt"]))
    assert call.id == "nih_guide:PAR-22-126"
    assert call.titles["en"].endswith("(R21 - Clinical Trial Not Allowed)")
    assert call.identifiers == ("PAR-22-126", "93.859", "93.394", "93.866")
    assert [link.label for link in call.links] == ["PAR-22-127"]
    assert call.url == "https://grants.nih.gov/grants/guide/pa-files/PAR-22-126.html"
    assert call.texts["en"].startswith("This Funding Opportunity Announcement")
    assert call.deadlines == ()


def test_a_real_page_of_the_nordic_portal(samples: Path) -> None:
    path = samples / "other_funders" / "nordforsk_call_1324.txt"
    call = only(parse_files("nordforsk", [path]))
    assert call.id == "nordforsk:1324"
    assert one_deadline(call).at == datetime(2018, 9, 4, 13, tzinfo=ZoneInfo("Europe/Oslo"))
    assert not one_deadline(call).date_only
    assert call.titles["en"].startswith("Innovations in Personalised Medicine")
    assert {"municipality", "company"} <= {fact.value for fact in call.eligibility}


@pytest.mark.parametrize("key", [*PAGED, "nih_guide"])
def test_another_programs_output_is_refused_in_words(key: str, tmp_path: Path) -> None:
    rows = [{"id": "", "title": "Något", "closes": "2026-04-24", "source": key}]
    report = read(key, tmp_path, json.dumps(rows), "rows.json")
    assert report.calls == ()
    assert not report.complete
    ((_, message),) = report.problems
    assert message.startswith(f"{key} rows.json: expected")
    assert "\n" not in message


@pytest.mark.parametrize("key", [*PAGED, "nih_guide"])
@pytest.mark.parametrize(
    "body", ["", " \n", "<html><body><p>We are down.</p></body></html>", "no page", "<a><b/></a>"]
)
def test_what_is_no_call_is_refused_without_a_crash(key: str, body: str, tmp_path: Path) -> None:
    report = read(key, tmp_path, body)
    assert report.calls == ()
    assert not report.complete


# Dates as they are written

SWEDISH = {
    "Stänger 28 april 2026": (28, None),
    "Stänger: 28 april 2026": (28, None),
    "Stänger den 28 april 2026": (28, None),
    "Sista ansökningsdag\n28 april 2026": (28, None),
    "Stänger 2026-04-28 kl. 15:00": (28, 15),
    "Ansökan stänger 28 april 2026 klockan 15.00": (28, 15),
}


@pytest.mark.parametrize("key", ["energimyndigheten", "tillvaxtverket"])
@pytest.mark.parametrize("line", SWEDISH)
def test_a_closing_day_in_swedish(key: str, line: str, tmp_path: Path) -> None:
    address = {
        "energimyndigheten": "https://www.energimyndigheten.se/utlysningar/prov/",
        "tillvaxtverket": "https://tillvaxtverket.se/x/utlysningar/prov.123.html",
    }[key]
    call = only(read(key, tmp_path, f"URL: {address}\n\nProv\n\n{line}\n\nText om prov.\n"))
    day, hour = SWEDISH[line]
    deadline = one_deadline(call)
    assert deadline.local().day == day
    assert deadline.date_only is (hour is None)
    assert deadline.local().hour == (23 if hour is None else hour)
    assert call.texts["sv"] == "Text om prov."


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Closing date: 4 March 2026 4:00pm UK time", DeadlineKind.FIXED),
        ("Closing date:\n4 March 2026 4:00pm UK time\n", DeadlineKind.FIXED),
        ("Closing date: Open - no closing date", DeadlineKind.ROLLING),
        ("Closing date: to be confirmed", DeadlineKind.ANNOUNCED),
        ("Opportunity status: Upcoming", DeadlineKind.ANNOUNCED),
        ("Opportunity status: Open", DeadlineKind.ROLLING),
    ],
)
def test_a_closing_date_of_ukri(line: str, kind: DeadlineKind, tmp_path: Path) -> None:
    head = "URL: https://www.ukri.org/opportunity/x/\n\nFunding opportunity: Sound\n\n"
    deadline = one_deadline(only(read("ukri", tmp_path, f"{head}{line}\n\nSaid of it.\n")))
    assert deadline.kind is kind
    if kind is DeadlineKind.FIXED:
        assert deadline.at == datetime(2026, 3, 4, 16, tzinfo=LONDON)


def test_a_period_and_a_closed_call_without_a_day(tmp_path: Path) -> None:
    head = "URL: https://tillvaxtverket.se/utlysningar/prov.7.html\nProv\n"
    span = "Ansökningsperiod: 2 mars 2026 – 5 maj 2026\nText.\n"
    call = only(read("tillvaxtverket", tmp_path, head + span))
    assert call.opens == datetime(2026, 3, 2, tzinfo=STOCKHOLM)
    assert one_deadline(call).local().date() == date(2026, 5, 5)
    closed = read("tillvaxtverket", tmp_path, f"{head}Stängd\nText.\n")
    assert closed.calls == ()
    assert closed.skipped == {"closed, without a date": 1}
    assert closed.complete


def hit(number: str, **more: object) -> dict[str, object]:
    return {"_source": {"docnum": number, "title": f"About {number}", "purpose": "Why.", **more}}


def guide(*hits: dict[str, object], total: object = None) -> str:
    count = len(hits) if total is None else total
    return json.dumps({"data": {"hits": {"total": count, "hits": list(hits)}}})


@pytest.mark.parametrize(
    "written",
    [
        "2027-02-05",
        "2027-02-05T00:00:00.000Z",
        "2027-02-05T05:00:00.000Z",
        "2027-02-06T04:30:00Z",
        "02/05/2027",
        "February 5, 2027",
        ["2027-02-05"],
    ],
)
def test_a_receipt_date_of_nih_in_many_forms(written: object, tmp_path: Path) -> None:
    answer = guide(hit("RFA-EB-27-001", appreceiptdate=written, expdate="2027-02-06"))
    deadline = one_deadline(only(read("nih_guide", tmp_path, answer, "hits.json")))
    assert deadline.kind is DeadlineKind.FIXED
    assert deadline.date_only
    assert deadline.local().isoformat() == "2027-02-05T23:59:59-05:00"


def test_dates_of_nih_that_cannot_be_read_are_noted(tmp_path: Path) -> None:
    for wrong in ("soon", 17, "2027-99-99T05:00:00Z", {"a": 1}):
        answer = guide(hit("PA-27-001", expdate=wrong))
        report = read("nih_guide", tmp_path, answer, "hits.json")
        assert report.calls[0].deadlines == ()
        assert "expdate" in report.problems[0][0]


def test_standard_dates_stay_open_until_the_announcement_expires(tmp_path: Path) -> None:
    more = {"appreceiptdate": ["2027-02-05", "Standard dates apply"], "expdate": "2029-05-08"}
    call = only(read("nih_guide", tmp_path, guide(hit("PAR-27-001", **more)), "hits.json"))
    assert [d.kind for d in call.deadlines] == [DeadlineKind.CUT_OFF] * 2
    assert call.status(datetime(2028, 1, 1, tzinfo=UTC)) is Status.OPEN
    assert call.status(datetime(2029, 6, 1, tzinfo=UTC)) is Status.CLOSED


# Whole runs


@pytest.mark.parametrize("key", PAGED)
def test_a_list_without_links_to_calls_is_fatal(key: str, site: Site, fetcher: Fetcher) -> None:
    source = asking(key, site)
    path = source.listing(1).split("?")[0]  # type: ignore[attr-defined]
    site.serve(path, b'<html><body><main><a href="/om/">Om</a></main></body></html>')
    report = collect(source, fetcher)
    assert report.calls == ()
    assert not report.publishable
    assert any("no link to a call" in finding.message for finding in report.findings)


def energy_list(*cards: str) -> bytes:
    items = "".join(f"<li>{card}</li>" for card in cards)
    return f"<html><body><main><ul>{items}</ul></main></body></html>".encode()


def test_energy_pages_are_asked_for_open_calls_only(site: Site, fetcher: Fetcher) -> None:
    card = '<a href="/utlysningar/{0}/">{0} {1} Övrigt Om {0}.</a>'
    lists = {
        "": energy_list(
            card.format("ett", "Stänger 1 maj 2099"), card.format("gammal", "2 maj 2020")
        ),
        "1": energy_list(card.format("ett", "Stänger 1 maj 2099")),
        "2": energy_list(card.format("tva", "Öppnar 3 maj 2099")),
    }

    def answer(asked: Asked) -> Reply:
        number = parse_qs(urlsplit(asked.path).query).get("page", [""])[0]
        return Reply(lists[number]) if number in lists else Reply(b"", 404)

    site.routes["/utlysningar/"] = answer
    long = "<html><body><main><h1>Ett</h1><p>Stänger 1 maj 2099 klockan 15:00</p><p>Mer.</p></main>"
    site.serve("/utlysningar/ett/", long.encode())
    report = collect(asking("energimyndigheten", site), fetcher)
    assert site.paths() == [
        "/utlysningar/",
        "/utlysningar/?page=1",
        "/utlysningar/?page=2",
        "/utlysningar/?page=3",
        "/utlysningar/tva/",
        "/utlysningar/ett/",
    ]
    calls = {call.native_id: call for call in report.calls}
    # the page of "tva" was lost, so that call is left as it was stored
    assert set(calls) == {"ett", "gammal"}
    assert calls["ett"].texts["sv"] == "Mer."
    assert calls["ett"].keywords == ("Övrigt",)
    assert one_deadline(calls["ett"]).at == datetime(2099, 5, 1, 15, tzinfo=STOCKHOLM)
    assert one_deadline(calls["gammal"]).date_only
    assert [where for where, _ in report.problems] == ["energimyndigheten tva"]


def finder(*names: str, after: int | None = None) -> bytes:
    cards = "".join(f'<div><a href="/opportunity/{name}/">{name}</a></div>' for name in names)
    more = f'<a class="next" href="/opportunity/page/{after}/?x=1">Next</a>' if after else ""
    return f"<html><body><main>{cards}{more}</main></body></html>".encode()


def opportunity(name: str, day: int = 4) -> bytes:
    rows = f"<dl><dt>Closing date:</dt><dd>{day} March 2099 4:00pm UK time</dd></dl>"
    html = f"<html><body><main><h1>Funding opportunity: {name}</h1>{rows}<p>Said.</p></main>"
    return html.encode()


def test_ukri_is_walked_while_there_is_a_next_page(site: Site, fetcher: Fetcher) -> None:
    site.serve("/opportunity/", finder("a", "b", after=2))
    site.serve("/opportunity/page/2/", finder("b", "c"))
    for name in "abc":
        site.serve(f"/opportunity/{name}/", opportunity(name))
    report = collect(asking("ukri", site), fetcher)
    assert sorted(call.native_id for call in report.calls) == ["a", "b", "c"]
    assert report.complete
    assert report.publishable
    assert len(site.paths()) == 5
    assert report.calls[0].url == f"https://www.ukri.org/opportunity/{report.calls[0].native_id}/"


def feed(*names: str) -> str:
    link = "https://www.ukri.org/opportunity/{0}/?utm_source=rss"
    item = f"<item><title>Old</title><link>{link}</link><description>Short.</description></item>"
    entries = "".join(item.format(name) for name in names)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{entries}</channel></rss>'


def test_ukri_reads_the_feed_when_its_list_fails(site: Site, fetcher: Fetcher) -> None:
    names = [f"call-{number}" for number in range(20)]
    site.serve("/opportunity/", b"<html><body>nothing</body></html>")
    site.serve("/opportunity/feed/", feed(*names).encode())
    for day, name in enumerate(names, 1):
        site.serve(f"/opportunity/{name}/", opportunity(f"Fuller {name}", day))
    report = collect(asking("ukri", site), fetcher)
    assert [call.titles["en"] for call in report.calls] == [f"Fuller {name}" for name in names]
    assert report.publishable
    assert not report.complete
    again = collect(asking("ukri", site), fetcher, last_good=20)
    assert not again.publishable, "twenty calls must not replace all that are stored"


def test_a_feed_that_defines_entities_is_refused(tmp_path: Path) -> None:
    bomb = feed("a").replace("<rss", '<!DOCTYPE r [<!ENTITY a "aaaa">]><rss', 1)
    report = read("ukri", tmp_path, bomb, "feed.xml")
    assert report.calls == ()
    assert "entities" in report.problems[0][1]


def test_a_link_to_another_host_is_no_call() -> None:
    listed = document(page('<html><body><a href="https://evil.example/opportunity/a/">a</a>'), "x")
    source = funder("ukri")
    assert source.calls_on(listed) == {}  # type: ignore[attr-defined]


def test_nih_is_asked_until_all_hits_came(site: Site, fetcher: Fetcher) -> None:
    every = [hit(f"PA-27-{number:03}", expdate="2099-01-02") for number in range(150)]
    every[7] = hit("NOT-OD-27-001", doctype="NOT")

    def answer(asked: Asked) -> Reply:
        start = int(parse_qs(urlsplit(asked.path).query)["from"][0])
        return Reply(guide(*every[start : start + 100], total={"value": 150}).encode())

    site.routes["/api"] = answer
    source = NihGuide(f"{site.url}/api", until=date(2026, 11, 23))
    object.__setattr__(source, "expects", Expectations(minimum=1, fill=()))
    seen: list[tuple[int, int | None]] = []
    report = collect(source, fetcher, progress=lambda done, total: seen.append((done, total)))
    assert len(report.calls) == 149
    assert report.skipped == {"notice": 1}
    assert report.complete
    assert seen == [(1, 2), (2, 2)]
    asked = parse_qs(urlsplit(site.paths()[0]).query)
    assert asked["daterange"] == ["01011991-11232026"]
    assert asked["type"] == ["active"]


def test_nih_without_hits_is_fatal(site: Site, fetcher: Fetcher) -> None:
    for body in (guide(total=5), guide(total=0), '{"data": {}}', "<html>blocked</html>"):
        site.serve("/api", body.encode())
        report = collect(NihGuide(f"{site.url}/api"), fetcher)
        assert report.calls == ()
        assert not report.publishable
        assert not report.complete


# Labels, headings and sums


def test_persons_end_where_the_next_heading_of_their_level_begins() -> None:
    body = (
        "<main><h1>T</h1><p>Before.</p><h2>Contact details</h2><p>Jane</p><h3>Office</h3>"
        "<p>John</p><h2>After that</h2><p>Free.</p><p>Programme contact: Joan</p></main>"
    )
    facts, sections = Vocabulary({}, {}).read(document(page(body), "x"))
    assert facts == {}
    assert sections == {"": "Before.\n\nAfter that\n\nFree."}


def test_persons_under_a_label_that_is_no_heading_end_at_the_next_heading() -> None:
    body = "<main><h1>T</h1><p>Kontakt</p><p>Eva</p><h3>Mer</h3><p>Fritt.</p></main>"
    _, sections = Vocabulary({}, {}).read(document(page(body), "x"))
    assert sections == {"": "Mer\n\nFritt."}


def test_a_fact_takes_one_line_and_its_first_saying_counts() -> None:
    words = Vocabulary({"closes": "closing date"}, {"who": r"who\?"})
    lines = "T\nClosing date:\n\n1 May 2027\nText.\nWho?\nAll.\nClosing date: 2 May 2027\nMore."
    facts, sections = words.read(document(page(lines), "x"))
    assert facts == {"closes": "1 May 2027"}
    assert sections == {"": "Text.", "who": "All.\nMore."}


@pytest.mark.parametrize(
    ("text", "mark", "amounts"),
    [
        ("£11,000,000", "£", [11_000_000]),
        ("£200,000 - £1.5 million", "£", [200_000, 1_500_000]),
        ("between £2m and £3bn", "£", [2_000_000, 3_000_000_000]),
        ("NOK 60 million or 15 MNOK, 1 200 000 NOK", "NOK", [60_000_000, 15_000_000, 1_200_000]),
        ("£ to be told, 400 places", "£", []),
    ],
)
def test_sums_beside_a_mark(text: str, mark: str, amounts: list[int]) -> None:
    found = sums(text, mark, "GBP")
    assert [money.amount for money in found] == [Decimal(amount) for amount in amounts]


@pytest.mark.parametrize("key", [*PAGED, "nih_guide"])
def test_an_example_cut_off_anywhere_is_read_or_refused(key: str, tmp_path: Path) -> None:
    for path in sorted((Path(__file__).parents[1] / "examples" / key).iterdir()):
        if ".expected." in path.name:
            continue
        whole = path.read_bytes()
        for cut in range(0, len(whole), 1 + len(whole) // 12):
            short = tmp_path / path.name
            short.write_bytes(whole[:cut] + b"\xff<")
            report = parse_files(key, [short])
            assert report.calls or report.problems or report.skipped
            for call in report.calls:
                assert Call.model_validate_json(call.model_dump_json()) == call


def test_a_list_says_which_links_it_left_to_their_pages() -> None:
    source = funder("tillvaxtverket")
    body = (
        '<html><body><a href="/a/utlysningar/ny.12.html">Ny</a>'
        '<a href="/a/utlysningar.1139.html">Alla</a></body></html>'
    )
    (item,) = source.items(page(body, "https://tillvaxtverket.se/a/utlysningar.1139.html"))
    assert isinstance(item, Item)
    assert (item.id, item.skip) == ("12", "link to a call's page")
