"""From which countries, or Swedish counties, applicants may come."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract import applicants
from service.domain.eligibility.extract.places import find_places
from service.domain.eligibility.extract.sentences import NEGATION, CallSentence
from service.domain.eligibility.facts import LIKELY_CONFIDENCE, Fact, Places

NAME = "country"
_CERTAIN_CONFIDENCE = 0.95
_MENTION_CONFIDENCE = 0.9
_PATTERNS = load("country.toml", package=__package__)
_LONGEST_LIST = 400
_HINTS = (
    "limited", "restricted", "begräns", "only", "must be", "shall be", "ska vara", "måste vara",
    "eligible", "excluded", "allowed", "får inte", "not participate", "not apply", "applicant",
    "svensk", "swedish", "sweden", "nordi", "sverige", "uk", "u.s.", " län", "based", "registered",
    "located", "norwegian", "danish", "finnish", "anställ", "employ", "förvaltas",
)  # fmt: skip
_ONE_PLACE = 40


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that says where applicants must be or must not be."""
    del call
    for sentence in sentences:
        fact = _read_sentence(sentence)
        if fact is not None:
            yield fact


def _read_sentence(sentence: CallSentence) -> Fact | None:
    text = sentence.text
    if not (
        sentence.is_about_applicants or sentence.contains_any(_HINTS) or len(text) < _ONE_PLACE
    ):
        return None
    if barred := _PATTERNS.not_allowed.search(text):
        found = find_places(text[: barred.end()])
        said = found and not _PATTERNS.ownership.search(text)
        return _make_fact(sentence, Places(excluded=found), _CERTAIN_CONFIDENCE) if said else None
    if limit := _PATTERNS.limited_to_places.search(text):
        outside = _PATTERNS.outside.match(text, limit.end())
        found = () if outside else find_places(_list_extent(text[limit.end() :]))
        return _make_fact(sentence, Places(allowed=found), _CERTAIN_CONFIDENCE) if found else None
    return None if NEGATION.search(text) else _read_mention(sentence)


def _list_extent(text: str) -> str:
    """Return the start of ``text`` that can belong to one list: no note, no next sentence."""
    whole = _PATTERNS.list_stops.split(text, maxsplit=1)[0]
    return _PATTERNS.places_taken_out.sub("", whole)[:_LONGEST_LIST]


def _read_mention(sentence: CallSentence) -> Fact | None:
    """Return where a sentence says that its applicants are, in passing."""
    if part := _PATTERNS.of_which_some.search(sentence.text):
        return _read_partial_rule(sentence, sentence.text[: part.start()])
    if county := _PATTERNS.name_alone.fullmatch(sentence.text):
        found = find_places(county["name"])
        if found:
            said = found[0][:3] == "SE-"
            return _make_fact(sentence, Places(allowed=found), LIKELY_CONFIDENCE) if said else None
    if (home := _find_home(sentence)) and (applicants.says_who(sentence) or home[1]):
        confidence = (
            LIKELY_CONFIDENCE if _PATTERNS.primarily.search(sentence.text) else _MENTION_CONFIDENCE
        )
        return _make_fact(sentence, Places(allowed=home[0]), confidence)
    return _read_words(sentence)


def _read_partial_rule(sentence: CallSentence, before: str) -> Fact | None:
    """Return where all must be when a sentence goes on to what only some must be."""
    whose = _PATTERNS.of_a_nation.search(before)
    found = find_places(whose["whose"] + " ") if whose and applicants.says_who(sentence) else ()
    return _make_fact(sentence, Places(allowed=found), _MENTION_CONFIDENCE) if found else None


def _read_words(sentence: CallSentence) -> Fact | None:
    if (said := _PATTERNS.applicants_of_a_place.search(sentence.text)) and (
        found := find_places(said.group())
    ):
        confidence = _CERTAIN_CONFIDENCE if said["where"] else _MENTION_CONFIDENCE
        return _make_fact(sentence, Places(allowed=found), confidence)
    county = _PATTERNS.in_a_named_place.search(sentence.text)
    if county and (sentence.is_about_applicants or applicants.says_who(sentence)):
        found = tuple(place for place in find_places(county["where"]) if place.startswith("SE-"))
        if found:
            return _make_fact(sentence, Places(allowed=found), _MENTION_CONFIDENCE)
    if sentence.is_about_applicants and _PATTERNS.in_sweden.search(sentence.text):
        return _make_fact(sentence, Places(allowed=("SE",)), _CERTAIN_CONFIDENCE)
    if (there := _PATTERNS.work_in_counties.search(sentence.text)) and (
        found := find_places(there["where"])
    ):
        return _make_fact(sentence, Places(allowed=found), LIKELY_CONFIDENCE)
    return None


def _find_home(sentence: CallSentence) -> tuple[tuple[str, ...], bool] | None:
    """Return where the applicants that a sentence names are, and whether it is about them."""
    text = sentence.text
    about = sentence.is_about_applicants or bool(_PATTERNS.you_must.search(text))
    if whose := _PATTERNS.employed_in.search(text) or _PATTERNS.of_a_nation.search(text):
        found = find_places(text[whose.start("whose") : whose.end() + 3])
        return (found[:1], about and bool(_PATTERNS.must.search(text))) if found else None
    if (settled := _PATTERNS.settled_in.search(text)) and (
        about or _PATTERNS.may_apply.search(text)
    ):
        found = find_places(settled["where"])
        return (found, about) if found else None
    return None


def _make_fact(sentence: CallSentence, value: Places, confidence: float) -> Fact:
    return Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())
