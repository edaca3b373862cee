from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.search.hit import Hit
from index.search.searcher import Searcher
from index.store.build import build
from scrapers.call import Call
from service.cli.render import render_matches
from service.context import Context
from service.domain.calls.documents import call_document
from service.domain.calls.freshness import Arrivals, is_closing
from service.domain.calls.near_duplicates import are_near_duplicates
from service.domain.matching.match import find_matches
from service.domain.matching.match_context import MatchContext
from service.domain.matching.result_groups import group_hits
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call

PROSE = (
    "Projekten ska pröva {} i kommuner och regioner under två år. Sökande är företag, sjukhus "
    "och lärosäten tillsammans. Ansökan ska beskriva nyttan för patienter, hur arbetet ska följas "
    "upp, vilka kostnader som uppstår och hur resultaten sprids. Bidrag lämnas med högst hälften "
    "av kostnaderna. Bedömningen görs av en grupp av sakkunniga som väger behov, potential och "
    "aktörer mot varandra. Projekt som bygger på tidigare försök och som har patienter med i "
    "ledningen ges företräde framför andra. Utbetalning sker i tre delar efter godkända rapporter, "
    "den sista först när slutrapporten har lästs."
)


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        (("Innovation i vården 2025", PROSE), ("Innovation i vården 2026", "Kort."), True),
        (("Pris till kvinnor", PROSE), ("Pris till lag", PROSE.replace("två", "tre")), True),
        (("Innovation i vården", "Robotar."), ("Innovation i skolan", "Läroplaner."), False),
        (("Resor", PROSE), ("Möten", "Bidrag till möten om vindkraft till havs."), False),
        (("2025", "Robotar."), ("2026", "Läroplaner."), False),
        (("Resor", ""), ("Möten", ""), False),
    ],
)
def test_what_is_nearly_the_same(
    first: tuple[str, str], second: tuple[str, str], *, alike: bool
) -> None:
    one = a_call("vinnova:1", first[0]).model_copy(update={"texts": {"sv": first[1]}})
    other = a_call("vinnova:2", second[0]).model_copy(update={"texts": {"sv": second[1]}})
    assert are_near_duplicates(one, other) is alike
    assert are_near_duplicates(other, one) is alike
    assert are_near_duplicates(one, one)


