"""Where in a sentence the applicants are listed: by its verb, by its heading, by its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scrapers.reading.patterns import load
from service.domain.facts.kinds import stated
from service.domain.facts.text import LABEL, NEGATION, TITLE, Sentence

_PATTERNS = load("applicant_lists.toml", package=__package__)
_EARLY = 100
MODIFIER = _PATTERNS.modifier


@dataclass(frozen=True)
class Listed:
    """The words of a sentence that list applicants; ``denied``: those may not apply."""

    text: str
    denied: bool = False


def listed(sentence: Sentence, plain: str) -> Listed | None:
    """Return the part of a sentence that lists applicants: by its verb, else by its place.

    ``plain`` is the sentence with what stands in brackets blanked out.
    """
    if _PATTERNS.passed_on.search(plain):
        return None
    if plain.rstrip().endswith("?"):
        return _by_place(sentence, plain)
    if found := _PATTERNS.list_follows.search(plain):
        return _after(plain, found)
    if (found := _PATTERNS.inverted.search(plain)) and stated(found["who"]):
        return Listed(found["who"])
    joins = _PATTERNS.may_take_part.search(plain) if sentence.is_about_applicants else None
    verb = _PATTERNS.list_precedes.search(plain) or joins
    return _before(plain, verb) if verb else _by_place(sentence, plain)


def _after(plain: str, verb: re.Match[str]) -> Listed | None:
    """Return the object of words such as "is open to"."""
    rest = plain[verb.end() :]
    if _PATTERNS.open_is_something_else.search(
        plain[: verb.start()]
    ) or _PATTERNS.projects_rather_than_people.match(rest):
        return None
    return Listed(
        _whole(rest), bool(NEGATION.search(plain[max(0, verb.start() - 15) : verb.end()]))
    )


def _whole(rest: str) -> str:
    """Return a list without what is told of those in it; "those that …, including" go on."""
    return _PATTERNS.description_of_those_listed.sub("", _PATTERNS.including.sub(", ", rest))


def _before(plain: str, verb: re.Match[str]) -> Listed | None:
    """Return the subject of a verb of applying."""
    before = _PATTERNS.in_this_call.sub("", plain[: verb.start()])
    if researches := _PATTERNS.you_who_research.search(before):
        return Listed(researches.group())
    asked = _PATTERNS.you_as.search(before)
    wish = None if asked else _PATTERNS.wish.search(before)
    if wish and not stated(before[: wish.start()]):
        return None
    subject = _PATTERNS.description_of_those_listed.sub(
        "", before[asked.end() :] if asked else before
    )
    denied = bool(_PATTERNS.denied.search(verb.group()) or _PATTERNS.nobody.match(before))
    # "those that already have a grant may not": a rule on some of them, not on the kind
    some = denied and (_PATTERNS.on_terms.search(plain) or MODIFIER.search(before))
    return None if some else Listed(subject, denied)


def _by_place(sentence: Sentence, plain: str) -> Listed | None:
    """Return a list that stands in a title or under a heading, without a verb of applying."""
    if found := _PATTERNS.addressed.search(plain):
        return Listed(MODIFIER.sub("", next(filter(None, found.groups()))))
    if sentence.field == TITLE and (found := _PATTERNS.list_in_a_title.search(plain)):
        return Listed(MODIFIER.sub("", next(filter(None, found.groups()))))
    if (
        not sentence.is_about_applicants
        or NEGATION.search(plain)
        or _PATTERNS.ends_like_a_heading.search(plain)
    ):
        return None
    if found := _PATTERNS.made_up_of.search(plain):
        return Listed(_PATTERNS.description_of_those_listed.sub("", plain[found.end() :]))
    return _under_heading(sentence, plain)


def _under_heading(sentence: Sentence, plain: str) -> Listed | None:
    label = LABEL.match(plain)
    body = plain[label.end("label") + 1 :] if label else plain
    if _PATTERNS.heading_on_duties.search(sentence.heading):
        bullet = _PATTERNS.must_be_point.match(body)
        return (
            Listed(_PATTERNS.description_of_those_listed.sub("", body[bullet.end() :]))
            if bullet
            else None
        )
    if _PATTERNS.one_of_the_parties.search(_PATTERNS.description_of_those_listed.sub("", body)):
        return None
    if vague := _PATTERNS.organisations_with.match(body):
        return Listed(vague["head"])
    head = (
        body
        if _PATTERNS.consortium_first.match(body)
        else _PATTERNS.description_of_those_listed.sub("", body)
    )
    early = head if _PATTERNS.consortium_first.match(body) else head[:_EARLY]
    return Listed(head) if stated(early) and not _PATTERNS.tells_what_is_done.search(head) else None
