"""Plain rows as other tools export them: cleaned and read as the readers of funders read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.store.readable_document import ReadableDocument
from scrapers.call import Call, DeadlineKind, Level
from service.context import Context
from service.domain.calls.documents import call_document
from service.errors import InputError
from service.jobs.imports.files import ImportReport, import_calls
from service.jobs.imports.rows import RowDefaults, call_from_row
from service.settings import Settings
from tests.service.new_store import open_new

PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"
OURS = RowDefaults("Stiftelsen Vård", Level.NATIONAL)


def call(**values: Any) -> Call:
    return call_from_row({"id": "A-1", "title": "Sensors at home", **values}, OURS)


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return open_new(Settings.from_env({"FUNDSCOUT_DATA": str(tmp_path / "data")}))


def imported(context: Context, folder: Path, *rows: object) -> ImportReport:
    path = folder / "rows.jsonl"
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return import_calls(context, path, funder="Stiftelsen Vård")


DIRTY = {
    "entities": ("V&aring;rd &amp; omsorg", "Vård & omsorg"),
    "entities twice": ("Care &amp;amp; health", "Care & health"),
    "markup": ("<b>Care</b> at <i>home</i>", "Care at home"),
    "hidden characters": ("Ca\u00adre at\u200b ho\ufeffme", "Care at home"),
    "a hidden hyphen at a line's end": ("Re\u00ad\nhabilitation at home", "Rehabilitation at home"),
    "direction overrides": ("Care \u202eemoh\u202c", "Care emoh"),
    "a charset that was not the file's": ("VÃ¥rd i hemmet", "Vård i hemmet"),
    "blanks and line breaks": ("  Care\u00a0\n at \t home ", "Care at home"),
    "a script": ("Care<script>alert(1)</script> at home", "Care at home"),
    "an address of a person": ("Care (ask jane@example.org)", "Care (ask [e-mail])"),
}


@pytest.mark.parametrize("kind", DIRTY)
def test_titles_texts_and_words_are_cleaned(kind: str) -> None:
    dirty, clean = DIRTY[kind]
    found = call(title=dirty, text=f"<p>{dirty}</p><p>More.</p>", programme=dirty, keywords=[dirty])
    (title,) = found.titles.values()
    (text,) = found.texts.values()
    assert title == clean
    assert text == f"{clean}\n\nMore."
    assert (found.programme, found.keywords) == (clean, (clean,))


def test_a_title_in_capitals_is_shown_so_and_ranked_like_any() -> None:
    loud = call(
        title="HJÄRTSVIKT – EGENVÅRD I HEMMET", text="EGENVÅRD HEMMA VID HJÄRTSVIKT.", lang="sv"
    )
    quiet = call(
        title="Hjärtsvikt – egenvård i hemmet", text="Egenvård hemma vid hjärtsvikt.", lang="sv"
    )
    assert loud.titles == {"sv": "HJÄRTSVIKT – EGENVÅRD I HEMMET"}
    read = [ReadableDocument.of(call_document(one)).document for one in (loud, quiet)]
    assert read[0] == read[1]


def test_a_title_of_blanks_and_marks_is_none() -> None:
    for nothing in (" \u200b\u00ad ", "&nbsp;", "<br>", "null", "x"):
        with pytest.raises(ValueError, match="title is missing"):
            call(title=nothing)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("www.example.org/a", "https://www.example.org/a"),
        ("WWW.example.org/a b", "https://WWW.example.org/a%20b"),
        (" https://example.org/a ", "https://example.org/a"),
        ("http://example.org/a?b=1&amp;c=2", "http://example.org/a?b=1&c=2"),
    ],
)
def test_addresses_get_what_they_lack(written: str, read: str) -> None:
    assert call(url=written).url == read


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://example.org", "see our site", "https://me:pw@example.org"]
)
def test_what_is_no_address_refuses_the_line(url: str) -> None:
    with pytest.raises(ValueError, match=r"url is .*, not an address"):
        call(url=url)


@pytest.mark.parametrize(
    ("named", "words", "language"),
    [
        ("EN", "Sensors for the care of all", "en"),
        ("en-GB", "Sensors for the care of all", "en"),
        ("Svenska", "Sensorer för vård och omsorg", "sv"),
        ("sv_SE", "Sensorer", "sv"),
        ("", "Sensorer för vård och omsorg som vi har", "sv"),
        (None, "Sensors for the care of all", "en"),
        ("en", "Stöd till vård och omsorg som ska ges i hemmet", "sv"),
        (None, "Prosjekter som skal prøves i kommuner og ikke på sykehus", "no"),
        (None, "Projekte für die Pflege, die nicht im Krankenhaus sind", "de"),
        ("fi", "Hanke kotihoidon kehittämiseksi", "fi"),
    ],
)
def test_a_row_is_in_the_language_it_names_or_is_written_in(
    named: str | None, words: str, language: str
) -> None:
    assert set(call(title=words, lang=named).titles) == {language}


STATED = {
    "The call funds pilots.\nDeadline: 13 October 2027.": "2027-10-13",
    "Applications must be submitted by 3 May 2027 at the latest.": "2027-05-03",
    "Vi stöder vården. Sista ansökningsdag är den 15 mars 2027.": "2027-03-15",
    "Ansökan ska ha kommit in senast den 1 mars 2027.": "2027-03-01",
    "Utlysningen stänger 2027-03-01.": "2027-03-01",
}
STATED_UNSEEN = {
    "The closing date for applications is Friday 7 May 2027.": "2027-05-07",
    "Apply no later than 7 May 2027.": "2027-05-07",
    "The call closes on 7 May 2027.": "2027-05-07",
    "Sista dag att ansöka: 2027-04-30": "2027-04-30",
    "Ansök senast 30 april 2027!": "2027-04-30",
    "Sista ansökningsdatum: 30.04.2027": "2027-04-30",
    "Proposals should be received before 7 May 2027.": "2027-05-07",
    "Deadline for submission of proposals: 7 May 2027, 17:00 (Brussels time)": "2027-05-07",
    "Utlysningen är öppen till och med den 7 maj 2027.": "2027-05-07",
    "Ansökningsperiod: 1 mars 2027 – 7 maj 2027": "2027-05-07",
    "The application period is from 1 March 2027 to 7 May 2027.": "2027-05-07",
}
NOT_STATED = [
    "The project must end by 31 December 2029.",
    "Deadline for questions: 1 May 2027.",
    "Sista dag för intresseanmälan är den 1 mars 2027.",
    "Deadline: 1 March 2027. Deadline: 1 October 2027.",
    "The transposition deadline of the directive is 29 May 2027.",
    "Beslut fattas senast den 1 juni 2027.",
    "Applicants must have moved by 3 May 2027.",
    "We had a deadline.",
    "Projektperiod: 1 mars 2027 – 7 maj 2028",
    "Stage 1 deadline: 5 May 2027. Stage 2 deadline: 5 October 2027.",
]


@pytest.mark.parametrize("text", [*STATED, *STATED_UNSEEN])
def test_a_deadline_that_only_the_text_states_is_told_as_that(text: str) -> None:
    (deadline,) = call(text=text).deadlines
    assert f"{deadline.local():%Y-%m-%d}" == {**STATED, **STATED_UNSEEN}[text]
    assert (deadline.kind, deadline.date_only) == (DeadlineKind.FIXED, "17:00" not in text)
    assert deadline.text.startswith("The text says: ")
    assert deadline.text.removeprefix("The text says: ") in text


@pytest.mark.parametrize("text", NOT_STATED)
def test_other_dates_are_no_deadline(text: str) -> None:
    assert call(text=text).deadlines == ()


def test_a_text_that_contradicts_the_field_is_told_and_the_field_stands() -> None:
    (same,) = call(deadline="2027-10-13", text="Deadline: 13 October 2027.").deadlines
    assert same.text == "2027-10-13"
    (other,) = call(deadline="2027-10-13", text="Deadline: 3 October 2027.").deadlines
    assert f"{other.local():%Y-%m-%d}" == "2027-10-13"
    assert other.text == "The text says: Deadline: 3 October 2027."


def test_a_text_cannot_close_a_call_before_it_opens() -> None:
    found = call(open_date="2027-11-01", text="Deadline: 13 October 2027.")
    assert found.deadlines == ()


@pytest.mark.parametrize(
    "row",
    [
        {"open_date": "2027-05-01", "deadline": "2027-04-01"},
        {"open_date": "2027-05-01", "deadline": "2027-04-30T23:00:00"},
        {"open_date": "2027-05-02", "deadline": "2027-05-01", "url": f"{PORTAL}/topic-details/a-1"},
    ],
)
def test_a_deadline_before_the_opening_is_refused_by_its_line(
    context: Context, tmp_path: Path, row: dict[str, str]
) -> None:
    good = {"id": "1", "title": "Sensors", "open_date": "2027-05-01", "deadline": "2027-05-01"}
    bad = {"id": "2", "title": "Others", **row}
    report = imported(context, tmp_path, good, bad)
    assert (report.stored.new, [refused.line for refused in report.refused]) == (1, [2])
    assert "is before the opening" in report.refused[0].reason
    record = call(**row).model_dump_json() if "url" not in row else None
    if record:
        again = imported(context, tmp_path, {**good, "id": "3"}, record)
        assert "is before the opening" in again.refused[0].reason


IMPOSSIBLE: dict[str, Any] = {
    "an amount that is no number": {"budget_max": "NaN"},
    "a number that is none in JSON": '{"id": "2", "title": "T", "budget_min": NaN}',
    "endless": {"budget_max": "Infinity"},
    "endless in JSON": '{"id": "2", "title": "T", "budget_max": -Infinity}',
    "a total": {"budget": {"totalBudgetEur": "nan"}},
    "an amount too long": {"budget_max": "9" * 400_000},
    "an opening in the year 1": {"open_date": "0001-01-01"},
    "an opening in the year 9999": {"open_date": "9999-12-31"},
    "words that are a number": {"keywords": 5},
    "a title that is a number": {"title": 5},
    "a list": "[1, 2]",
    "half a letter": '{"id": "2", "title": "\\ud800"}',
    "no day": {"deadline": "2027-02-30"},
    "day or month first": {"deadline": "05/06/2027"},
    "an offset without a sign": {"deadline": "2027-02-03T12:00:00 0500"},
}


@pytest.mark.parametrize("kind", IMPOSSIBLE)
def test_an_impossible_value_is_refused_by_its_line(
    context: Context, tmp_path: Path, kind: str
) -> None:
    value = IMPOSSIBLE[kind]
    bad = value if isinstance(value, str) else {"id": "2", "title": "Others", **value}
    report = imported(context, tmp_path, {"id": "1", "title": "Sensors"}, bad)
    assert (report.stored.new, [refused.line for refused in report.refused]) == (1, [2])
    assert len(report.refused[0].reason) < 500


ENGLISH = {"id": "1", "title": "Sensors at home", "lang": "en", "deadline": "2027-10-13"}
SWEDISH = {"id": "1", "title": "Sensorer hemma", "lang": "sv", "text": "Vi stöder vården."}


def test_rows_in_two_languages_are_one_call(context: Context, tmp_path: Path) -> None:
    found = []
    for order in ((ENGLISH, SWEDISH), (SWEDISH, ENGLISH)):
        report = imported(context, tmp_path, *order)
        assert (report.read, report.refused) == (2, ())
        (stored,) = context.calls.all().values()
        found.append(stored.content_hash())
    assert stored.titles == {"sv": "Sensorer hemma", "en": "Sensors at home"}
    assert len(stored.deadlines) == 1
    assert found[0] == found[1]


def test_rows_in_two_languages_that_contradict_each_other_are_not_joined(
    context: Context, tmp_path: Path
) -> None:
    report = imported(context, tmp_path, ENGLISH, {**SWEDISH, "deadline": "2027-11-13"})
    assert (report.stored.new, len(report.refused)) == (1, 1)


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_copies_the_fuller_counts(
    context: Context, tmp_path: Path, *, is_first: bool
) -> None:
    stub = {"id": "1", "title": "Sensors at home", "lang": "en"}
    rows = [ENGLISH, stub] if is_first else [stub, ENGLISH]
    report = imported(context, tmp_path, *rows)
    (stored,) = context.calls.all().values()
    assert len(stored.deadlines) == 1
    assert [refused.line for refused in report.refused] == [2 if is_first else 1]


def test_a_minimum_above_the_maximum_is_read_as_the_range() -> None:
    funding = call(budget_min="5000000", budget_max=1_000_000).funding
    assert funding is not None
    assert funding.minimum is not None
    assert funding.maximum is not None
    assert funding.minimum.amount == 1_000_000
    assert funding.maximum.amount == 5_000_000


def test_an_offset_that_lost_its_sign_is_read_where_it_is_the_funders_own() -> None:
    (deadline,) = call(deadline="2027-02-03T12:00:00 0100").deadlines
    assert deadline.local().isoformat() == "2027-02-03T12:00:00+01:00"


def test_a_table_without_a_header_is_refused_with_its_first_line(
    context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("A-1;Sensors at home;2027-10-13\nA-2;Others;2027-10-14\n", "utf-8")
    with pytest.raises(InputError, match=r"holds no call; nothing was stored\. Line 1: not JSON"):
        import_calls(context, path)
