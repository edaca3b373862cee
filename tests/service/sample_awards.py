"""What the tests of stored awards share: an award, and a call that may have paid it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from scrapers.award import Award, Organisation
from scrapers.call import Call, Money, Provenance
from tests.service.conftest import a_call

EXAMPLES = Path(__file__).parents[1] / "award_examples"
VINNOVA = EXAMPLES / "vinnova" / "two_languages.json"


def an_award(
    id_: str = "vinnova:2024-09101",
    *,
    calls: tuple[str, ...] = ("2026-001",),
    caller: str = "vinnova",
    title: str = "Vågen hemma",
    **more: object,
) -> Award:
    fields: dict[str, object] = {
        "id": id_,
        "funder": "Vinnova",
        "titles": {"sv": title},
        "texts": {"sv": "Personer med hjärtsvikt väger sig hemma varje morgon."},
        "caller": caller if calls else "",
        "calls": calls,
        "coordinator": Organisation(name="Exempelkliniken AB", country="SE"),
        "amount": Money(amount=Decimal(100_000), currency="SEK"),
        "start": date(2026, 5, 1),
        "provenance": Provenance(source=id_.split(":", 1)[0]),
    }
    return Award.model_validate(fields | more)


def a_call_with(id_: str, *identifiers: str, title: str = "Utlysning") -> Call:
    return a_call(id_, title).model_copy(update={"identifiers": identifiers})
