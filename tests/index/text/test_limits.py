"""What nobody wrote to be read costs little, and what somebody wrote is read as it always was."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.embedding.encoder import HashEncoder
from index.search.query import quotable_sentences, read_query, split_query
from index.store.document import Document, Field
from index.store.passages import cut_passages
from index.text import limits
from index.text.compounds import Compounds
from index.text.tokens import stem_tokens, word_offsets

EXAMPLES = Path(__file__).parents[3] / "examples"
LONG = 100_000


class CountingStems(dict[str, int]):
    """Stems that count how often they are looked up."""

    looked_up = 0

    def __contains__(self, stem: object) -> bool:
        self.looked_up += 1
        return super().__contains__(stem)


def example_texts() -> Iterator[str]:
    for path in sorted((EXAMPLES / "calls").glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            call = json.loads(line)
            yield from (*call["titles"].values(), *call["texts"].values())


@pytest.mark.parametrize("word", ["a" * LONG, "å" * LONG, "ab-" * LONG, "9" * LONG, "ﷺ" * 9000])
def test_one_long_word_has_few_letters_that_count(word: str) -> None:
    stems = stem_tokens(word, "sv")
    longest = max(map(len, stems))
    assert longest <= limits.LONGEST_WORD
    assert sum(map(len, stems)) <= 4 * 18 * LONG  # NFKC makes 18 letters of one at most


def test_a_long_word_is_cut_in_as_many_places_as_its_stems_allow() -> None:
    compounds = Compounds({"vård": 2, "samverkan": 2})
    stems = CountingStems(compounds.frequencies)
    compounds.frequencies = stems
    assert compounds.split(["s" * LONG, "vårdsamverkan" * 1000]) == [
        "s" * LONG,
        "vårdsamverkan" * 1000,
    ]
    assert stems.looked_up == 0
    assert compounds.split(["vårdsamverkan"])[1:] == ["vård", "samverkan"]
    assert 0 < stems.looked_up < 20


@pytest.mark.parametrize("form", ["NFC", "NFKC", "NFKD"])
def test_accents_in_a_row_are_few_when_they_are_sorted(
    form: limits._Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    sorted_lengths: list[int] = []

    def normalize(_form: str, text: str) -> str:
        runs = re.findall("[\u0301\u0316]+", text)
        sorted_lengths.append(max(map(len, runs)))
        return text

    spied = SimpleNamespace(normalize=normalize, combining=unicodedata.combining)
    monkeypatch.setattr(limits, "unicodedata", spied)
    limits.normalize(form, "a" + "\u0301\u0316" * LONG + " b\u0301")
    assert sorted_lengths == [30]


def test_passages_do_not_repeat_a_long_title() -> None:
    title, text = "Titel " * 20_000, "En mening om vård i hemmet för äldre personer. " * 2000
    document = Document(
        "a:1", (Field("titles", "sv", title), Field("texts", "sv", text)), "x" * LONG
    )
    passages = list(cut_passages(document))
    assert len(passages) > 100
    most = 2 * limits.LONGEST_HEAD + 1500
    assert max(len(passage.encoded) for passage in passages) <= most


def test_a_query_of_nothing_but_tiny_sentences_has_a_bounded_number_of_them() -> None:
    text = "A b.\n" * 4000
    sentences = quotable_sentences(text, split_query(text))
    assert len(sentences) == limits.MOST_SENTENCES
    query = read_query(text, HashEncoder(), "en", explained=True)
    assert query.sentences is not None
    assert len(query.sentences.sentences) == limits.MOST_SENTENCES


def test_ordinary_texts_are_read_as_before() -> None:
    pattern = re.compile(r"[^\W_]+(?:[-'’.][^\W_]+){0,4}")
    for text in example_texts():
        before = [(m.group().lower(), m.start(), m.end()) for m in pattern.finditer(text)]
        assert word_offsets(text) == before
        for form in ("NFC", "NFD", "NFKC", "NFKD"):
            assert limits.normalize(form, text) == unicodedata.normalize(form, text)


def test_ordinary_compounds_are_cut_as_before() -> None:
    texts = list(example_texts())
    compounds = Compounds.learn("sv", [stem_tokens(text, "sv") for text in texts])
    tokens = {token for text in texts for token in stem_tokens(text, "sv")}
    assert len(tokens) > 1000
    for token in tokens:
        assert compounds.split([token])[1:] == [*every_cut(compounds, token)]


def every_cut(compounds: Compounds, token: str) -> tuple[str, ...]:
    """Return the halves of a word by trying every cut."""
    if len(token) < 8:
        return ()
    pairs = [
        (head, token[cut:])
        for cut in range(4, len(token) - 3)
        for head in ((token[:cut], token[: cut - 1]) if token[cut - 1] == "s" else (token[:cut],))
    ]
    stems = compounds.frequencies
    known = [pair for pair in pairs if all(half in stems for half in pair)]
    return max(known, key=lambda pair: min(stems[half] for half in pair), default=())
