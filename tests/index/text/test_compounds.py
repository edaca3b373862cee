"""Compounds are cut where both halves are words of these documents, and nowhere else."""

from __future__ import annotations

from index.text.compounds import Compounds
from index.text.tokens import stem_tokens

DOCUMENTS = {
    0: "Vård av äldre i hemmet. Samverkan mellan kommun och region.",
    1: "Vård och samverkan i vårdkedjan.",
    2: "Vindkraft till havs. Kraft och vind. Fundament i vatten.",
    3: "Vind och kraft från havet.",
}


def compounds(language: str = "sv") -> Compounds:
    return Compounds.learn(language, [stem_tokens(text, "sv") for text in DOCUMENTS.values()])


def test_a_compound_is_itself_and_its_halves() -> None:
    assert compounds().split(stem_tokens("vindkraft", "sv")) == ["vindkraft", "vind", "kraft"]


def test_a_joining_s_is_no_part_of_a_word() -> None:
    known = Compounds({"forskning": 3, "stöd": 3})
    assert known.split(["forskningsstöd"]) == ["forskningsstöd", "forskning", "stöd"]


def test_what_the_documents_do_not_know_stays_whole() -> None:
    assert compounds().split(["hjärtsvikt", "kort"]) == ["hjärtsvikt", "kort"]


def test_a_language_that_writes_words_apart_has_no_compounds() -> None:
    assert compounds("en").split(["vindkraft"]) == ["vindkraft"]
