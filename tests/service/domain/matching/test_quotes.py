"""Every quotation is verbatim at its offsets, on both sides, whatever the texts are made of."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.explain.explaining_searcher import ExplainingSearcher
from index.store.build import build
from scrapers.call import Call
from service.clock import examples_date
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.documents import call_document
from service.domain.matching.filters import Filters
from service.domain.matching.match import Match, find_matches
from service.domain.matching.match_context import MatchContext
from service.domain.pilots.profile import Party, Profile
from service.jobs.reindex import reindex
from service.use_cases.match import match_text
from tests.made_once import made_once
from tests.service.conftest import NOW, a_call

ROOT = Path(__file__).parents[4]
EVAL = ROOT.parent / "shared" / "eval"
PILOTS = EVAL / "pilots" / "vinnova_medtech.jsonl"
PARTS = 8
"""Groups of real pilots, which workers share."""
PROFILE = Profile(organisations=(Party(kind=ApplicantKind.REGION),), country="SE", trl=5, months=24)

TEXT = "Hjärtsvikt i hemmet\nPersoner med hjärtsvikt mäter vikt och blodtryck i hemmet varje dag."
MIXED = (
    "Vi \U0001f469\U0001f3fd\u200d\u2695\ufe0f ger vård 🏥 i hemmet åt personer med "
    "hja\u0308rtsvikt 🫀 varje dag.\nPersoner med hjärtsvikt mäter vikt ⚖️ och blodtryck 🩺 i "
    "hemmet.\u2028Vinden är 𝟛 m/s till havs i dag."
)
"""Letters joined, combined and beyond the first plane of Unicode, and a line end of its own."""


def indexed(calls: Sequence[Call], folder: Path) -> tuple[ExplainingSearcher, dict[str, Call]]:
    cache = VectorCache(folder / "vectors.sqlite")
    build([call_document(call) for call in calls], HashEncoder(), folder / "s", cache)
    cache.close()
    return ExplainingSearcher.open(folder / "s", HashEncoder()), {call.id: call for call in calls}


def spans(found: Match, text: str, call: Call) -> Iterator[tuple[str, str]]:
    """Yield what each quotation of a match says and what stands at its place."""
    for one in found.evidence:
        yield one.pilot.text, text[one.pilot.start : one.pilot.end]
        held: Mapping[str, str] = getattr(call, one.call.field)
        yield one.call.text, held[one.call.lang][one.call.start : one.call.end]
    for gate in found.gates:
        for quote in gate.spans:
            held = getattr(call, quote.field)
            if quote.field in ("titles", "texts"):
                yield quote.text, held[quote.lang][quote.start : quote.end]
            else:
                assert quote.text in held


def checked(
    searcher: ExplainingSearcher,
    calls: Mapping[str, Call],
    text: str,
    language: str,
    **others: object,
) -> tuple[int, int]:
    """Compare every quotation of the first ten; return how many matches and quotations."""
    found = find_matches(
        MatchContext(searcher=searcher, calls=calls, now=NOW),
        text,
        language=language,
        profile=PROFILE,
        group=False,
        **others,  # type: ignore[arg-type]
    ).matches
    told = [pair for one in found for pair in spans(one, text, calls[one.call.id])]
    assert [said for said, _ in told] == [held for _, held in told]
    assert all(said.strip() for said, _ in told)
    return len(found), len(told)


def test_a_call_that_changed_after_indexing_is_not_quoted_wrongly(context: Context) -> None:
    title = "Medel till vården"
    context.calls.upsert([a_call("vinnova:1", title), a_call("vinnova:2", title)], NOW)
    reindex(context)
    assert all(one.evidence for one in match_text(context, TEXT, group=False).matches)
    longer = a_call("vinnova:1", title, text="Nytt först. Något helt annat än vad som stod här.")
    context.calls.upsert([longer], NOW)
    found = {one.call.id: one for one in match_text(context, TEXT, group=False).matches}
    for one in found.values():
        call = context.calls.get(one.call.id)
        assert call is not None
        assert all(said == held for said, held in spans(one, TEXT, call))
    assert not [e for e in found["vinnova:1"].evidence if e.call.field == "texts"]
    assert found["vinnova:1"].parts, "it still is a match"
    assert [e for e in found["vinnova:2"].evidence if e.call.field == "texts"]


def test_a_text_that_is_gone_since_is_not_quoted(context: Context) -> None:
    context.calls.upsert([a_call()], NOW)
    reindex(context)
    bare = a_call().model_copy(update={"texts": {}, "sections": {}, "titles": {"en": "Heart"}})
    context.calls.upsert([bare], NOW)
    (one,) = match_text(context, TEXT).matches
    assert one.evidence == ()


@pytest.mark.parametrize(
    ("pilot", "text"), [(TEXT, MIXED), (f"🫀 {MIXED}", TEXT), (MIXED, f"🎗️ {MIXED}")]
)
def test_offsets_are_code_points_whatever_the_text_is_made_of(
    tmp_path: Path, pilot: str, text: str
) -> None:
    call = a_call("vinnova:1", "Hjärtsvikt 🫀 i hemmet", text=text)
    searcher, calls = indexed([call, a_call("vinnova:2", "Vindkraft", text="Till havs.")], tmp_path)
    (one, _) = find_matches(MatchContext(searcher=searcher, calls=calls, now=NOW), pilot).matches
    told = list(spans(one, pilot, call))
    assert len(told) >= 2
    assert all(said == held for said, held in told)
    astral = [said for said, _ in told if any(ord(letter) > 0xFFFF for letter in said)]
    assert astral, "some of what is quoted has letters beyond the first plane"


@pytest.mark.slow
def test_everything_that_the_examples_quote_is_verbatim(tmp_path: Path) -> None:
    folder = ROOT / "examples"
    calls = [
        Call.model_validate_json(line)
        for path in sorted((folder / "calls").glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    pilots = [json.loads(path.read_text("utf-8")) for path in (folder / "pilots").glob("*.json")]
    searcher, held = indexed(calls, tmp_path)
    every = Filters(statuses=())
    counts = [
        checked(searcher, held, one["text"], one["language"], filters=every) for one in pilots
    ]
    assert examples_date(folder)
    assert sum(matches for matches, _ in counts) == 10 * len(pilots) >= 60
    # a match quotes the pilot and the call at least once each: two spans, three on average here
    assert sum(quotations for _, quotations in counts) >= 3 * 10 * len(pilots)


needs_pilots = pytest.mark.skipif(
    not PILOTS.exists(), reason="the shared evaluation data is not here"
)


def real_pilots() -> list[dict[str, str]]:
    return [json.loads(line) for line in PILOTS.read_text("utf-8").splitlines()]


@pytest.fixture(scope="session")
def real_index(
    tmp_path_factory: pytest.TempPathFactory, real_calls: list[Call]
) -> tuple[ExplainingSearcher, dict[str, Call]]:
    """The index of the real calls, built once a run."""

    def write(folder: Path) -> None:
        folder.mkdir()
        indexed(real_calls, folder)

    folder = made_once(tmp_path_factory, "real_index", write)
    searcher = ExplainingSearcher.open(folder / "s", HashEncoder())
    return searcher, {call.id: call for call in real_calls}


@needs_pilots
def test_there_are_87_real_pilots() -> None:
    assert len(real_pilots()) == 87
    assert sum(len(real_pilots()[part::PARTS]) for part in range(PARTS)) == 87


@pytest.mark.slow
@needs_pilots
@pytest.mark.parametrize("part", range(PARTS))
def test_everything_quoted_for_87_real_pilots_is_verbatim(
    real_index: tuple[ExplainingSearcher, dict[str, Call]], part: int
) -> None:
    every, pilots = Filters(statuses=()), real_pilots()[part::PARTS]
    counts = [
        checked(*real_index, f"{one['title_sv']}\n{one['text_sv']}", "sv", filters=every)
        for one in pilots
    ]
    assert sum(matches for matches, _ in counts) == 10 * len(pilots) >= 100
    assert sum(quotations for _, quotations in counts) >= 3 * 10 * len(pilots)
