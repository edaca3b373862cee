"""Names of organisations: one key under many spellings, readable, and never a person's."""

from __future__ import annotations

import pytest

from service.domain.awards.organisation_names import common_spelling, display_name, organisation_key


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("BUNDESINSTITUT FUR ARZNEIMITTEL", "Bundesinstitut fur Arzneimittel"),
        ("THE UNIVERSITY OF OSLO", "The University of Oslo"),
        ("FUNDACIO DE RECERCA CLINIC", "Fundacio de Recerca Clinic"),
        ("KTH INNOVATION AB", "KTH Innovation AB"),
    ],
)
def test_names_in_capitals_are_read_as_names(name: str, read: str) -> None:
    assert display_name(name) == read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("KAROLINSKA INSTITUTET", "Karolinska Institutet (KI)"),
        ("GOETEBORGS UNIVERSITET", "University of Gothenburg"),
        ("KUNGLIGA TEKNISKA HOEGSKOLAN", "KTH Royal Institute of Technology"),
        ("CHALMERS TEKNISKA HOGSKOLA AB", "Chalmers tekniska högskola"),
        ("Getinge AB (publ)", "GETINGE"),
        ("RISE Research Institutes of Sweden AB", "RISE"),
        ("Stockholms läns landsting", "Region Stockholm"),
    ],
)
def test_spellings_of_one_organisation_have_one_key(one: str, other: str) -> None:
    assert organisation_key(one) == organisation_key(other) is not None


@pytest.mark.parametrize(
    "name",
    ["Anna Svensson", "SVEN GÖRAN BERG", "Lars-Erik Lind", "Li Wei", "Anna Maria von Ek", " "],
)
def test_what_may_be_a_person_has_no_key(name: str) -> None:
    assert organisation_key(name) is None
    assert display_name(name) is None


@pytest.mark.parametrize("name", ["AB", "Vinnova", "Spiber Technologies", "Umeå kommun", "3M"])
def test_what_is_plainly_an_organisation_has_one(name: str) -> None:
    assert organisation_key(name)


def test_the_name_shown_is_the_commonest_that_does_not_shout() -> None:
    assert common_spelling(["LUNDS UNIVERSITET", "LUNDS UNIVERSITET", "Lunds universitet"]) == (
        "Lunds universitet"
    )
    assert common_spelling(["LUNDS UNIVERSITET"]) == "Lunds Universitet"
    assert common_spelling(["KTH"]) == "KTH"
