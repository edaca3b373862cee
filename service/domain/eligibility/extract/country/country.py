"""The countries, or Swedish counties, that applicants may come from."""

from __future__ import annotations

from collections.abc import Iterator

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.eligibility.extract.applicants import applicants
from service.domain.eligibility.extract.consortium import asks_for_countries
from service.domain.eligibility.extract.country import roles
from service.domain.eligibility.extract.country.exclusions import find_exclusion
from service.domain.eligibility.extract.country.places import find_places
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
_ROLE_HINTS = (
    "appl", "eligib", "invit", "inbj", "sök", "must", "måste", "ska ", "open to", "open for",
    "only", "register", "registrera", "organisationsnummer", "seat", "säte", "resident", "citizen",
    "bosatt", "submit", "establish", "riktar sig", "vänder sig", "stöd till", "grants to",
    "beneficiar", "participat", "across the",
)  # fmt: skip
_ONE_PLACE = 40


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that states where applicants must be or must not be."""
    del call
    if any(roles.lists_foreigners(sentence) for sentence in sentences):
        return
    for sentence in sentences:
        if applicants.is_below_hosts(sentence):
            continue
        if roles.is_on_foreigners(sentence):
            home = roles.country_of_funder(sentences)
            if home and roles.shuts_out_foreigners(sentence):
                yield _make_fact(sentence, Places(allowed=(home,)), _MENTION_CONFIDENCE)
            continue
        exclusion = find_exclusion(sentence.text)
        if exclusion is not None:
            if exclusion.allowed or exclusion.excluded:
                sure = _CERTAIN_CONFIDENCE if exclusion.excluded else _MENTION_CONFIDENCE
                yield _make_fact(sentence, exclusion, sure)
            continue
        if _PATTERNS.on_restrictions.search(sentence.text):
            continue
        fact = _read_sentence(sentence) or _read_roles(sentence)
        fact = fact or _read_group(sentence) or _read_funders_country(sentence, sentences)
        if fact is not None:
            yield fact


def _read_funders_country(
    sentence: CallSentence, sentences: tuple[CallSentence, ...]
) -> Fact | None:
    """Return the funder's country, where only its own states or organisations get support."""
    home: str | None = None
    beside: tuple[str, ...] = ()
    if roles.names_american_states(sentence) and (
        applicants.says_who(sentence) or roles.says_where(sentence)
    ):
        home = "US"
        beside = find_places(sentence.text)
    elif roles.supports_own(sentence):
        home = roles.country_of_funder(sentences)
    if home is None:
        return None
    places = tuple(dict.fromkeys((home, *beside)))
    return _make_fact(sentence, Places(allowed=places), LIKELY_CONFIDENCE)


def _read_group(sentence: CallSentence) -> Fact | None:
    """Return the group of states from which so many of the parties must come."""
    group = _PATTERNS.between_countries.search(sentence.text)
    if group is None or not asks_for_countries(sentence):
        return None
    if _PATTERNS.with_partners.search(sentence.text[: group.start()]):
        return None
    places = find_places(group["group"])
    return _make_fact(sentence, Places(allowed=places), LIKELY_CONFIDENCE) if places else None


def _read_roles(sentence: CallSentence) -> Fact | None:
    """Return where applicants must be by the words around each place in a sentence."""
    headed = sentence.is_about_applicants or applicants.is_headed(sentence)
    if not (headed or sentence.contains_any(_ROLE_HINTS)) or not find_places(sentence.text):
        return None
    says_who = applicants.says_who(sentence)
    homes, sure = roles.find_homes(sentence, says_who=says_who)
    confidence = _MENTION_CONFIDENCE if sure else LIKELY_CONFIDENCE
    return _make_fact(sentence, Places(allowed=homes), confidence) if homes else None


def _read_sentence(sentence: CallSentence) -> Fact | None:
    text = sentence.text
    if not (
        sentence.is_about_applicants or sentence.contains_any(_HINTS) or len(text) < _ONE_PLACE
    ):
        return None
    if limit := _PATTERNS.limited_to_places.search(text):
        outside = _PATTERNS.outside.match(text, limit.end())
        places = () if outside else find_places(_list_extent(text[limit.end() :]))
        return _make_fact(sentence, Places(allowed=places), _CERTAIN_CONFIDENCE) if places else None
    return None if NEGATION.search(text) else _read_mention(sentence)


