"""Calls as the European Union's portal has them: long titles, notes, many deadlines, all invented.

They show what a page does with text that nobody shortened: words of forty letters, codes without a
blank, eleven cut-offs, a budget of nine digits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

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
    join_sections,
)
from service.domain.pilots.pilot import Pilot

COUNT = 40

_THEMES = (
    "Piloting person-centred remote monitoring of multimorbid patients between hospital and home",
    "Interoperable, trustworthy and explainable decision support for early detection of sepsis",
    "Uppskalning av hemdiagnostik för personer med hjärtsvikt i gles- och landsbygdskommuner",
    "Climate-neutral operating theatres: measurement, procurement and behavioural interventions",
    "Next-generation electrochemical point-of-care diagnostics for antimicrobial stewardship",
)
_TAILS = (
    "(Innovation action, two stages, lump sum), including cross-border demonstration",
    "- HORIZON-HLTH-2026-03-CARE-DISEASE-TRANSFORMATION-INTEROPERABILITY-07-two-stage",
    "with socioeconomic and ethical/legal/social implications (ELSI) integrated throughout",
    "in at least three Member States/Associated Countries; successor of the 2024 topic",
)
_PARAGRAPHS = (
    """Proposals should test the solution with patients, relatives and staff in everyday care, and
show how much time, money and energy is saved compared with the way that care is given today.""",
    """Consortia consist of at least three independent legal entities established in three different
Member States or associated countries, at least one of them in a Member State.""",
    """Sökande ska visa hur resultaten kan användas av regioner och kommuner efter projektets slut,
och hur upphandling, informationssäkerhet och medicinteknisk reglering hanteras.""",
    """The budget per project is expected to be between EUR 4 000 000 and EUR 8 500 000; proposals
that ask for another amount may be selected when they say why.""",
)

PILOT_TEXT = """Hemdiagnostik för äldre med hjärtsvikt

Vi vill pröva om personer över 75 år med hjärtsvikt kan mäta vikt, blodtryck och kapillära
blodprover hemma, med stöd av hemsjukvården, i stället för att åka till mottagningen. Två
kommuner, ett sjukhus och ett medicintekniskt företag deltar. Sköterskan får larm när värdena
försämras, och läkaren kan ändra behandlingen samma dag.

Mål: färre akuta inläggningar, kortare väntan på provsvar, lägre kostnad per patient och år.
Vi söker medel för utvärdering, införande och hälsoekonomi under två år. Omkring 3 miljoner kronor.
"""


def long_calls(now: datetime) -> list[Call]:
    """Return `COUNT` calls around an instant: most open, some forthcoming, some closed."""
    return [_call(number, now) for number in range(COUNT)]


def long_pilot() -> Pilot:
    """Return a pilot whose text is as long as people paste them."""
    title = "Hemdiagnostik för äldre med hjärtsvikt i Norrtälje, Uppsala och Östhammars kommuner"
    return Pilot(id="long", title=title, text=PILOT_TEXT, language="sv")


def _call(number: int, now: datetime) -> Call:
    theme, tail = _THEMES[number % len(_THEMES)], _TAILS[number % len(_TAILS)]
    first = now + timedelta(days=number * 5 - 30)
    body, sections = join_sections(
        [
            ("purpose", "\n\n".join([theme, *_PARAGRAPHS[:2]])),
            ("eligibility", _PARAGRAPHS[1]),
            ("budget", _PARAGRAPHS[3]),
            ("other", "\n\n".join(_PARAGRAPHS * (1 + number % 4))),
        ]
    )
    code = f"HORIZON-HLTH-2026-{number:02d}-CARE-DISEASE-TRANSFORMATION-two-stage"
    return Call(
        id=f"eu_portal:{code}",
        funder="European Health and Digital Executive Agency (HaDEA) / European Commission",
        level=Level.EUROPEAN,
        titles={"en": f"{theme} {tail}"},
        texts={"en": body},
        sections={"en": sections},
        programme="Horizon Europe: Cluster 1, Destination 5 (Unlocking the potential of tools)",
        identifiers=(code,),
        opens=first - timedelta(days=60) if number % 7 else now + timedelta(days=20),
        deadlines=tuple(
            Deadline(
                kind=DeadlineKind.FIXED,
                zone="Europe/Brussels",
                at=(first + timedelta(days=90 * step)).astimezone(UTC).replace(hour=15),
            )
            for step in range(1 + (number % 4) * 3)
        ),
        funding=Funding(
            total=Money(amount=Decimal(120_000_000), currency="EUR"),
            minimum=Money(amount=Decimal(4_000_000), currency="EUR"),
            maximum=Money(amount=Decimal(8_500_000), currency="EUR"),
            expected_awards=14,
        ),
        eligibility=(Eligibility(kind="applicant", value="university", quote=_PARAGRAPHS[1]),),
        url=f"https://portal.example/topics/{code}",
        links=(Link(url=f"https://portal.example/topics/{code}.pdf", label=f"Annex {code}"),),
        provenance=Provenance(source="test"),
    )
