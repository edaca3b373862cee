"""The language that a reader gets, and how facts and reasons are written in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Level, Money, Provenance, Status
from service.domain.eligibility.gates import evaluate_gates
from service.domain.matching.filters import Filters
from service.messages import facts
from service.messages.catalogue import languages
from service.messages.words import words
from tests.service.sample_calls import NOW, some_calls

ZONE = "Europe/Stockholm"


def call(*deadlines: Deadline, **others: object) -> Call:
    values: dict[str, object] = {
        "id": "a:b",
        "funder": "A",
        "level": Level.NATIONAL,
        "titles": {"en": "B"},
        "deadlines": deadlines,
        "provenance": Provenance(source="a"),
    }
    return Call.model_validate(values | others)


def due(after: timedelta, **others: object) -> Deadline:
    values: dict[str, object] = {"kind": "fixed", "zone": ZONE, "at": NOW + after}
    return Deadline.model_validate(values | others)


EVERY = [
    call(),
    call(invited_only=True),
    call(due(timedelta(days=40))),
    call(due(timedelta(days=1, hours=2))),
    call(due(timedelta(hours=1, minutes=5))),
    call(due(timedelta(hours=5)), opens=NOW + timedelta(hours=2)),
    call(
        due(timedelta(days=9), kind="two-stage", stage=1), due(timedelta(days=-9), date_only=True)
    ),
    call(due(timedelta(days=-9), date_only=True)),
    call(due(timedelta(days=-9), kind="two-stage", stage=1)),
    call(Deadline(kind=DeadlineKind.ROLLING, zone=ZONE)),
    call(Deadline(kind=DeadlineKind.ANNOUNCED, zone=ZONE, text="våren 2027")),
    *some_calls(),
]


def test_every_reason_of_a_gate_is_said_in_swedish() -> None:
    found = {gate.reason: gate for one in EVERY for gate in evaluate_gates(one, NOW)}
    assert len(found) > 12
    for reason, gate in found.items():
        assert gate.reason_in("en") == reason
        assert gate.reason_in("sv") != reason
        assert not re.search(r"(?i)\b(left|day|stage|open|opens|deadline)\b", gate.reason_in("sv"))


@pytest.mark.parametrize("language", languages())
def test_every_reason_for_being_left_out_has_words(language: str) -> None:
    filters = [
        Filters(funders=("nobody",), statuses=()),
        Filters(levels=(Level.NORDIC,), statuses=()),
        Filters(languages=("fi",), statuses=()),
        Filters(deadline_to=NOW.date() - timedelta(days=999), statuses=()),
        Filters(min_amount=Decimal(10**12), statuses=()),
        *(Filters(statuses=(status,)) for status in Status),
    ]
    left = {one.exclusion_reason(call, NOW) for one in filters for call in EVERY}
    reasons = {reason for reason in left if reason}
    reasons |= {"no amount stated", "a smaller amount", "an amount in another currency"}
    assert len(reasons) == 11
    for reason in reasons:
        assert words(language).has(f"left.{reason}"), reason


@pytest.mark.parametrize(
    ("header", "query", "expected"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.5", "", "sv"),
        ("en-GB", "", "en"),
        ("de-DE,de", "", "en"),
        ("", "", "en"),
        ("en", "?lang=sv", "sv"),
        ("sv", "?lang=en", "en"),
        ("sv", "?lang=xx", "sv"),
    ],
)
def test_a_reader_gets_their_language(
    client: FlaskClient, header: str, query: str, expected: str
) -> None:
    html = client.get(f"/{query}", headers={"Accept-Language": header}).text
    assert f'<html lang="{expected}">' in html
    assert words(expected)("find.lead") in html


def test_a_chosen_language_stays_in_links_and_forms(client: FlaskClient) -> None:
    html = client.get("/?lang=sv&pilot=heart").text
    inner = [h for h in re.findall(r'href="(/[^"]*)"', html) if not h.startswith(("/static",))]
    assert all("lang=" in href for href in inner)
    assert '<input type="hidden" name="ui" value="sv">' in html
    posted = client.post("/", data={"text": "heart", "ui": "sv"})
    assert '<html lang="sv">' in posted.text
    switched = client.post("/", data={"text": "heart", "ui": "sv", "lang": "en"})
    assert '<html lang="en">' in switched.text


@pytest.mark.parametrize(
    ("money", "english", "swedish"),
    [
        (Money(amount=Decimal(500), currency="SEK"), "SEK 500", "500 SEK"),
        (Money(amount=Decimal("1E6"), currency="EUR"), "EUR 1,000,000", "1 000 000 EUR"),
        (Money(amount=Decimal("1234.50"), currency="USD"), "USD 1,234.50", "1 234,50 USD"),
        (Money(amount=Decimal("5000000.00"), currency="SEK"), "SEK 5,000,000", "5 000 000 SEK"),
    ],
)
def test_money_as_each_language_writes_it(money: Money, english: str, swedish: str) -> None:
    plain = "\N{NO-BREAK SPACE}"
    assert facts.money(money, words("en")).replace(plain, " ") == english
    assert facts.money(money, words("sv")).replace(plain, " ") == swedish


def test_what_a_call_pays() -> None:
    least, most = (Money(amount=Decimal(n), currency="EUR") for n in (10, 20))
    said = words("en")

    def first(funding: Funding) -> list[str]:
        return [s.replace("\N{NO-BREAK SPACE}", " ") for s in facts.funding(funding, said)]

    assert first(Funding(minimum=least, maximum=most)) == ["EUR 10–20 per project"]
    other = Money(amount=Decimal(90), currency="SEK")
    assert first(Funding(minimum=least, maximum=other)) == ["EUR 10 – SEK 90 per project"]
    assert first(Funding(minimum=least)) == ["at least EUR 10 per project"]
    assert first(Funding(maximum=most)) == ["up to EUR 20 per project"]
    assert first(Funding(minimum=most, maximum=most)) == ["EUR 20 per project"]
    assert first(Funding(total=most, share_percent=Decimal("70.0"))) == [
        "up to 70 % of the costs",
        "EUR 20 in all",
    ]
    assert first(Funding(text="As\x00ked")) == ["As\N{REPLACEMENT CHARACTER}ked"]
    assert first(Funding()) == []
    assert facts.funding(None, said) == []


def test_deadlines_are_told_on_the_funders_clock() -> None:
    at = datetime(2026, 10, 13, 15, 0, tzinfo=UTC)
    brussels = Deadline(kind=DeadlineKind.FIXED, zone="Europe/Brussels", at=at)
    washington = Deadline(kind=DeadlineKind.FIXED, zone="America/New_York", at=at)
    whole = Deadline(kind=DeadlineKind.FIXED, zone="Europe/Brussels", at=at, date_only=True)
    rolling = Deadline(kind=DeadlineKind.ROLLING, zone=ZONE)
    announced = Deadline(kind=DeadlineKind.ANNOUNCED, zone=ZONE, text="2027 mars")
    assert facts.deadline(brussels, words("en")) == "13 October 2026, 17:00"
    assert facts.deadline(washington, words("sv")) == "13 oktober 2026 kl. 11:00"
    assert facts.deadline(whole, words("en")) == "13 October 2026, end of day"
    assert facts.deadline(rolling, words("sv")) == "sök när som helst"
    assert facts.deadline(announced, words("en")) == "announced, no date yet (2027 mars)"
    assert facts.deadline(None, words("en")) == "not stated"


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(days=32, hours=1), "32 days left"),
        (timedelta(days=1), "1 day left"),
        (timedelta(hours=3), "last day"),
        (timedelta(hours=-3), ""),
    ],
)
def test_days_left(left: timedelta, expected: str) -> None:
    assert facts.days_left(due(left), NOW, words("en")) == expected
