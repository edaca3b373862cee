"""A match is put together in one place; what is not known of a call, it does not show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from index.explain.evidence import Explanation
from index.search.hit import Hit
from service.context import Context
from service.domain.calls.exchange_rates import ExchangeRates
from service.domain.matching.match import make_match
from service.domain.matching.match_context import StoredCalls
from service.domain.matching.pricing import Pricing
from service.domain.matching.result_groups import ResultGroup
from service.use_cases.calls import get_card
from service.use_cases.match import match_text

WISH = "Hjärtsvikt i hemmet. Patienter mäter vikt och blodtryck dagligen i hemmet."
RATES = ExchangeRates(source="ECB", day=date(2026, 3, 2), per_euro={"SEK": Decimal(11)})


def test_a_bare_match_has_the_call_and_its_conditions_alone(shared_context: Context) -> None:
    whole = match_text(shared_context, WISH).matches[0]
    call = shared_context.calls.all()[whole.call.id]
    stored = StoredCalls(calls={call.id: call}, now=shared_context.now())
    bare = make_match(stored, ResultGroup(Hit(call.id, 0.0, ())), Explanation((), ()), "sv")
    assert (bare.call.id, bare.gates) == (whole.call.id, whole.gates)
    assert (bare.parts, bare.evidence, bare.terms, bare.past, bare.similar) == ((), (), (), (), ())
    assert (bare.first_seen, bare.judged) == (None, None)


def test_amounts_are_converted_when_the_card_is_made(shared_context: Context) -> None:
    stored = shared_context.match_context()
    paid = next(call for call in stored.calls.values() if call.funding and call.funding.maximum)
    hit, unexplained = ResultGroup(Hit(paid.id, 0.0, ())), Explanation((), ())
    plain = make_match(stored, hit, unexplained, "sv")
    priced = make_match(replace(stored, pricing=Pricing(RATES, "SEK")), hit, unexplained, "sv").call
    assert plain.call.converted is None
    assert priced.converted == Pricing(RATES, "SEK").convert_funding(paid.funding)
    assert priced.converted is not None
    assert plain.call == priced.model_copy(update={"converted": None})


def test_a_list_and_a_match_show_the_same_card(shared_context: Context) -> None:
    found = match_text(shared_context, WISH, language="sv").matches[0].call
    assert get_card(shared_context, found.id, "sv") == found
