"""A call's sentences, each with its offsets and the heading above it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from index.text.limits import LONGEST_FIELD
from index.text.sentences import Span, split_sentences
from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.calls.documents import TEXT_FIELD
from service.domain.eligibility.facts import Quote

TITLE_FIELD = "titles"
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2009\u202f\u2007\t\n"), " ")

_PATTERNS = load("sentences.toml", package=__package__)
NEGATION = _PATTERNS.negation
EXAMPLE = _PATTERNS.for_example
ADVICE = _PATTERNS.advice
"""Words of an amount or share that is advice rather than a rule."""
CONDITIONAL = _PATTERNS.unless
"""Words of a rule that does not always hold."""
LABEL = _PATTERNS.label
_MAX_HEADING = 80
_MAX_JOINED = 600
_SHORT_HEADING = 40
_LONG_LINE = 40
"""A shorter line is seldom wrapped in the middle of a sentence."""


@dataclass(frozen=True)
class CallSentence:
    """A sentence of a call: ``verbatim`` is ``start`` to ``end`` of a field in a language."""

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
        """The words with every space as a plain one; offsets are those in ``verbatim``."""
        return self.verbatim.translate(_SPACES)

    @cached_property
    def lower_text(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    def contains_any(self, hints: tuple[str, ...]) -> bool:
        """Whether the text contains one of ``hints``: a cheap test before costly patterns."""
        return any(hint in self.lower_text for hint in hints)

    @property
    def is_about_applicants(self) -> bool:
        """Whether the heading, or a label such as "Söks av:", is about who may apply."""
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

    @cached_property
    def passes_on(self) -> bool:
        """Whether it is on what those who get the money may in their turn give to others."""
        return bool(_PATTERNS.passes_on.search(self.text))

    def quote(self) -> Quote:
        """Return the sentence as a quotation."""
        return Quote(
            field=self.field, lang=self.lang, start=self.start, end=self.end, text=self.verbatim
        )

    def clause(self, start: int, end: int) -> str:
        """Return the clause around ``text[start:end]``."""
        return self.text[slice(*self.clause_span(start, end))]

    def clause_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the clause around ``text[start:end]`` begins and ends."""
        cuts = [m.span() for m in _PATTERNS.clause_end.finditer(self.text)]
        begin = max((stop for _, stop in cuts if stop <= start), default=0)
        finish = min((first for first, _ in cuts if first >= end), default=len(self.text))
        return begin, finish

    def is_negated(self, start: int, end: int) -> bool:
        """Whether the clause around ``text[start:end]`` denies something."""
        return bool(NEGATION.search(self.clause(start, end)))

    def is_example(self, start: int) -> bool:
        """Whether the words at ``start`` are an example."""
        return bool(EXAMPLE.search(self.text[max(0, start - 40) : start]))


def read_sentences(call: Call) -> tuple[CallSentence, ...]:
    """Return the sentences of titles and texts in order, titles first."""
    sentences = [
        CallSentence(TITLE_FIELD, lang, s.start, s.end, title[s.start : s.end])
        for lang, title in call.titles.items()
        for s in split_sentences(title[:LONGEST_FIELD])
    ]
    for lang, text in call.texts.items():
        sentences += _split_text(call, lang, text[:LONGEST_FIELD])
    return tuple(sentences)


def _split_text(call: Call, lang: str, text: str) -> list[CallSentence]:
    """Return the sentences of one text; a line that looks like a heading heads the next ones."""
    sentences = []
    heading = topic = ""
    sections = call.sections.get(lang, ())
    current = ""
    above, asked = ("", ""), None
    for span in _whole_sentences(text):
        names = [s.name for s in sections if s.start <= span.start < s.end]
        section = names[0] if names else ""
        if section != current:
            current, heading, topic = section, section, ""
        verbatim = text[span.start : span.end]
        sentences.append(
            CallSentence(TEXT_FIELD, lang, span.start, span.end, verbatim, heading, topic)
        )
        if asked and "\n" in text[asked.end : span.end]:
            heading, topic, asked = *above, None
            sentences[-1] = replace(sentences[-1], heading=heading, topic=topic)
        if verbatim.endswith(":"):
            topic = topic or heading
            heading = verbatim
        elif _is_question_in_line(text, span):
            above = above if asked else (heading, topic)
            heading, topic, asked = verbatim, "", span
        elif _is_heading(text, span.start, span.end):
            heading, topic = verbatim, ""
    return sentences


def _is_question_in_line(text: str, span: Span) -> bool:
    """Whether a short question is answered on the same line: it heads the rest of the line."""
    verbatim = text[span.start : span.end]
    rest = text[span.end : span.end + 2]
    return verbatim.endswith("?") and len(verbatim) <= _SHORT_HEADING and rest[:1] == " "


def _whole_sentences(text: str) -> list[Span]:
    """Return the sentences of ``text``; "U.S." and the like end none, nor does a wrapped line."""
    spans: list[Span] = []
    for span in split_sentences(text):
        last = spans[-1] if spans else None
        broken = last and _PATTERNS.ends_in_abbreviation.search(text, last.start, last.end)
        if last and ((broken and _is_joined(text, last, span)) or _is_wrapped(text, last, span)):
            spans[-1] = Span(last.start, span.end)
        else:
            spans.append(span)
    return spans


def _is_joined(text: str, last: Span, span: Span) -> bool:
    """Whether two pieces stand on one line and are no longer than a sentence may be."""
    return "\n" not in text[last.end : span.start] and span.end - last.start <= _MAX_JOINED


def _is_wrapped(text: str, last: Span, span: Span) -> bool:
    """Whether a sentence goes on in small letters on the line below."""
    return (
        text[last.end : span.start] in ("\n", " \n", "\n ")
        and span.end - last.start <= _MAX_JOINED
        and last.end - max(last.start, text.rfind("\n", 0, last.end)) >= _LONG_LINE
        and (text[last.end - 1].islower() or text[last.end - 1] == ",")
        and text[span.start].islower()
    )


def _is_heading(text: str, start: int, end: int) -> bool:
    """Whether a sentence is alone on its line, short, and looks like a heading."""
    if end - start > _MAX_HEADING or not _PATTERNS.heading_shape.fullmatch(text, start, end):
        return False
    alone = (start == 0 or "\n" in text[max(0, start - 3) : start]) and (
        text[end : end + 1] in ("\n", "") or text[end : end + 2].strip(" ") == "\n"
    )
    return alone and not text[start].islower() and text[start] not in "•-–*"
