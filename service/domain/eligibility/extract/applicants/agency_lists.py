"""Lists of applicants as agencies keep them: items between semicolons, each judged alone.

"State governments; Regional Organizations; Nonprofits other than institutions of higher education"
has no verb and no grammar between its items. So an item is what its own words say: asides and
exceptions are cut off, and one that is a kind of organisation without a word here is any
organisation.
"""

from __future__ import annotations

from scrapers.reading.patterns import load
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.eligibility.extract.applicants.kind_words import find_kinds
from service.domain.eligibility.extract.sentences import CallSentence

_PATTERNS = load("agency_lists.toml", package=__package__)
_FEWEST_ITEMS = 3
_LONGEST_NAME = 130


def find_listed_kinds(sentence: CallSentence, plain: str) -> tuple[ApplicantKind, ...]:
    """Return the kinds in an agency's list; none if ``plain``, the sentence, is no such list."""
    label = _PATTERNS.label.match(plain)
    if not (sentence.is_about_applicants or label):
        return ()
    items = _PATTERNS.between_items.split(plain[label.end() :] if label else plain)
    if len(items) < _FEWEST_ITEMS:
        return ()
    kinds = {kind for item in items for kind in _item_kinds(item)}
    return tuple(kind for kind in ApplicantKind if kind in kinds)


def _item_kinds(item: str) -> tuple[ApplicantKind, ...]:
    if _PATTERNS.denied.search(item):
        return ()
    name = _PATTERNS.rest.sub("", _PATTERNS.aside.sub("", item)).strip()
    if len(name) > _LONGEST_NAME:
        return ()
    kinds = find_kinds(name)
    if _PATTERNS.large_only.search(item):
        return tuple(kind for kind in kinds if kind is not ApplicantKind.SMALL_COMPANY)
    is_plain = _PATTERNS.plain_organisation.search(name)
    if not kinds and is_plain and not _PATTERNS.examples_follow.search(item):
        return (ApplicantKind.ORGANISATION,)
    return kinds
