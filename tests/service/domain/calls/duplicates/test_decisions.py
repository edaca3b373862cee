"""What makes two calls one, and what keeps them apart: every way, and every contradiction."""

from __future__ import annotations

from typing import Any

import pytest

from scrapers.call import DeadlineKind, Link
from service.domain.calls.duplicates.candidate_pairs import MAX_BLOCK_SIZE, find_candidate_pairs
from service.domain.calls.duplicates.decisions import Relation, decide_all
from service.domain.calls.duplicates.evidence import LinkEvidenceKind
from service.domain.calls.duplicates.traits import CallIdentifier, canonical_url, traits_of_calls
from tests.service.domain.calls.duplicates.sample_pairs import (
    LONG,
    OTHER,
    decided,
    due,
    make,
    relation,
    sek,
)

SAME, REISSUE, RELATED = Relation


@pytest.mark.parametrize(
    ("text", "everywhere"),
    [
        ("HORIZON-HLTH-2027-01-CARE-03", True),
        ("PAR-22-126", True),
        ("EuropeAid/186647/DD/ACT/BA", True),
        ("RFA CA 26 001", True),
        ("2026-00017", False),
        ("14463COMPETITIVE_CALLen", True),
        ("care-at-home-2026", False),
        ("93.223", None),
        ("5", None),
        ("Eurostars", None),
        ("1234567", None),
    ],
)
def test_what_an_identifier_is_worth(text: str, everywhere: bool | None) -> None:
    identifier = CallIdentifier.parse(text)
    assert (identifier.is_global if identifier else None) is everywhere


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.Fund.example/Call/?utm_source=mail#top", "fund.example/call"),
        ("http://fund.example/call", "fund.example/call"),
        ("https://fund.example:8443/call?b=2&a=1", "fund.example:8443/call?a=1&b=2"),
        ("https://fund.example:443/call", "fund.example/call"),
        ("https://fund.example/", ""),
        ("https://[broken/call", ""),
        (None, ""),
    ],
)
def test_addresses_are_compared_in_one_form(url: str | None, expected: str) -> None:
    assert canonical_url(url) == expected


def test_a_notice_and_its_entry_on_another_portal() -> None:
    notice = make("nih_guide:PAR-22-126", texts={"en": LONG})
    entry = make(
        "grants_gov:337000", identifiers=("PAR-22-126", "93.223"), texts={}, deadlines=(due(4, 5),)
    )
    assert relation(notice, entry) is SAME
    (decision,) = decided(notice, entry)
    first, *others = decision.evidence
    assert (first.kind, first.a, first.similarity) == (
        LinkEvidenceKind.IDENTIFIER,
        "PAR-22-126",
        1.0,
    )
    deadline = next(one for one in others if one.kind is LinkEvidenceKind.DEADLINE)
    assert (deadline.a, deadline.b, deadline.similarity) == ("2026-05-04", "2026-04-20", 0.0)


def test_an_identifier_with_nothing_else_in_common_only_relates() -> None:
    notice = make("nih_guide:PAR-22-126")
    answer = make(
        "formas:a-12345",
        "Wind turbines",
        identifiers=("PAR-22-126",),
        texts={"en": OTHER},
        deadlines=(due(1, 9),),
    )
    assert relation(notice, answer) is RELATED


def test_a_number_counts_only_within_its_funder() -> None:
    ours = make("vinnova:2026-00017", texts={})
    theirs = make("formas:2026-00017", texts={})
    assert relation(ours, theirs) is None
    page = make("vinnova_pages:x-1", texts={}, funder="Vinnova", identifiers=("2026-00017",))
    assert relation(ours, page) is SAME


def test_a_code_that_several_topics_carry_names_none_of_them() -> None:
    topics = [
        make(f"eu_portal:HORIZON-X-2027-01-0{n}", title, identifiers=("HORIZON-X-2027-01",))
        for n, title in enumerate(["Heart failure at home", "Heart failure in wards"])
    ]
    national = make("vinnova:a-1", "Heart failure at home", identifiers=("HORIZON-X-2027-01",))
    national = national.model_copy(update={"texts": {}})
    assert decided(*topics, national) == []


def test_pages_of_one_funder_in_two_languages() -> None:
    english = make("formas:en-care", identifiers=("FR-2026/0007",))
    swedish = make(
        "formas:sv-vard",
        titles={"sv": "Vård av hjärtsvikt i hemmet"},
        texts={"sv": "Vård på distans prövas."},
        identifiers=("FR-2026/0007",),
    )
    assert relation(english, swedish) is SAME
    other_money = swedish.model_copy(update={"funding": sek(7)})
    assert relation(english, other_money) is None
    third = make("formas:en-more", texts={"en": OTHER}, identifiers=("FR-2026/0007",))
    assert relation(english, third) is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, SAME),
        ({"texts": {}}, SAME),
        ({"titles": {"en": "Wind turbines at sea"}, "deadlines": (due(1, 9),)}, RELATED),
        ({"titles": {"en": "Wind turbines at sea"}}, SAME),
        ({"deadlines": (due(1, 9),), "texts": {}}, RELATED),
        ({"deadlines": (), "texts": {}}, SAME),
        ({"id": "vinnova:VIN-2026-777", "texts": {}}, RELATED),
    ],
)
def test_a_page_that_gives_the_other_ones_address(
    changed: dict[str, Any], expected: Relation | None
) -> None:
    topic = make("eu_portal:HORIZON-X-2027-01-01", url="https://www.eu.example/topic/1")
    page = make("vinnova:a-1", apply_url="http://eu.example/topic/1/")
    assert relation(topic, page.model_copy(update=changed)) is expected


