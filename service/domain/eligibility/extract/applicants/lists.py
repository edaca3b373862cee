"""The part of a sentence that lists applicants, found by its verb, heading or position."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scrapers.reading.patterns import load
from service.domain.eligibility.extract.applicants.kind_words import find_kinds
from service.domain.eligibility.extract.sentences import LABEL, NEGATION, TITLE_FIELD, CallSentence

_PATTERNS = load("lists.toml", package=__package__)
_EARLY = 100
MODIFIER = _PATTERNS.modifier


@dataclass(frozen=True)
class ApplicantList:
    """The words of a sentence that list applicants; ``denied``: they may not apply."""

    text: str
    denied: bool = False


def find_applicant_list(sentence: CallSentence, plain: str) -> ApplicantList | None:
    """Return the part of a sentence that lists applicants: by its verb, else by its position.

    ``plain`` is the sentence with brackets blanked out.
    """
    if _PATTERNS.passed_on.search(plain):
        return None
    if plain.rstrip().endswith("?"):
        return _list_by_position(sentence, plain)
    if match := _PATTERNS.list_follows.search(plain):
        return _list_after_verb(plain, match)
    if (match := _PATTERNS.inverted.search(plain)) and find_kinds(match["who"]):
        return ApplicantList(match["who"])
    takes_part = _PATTERNS.may_take_part.search(plain) if sentence.is_about_applicants else None
    verb = _PATTERNS.list_precedes.search(plain) or takes_part
    return _list_before_verb(plain, verb) if verb else _list_by_position(sentence, plain)


def _list_after_verb(plain: str, verb: re.Match[str]) -> ApplicantList | None:
    """Return the object of words such as "is open to"."""
    rest = plain[verb.end() :]
    if _PATTERNS.open_is_something_else.search(
        plain[: verb.start()]
    ) or _PATTERNS.projects_rather_than_people.match(rest):
        return None
    return ApplicantList(
        _complete_list(rest), bool(NEGATION.search(plain[max(0, verb.start() - 15) : verb.end()]))
    )


def _complete_list(rest: str) -> str:
    """Return a list without descriptions of its items; after "including" it goes on."""
    listed = _PATTERNS.clause_on_others.sub("", rest)
    return _PATTERNS.description_of_those_listed.sub("", _PATTERNS.including.sub(", ", listed))


def _list_before_verb(plain: str, verb: re.Match[str]) -> ApplicantList | None:
    """Return the subject of a verb of applying."""
    before = _PATTERNS.in_this_call.sub("", plain[: verb.start()])
    if researcher := _PATTERNS.you_who_research.search(before):
        return ApplicantList(researcher.group())
    role = _PATTERNS.you_as.search(before)
    wish = None if role else _PATTERNS.wish.search(before)
    if wish and not find_kinds(before[: wish.start()]):
        return None
    subject = _PATTERNS.description_of_those_listed.sub(
        "", before[role.end() :] if role else before
    )
    denied = bool(_PATTERNS.denied.search(verb.group()) or _PATTERNS.nobody.match(before))
    if denied:
        subject = subject.rpartition(";")[2]
    # "those that already have a grant may not": a rule for some of them, not for the kind
    is_partial_rule = denied and (_PATTERNS.on_terms.search(plain) or MODIFIER.search(before))
    return None if is_partial_rule else ApplicantList(subject, denied)


def _list_by_position(sentence: CallSentence, plain: str) -> ApplicantList | None:
    """Return a list in a title or under a heading, without a verb of applying."""
    if match := _PATTERNS.addressed.search(plain):
        return ApplicantList(MODIFIER.sub("", next(filter(None, match.groups()))))
    if sentence.field == TITLE_FIELD and (match := _PATTERNS.list_in_a_title.search(plain)):
        return ApplicantList(MODIFIER.sub("", next(filter(None, match.groups()))))
    if (
        not sentence.is_about_applicants
        or NEGATION.search(plain)
        or _PATTERNS.ends_like_a_heading.search(plain)
    ):
        return None
    if match := _PATTERNS.made_up_of.search(plain):
        return ApplicantList(_PATTERNS.description_of_those_listed.sub("", plain[match.end() :]))
    return _list_under_heading(sentence, plain)


def _list_under_heading(sentence: CallSentence, plain: str) -> ApplicantList | None:
    label = LABEL.match(plain)
    body = plain[label.end("label") + 1 :] if label else plain
    if _PATTERNS.heading_on_duties.search(sentence.heading):
        bullet = _PATTERNS.must_be_point.match(body)
        return (
            ApplicantList(_PATTERNS.description_of_those_listed.sub("", body[bullet.end() :]))
            if bullet
            else None
        )
    if _PATTERNS.one_of_the_parties.search(_PATTERNS.description_of_those_listed.sub("", body)):
        return None
    if vague := _PATTERNS.organisations_with.match(body):
        return ApplicantList(vague["head"])
    head = (
        body
        if _PATTERNS.consortium_first.match(body)
        else _PATTERNS.description_of_those_listed.sub("", body)
    )
    start = head if _PATTERNS.consortium_first.match(body) else head[:_EARLY]
    return (
        ApplicantList(head)
        if find_kinds(start) and not _PATTERNS.tells_what_is_done.search(head)
        else None
    )
