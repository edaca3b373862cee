"""Money and applicants in sentences: what is read, with the words that say so, and what is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.reading.applicants import country_restrictions, read_eligibility
from scrapers.reading.money import is_only_an_amount, read_funding


@pytest.mark.parametrize(
    ("text", "total", "least", "most", "share"),
    [
        ("Max 2 miljoner kr.", None, None, 2_000_000, None),
        ("Upp till 3 miljoner kronor per projekt, dock max 50 procent av projektets budget.",
         None, None, 3_000_000, 50),
        ("Up to SEK 3 million per project, however a maximum of 50 percent of the budget.",
         None, None, 3_000_000, 50),
        ("Det går att söka upp till 2 mkr per projekt. Preliminär budget är 10 mkr.",
         10_000_000, None, 2_000_000, None),
        ("Budget för hela erbjudandet är 50 miljoner kronor.", 50_000_000, None, None, None),
        ("Vi beviljar upp till 1 000 000 kronor per projekt.", None, None, 1_000_000, None),
        ("Sök mellan 500 000 och 1,5 miljoner kronor per projekt.", None, 500_000, 1_500_000, None),
        ("Bidraget är 2-5 miljoner kronor per projekt.", None, 2_000_000, 5_000_000, None),
        ("Minst 300 tkr ska sökas.", None, 300_000, None, None),
        ("Stöd ges med 20 procent till stora och 70 procent av kostnaderna till små företag.",
         None, None, None, None),
        ("Projektet bör vara 12 månader och starta 2027.", None, None, None, None),
        ("", None, None, None, None),
    ],
)  # fmt: skip
def test_what_a_call_pays(
    text: str, total: int | None, least: int | None, most: int | None, share: int | None
) -> None:
    found = read_funding(text)
    if (total, least, most, share) == (None,) * 4:
        assert found is None
        return
    assert found is not None
    assert (found.total.amount if found.total else None) == total
    assert (found.maximum.amount if found.maximum else None) == most
    assert (found.minimum.amount if found.minimum else None) == least
    assert found.share_percent == (Decimal(share) if share else None)
    assert found.text in text


@given(st.text(alphabet="0123456789 .,-–kr miljonerSEK€%upptillbudget\n", max_size=300))
def test_any_sentence_can_be_read(text: str) -> None:
    found = read_funding(text)
    assert found is None or found.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Max 2 miljoner kr.", True),
        ("Upp till 500 000 kronor", True),
        ("Företag kan söka max 2 miljoner kr.", False),
        ("Företag.", False),
    ],
)
def test_a_text_that_is_nothing_but_an_amount(text: str, expected: bool) -> None:
    assert is_only_an_amount(text) is expected


def test_applicants_come_with_their_sentence() -> None:
    text = (
        "En kommun eller en civilsamhällesorganisation ska vara koordinator. "
        "Projekten måste innehålla minst tre behovsägarorganisationer. "
        "Privatpersoner kan inte söka."
    )
    found = {(fact.kind, fact.value): fact.quote for fact in read_eligibility(text)}
    assert set(found) == {
        ("applicant", "municipality"),
        ("applicant", "civil society"),
        ("consortium", "at least 3 parties"),
        ("excluded", "not individual"),
    }
    assert all(quote in text for quote in found.values())


def test_english_applicants() -> None:
    text = "Small and medium-sized companies and universities. At least two partners take part."
    values = {fact.value for fact in read_eligibility(text)}
    assert values == {"small or medium-sized company", "university", "at least 2 parties"}


def test_a_limit_on_countries_is_quoted() -> None:
    sentence = (
        "For this reason, participation is limited to legal entities established in Member States."
    )
    found = country_restrictions(f"1. Rules\n\n{sentence} More follows.")
    assert [(fact.kind, fact.value, fact.quote) for fact in found] == [
        ("country", "established in Member States", sentence)
    ]
    assert country_restrictions("Anyone may take part.") == ()