def _list_extent(text: str) -> str:
    """Return the start of ``text`` that can be one list, without notes or the next sentence."""
    listed = _PATTERNS.list_stops.split(text, maxsplit=1)[0]
    return _PATTERNS.places_taken_out.sub("", listed)[:_LONGEST_LIST]


def _read_mention(sentence: CallSentence) -> Fact | None:
    """Return where a sentence places its applicants in passing."""
    if own := _PATTERNS.reserved_for_own.search(sentence.text):
        return _make_fact(sentence, Places(allowed=find_places(own["own"])), LIKELY_CONFIDENCE)
    if partial := _PATTERNS.of_which_some.search(sentence.text):
        return _read_partial_rule(sentence, sentence.text[: partial.start()])
    if name := _PATTERNS.name_alone.fullmatch(sentence.text):
        places = find_places(name["name"])
        if places:
            is_county = places[0][:3] == "SE-"
            return (
                _make_fact(sentence, Places(allowed=places), LIKELY_CONFIDENCE)
                if is_county
                else None
            )
    if (home := _find_home(sentence)) and (applicants.says_who(sentence) or home[1]):
        confidence = (
            LIKELY_CONFIDENCE if _PATTERNS.primarily.search(sentence.text) else _MENTION_CONFIDENCE
        )
        return _make_fact(sentence, Places(allowed=home[0]), confidence)
    return _read_words(sentence)


def _read_partial_rule(sentence: CallSentence, before: str) -> Fact | None:
    """Return where all must be, in a sentence that goes on to a rule for some of them."""
    nation = _PATTERNS.of_a_nation.search(before)
    places = find_places(nation["whose"] + " ") if nation and applicants.says_who(sentence) else ()
    return _make_fact(sentence, Places(allowed=places), _MENTION_CONFIDENCE) if places else None


def _read_words(sentence: CallSentence) -> Fact | None:
    if (applicants_there := _PATTERNS.applicants_of_a_place.search(sentence.text)) and (
        places := find_places(applicants_there.group())
    ):
        confidence = _CERTAIN_CONFIDENCE if applicants_there["where"] else _MENTION_CONFIDENCE
        return _make_fact(sentence, Places(allowed=places), confidence)
    location = _PATTERNS.in_a_named_place.search(sentence.text)
    if location and (sentence.is_about_applicants or applicants.says_who(sentence)):
        places = tuple(place for place in find_places(location["where"]) if place.startswith("SE-"))
        if places:
            return _make_fact(sentence, Places(allowed=places), _MENTION_CONFIDENCE)
    if sentence.is_about_applicants and _PATTERNS.in_sweden.search(sentence.text):
        return _make_fact(sentence, Places(allowed=("SE",)), _CERTAIN_CONFIDENCE)
    if (work := _PATTERNS.work_in_counties.search(sentence.text)) and (
        places := find_places(work["where"])
    ):
        return _make_fact(sentence, Places(allowed=places), LIKELY_CONFIDENCE)
    return None


def _find_home(sentence: CallSentence) -> tuple[tuple[str, ...], bool] | None:
    """Return where a sentence places its applicants, and whether it states a rule."""
    text = sentence.text
    about = sentence.is_about_applicants or bool(_PATTERNS.you_must.search(text))
    if nation := _PATTERNS.employed_in.search(text) or _PATTERNS.of_a_nation.search(text):
        places = find_places(text[nation.start("whose") : nation.end() + 3])
        return (places[:1], about and bool(_PATTERNS.must.search(text))) if places else None
    if (settled := _PATTERNS.settled_in.search(text)) and (
        about or _PATTERNS.may_apply.search(text)
    ):
        places = find_places(settled["where"])
        of_things = _PATTERNS.seat_of_things.search(text[: settled.start() + 1])
        return (places, about) if places and not of_things else None
    return None


def _make_fact(sentence: CallSentence, value: Places, confidence: float) -> Fact:
    return Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())
