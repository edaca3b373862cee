"""Prompts of other models, by the names that their makers gave them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from index.embedding.other_models.prompts import Prompts, read_prompts

NAMED: list[tuple[Mapping[str, str | None], Prompts]] = [
    ({"query": "Q: ", "document": "D: "}, Prompts("Q: ", "D: ")),
    ({"query": "Q: ", "passage": "P: ", "document": ""}, Prompts("Q: ", "P: ")),
    (
        {"search_query": "SQ: ", "search_document": "SD: ", "clustering": "C: "},
        Prompts("SQ: ", "SD: "),
    ),
    (
        {"retrieval.query": "RQ: ", "retrieval.passage": "RP: ", "text-matching": "M: "},
        Prompts("RQ: ", "RP: "),
    ),
    ({"s2s_query": "alike? ", "s2p_query": "find: "}, Prompts("find: ", "")),
    ({"query": "Represent this: "}, Prompts("Represent this: ", "")),
    (
        {"Classification": "C: ", "Retrieval-query": "rq: ", "Retrieval-document": "rd: "},
        Prompts("rq: ", "rd: "),
    ),
    ({"query": None, "document": None}, Prompts()),
    ({}, Prompts()),
    # looked at only when the rules stood
    ({"sts_query": "alike: ", "web_search_query": "web: "}, Prompts("web: ", "")),
    ({"searchQuery": "q> ", "searchDocument": "d> "}, Prompts("q> ", "d> ")),
    ({"QUERY": "q> ", "CORPUS": "c> "}, Prompts("q> ", "c> ")),
    (
        {"nli_query": "n: ", "bitext_query": "b: ", "document_retrieval_query": "dr: ", "doc": "d"},
        Prompts("dr: ", "d"),
    ),
    ({"question": "q ", "passages": "p "}, Prompts("q ", "p ")),
]


@pytest.mark.parametrize(("named", "expected"), NAMED)
def test_names_are_read_by_their_words(named: Mapping[str, str | None], expected: Prompts) -> None:
    assert read_prompts(named) == expected


def test_the_default_is_for_every_text_where_none_is_for_a_search() -> None:
    named = {"sts": "alike: ", "clustering": "group: "}
    assert read_prompts(named, "sts") == Prompts("alike: ", "alike: ")
    assert read_prompts(named) == Prompts()
    assert read_prompts({"query": "Q: "} | named, "sts") == Prompts("Q: ", "")
    assert read_prompts(named, "gone") == Prompts()