def test_one_title_over_two_long_texts_on_other_things_is_two_calls() -> None:
    one = a_call("vinnova:1", "Öppen utlysning").model_copy(update={"texts": {"sv": PROSE}})
    words = " ".join(f"annat{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(90))
    other = one.model_copy(update={"id": "vinnova:2", "texts": {"sv": words}})
    assert not are_near_duplicates(one, other)
    elsewhere = one.model_copy(update={"id": "formas:1"})
    assert not are_near_duplicates(one, elsewhere), "another funder's call is another call"


def test_a_call_joins_the_best_that_it_is_like_and_never_by_a_chain() -> None:
    texts = {"a": "x y z w", "b": "x y z w v", "c": "q r"}
    calls = {
        f"vinnova:{key}": a_call(f"vinnova:{key}", title, text=f"Om {key}.")
        for key, title in texts.items()
    }
    hits = [Hit(f"vinnova:{key}", 1 - n / 10, ()) for n, key in enumerate("acb")]
    groups = group_hits(hits, calls)
    assert [(g.lead.document, [h.document for h in g.others]) for g in groups] == [
        ("vinnova:a", ["vinnova:b"]),
        ("vinnova:c", []),
    ]


@pytest.fixture
def rounds(tmp_path: Path) -> tuple[Searcher, dict[str, Call]]:
    """Twelve rounds of one call, and four calls on other things."""
    calls = [
        a_call(f"vinnova:heart-{n}", f"Hjärtsvikt i hemmet {2010 + n}", text=PROSE.format("vård"))
        for n in range(12)
    ] + [
        a_call(f"vinnova:{word}", f"Hjärtsvikt och {word}", text=f"Hjärtsvikt och {word}.")
        for word in ("resor", "möten", "böcker", "filmer")
    ]
    cache = VectorCache(tmp_path / "vectors.sqlite")
    build([call_document(call) for call in calls], HashEncoder(), tmp_path / "s", cache)
    cache.close()
    return Searcher.open(tmp_path / "s", HashEncoder()), {call.id: call for call in calls}


def test_rounds_of_a_call_are_one_match_and_none_is_lost(
    rounds: tuple[Searcher, dict[str, Call]],
) -> None:
    searcher, calls = rounds
    flat = find_matches(
        MatchContext(searcher=searcher, calls=calls, now=NOW),
        "Hjärtsvikt i hemmet",
        top=16,
        group=False,
    ).matches
    found = find_matches(
        MatchContext(searcher=searcher, calls=calls, now=NOW), "Hjärtsvikt i hemmet", top=5
    ).matches
    assert len(flat) == 16
    assert not any(m.similar for m in flat)
    assert len(found) == 5, "top counts groups"
    (heart,) = (m for m in found if m.call.id.startswith("vinnova:heart"))
    assert len(heart.similar) == 11
    assert [s.score for s in heart.similar] == sorted(
        (s.score for s in heart.similar), reverse=True
    )
    assert heart.score >= heart.similar[0].score
    shown = {m.call.id for m in found} | {s.id for m in found for s in m.similar}
    assert shown == {m.call.id for m in flat}
    scores = {m.call.id: m.score for m in flat}
    assert all(scores[m.call.id] == m.score for m in found), "groups change no score"
    assert all(scores[s.id] == s.score for s in heart.similar)


def test_the_terminal_lists_what_is_similar_and_fresh(
    rounds: tuple[Searcher, dict[str, Call]],
) -> None:
    searcher, calls = rounds
    found = find_matches(
        MatchContext(searcher=searcher, calls=calls, now=NOW), "Hjärtsvikt i hemmet", top=1
    )
    heart = found.matches[0].model_copy(update={"new": True, "closing": True})
    text = render_matches(found.model_copy(update={"matches": (heart,)}))
    assert "11 similar calls:" in text
    assert "by 2026-04-20)" in text
    assert "· new · closes soon" in text


def test_a_call_is_new_for_two_weeks_but_not_when_its_funder_is() -> None:
    start = datetime(2026, 2, 1, tzinfo=UTC)
    seen = {"a:1": start, "a:2": start + timedelta(hours=1), "a:3": start + timedelta(days=20)}
    arrivals = Arrivals(seen | {"b:1": start + timedelta(days=20)})
    soon = start + timedelta(days=21)
    assert [id_ for id_ in (*seen, "b:1", "c:1") if arrivals.is_new(id_, soon)] == ["a:3"]
    assert not arrivals.is_new("a:3", soon + timedelta(days=14))
    assert not arrivals.is_new("a:3", start + timedelta(days=19)), "the clock stands before it"
    assert arrivals.first_seen("a:3") == seen["a:3"]
    assert arrivals.first_seen("c:1") is None


def test_a_call_closes_soon_while_it_is_open() -> None:
    call = a_call(day=20)
    last = datetime(2026, 4, 20, 12, tzinfo=UTC)
    assert is_closing(call, last - timedelta(days=14))
    assert not is_closing(call, last - timedelta(days=14, seconds=1))
    assert not is_closing(call, last + timedelta(seconds=1))
    assert not is_closing(call.model_copy(update={"deadlines": ()}), last)


def test_the_store_knows_when_calls_came(context: Context) -> None:
    context.calls.upsert([a_call("vinnova:old", "Hjärtsvikt")], NOW - timedelta(days=40))
    context.calls.upsert([a_call("vinnova:new", "Hjärtsvikt och smink")], NOW - timedelta(days=2))
    build(
        [call_document(call) for call in context.calls.all().values()],
        HashEncoder(),
        context.snapshots,
        VectorCache(context.settings.data / "vectors.sqlite"),
    )
    found = {m.call.id: m for m in match_text(context, "hjärtsvikt", group=False).matches}
    assert found["vinnova:new"].new
    assert not found["vinnova:old"].new
    assert found["vinnova:old"].first_seen == NOW - timedelta(days=40)
    context.calls.upsert([a_call("vinnova:newer", "Hjärtsvikt och smör")], NOW)
    assert context.calls.first_seen()["vinnova:newer"] == NOW
