"""Words and their stems."""

from __future__ import annotations

from index.text.tokens import stem_tokens


def test_words_are_stemmed_by_their_language() -> None:
    assert stem_tokens("Hjärtsjukdomar och vården", "sv") == ["hjärtsjukdom", "vård"]
    assert stem_tokens("e-health the trials", "en") == ["e-health", "health", "trial"]
    assert stem_tokens("ﬁnance", "en") == ["financ"]
