"""The language of a text, among those that funders and pilots write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

LANGUAGES = ("sv", "en", "da", "no", "fi", "de", "fr", "es", "it", "nl", "pl", "pt")
"""The candidates. With a hundred, "AI diagnostik" would be taken for Italian."""

MIN_PROBABILITY = 0.9
"""Probability from which a recognised language is relied on."""

_SAMPLE_LENGTH = 2000
"""Characters looked at; more do not change the answer."""


@dataclass(frozen=True)
class LanguageGuess:
    """The likeliest language and its probability, 0 to 1; ``shares`` has those of all."""

    language: str
    probability: float
    shares: dict[str, float]

    @property
    def is_sure(self) -> bool:
        """Whether to rely on it."""
        return self.probability >= MIN_PROBABILITY


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  slow to load

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def detect_language(text: str) -> LanguageGuess:
    """Recognise the language of ``text``; a text without letters is a guess at English."""
    sample = " ".join(text[:_SAMPLE_LENGTH].split())
    if not any(character.isalpha() for character in sample):
        return LanguageGuess("en", 0.0, {})
    shares = {str(name): float(share) for name, share in _identifier().rank(sample.lower())}
    language = max(shares, key=lambda name: shares[name])
    return LanguageGuess(language, shares[language], shares)
