"""Who may apply, in sentences outside the passage on applicants and in brackets within it."""

from __future__ import annotations

import pytest

from scrapers.reading.applicants import excluded_kind, read_eligibility, told_applicants

TOLD = {
    "Kommuner kan nu ansöka om statligt bidrag för rådgivning.": {"municipality"},
    "Regioner och kommuner kan nu igen söka stöd för laddare.": {"region", "municipality"},
    "Municipalities may now apply for support to small companies.": {"municipality"},
    "Planerar ditt företag att växa utomlands?": {"company"},
    "Eligible funding applicants for this round are universities and for-profit organizations.": {
        "university",
        "company",
    },
    "Vi ger råd till företag.": set(),
    "Företag kan inte söka.": set(),
    "Din kommun svarar på frågor.": set(),
}
TOLD_UNSEEN = {
    "Företag kan även ansöka om lån.": {"company"},
    "Universities can also apply for travel.": {"university"},
    "Eligible applicants include state and local governments and businesses.": {
        "public body",
        "company",
    },
    "Eligible lead organisations are hospitals.": {"health care provider"},
    "Utlysningen riktar sig främst till kommuner.": {"municipality"},
    "Would your company like to apply for advice?": {"company"},
    "Stödet kan sökas av ideella föreningar.": {"civil society"},
    "Kommuner som har en plan kan från och med nu ansöka.": {"municipality"},
    "Kommuner kan hjälpa företag att söka.": set(),
    "Projektet hjälper företag att söka patent.": set(),
    "Municipalities may not apply.": set(),
    "The results help your company.": set(),
}


@pytest.mark.parametrize("text", [*TOLD, *TOLD_UNSEEN])
def test_who_may_apply_is_told_in_a_sentence(text: str) -> None:
    found = told_applicants(text)
    assert {one.value for one in found if one.kind == "applicant"} == {**TOLD, **TOLD_UNSEEN}[text]
    assert all(one.quote == text for one in found)


BRACKETS = {
    "Företag (ej enskild firma) och regioner.": ({"company", "region"}, {"individual"}),
    "Companies (excluding sole traders) may apply.": ({"company"}, {"individual"}),
    "Universities (not individual researchers)": ({"university"}, {"individual"}),
    "Non-profit, non-academic organizations": ({"civil society"}, set()),
}
BRACKETS_UNSEEN = {
    "Organisationer (utom kommuner)": ({"organisation"}, {"municipality"}),
    "Companies (but not SMEs)": ({"company"}, {"small or medium-sized company"}),
    "Företag (inte enskilda firmor) kan söka.": ({"company"}, {"individual"}),
    "Företag (ej stora)": ({"company"}, set()),
    "Company groups (not yet formed)": ({"company"}, set()),
    "Eligible for this are state, local or tribal governments.": ({"public body"}, set()),
}


@pytest.mark.parametrize("text", [*BRACKETS, *BRACKETS_UNSEEN])
def test_brackets_shut_out_kinds(text: str) -> None:
    found = read_eligibility(text)
    may = {one.value for one in found if one.kind == "applicant"}
    refused = {excluded_kind(one.value) for one in found if one.kind == "excluded"}
    assert (may, refused) == {**BRACKETS, **BRACKETS_UNSEEN}[text]
