"""A call's sentences, each with its offsets and with the heading that it stands under."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from index.text.sentences import split_sentences
from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.calls.documents import TEXT_FIELD
from service.domain.eligibility.facts import Quote

TITLE_FIELD = "titles"
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u2007\t"), " ")

_PATTERNS = load("sentences.toml", package=__package__)
NEGATION = _PATTERNS.negation
EXAMPLE = _PATTERNS.for_example
ADVICE = _PATTERNS.advice
"""Words of a sum or share that is advice rather than a rule."""
CONDITIONAL = _PATTERNS.unless
"""Words of a rule that does not always hold."""
LABEL = _PATTERNS.label
_HEADING_LONGEST = 80
_SHORT_HEADING = 40


@dataclass(frozen=True)
class CallSentence:
    """``verbatim`` is the call's own words at ``start`` to ``end`` of a field in a language."""

    field: str
    lang: str
    start: int
    end: int
    verbatim: str
    heading: str = ""
    topic: str = ""
    """The heading above a line such as "These include:" that heads the sentence."""

    @cached_property
    def text(self) -> str:
        """The words with plain spaces for all others; offsets in it are those in ``verbatim``."""
        return self.verbatim.translate(_SPACES)

    @cached_property
    def lower_text(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    def contains_any(self, hints: tuple[str, ...]) -> bool:
        """Whether one of ``hints`` is in the text: a cheap look before the patterns' dear one."""
        return any(hint in self.lower_text for hint in hints)

    @property
    def is_about_applicants(self) -> bool:
        """Whether the heading, or a label such as "Söks av:", says that this is about applying."""
        label = LABEL.match(self.text)
        headed = (
            _PATTERNS.heading_on_applicants
            if len(self.heading) <= _SHORT_HEADING
            else _PATTERNS.long_heading_on_applicants
        )
        above = len(self.topic) <= _SHORT_HEADING and _PATTERNS.heading_on_applicants.search(
            self.topic
        )
        named = label and _PATTERNS.heading_on_applicants.search(label["label"])
        return bool(headed.search(self.heading) or above or named)

    @property
    def is_about_money(self) -> bool:
        """Whether the heading or a label says that this is about what a project gets."""
        return self._is_under(_PATTERNS.heading_on_amounts)

    @property
    def is_about_length(self) -> bool:
        """Whether the heading or a label says that this is about how long a project lasts."""
        return self._is_under(_PATTERNS.heading_on_duration)

    def _is_under(self, topic: re.Pattern[str]) -> bool:
        label = LABEL.match(self.text)
        short = self.heading if len(self.heading) <= _SHORT_HEADING else ""
        return bool(topic.search(short) or (label and topic.search(label["label"])))

    def quote(self) -> Quote:
        """Return the sentence as a quotation."""
        return Quote(
            field=self.field, lang=self.lang, start=self.start, end=self.end, text=self.verbatim
        )

    def clause(self, start: int, end: int) -> str:
        """Return the clause that holds ``text[start:end]``."""
        return self.text[slice(*self.clause_span(start, end))]

    def clause_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clause that holds ``text[start:end]`` begins and ends."""
        cuts = [m.span() for m in _PATTERNS.clause_end.finditer(self.text)]
        begin = max((stop for _, stop in cuts if stop <= start), default=0)
        finish = min((first for first, _ in cuts if first >= end), default=len(self.text))
        return begin, finish

    def is_negated(self, start: int, end: int) -> bool:
        """Whether the clause that holds ``text[start:end]`` denies something."""
        return bool(NEGATION.search(self.clause(start, end)))

    def is_example(self, start: int) -> bool:
        """Whether what begins at ``start`` is given as an example."""
        return bool(EXAMPLE.search(self.text[max(0, start - 40) : start]))


def read_sentences(call: Call) -> tuple[CallSentence, ...]:
    """Return the sentences of titles and texts in order, titles first."""
    found = [
        CallSentence(TITLE_FIELD, lang, s.start, s.end, title[s.start : s.end])
        for lang, title in call.titles.items()
        for s in split_sentences(title)
    ]
    for lang, text in call.texts.items():
        found += _split_text(call, lang, text)
    return tuple(found)


def _split_text(call: Call, lang: str, text: str) -> list[CallSentence]:
    """Return the sentences of one text; a line that ends like a heading heads those after it."""
    found = []
    heading = topic = ""
    sections = call.sections.get(lang, ())
    named = ""
    for span in split_sentences(text):
        inside = [s.name for s in sections if s.start <= span.start < s.end]
        section = inside[0] if inside else ""
        if section != named:
            named, heading, topic = section, section, ""
        words = text[span.start : span.end]
        found.append(CallSentence(TEXT_FIELD, lang, span.start, span.end, words, heading, topic))
        if words.endswith(":"):
            topic = topic or heading
            heading = words
        elif _is_heading(text, span.start, span.end):
            heading, topic = words, ""
    return found


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether a sentence is alone on its line, short, and ends like a heading."""
    if end - start > _HEADING_LONGEST or not _PATTERNS.heading_shape.fullmatch(text, start, end):
        return False
    alone = (start == 0 or "\n" in text[max(0, start - 3) : start]) and (
        text[end : end + 1] in ("\n", "") or text[end : end + 2].strip(" ") == "\n"
    )
    return alone and not text[start].islower() and text[start] not in "•-–*"
