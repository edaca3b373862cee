"""Compounds are cut where both halves are words of these documents, and nowhere else."""

from __future__ import annotations

from index.store.bm25 import LexicalIndex
from index.text.compounds import Compounds
from index.text.tokens import stem_tokens

DOCUMENTS = {
    0: "Vård av äldre i hemmet. Samverkan mellan kommun och region.",
    1: "Vård och samverkan i vårdkedjan.",
    2: "Vindkraft till havs. Kraft och vind. Fundament i vatten.",
    3: "Vind och kraft från havet.",
}


def learned(language: str = "sv") -> Compounds:
    return Compounds.learn(language, [stem_tokens(text, "sv") for text in DOCUMENTS.values()])


def test_a_compound_is_itself_and_its_halves() -> None:
    assert learned().split(stem_tokens("vindkraft", "sv")) == ["vindkraft", "vind", "kraft"]


def test_a_joining_s_is_no_part_of_a_word() -> None:
    compounds = Compounds({"forskning": 3, "stöd": 3})
    assert compounds.split(["forskningsstöd"]) == ["forskningsstöd", "forskning", "stöd"]


def test_what_the_documents_do_not_know_stays_whole() -> None:
    assert learned().split(["hjärtsvikt", "kort"]) == ["hjärtsvikt", "kort"]


def test_a_language_that_writes_words_apart_has_no_compounds() -> None:
    assert learned("en").split(["vindkraft"]) == ["vindkraft"]


def test_a_query_finds_the_half_of_a_compound() -> None:
    index = LexicalIndex.build("sv", DOCUMENTS)
    scores, coverage = index.scores(stem_tokens("vårdsamverkan", "sv"))
    assert list(scores.argsort()[::-1][:2]) in ([0, 1], [1, 0])
    assert scores[2] == scores[3] == 0
    assert 0 < coverage <= 1