def test_a_page_that_many_calls_share_links_none() -> None:
    shared = "https://eu.example/parent"
    under = [make(f"eu_portal:{n}-COMPETITIVE", texts={}, url=shared) for n in range(3)]
    page = make("vinnova:a-1", texts={}, links=(Link(url=shared),))
    assert decided(*under, page) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, SAME),
        ({"texts": {"en": LONG[: len(LONG) // 2]}}, SAME),
        ({"texts": {"en": OTHER}}, None),
        ({"texts": {}}, None),
        ({"texts": {"en": "One line."}}, None),
        ({"titles": {"en": "Care of heart failure in hospitals"}}, None),
        ({"deadlines": ()}, None),
        ({"deadlines": (due(20, 10),)}, REISSUE),
        ({"deadlines": (due(kind=DeadlineKind.TWO_STAGE),)}, None),
        ({"funding": sek(5)}, None),
        ({"funding": None}, SAME),
    ],
)
def test_the_same_words_at_two_sources(changed: dict[str, Any], expected: Relation | None) -> None:
    assert relation(make("a:one"), make("b:two").model_copy(update=changed)) is expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, SAME),
        ({"texts": {"en": LONG + " " + OTHER}}, None),
        ({"funding": None}, None),
        ({"id": "eu_portal:HORIZON-X-2027-01-02-two-stage"}, None),
        ({"titles": {"en": "Care of heart failure at home 2"}}, None),
        (
            {"titles": {"en": "Care of heart failure at home 2027"}, "deadlines": (due(9, 9),)},
            REISSUE,
        ),
    ],
)
def test_one_source_means_two_calls_unless_they_are_twins(
    changed: dict[str, Any], expected: Relation | None
) -> None:
    first = make("eu_portal:HORIZON-X-2026-01-01")
    again = make("eu_portal:HORIZON-LS-X-2026-01-01")
    assert relation(first, again.model_copy(update=changed)) is expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("NGI open call (2026-04F)", "NGI open call (2026-06F)", REISSUE),
        ("First call for pilots, strand 1", "Second call for pilots, strand 1", REISSUE),
        ("Call for product pilots", "Call for process pilots", None),
        ("Open call 1", "", None),
    ],
)
def test_rounds_of_a_call_of_one_line(first: str, second: str, expected: Relation | None) -> None:
    one = make("eu_portal:1a-COMP", texts={"en": first})
    texts = {"en": second} if second else {}
    other = make("eu_portal:2a-COMP", texts=texts, deadlines=(due(9, 9),))
    assert relation(one, other) is expected


def swedish(**fields: Any) -> Any:
    given = {"titles": {"sv": "Hjärtsvikt"}, "texts": {"sv": "Vård prövas i hemmet."}}
    return make("vinnova:a-1", **(given | fields))


@pytest.mark.parametrize(
    ("near", "fields", "expected"),
    [
        (0.95, {}, SAME),
        (0.90, {}, None),
        (0.95, {"funding": None}, None),
        (0.95, {"deadlines": (due(21),)}, None),
    ],
)
def test_meaning_across_languages(
    near: float, fields: dict[str, Any], expected: Relation | None
) -> None:
    calls = {c.id: c for c in (make("eu_portal:HORIZON-X-2027-01-01"), swedish(**fields))}
    asked: list[tuple[str, str]] = []

    def similarity(a: str, b: str) -> float:
        asked.append((a, b))
        return near

    decisions = decide_all(calls, similarity)
    assert [one.relation for one in decisions.values()] == ([expected] if expected else [])
    with_amount = fields.get("funding", True) is not None
    assert asked == ([tuple(sorted(calls))] if with_amount and "deadlines" not in fields else [])


def test_pairs_are_found_without_comparing_all_with_all() -> None:
    many = {c.id: c for c in (make(f"a:x-{n}", f"Word{n} thing{n}", texts={}) for n in range(300))}
    pairs = find_candidate_pairs(traits_of_calls(many))
    assert pairs == set()  # they share a deadline and an amount, but also a language
    alike = {
        c.id: c for c in (make(f"a:x-{n}", "Call", texts={}) for n in range(MAX_BLOCK_SIZE + 1))
    }
    assert find_candidate_pairs(traits_of_calls(alike)) == set()
    calls = {k: c.model_copy(update={"texts": {"en": f"{i // 2} is it"}})
            for i, (k, c) in enumerate(alike.items())}  # fmt: skip
    assert len(find_candidate_pairs(traits_of_calls(calls))) == (MAX_BLOCK_SIZE + 1) // 2


def test_titles_with_most_words_in_common_meet() -> None:
    one = make("a:1", "Advanced clean steel production for green shipping yards in Europe")
    two = make("b:2", "Advanced clean steel production for green shipping yards in Asia")
    three = make("c:3", "Advanced manufacturing of medical implants")
    assert find_candidate_pairs(traits_of_calls({c.id: c for c in (one, two, three)})) == {
        ("a:1", "b:2")
    }
