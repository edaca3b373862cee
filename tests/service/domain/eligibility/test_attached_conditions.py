"""Conditions in a call's attachments: added, and never above those of the call itself."""

from __future__ import annotations

from scrapers.call import Call, Level, Provenance, Section
from service.domain.eligibility.extract import extract_facts

OWN = "Projektet kan få högst 2 miljoner kronor i bidrag."
OTHER = "Projektet kan få högst 5 miljoner kronor i bidrag. Projektet får pågå i högst 24 månader."


def call(own: str, attached: str, url: str | None = "https://f.example/a.pdf") -> Call:
    text = f"{own}\n\n{attached}"
    return Call(
        id="x:1",
        funder="En stiftelse",
        level=Level.NATIONAL,
        titles={"sv": "Digital vård"},
        texts={"sv": text},
        sections={
            "sv": (
                Section(name="what", start=0, end=len(own)),
                Section(name="Bilaga", start=len(own) + 2, end=len(text), url=url),
            )
        },
        provenance=Provenance(source="x"),
    )


def terms(read: Call) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for fact in extract_facts(read):
        found.setdefault(fact.name, set()).update(fact.value.terms())
    return found


def test_an_attachment_adds_what_the_call_does_not_state() -> None:
    found = terms(call(OWN, OTHER))
    assert found["amount"] == terms(call(OWN, "Mer text."))["amount"]
    assert "duration" in found


def test_where_the_call_is_silent_the_attachment_counts() -> None:
    found = terms(call("Stöd till digital vård.", OTHER))
    assert found["amount"] == terms(call(OTHER, "Mer text."))["amount"]


def test_sections_of_the_calls_own_page_all_count() -> None:
    both = terms(call(OWN, OTHER, url=None))
    assert both["amount"] > terms(call(OWN, OTHER))["amount"]
