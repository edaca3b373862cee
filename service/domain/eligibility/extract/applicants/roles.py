"""Who applies, who is shut out and who is somebody else, by the words around each mention.

Sentences without a verb that heads a whole list say it by many small signs. Each mention of a kind
of organisation gets a score from them; what is found so is never a complete list and fails nobody.
"""

from __future__ import annotations

import re

from scrapers.reading.patterns import load
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.eligibility.extract.applicants.kind_words import (
    KindMention,
    find_kind_mentions,
    find_kinds,
    join_kinds,
)
from service.domain.eligibility.extract.roles import Figure, RoleScore
from service.domain.eligibility.extract.sentences import TITLE_FIELD, CallSentence

_PATTERNS = load("roles.toml", package=__package__)
_APPLIES = 3.0
_NEAR = 60

WEIGHTS = {
    "before.invited": 2.8,
    "before.asks_for": 2.0,
    "before.offer_for": 3.0,
    "before.sum_for": 6.0,
    "before.built_at": 6.5,
    "before.operating_grants": 4.5,
    "before.labelled": 3.0,
    "before.yours": 5.0,
    "before.gives": 4.5,
    "before.enabled": 3.5,
    "before.must_be": 3.5,
    "before.supports": 3.0,
    "before.in_consortium": 6.0,
    "before.led_by": 3.5,
    "before.begins": 1.0,
    "before.listed": 0.0,
    "before.somebody_else": -3.5,
    "after.applies": 2.5,
    "after.members": 6.0,
    "after.wants": 1.0,
    "after.do_other_things": -3.0,
    "after.has_duties": -2.5,
    "clause.of_applying": 0.5,
    "clause.not_now": -2.5,
    "heading.on_applicants": 2.0,
    "heading.on_other_things": -1.5,
}
"""How much each group of words says that those named apply."""

_ROLE = RoleScore(
    {
        "before": _PATTERNS.group("before"),
        "after": _PATTERNS.group("after"),
        "clause": _PATTERNS.group("clause"),
        "heading": _PATTERNS.group("heading"),
    },
    WEIGHTS,
)


def find_applicants(sentence: CallSentence, plain: str) -> tuple[ApplicantKind, ...]:
    """Return the kinds that ``plain``, the sentence without asides, says apply."""
    if plain.rstrip().endswith(("?", ":")) and sentence.field != TITLE_FIELD:
        return ()
    applying: list[KindMention] = []
    last: KindMention | None = None
    last_score = 0.0
    text = without_workplaces(plain)
    bare = CallSentence(
        sentence.field, sentence.lang, sentence.start, sentence.end, text, sentence.heading,
        sentence.topic,
    )  # fmt: skip
    for mention in find_kind_mentions(text):
        figure = Figure(bare, mention.start, mention.end)
        names = _ROLE.features(figure)
        score = _ROLE.score(figure)
        # the items of a list have the role of the first
        if last and _is_listed(text, mention, names) and mention.start - last.end < _LONGEST_ITEM:
            score = _listed_score(score, last_score, names)
        if score >= _APPLIES and not bare.is_negated(mention.start, mention.end):
            applying.append(mention)
        last, last_score = mention, score
    return join_kinds(applying)


_LONGEST_ITEM = 60
_JOINED = ("or ", "and ", "och ", "eller ", ",")


def _is_listed(text: str, mention: KindMention, names: list[str]) -> bool:
    """Whether a mention follows another in a list; some begin with the word that joins them."""
    return "before.listed" in names or text[mention.start :].lower().startswith(_JOINED)


def _listed_score(score: float, last_score: float, names: list[str]) -> float:
    """Return the score of an item of a list whose item before has ``last_score``."""
    if "before.somebody_else" in names:
        return score
    return last_score if last_score < 0 else max(last_score, score)


def without_foreigners(text: str) -> str:
    """Return ``text`` with organisations of other countries blanked out, as if not named."""
    return _PATTERNS.foreigners.sub(lambda match: " " * len(match.group()), text)


def is_headed(sentence: CallSentence) -> bool:
    """Return whether the heading above ``sentence`` is about who may apply."""
    return bool(_PATTERNS["heading.on_applicants"].search(sentence.heading))


def find_shut_out(plain: str, *, about_applicants: bool) -> tuple[tuple[ApplicantKind, ...], str]:
    """Return the kinds that ``plain`` shuts out, and ``plain`` with those words blanked out.

    Args:
        plain: a sentence without asides.
        about_applicants: whether its heading says that it is on those who apply; an exception in
            any other sentence must itself speak of applying.
    """
    kinds: set[ApplicantKind] = set()

    def blank(match: re.Match[str]) -> str:
        who = match["who"]
        named = find_kinds(who[:_NEAR])
        if not named or _PATTERNS.on_terms.search(who):
            return match.group()
        kinds.update(named)
        return " " * len(match.group())

    on_applying = about_applicants or _PATTERNS.of_applying.search(plain)
    rest = _PATTERNS.shut_out.sub(blank, plain) if on_applying else plain
    if nothing := _PATTERNS.gets_nothing.search(rest):
        before = _PATTERNS.earlier_clauses.sub("", rest[: nothing.start()])
        named = find_kinds(before)
        alone = not _PATTERNS.on_terms.search(before) and not _PATTERNS.on_terms.search(
            rest[nothing.end() : nothing.end() + 60]
        )
        if named and alone:
            if ApplicantKind.ORGANISATION in named:  # which every kind of organisation is
                named = (ApplicantKind.ORGANISATION,)
            return _ordered(kinds | set(named)), ""
    return _ordered(kinds), rest


def answer_to(question: CallSentence, answer: CallSentence | None) -> bool | None:
    """Return what ``answer`` says to "may they apply?": None if it is no such question."""
    if answer is None or not _PATTERNS.asks_who.search(question.text):
        return None
    if _PATTERNS.no.match(answer.text):
        return False
    return True if _PATTERNS.yes.match(answer.text) else None


def without_workplaces(text: str) -> str:
    """Return ``text`` with the employers of people blanked out: "researchers at a university"."""
    for match in _PATTERNS.workplace.finditer(text):
        between = text[match.start() : match.start("at")]
        if any(ApplicantKind.INDIVIDUAL not in m.kinds for m in find_kind_mentions(between)):
            continue
        stop = _PATTERNS.ends_workplace.search(text, match.end())
        end = stop.start() if stop else len(text)
        return text[: match.start("at")] + " " * (end - match.start("at")) + text[end:]
    return text


def _ordered(kinds: set[ApplicantKind]) -> tuple[ApplicantKind, ...]:
    return tuple(kind for kind in ApplicantKind if kind in kinds)
