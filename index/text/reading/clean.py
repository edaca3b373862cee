"""The text that is ranked: one reading of it, by whichever door and in whichever dress it came.

The same words give the same text, whether they were typed, pasted from Word, a browser or a mail,
copied out of a PDF or written in capitals. Every character of it knows what it stands for in the
text as given, so that quotations can be given by their offsets there.
"""

from __future__ import annotations

from index.text.reading.capitals import without_capitals
from index.text.reading.characters import in_one_form, with_single_blanks, without_hidden_characters
from index.text.reading.edited_text import EditedText
from index.text.reading.line_ends import with_whole_lines, with_whole_words
from index.text.reading.marks import without_marks, without_quoted_lines
from index.text.reading.markup import without_markup
from index.text.reading.rows import with_cells_as_lines

READING = "2"
"""Which reading this is: to be raised when texts are read in another way, so that an index is
built anew and not continued."""


def clean_text(text: str, acronyms: frozenset[str] = frozenset()) -> EditedText:
    """Return ``text`` as it is ranked, with the place of each character in ``text``.

    Args:
        text: as somebody wrote, pasted or published it.
        acronyms: words that stay in capitals in a text of capitals; those of its neighbours, say.
    """
    read = with_cells_as_lines(without_markup(EditedText.unedited(text)))
    read = in_one_form(without_hidden_characters(read))
    read = without_quoted_lines(read)
    read = with_whole_words(with_whole_lines(read))
    return with_single_blanks(without_capitals(without_marks(read), acronyms))


def visible_text(text: str) -> str:
    """Return what a reader sees of ``text``: its own letters, without markup and hidden ones.

    Quotations are shown so. A text of which nothing would be left is shown as it is.
    """
    seen = without_hidden_characters(without_markup(EditedText.unedited(text)))
    return with_single_blanks(seen).text or text
