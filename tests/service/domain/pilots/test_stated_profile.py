"""What a text says of a profile: names and stages found by their form, and nothing made up."""

from __future__ import annotations

import time

import pytest

from service.domain.pilots.reading.stated_profile import read_profile_hints


def said(text: str) -> set[tuple[str, str]]:
    return {(one.field, one.value) for one in read_profile_hints(text)}


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        (
            (
                "Vi på Region Sörmland vill pröva sensorer tillsammans med Mälardalens universitet "
                "och Falltech Nordic AB."
            ),
            {
                ("organisation", "government_county"),
                ("organisation", "higher_education_public"),
                ("organisation", "for_profit_small_business"),
                ("partners", "some"),
                ("stage", "pilot"),
            },
        ),
        (
            "Danderyds sjukhus leder; Solna stad är med. TRL 6 i dag.",
            {
                ("organisation", "health_care_provider"),
                ("organisation", "government_municipal"),
                ("trl", "6"),
            },
        ),
        (
            "The City of Bergen in Norway applies alone for a feasibility study.",
            {
                ("organisation", "government_municipal"),
                ("country", "NO"),
                ("partners", "none"),
                ("stage", "feasibility"),
            },
        ),
        (
            "Metoden ska breddinföras i Sverige och Finland.",
            {("stage", "implementation"), ("country", "SE"), ("country", "FI")},
        ),
    ],
)
def test_what_a_text_says_is_found(text: str, hints: set[tuple[str, str]]) -> None:
    assert said(text) >= hints
    for one in read_profile_hints(text):
        assert one.words in text


@pytest.mark.parametrize(
    "text",
    [
        "Patienterna bor ensamma och träffar vårdcentralen tillsammans med en sjuksköterska.",
        "Två sjukhus har samma behov. Varje kommun väljer själv.",
        "Costs rise in every region, and patients were tested.",
        "Blodgrupp AB är ovanlig.",
        "",
    ],
)
def test_what_a_text_does_not_say_is_not_made_up(text: str) -> None:
    assert said(text) == set()


@pytest.mark.parametrize(
    "piece", ["A", "Ab ", "Region ", "tillsammans med ", "Aa & ", "TRL", "å\n"]
)
def test_a_hostile_text_is_read_in_time(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    began = time.perf_counter()
    read_profile_hints(text)
    assert time.perf_counter() - began < 5
