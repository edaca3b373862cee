"""One call explained for one pilot: its place, why it is not recommended, what would change it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from index.search.searcher import CANDIDATE_COUNT
from scrapers.call import Level
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.duplicates.links import LinkState
from service.domain.matching.call_explanation import CallExplanation, rank_change_sentence
from service.domain.matching.feedback import Opinion
from service.domain.matching.filters import Filters
from service.domain.matching.match import Match
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile
from service.jobs.reindex import reindex
from service.messages.render import english
from service.use_cases.explain_call import explain_call
from service.use_cases.feedback import judge_call
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call
from tests.service.new_store import fill_once

pytestmark = pytest.mark.whole

TEXT = (
    "Vård av hjärtsvikt på distans\n"
    "Personer med hjärtsvikt mäter vikt och blodtryck i hemmet varje dag. "
    "En sjuksköterska läser av mätningarna och ringer när något avviker. "
    "Arbetet görs i två kommuner under arton månader."
)
RULE = "Minst två parter från minst två länder ska söka. Vård av hjärtsvikt i hemmet."
OPEN = Filters()


def fill(context: Context) -> None:
    """Store a pilot with a profile, and calls near to it, far from it, closed, and alike."""
    context.pilots.add(
        Pilot(
            id="hemma",
            title="Hjärtsvikt",
            text=TEXT,
            language="sv",
            profile=Profile(
                organisations=(Party(kind=ApplicantKind.REGION),), country="SE", partners=()
            ),
        )
    )
    context.pilots.add(Pilot(id="vag", title="Pengar", text="Vi söker pengar till ett projekt."))
    calls = [
        a_call("vinnova:1", "Hjärtsvikt i hemmet 2025", text=RULE),
        a_call("vinnova:2", "Hjärtsvikt i hemmet 2026", text="Vård av hjärtsvikt hemma."),
        a_call("formas:3", "Vård på distans", text="En sjuksköterska ringer när något avviker."),
        a_call("formas:4", "Vindkraft", text="Fundament till havs prövas i salt vatten."),
        a_call("formas:5", "Hjärtsvikt och distans").model_copy(
            update={"deadlines": a_call(day=1).deadlines, "level": Level.NORDIC}
        ),
    ]
    past = calls[4].deadlines[0].model_copy(update={"at": NOW - timedelta(days=3)})
    calls[4] = calls[4].model_copy(update={"deadlines": (past,)})
    context.calls.upsert(calls, NOW)
    reindex(context)


@pytest.fixture
def stored(context: Context) -> Context:
    fill_once(context, "pairs", fill)
    return context


def pair(
    context: Context, call: str, pilot: str = "hemma", filters: Filters = OPEN
) -> CallExplanation:
    return explain_call(context, pilot, call, filters)


def codes(found: CallExplanation) -> list[str]:
    return [one.code for one in found.why_not]


def listed(context: Context) -> tuple[Match, ...]:
    pilot = context.pilots.get("hemma")
    assert pilot is not None
    return match_text(
        context, pilot.text, language=pilot.language, profile=pilot.profile, pilot_id=pilot.id
    ).matches


def judge(context: Context, call: str, verdict: Opinion) -> None:
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    judge_call(context, "hemma", call, verdict, "Ada", at=at)


@pytest.mark.parametrize("judged", [(), (("formas:3", Opinion.RELEVANT),)])
def test_it_says_of_a_listed_call_what_the_list_says(
    stored: Context, judged: tuple[tuple[str, Opinion], ...]
) -> None:
    for call, verdict in judged:
        judge(stored, call, verdict)
    matches = listed(stored)
    assert len(matches) == 3
    for rank, match in enumerate(matches, 1):
        found = pair(stored, match.call.id)
        assert found.match == match
        assert found.rank == rank
        assert found.considered == 4
        assert sum(part.contribution for part in found.match.parts) == pytest.approx(match.score)
        assert set(codes(found)) <= {"weak"}
        assert found.recommended is (not found.why_not)


def test_a_call_under_another_says_which(stored: Context) -> None:
    (match,) = (one for one in listed(stored) if one.similar)
    (other,) = match.similar
    found = pair(stored, other.id)
    assert "similar" in codes(found)
    (why,) = (one for one in found.why_not if one.code == "similar")
    assert why.call == match.call.id
    assert match.call.title in why.sentence.en
    assert found.match.score == other.score
    assert found.match.similar == ()
    assert found.rank == pair(stored, match.call.id).rank


def test_what_the_filters_leave_out_is_ranked_all_the_same(stored: Context) -> None:
    found = pair(stored, "formas:5")
    assert not found.recommended
    assert codes(found)[0] == "filter"
    assert found.why_not[0].sentence.en == "The filters leave the call out: it is closed."
    assert found.why_not[0].sentence.sv == "Filtren utelämnar utlysningen: den är stängd."
    assert found.rank is not None
    assert found.match.evidence
    assert found.considered == 4
    every = match_text(stored, TEXT, language="sv", filters=Filters(statuses=()), group=False)
    scores = {one.call.id: one.score for one in every.matches}
    assert found.match.score == scores["formas:5"]
    several = Filters(funders=("vinnova",), levels=(Level.EUROPEAN,))
    narrow = pair(stored, "formas:5", filters=several)
    assert codes(narrow)[:3] == ["filter"] * 3, "closed, of another funder and on another level"
    assert narrow.considered == 0
    assert codes(pair(stored, "formas:5", filters=Filters(statuses=())))[:1] != ["filter"]


def test_a_dismissed_call_is_told_as_such(stored: Context) -> None:
    before = pair(stored, "vinnova:1")
    judge(stored, "vinnova:1", Opinion.NOT_RELEVANT)
    found = pair(stored, "vinnova:1")
    assert "dismissed" in codes(found)
    assert found.match.judged is Opinion.NOT_RELEVANT
    assert found.match.score < before.match.score, "as a list shows it on request"
    assert [part.name for part in found.match.parts] == ["meaning", "words", "feedback"]


def test_a_call_that_is_not_indexed_yet_has_gates_and_says_what_to_do(stored: Context) -> None:
    stored.calls.upsert([a_call("vinnova:new", "Hjärtsvikt, ny", text=RULE)], NOW)
    found = pair(stored, "vinnova:new")
    assert codes(found) == ["unindexed"]
    assert "fundscout reindex" in found.why_not[0].sentence.sv
    assert (found.rank, found.match.score, found.match.evidence) == (None, 0.0, ())
    assert found.without == ()
    assert {gate.name for gate in found.match.gates} > {"status", "consortium"}
    assert [one.gate for one in found.openings] == ["consortium", "amount"]


def test_a_pilot_that_says_nothing_of_its_subject_is_told_so(stored: Context) -> None:
    found = pair(stored, "vinnova:1", "vag")
    assert codes(found) == ["vague"]
    assert (found.rank, found.match.score, found.without) == (None, 0.0, ())
    assert any("Too little to go on" in english(note) for note in found.notes)
    assert [gate.name for gate in found.match.gates][-1] == "profile"
    assert found.openings == ()


def test_a_copy_that_does_not_lead_names_the_one_that_does(stored: Context) -> None:
    stored.links.decide(("formas:3", "vinnova:1"), LinkState.CONFIRMED, (), NOW)
    shown = {one.call.id for one in listed(stored)} & {"formas:3", "vinnova:1"}
    other = ({"formas:3", "vinnova:1"} - shown).pop()
    found = pair(stored, other)
    assert "copy" in codes(found)
    (why,) = (one for one in found.why_not if one.code == "copy")
    assert {why.call} == shown
    assert found.rank is not None


def test_what_would_open_a_condition_is_told(stored: Context) -> None:
    opening, amount = pair(stored, "vinnova:1").openings
    assert (opening.verdict, amount.verdict) == ("fail", "unknown")
    assert opening.sentence.en == "With a partner in another country this condition is met."


def test_without_a_sentence_the_call_stands_where_the_shorter_text_puts_it(
    stored: Context,
) -> None:
    judge(stored, "formas:3", Opinion.RELEVANT)
    found = pair(stored, "formas:3")
    assert found.without
    assert [one.pilot for one in found.without] == list(
        dict.fromkeys(e.pilot for e in found.match.evidence)
    )
    for one in found.without:
        assert TEXT[one.pilot.start : one.pilot.end] == one.pilot.text
        shorter = TEXT[: one.pilot.start] + TEXT[one.pilot.end :]
        pilot = stored.pilots.get("hemma")
        assert pilot is not None
        stored.pilots.put(pilot.model_copy(update={"text": shorter}), source="")
        again = pair(stored, "formas:3")
        stored.pilots.put(pilot, source="")
        assert (one.rank, one.score) == (found.rank, found.match.score)
        assert (one.new_rank, one.new_score) == (again.rank, again.match.score)
        assert "feedback" in [part.name for part in again.match.parts]


def test_the_only_sentence_cannot_be_left_out(stored: Context) -> None:
    stored.pilots.add(Pilot(id="kort", title="Kort", text="Hjärtsvikt i hemmet", language="sv"))
    (one,) = pair(stored, "vinnova:1", "kort").without
    assert (one.new_rank, one.new_score) == (None, 0.0)
    assert one.sentence.en == "Without this sentence there is nothing left to rank by."


@pytest.mark.slow
def test_a_call_far_down_has_its_place_too(context: Context) -> None:
    context.pilots.add(Pilot(id="hemma", title="Hjärtsvikt", text=TEXT, language="sv"))
    words = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}rn" for n in range(CANDIDATE_COUNT + 60)]
    near = [
        a_call(
            f"vinnova:{n:03}",
            f"Hjärtsvikt {w} {w}",
            # near by its letters: what all calls say word for word tells none from another
            text=f"{TEXT} {w}.",
        )
        for n, w in enumerate(words)
    ]
    far = a_call("formas:far", "Zzz", text="Qqq xxx.")
    context.calls.upsert([*near, far], NOW)
    reindex(context)
    found = explain_call(context, "hemma", "formas:far", OPEN)
    assert found.rank == found.considered == len(near) + 1
    assert codes(found) == ["weak", "rank"]
    assert f"stands at {found.rank}" in found.why_not[1].sentence.en
    assert "formas:far" not in [m.call.id for m in match_text(context, TEXT, top=50).matches]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (2, 17, "Without this sentence the call falls from 2 to 17."),
        (9, 3, "Without this sentence the call rises from 9 to 3."),
        (2, 2, "Without this sentence the call stays at 2."),
        (2, None, "Without this sentence there is nothing left to rank by."),
    ],
)
def test_where_it_goes_in_words(old: int, new: int | None, said: str) -> None:
    assert english(rank_change_sentence(old, new)) == said
