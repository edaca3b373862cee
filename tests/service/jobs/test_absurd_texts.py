"""Calls and pilots that nobody meant: indexed, matched and mailed beside all others, cheaply."""

from __future__ import annotations

import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from scrapers.call import Call, Deadline, DeadlineKind, Funding, Money
from service.context import Context
from service.domain.matching.filters import Filters
from service.domain.pilots.pilot import Pilot
from service.jobs.reindex import reindex
from service.use_cases.digest import preview_digest
from service.use_cases.explain_call import explain_call
from service.use_cases.match import match_pilot
from tests.service.conftest import NOW, a_call

pytestmark = pytest.mark.whole

MOST_MEMORY = 128 * 2**20

TEXTS = {
    "a word": "a" * 40_000,
    "a compound": "vårdsamverkan" * 3000,
    "accents": "vård e" + "\u0301\u0316" * 20_000,
    "digits": "Upp till " + "9" * 20_000 + " kronor per projekt i 1-, 1-, 1-, 9, 9, 9 månader.",
    "list": "Kommuner, " * 2000 + "organisationer kan söka.",
    "lines": "\n" * 20_000 + "Vård i hemmet.",
    "brackets": "(" * 20_000,
    "spaces": "Vård" + " " * 20_000 + "i hemmet.",
}


def absurd_calls() -> list[Call]:
    calls = [a_call(f"vinnova:{n}", text=text) for n, text in enumerate(TEXTS.values())]
    title = a_call("vinnova:title", "Titel " * 3000, text="Vård i hemmet för äldre. " * 500)
    end = Deadline(kind=DeadlineKind.FIXED, zone="Asia/Tokyo", at=datetime.max.replace(tzinfo=UTC))
    most = Funding(maximum=Money(amount=Decimal(10**18 - 1), currency="SEK"))
    late = a_call("vinnova:late").model_copy(update={"deadlines": (end,), "funding": most})
    words = a_call("vinnova:words").model_copy(update={"keywords": ("vård",) * 20_000})
    return [*calls, title, late, words]


@pytest.fixture
def filled(context: Context) -> Context:
    context.calls.upsert([a_call("vinnova:sound"), *absurd_calls()], NOW)
    for n, text in enumerate(TEXTS.values()):
        context.pilots.add(Pilot(id=f"absurd-{n}", title="Vård", text=text[:90_000]))
    context.pilots.add(Pilot(id="sound", title="Hjärtsvikt", text="Hjärtsvikt i hemmet. Vård."))
    return context


def test_one_of_them_stops_nobody(filled: Context) -> None:
    tracemalloc.start()
    try:
        report = reindex(filled)
        for pilot in filled.pilots.all():
            if any(letter.isalpha() for letter in pilot.text):
                assert match_pilot(filled, pilot.id, top=20).matches or pilot.id != "sound"
        found = match_pilot(filled, "sound", top=20, group=False)
        digest = preview_digest(filled, "sound")
        explained = explain_call(filled, "sound", "vinnova:late", Filters())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.documents == len(TEXTS) + 4
    assert "vinnova:sound" in {match.call.id for match in found.matches}
    assert digest.pilot_id == "sound"
    assert explained.match.call.id == "vinnova:late"
    assert peak < MOST_MEMORY
