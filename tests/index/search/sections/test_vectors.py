"""Which sections are read by themselves, and what stands for each."""

from __future__ import annotations

import numpy as np

from index.embedding.encoder import Vectors
from index.search.sections.cut import cut_sections
from index.search.sections.projects import reads_like_title
from index.search.sections.vectors import short_lines, with_lines_alone

BODY = "Patienterna mäter sitt blodtryck hemma varje dag, och en sjuksköterska ser värdena. " * 3
TEXT = f"1.1 Projektnamn: Stöd hemma efter stroke\n{BODY}\nKort rad"


def test_lines_labels_and_what_is_written_there_are_read_alone() -> None:
    sections = cut_sections(TEXT)
    spans = [sections[place].span for place in short_lines(TEXT, sections)]
    alone = [TEXT[span.start : span.end] for span in spans]
    assert alone == ["1.1 Projektnamn:", "Stöd hemma efter stroke", "Kort rad"]


def test_a_section_read_alone_has_that_vector() -> None:
    sections = cut_sections(TEXT)
    within = np.tile(np.array([1, 0], np.float32), (len(sections), 1))
    read: list[str] = []

    def encode(texts: list[str]) -> Vectors:
        read.extend(texts)
        return np.tile(np.array([0, 1], np.float32), (len(texts), 1))

    vectors = with_lines_alone(within, TEXT, sections, encode)
    assert len(read) == vectors.is_alone.sum() == 3
    assert vectors.own[vectors.is_alone].tolist() == [[0, 1]] * 3
    assert vectors.own[~vectors.is_alone].tolist() == [[1, 0]] * (len(sections) - 3)


def test_what_stands_after_a_label_may_be_a_title() -> None:
    sections = cut_sections(TEXT)
    assert not reads_like_title(TEXT, sections, 0)
    assert reads_like_title(TEXT, sections, 1)
