"""The language of a text."""

from __future__ import annotations

import pytest

from index.text.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Vi vill pröva en ny metod för att följa patienter med hjärtsvikt i hemmet", "sv"),
        ("We want to test a new way to follow patients with heart failure at home", "en"),
        ("Wir wollen eine neue Methode für Patienten mit Herzschwäche erproben", "de"),
    ],
)
def test_recognises_the_language_of_a_sentence(text: str, language: str) -> None:
    guess = detect_language(text)
    assert guess.language == language
    assert guess.is_sure


def test_a_text_without_letters_is_an_unsure_guess() -> None:
    assert not detect_language("12 345 %").is_sure
    assert not detect_language("AI").is_sure
