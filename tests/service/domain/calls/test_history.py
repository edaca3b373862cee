"""What changed about a call: every field has a sentence, and each sentence is the right one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scrapers.call import (
    Call,
    Deadline,
    DeadlineKind,
    Eligibility,
    Funding,
    Level,
    Link,
    Money,
    Provenance,
    end_of_day,
    join_sections,
)
from scrapers.remarks import Remark, add_remarks
from service.context import Context
from service.domain.calls.history import Change, ChangeKind, compare_versions, list_versions
from tests.service.conftest import NOW, a_call

STOCKHOLM = "Europe/Stockholm"


def due(
    day: date,
    hour: int | None = 12,
    *,
    kind: DeadlineKind = DeadlineKind.FIXED,
    stage: int | None = None,
) -> Deadline:
    at = (
        end_of_day(day, STOCKHOLM)
        if hour is None
        else datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    )
    return Deadline(kind=kind, zone=STOCKHOLM, at=at, date_only=hour is None, stage=stage)


def sek(amount: int) -> Money:
    return Money(amount=Decimal(amount), currency="SEK")


def changed(at: datetime = NOW, *, before: dict[str, Any] | None = None, **after: Any) -> Change:
    """The one change between a call with ``before`` and the same call with ``after``."""
    old = a_call().model_copy(update=before or {})
    (change,) = compare_versions(old, old.model_copy(update=after), at)
    return change


def facts(of: Change) -> tuple[str, str, str | None, str | None]:
    return of.field, of.kind.value, of.before, of.after


def test_a_deadline_that_moved() -> None:
    change = changed(deadlines=(due(date(2026, 5, 4)),))
    assert facts(change) == (
        "deadlines",
        "moved",
        "2026-04-20T14:00:00+02:00",
        "2026-05-04T14:00:00+02:00",
    )
    assert change.sentence.en == (
        "The deadline moved from 2026-04-20 14:00 (Europe/Stockholm) "
        "to 2026-05-04 14:00 (Europe/Stockholm), 14 days later."
    )
    assert change.sentence.sv == (
        "Sista ansökningsdag flyttades från 2026-04-20 14:00 (Europe/Stockholm) "
        "till 2026-05-04 14:00 (Europe/Stockholm), 14 dagar senare."
    )


@pytest.mark.parametrize(
    ("new", "english", "swedish"),
    [
        (due(date(2026, 4, 19)), ", 1 day earlier.", ", 1 dag tidigare."),
        (due(date(2026, 4, 20), 14), ", later.", ", senare."),
        (due(date(2026, 4, 30), None), "to 2026-04-30, 10 days later.", "2026-04-30, 10 dagar"),
    ],
)
def test_how_far_a_deadline_moved(new: Deadline, english: str, swedish: str) -> None:
    change = changed(deadlines=(new,))
    assert change.kind is ChangeKind.MOVED
    assert english in change.sentence.en
    assert swedish in change.sentence.sv


def test_each_stage_is_followed_by_itself() -> None:
    stages = [due(date(2026, 4, 1), kind=DeadlineKind.TWO_STAGE, stage=1)]
    stages.append(due(date(2026, 9, 1), kind=DeadlineKind.TWO_STAGE, stage=2))
    later = due(date(2026, 10, 1), kind=DeadlineKind.TWO_STAGE, stage=2)
    change = changed(before={"deadlines": tuple(stages)}, deadlines=(stages[0], later))
    assert change.sentence.en.startswith("The deadline of stage 2 moved from 2026-09-01")
    assert change.sentence.sv.startswith("Sista ansökningsdag i steg 2 flyttades")


def test_a_cut_off_that_went_by_did_not_become_the_next_one() -> None:
    cuts = [due(date(2026, month, 1), kind=DeadlineKind.CUT_OFF) for month in (2, 6, 9)]
    old = a_call().model_copy(update={"deadlines": tuple(cuts[:2])})
    new = a_call().model_copy(update={"deadlines": tuple(cuts[1:])})
    gone, came = compare_versions(old, new, NOW)
    assert (gone.kind, came.kind) == (ChangeKind.REMOVED, ChangeKind.ADDED)
    assert "2026-02-01" in gone.sentence.en
    assert came.sentence.en == (
        "The call now states a cut-off date: 2026-09-01 14:00 (Europe/Stockholm)."
    )


def test_the_same_instant_told_otherwise_is_no_move() -> None:
    rolling = Deadline(kind=DeadlineKind.ROLLING, zone=STOCKHOLM)
    assert facts(changed(deadlines=(rolling,)))[:2] == ("deadlines", "changed")
    cut = due(date(2026, 4, 20), kind=DeadlineKind.CUT_OFF)
    change = changed(deadlines=(cut,))
    assert change.kind is ChangeKind.CHANGED
    assert "fixed" in change.sentence.en
    assert "cut-off" in change.sentence.en


def test_a_remark_of_ours_is_no_quote_of_a_deadline() -> None:
    daily = Remark.READ_DAILY.write()
    cut = due(date(2026, 4, 20), kind=DeadlineKind.CUT_OFF)
    ours = cut.model_copy(update={"text": add_remarks("Sök i tid.", daily)})
    change = changed(deadlines=(ours,))
    assert change.after == (
        "2026-04-20 14:00 (cut-off, Europe/Stockholm) (“Sök i tid.” Applications are read every "
        "day until then.)"
    )
    assert change.sentence.sv.endswith(
        "(cut-off, Europe/Stockholm) (”Sök i tid.” Ansökningar läses varje dag fram till dess.)."
    )


def test_a_closed_call_reopens_only_by_what_the_clock_says() -> None:
    new = {"deadlines": (due(date(2026, 5, 4)),)}
    assert [c.field for c in compare_versions(a_call(), a_call().model_copy(update=new), NOW)] == [
        "deadlines"
    ]
    after_it_closed = datetime(2026, 4, 25, tzinfo=UTC)
    status, deadline = compare_versions(a_call(), a_call().model_copy(update=new), after_it_closed)
    assert facts(status) == ("status", "reopened", "closed", "open")
    assert status.sentence.en == "The closed call takes applications again."
    assert status.sentence.sv == "Den stängda utlysningen tar emot ansökningar igen."
    assert deadline.kind is ChangeKind.MOVED


def test_a_call_that_is_to_open_again_and_one_that_closed_early() -> None:
    old = a_call()
    spring = {"opens": datetime(2026, 8, 1, tzinfo=UTC), "deadlines": (due(date(2026, 9, 1)),)}
    at = datetime(2026, 5, 1, tzinfo=UTC)
    status, *_ = compare_versions(old, old.model_copy(update=spring), at)
    assert facts(status) == ("status", "reopened", "closed", "forthcoming")
    early = old.model_copy(update={"deadlines": (due(date(2026, 3, 1)),)})
    status, _ = compare_versions(old, early, NOW)
    assert facts(status) == ("status", "closed", "open", "closed")


@pytest.mark.parametrize(
    ("part", "old", "new", "kind", "english"),
    [
        ("total", sek(30_000_000), sek(40_000_000), "raised", "budget rose from 30,000,000 SEK"),
        ("maximum", sek(3_000_000), sek(2_500_000), "lowered", "can get fell from 3,000,000 SEK"),
        ("minimum", None, sek(500_000), "added", "the least that one project can get: 500,000 SEK"),
        ("total", sek(1), None, "removed", "no longer states the budget (before: 1 SEK)"),
        (
            "total",
            sek(10),
            Money(amount=Decimal("1.50"), currency="EUR"),
            "changed",
            "changed from 10 SEK to 1.50 EUR",
        ),
        ("expected_awards", 4, 6, "raised", "to be funded rose from 4 to 6"),
        ("share_percent", Decimal(50), Decimal("40.5"), "lowered", "fell from 50 % to 40.5 %"),
        ("text", "", "Up to half.", "changed", "What the call says of its money changed."),
    ],
)
def test_money(part: str, old: Any, new: Any, kind: str, english: str) -> None:
    before = {"funding": Funding(**{part: old} if old is not None else {})}
    change = changed(before=before, funding=Funding(**{part: new} if new is not None else {}))
    assert (change.field, change.kind) == (f"funding.{part}", kind)
    assert english in change.sentence.en


def test_money_is_exact_for_machines_and_grouped_for_readers() -> None:
    change = changed(before={"funding": Funding(total=sek(9_000_000))}, funding=None)
    assert (change.before, change.after) == ("9000000 SEK", None)
    assert change.sentence.sv == (
        "Budgeten anges inte längre (tidigare: 9\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000 SEK)."
    )


def test_of_a_text_only_the_sections_are_named() -> None:
    body, sections = join_sections([("purpose", "Something else."), ("budget", "Unchanged.")])
    old_body, old_sections = join_sections([("purpose", "Vård."), ("budget", "Unchanged.")])
    change = changed(
        before={"texts": {"sv": old_body}, "sections": {"sv": old_sections}},
        texts={"sv": body},
        sections={"sv": sections},
    )
    assert facts(change) == ("texts.sv", "changed", None, None)
    assert change.sections == ("purpose",)
    assert change.sentence.en == "The text (sv) changed: purpose."


def test_a_text_in_another_language_that_came_and_went() -> None:
    both = {"sv": a_call().texts["sv"], "en": "Care at home."}
    came = changed(texts=both)
    assert (came.field, came.kind, came.sections) == ("texts.en", "added", ("text",))
    assert changed(before={"texts": both}, texts={"sv": both["sv"]}).kind is ChangeKind.REMOVED


def test_a_title() -> None:
    change = changed(titles={"sv": "Hjärtsvikt hemma"})
    assert facts(change) == ("titles.sv", "changed", "Hjärtsvikt i hemmet", "Hjärtsvikt hemma")
    assert change.sentence.en == (
        "The title (sv) changed from “Hjärtsvikt i hemmet” to “Hjärtsvikt hemma”."
    )
    assert change.sentence.sv == (
        "Titeln (sv) ändrades från ”Hjärtsvikt i hemmet” till ”Hjärtsvikt hemma”."
    )


VARIED: dict[str, Any] = {
    "funder": "Vinnova AB",
    "level": Level.REGIONAL,
    "titles": {"sv": "Annat", "en": "Other"},
    "texts": {"sv": a_call().texts["sv"] + " Mer."},
    "sections": {},
    "programme": "Vård",
    "identifiers": ("2026-9",),
    "keywords": ("vård", "hem"),
    "opens": datetime(2026, 3, 1, tzinfo=UTC),
    "published": datetime(2026, 2, 1, 8, 30, tzinfo=UTC),
    "deadlines": (),
    "closed_by": datetime(2026, 2, 20, tzinfo=UTC),
    "funding": None,
    "eligibility": (Eligibility(kind="applicant", value="region"),),
    "invited_only": True,
    "url": "https://www.vinnova.se/e/annan",
    "apply_url": "https://www.vinnova.se/sok",
    "links": (Link(url="https://www.vinnova.se/guide.pdf"),),
}


def test_every_field_of_a_call_is_tried_here() -> None:
    assert set(VARIED) == set(Call.model_fields) - {"id", "provenance"}


@pytest.mark.parametrize("field", VARIED)
def test_every_field_that_differs_is_said_both_ways(field: str) -> None:
    old = a_call()
    new = old.model_copy(update={field: VARIED[field]})
    assert new.content_hash() != old.content_hash()
    for before, after in ((old, new), (new, old)):
        changes = compare_versions(before, after, NOW)
        fields = {change.field.split(".", maxsplit=1)[0] for change in changes}
        assert fields - {"status"} == {"texts" if field == "sections" else field}
        for change in changes:
            for sentence in (change.sentence.en, change.sentence.sv):
                assert sentence.endswith(".")
                assert "None" not in sentence
            assert change.before != change.after or change.field.startswith("texts")


def test_other_words_on_the_same_applicants() -> None:
    who = {"eligibility": (Eligibility(kind="applicant", value="region", quote="Regions."),)}
    change = changed(
        before=who, eligibility=(Eligibility(kind="applicant", value="region", quote="A region."),)
    )
    assert change.sentence.en == "The wording on who may apply changed."


def test_nothing_differs_between_equal_calls_or_by_provenance_alone() -> None:
    moved = a_call().model_copy(update={"provenance": Provenance(source="elsewhere")})
    assert compare_versions(a_call(), moved, NOW) == ()


def test_history_of_a_stored_call(context: Context) -> None:
    later = NOW + timedelta(days=3)
    context.calls.upsert([a_call(day=20)], NOW)
    context.calls.upsert([a_call(day=20)], NOW + timedelta(days=1))
    context.calls.upsert([a_call(day=27)], later)
    first, second = list_versions(context.calls.versions("vinnova:2026-001"))
    assert (first.number, first.seen_at, first.changes) == (1, NOW, ())
    assert (second.number, second.seen_at) == (2, later)
    assert [change.field for change in second.changes] == ["deadlines"]
    assert list_versions([]) == ()


def test_when_a_call_was_seen(context: Context) -> None:
    context.calls.upsert([a_call()], NOW, complete_for="vinnova")
    gone = NOW + timedelta(days=2)
    context.calls.upsert([], gone, complete_for="vinnova")
    seen = context.calls.sightings("vinnova:2026-001")
    assert seen is not None
    assert (seen.first, seen.last, seen.missing_since) == (NOW, NOW, gone)
    assert context.calls.sightings("vinnova:none") is None
