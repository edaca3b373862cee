"""The tokenizer against the `tokenizers` library with the same pieces."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, models, normalizers, pre_tokenizers
from tokenizers import Tokenizer as LibraryTokenizer

from index.embedding.onnx.tokenizer import (
    ZERO_WIDTH,
    PieceVocabulary,
    Tokenizer,
    save_vocabulary,
)
from index.errors import ModelError

WORDS = [
    "▁",
    "▁vård",
    "▁hem",
    "met",
    "▁i",
    "vård",
    "s",
    "sam",
    "verkan",
    "▁a",
    "b",
    "ab",
    "fi",
    "10",
]
PIECES = [
    ("<s>", 0.0),
    ("<pad>", 0.0),
    ("</s>", 0.0),
    ("<unk>", 0.0),
    *((word, -1.0 - number / 7) for number, word in enumerate(WORDS)),
    *((letter, -9.0 - number / 50) for number, letter in enumerate("cdeghijklmnoprtuvyåäö")),
]
VOCABULARY = PieceVocabulary(PIECES, bos=0, eos=2, pad=1, unk=3)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("pieces")
    save_vocabulary(VOCABULARY, folder)
    return Tokenizer(folder)


@pytest.fixture(scope="module")
def library() -> LibraryTokenizer:
    made = LibraryTokenizer(models.Unigram(PIECES, 3, byte_fallback=False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(rf"[\s{ZERO_WIDTH}]+"), " "),
            normalizers.Strip(),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    return made


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(
        st.sampled_from(
            "vårdhemsverkani abfi1 0\n\t\u00a0\u200b\u200d\ufeffé\u0301ﬁ½日😀ABåäö-.<>"
        ),
        max_size=60,
    )
)
def test_texts_are_cut_as_the_library_cuts_them(
    tokenizer: Tokenizer, library: LibraryTokenizer, text: str
) -> None:
    assert tokenizer.encode(text, 1000).ids == [0, *library.encode(text).ids, 2]


def test_middles_lie_where_the_words_are(tokenizer: Tokenizer) -> None:
    text = "vård  i hemmet"
    tokens = tokenizer.encode(text, 10)
    assert [WORDS[id_ - 4] for id_ in tokens.ids[1:-1]] == ["▁vård", "▁i", "▁hem", "met"]
    assert tokens.middles == [-1.0, 2.0, 6.5, 9.5, 12.5, -1.0]


@pytest.mark.parametrize("hidden", ["\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\ufeff"])
def test_a_character_of_no_width_is_read_as_a_blank(tokenizer: Tokenizer, hidden: str) -> None:
    text = f"{hidden}vård{hidden}i{hidden}{hidden}hemmet"
    assert tokenizer.encode(text, 10).ids == tokenizer.encode("vård i hemmet", 10).ids


def test_a_ligature_is_cut_and_stays_in_its_place(tokenizer: Tokenizer) -> None:
    tokens = tokenizer.encode("i ﬁ i", 10)
    inside = tokens.middles[1:-1]
    assert inside == sorted(inside)
    assert all(0 <= middle <= len("i ﬁ i") for middle in inside)


def test_a_text_that_spells_a_special_piece_is_a_text(tokenizer: Tokenizer) -> None:
    assert tokenizer.encode("<s></s>", 20).ids[1:-1] != [0, 2]
    assert 0 not in tokenizer.encode("<s></s>", 20).ids[1:-1]


def test_what_lies_beyond_the_limit_is_not_looked_at(tokenizer: Tokenizer) -> None:
    looked: list[str] = []
    cut = tokenizer._cut
    tokenizer._cut = lambda word: looked.append(word) or cut(word)  # type: ignore[assignment,func-returns-value]
    try:
        tokens = tokenizer.encode("vård " * 100_000, 16)
        long_word = tokenizer.encode("b" * 100_000, 16)
    finally:
        tokenizer._cut = cut
    assert len(tokens.ids) == len(long_word.ids) == 16
    assert len(looked) == 14 + 1
    assert max(map(len, looked)) == 2000


def test_files_that_are_not_there_or_damaged_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read"):
        Tokenizer(tmp_path)
    save_vocabulary(VOCABULARY, tmp_path)
    (tmp_path / "pieces.marisa").write_bytes(b"no trie")
    with pytest.raises(ModelError, match="cannot be read"):
        Tokenizer(tmp_path)
