"""What a filter hides above the shown calls is said on pages, in the API and at the terminal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from index.search.hit import Hit
from scrapers.call import Call, Deadline, DeadlineKind
from service.app import create_app
from service.context import Context
from service.domain.matching.filters import Filters
from service.domain.matching.other_calls.hidden_calls import ExcludedCalls, HiddenCalls, find_hidden
from service.jobs.reindex import reindex
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call

WISH = "Hjärtsvikt i hemmet\nPersoner med hjärtsvikt mäter vikt och blodtryck i hemmet."


def due(call: Call, at: datetime) -> Call:
    deadline = Deadline(kind=DeadlineKind.FIXED, zone="Europe/Stockholm", at=at)
    return call.model_copy(update={"deadlines": (deadline,)})


@pytest.fixture
def filled(context: Context) -> Context:
    closed = due(
        a_call("vinnova:closed", "Hjärtsvikt i hemmet", text=WISH), NOW - timedelta(days=3)
    )
    late = due(a_call("vinnova:late", "Fall hos äldre i stad"), datetime(2026, 12, 1, tzinfo=UTC))
    far = a_call("vinnova:far", "Elnät i glesbygd", text="Utlysningen gäller elnät i glesbygd.")
    context.calls.upsert([closed, late, far], NOW - timedelta(days=40))
    reindex(context)
    return context


def test_a_closed_call_that_fits_better_is_counted_and_named(filled: Context) -> None:
    found = match_text(filled, WISH)
    assert found.hidden.reasons == {"status closed": 1}
    assert found.hidden.sentence is not None
    assert found.hidden.sentence.en == "1 call that fits better is hidden by the filter: 1 closed."
    assert found.hidden.sentence.sv == "1 utlysning som passar bättre döljs av filtret: 1 stängd."
    every = match_text(filled, WISH, filters=Filters(statuses=()))
    assert every.hidden == HiddenCalls()
    assert every.hidden.sentence is None
    page = (
        create_app(filled).test_client().post("/", data={"text": WISH}, follow_redirects=True).text
    )
    assert "1 call that fits better is hidden by the filter: 1 closed." in page


def hits(*scores: float) -> list[Hit]:
    return [Hit(f"a:{n}", score, ()) for n, score in enumerate(scores)]


def test_only_what_fits_better_and_may_fit_at_all_is_counted() -> None:
    reasons = {"a:0": "status closed", "a:1": "another level", "a:2": "status closed"}
    excluded = ExcludedCalls(frozenset(reasons), reasons.__getitem__)
    best = Hit("b:0", 0.3, ())
    found = find_hidden(lambda _: hits(0.9, 0.5, 0.2), excluded, best)
    assert found == HiddenCalls(count=2, reasons={"status closed": 1, "another level": 1})
    assert find_hidden(lambda _: hits(0.2, 0.1), excluded, best) == HiddenCalls()
    alone = find_hidden(lambda _: hits(0.02, 0.001), excluded, None)
    assert alone.count == 1
    assert alone.sentence is not None
    assert alone.sentence.en == "1 call that may fit is hidden by the filter: 1 closed."


def test_nothing_is_searched_where_nothing_is_left_out() -> None:
    def refuse(_: int) -> list[Hit]:
        pytest.fail("there is nothing to search")

    assert find_hidden(refuse, ExcludedCalls(), None) == HiddenCalls()
