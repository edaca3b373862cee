"""Frames: every line of ours is of a kind, and a project in one is known stretch by stretch."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.search.sections.kind import SectionKind
from index.text.sentences import Span
from index.training.frames import LEARNED_FRAMES, as_bullets, fill_frame, read_frames
from index.training.section_texts import LANGUAGES

TITLE = "Safer lifts on wards"
BODY = ["Nurses hurt their backs. A rail helps.", "We try it on ten wards.", "Falls are counted."]
FRAME = "form| Name: {title}\nform| Owner: R. Stone\nproject| {first:bullets}\nproject| {third}"


def test_a_project_stands_in_the_places_of_a_frame() -> None:
    known = fill_frame(FRAME, TITLE, BODY, "\n\n")
    assert known.text == (
        f"Name: {TITLE}\nOwner: R. Stone\n\n• Nurses hurt their backs\n• A rail helps\n\n{BODY[2]}"
    )
    place = known.text.index(TITLE)
    assert known.kind_at(Span(place, place + len(TITLE))) is SectionKind.PROJECT
    assert known.kind_at(Span(0, place)) is SectionKind.FORM


def test_lines_around_a_project_may_be_left_out_but_no_places() -> None:
    known = fill_frame(FRAME, TITLE, BODY, "\n", lambda: False)
    assert known.text.split("\n")[:2] == [f"Name: {TITLE}", "• Nurses hurt their backs"]


def test_a_short_text_leaves_places_empty() -> None:
    known = fill_frame("project| {first}\nproject| {second}\nproject| {third}", TITLE, ["One."], "")
    assert known.text == "One."


@pytest.mark.parametrize("folder", [LEARNED_FRAMES, Path("bench/other_frames")])
def test_every_frame_has_the_project_and_both_languages(folder: Path) -> None:
    names = [set(read_frames(folder, language)) for language in LANGUAGES]
    assert names[0] == names[1]
    for language in LANGUAGES:
        for frames in read_frames(folder, language).values():
            for frame in frames:
                known = fill_frame(frame, TITLE, BODY, "\n")
                kinds = {kind for _, kind in known.stretches}
                assert SectionKind.PROJECT in kinds
                assert len(kinds) > 1
                assert TITLE in known.text


def test_sentences_become_items() -> None:
    assert as_bullets(BODY[0]) == ["• Nurses hurt their backs", "• A rail helps"]
