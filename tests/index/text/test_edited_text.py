"""An edited text: offsets lead back to what was given."""

from __future__ import annotations

from index.text.edited_text import Edit, EditedText
from index.text.sentences import Span

GIVEN = "We fight AMR at home, not war."


def test_offsets_lead_back_to_the_text_as_given() -> None:
    edited = EditedText(
        GIVEN, [Edit(Span(22, 29), " "), Edit(Span(9, 12), "antimicrobial resistance AMR")]
    )
    assert edited.text == "We fight antimicrobial resistance AMR at home,  ."
    place = edited.text.index("home")
    assert edited.given_span(Span(place, place + 4)) == Span(16, 20)
    whole = edited.given_span(Span(0, len(edited.text)))
    assert whole == Span(0, len(GIVEN))
    inside = edited.text.index("resistance")
    assert edited.given_span(Span(inside, inside + 10)) == Span(9, 12)
    fight = edited.text.index("fight")
    assert edited.given_span(Span(fight, edited.text.index(" at home"))) == Span(3, 12)


def test_a_word_that_an_edit_brought_is_what_was_edited() -> None:
    edited = EditedText(GIVEN, [Edit(Span(9, 12), "antimicrobial resistance AMR")])
    assert edited.given_word("resistance") == "AMR"
    assert edited.given_word("home") == "home"


def test_of_two_edits_that_touch_the_first_counts() -> None:
    edited = EditedText("abcdef", [Edit(Span(1, 4), "-"), Edit(Span(2, 5), "!")])
    assert edited.text == "a-ef"
    assert EditedText("abc").text == "abc"
