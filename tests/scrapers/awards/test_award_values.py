"""Values that registers share: organisations, persons in texts, amounts."""

from __future__ import annotations

import pytest

from scrapers.award import Award, Organisation
from scrapers.awards import award_values
from scrapers.call import Provenance
from scrapers.reading.fields import Fields


@pytest.mark.parametrize(
    "number", ["640823-3234", "6408233234", "19640823-3234", "196408233234", "640823+3234"]
)
def test_a_personal_number_is_no_organisation(number: str) -> None:
    assert award_values.read_organisation("Någons firma", "SE", number) is None
    assert award_values.read_organisation(f"Firma {number}", "SE") is None or "-" not in number


def test_organisations_are_kept_by_their_numbers() -> None:
    for number in ("202100-3054", "556000-0000", "2021003054", "802012-1276", "DE 123", ""):
        found = award_values.read_organisation("Ett bolag", "se", number)
        assert found == Organisation(name="Ett bolag", country="SE")
    assert award_values.read_organisation("Ej öppna data", "SE") is None
    assert award_values.read_organisation("Bo Ek enskild firma", "SE") is None
    assert award_values.read_organisation("Verket", "Sverige") == Organisation(name="Verket")


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("Projektledare: Anna Exempelsson och andra", "Projektledare: [person] och andra"),
        ("Principal Investigator: Dr. Jane Q. Doe", "Principal Investigator: [person]"),
        ("PI: Jane van Exempel.", "PI: [person]."),
        ("professor Jane Exempelsson leads", "professor [person] leads"),
        ("Kontaktperson: 850101-1234", "Kontaktperson: [number]"),
        ("Koordinator: Region Stockholm", "Koordinator: Region Stockholm"),
        ("Koordinator: Anna Exempelsson", "Koordinator: [person]"),
        ("Projektet leds av Exempelkliniken AB", "Projektet leds av Exempelkliniken AB"),
        ("PI controllers: PID Tuning", "PI controllers: PID Tuning"),
    ],
)
def test_persons_with_a_label_are_cut_from_texts(source: str, kept: str) -> None:
    assert award_values.clean_text(source) == kept


def test_amounts_have_no_more_decimals_than_they_need_and_commas_are_decimals() -> None:
    for written, amount in (
        ("2073781,25", "2073781.25"),
        (13330200.0, "13330200"),
        ("5 000", "5000"),
    ):
        found = award_values.read_amount(Fields({"a": written}, "test"), "a", "EUR")
        assert found is not None
        assert str(found.amount) == amount
    for nothing in (None, 0, "", "-5", "many", True):
        assert award_values.read_amount(Fields({"a": nothing}, "test"), "a", "EUR") is None


def test_identifiers_of_calls_need_the_funder_they_belong_to() -> None:
    with pytest.raises(ValueError, match="the funder they belong to"):
        Award(
            id="a:1",
            funder="A",
            titles={"sv": "T"},
            calls=("2024-00001",),
            provenance=Provenance(source="a"),
        )
