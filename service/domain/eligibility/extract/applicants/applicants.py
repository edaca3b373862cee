"""Who may apply, by sentences that state it rather than by every mention of a company."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scrapers.call import Call
from scrapers.reading.patterns import load
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.eligibility.extract.applicants import roles
from service.domain.eligibility.extract.applicants.agency_lists import find_listed_kinds
from service.domain.eligibility.extract.applicants.kind_words import KINDS_BY_NAME, find_kinds
from service.domain.eligibility.extract.applicants.lists import MODIFIER, find_applicant_list
from service.domain.eligibility.extract.country.exclusions import shuts_out_by_place
from service.domain.eligibility.extract.sentences import LABEL, TITLE_FIELD, CallSentence
from service.domain.eligibility.facts import LIKELY_CONFIDENCE, Applicants, Fact

NAME = "applicants"
_CERTAIN_CONFIDENCE = 0.95
_OPEN_LIST_CONFIDENCE = 0.8
_PATTERNS = load("applicants.toml", package=__package__)
_HINTS = (
    "resa", "mässa", "bolag", "unrestricted", "emot", "purpose", "aim of", "goal of", "syfte",
    "sought", "solicit", "söka", "sökt", "söks", "riktar", "riktas", "vänder", "öppe", "open to",
    "aimed", "directed",
    "addressed", "intended", "target", "designed for", "eligible", "limited to", "restricted to",
    "applicant", "contestant", "ordinator", "apply", "must be", "grants to", "grant to", "is for",
    "are for", "assistance to", "funding to", "funding for", "support for", "support to", "loan",
    "stöd", "välkom", "bjud", "möjlighet", "är du", "är ni", "företag", "submit", "disputera",
    "doktor", "förvalta", "administered", "finansiering till", "behörig", "partner", "owner",
    "host ", "led by", "coordinated", "ledas", "konsorti", "consorti",
    "bidrag", "anslag", "stipend", "check", "grant", "award", "fellow", "funding", "support",
    "invit", "applicatio", "proposal", "seek", "ansökn", "programme", "call for", "avsedd",
    "berättig", "sökan", "söker", "only one", "enda som", "projektäg", "huvudsök",
    "kronor", "recogni", "honour", "assist", "phd", "doctora", "leader", "investigator",
)  # fmt: skip


def facts(call: Call, sentences: tuple[CallSentence, ...]) -> Iterator[Fact]:
    """Yield a fact for each sentence that states who may or may not apply."""
    followers = (*sentences[1:], None)
    pairs = [
        (sentence, fact)
        for sentence, follower in zip(sentences, followers, strict=True)
        for fact in _read_sentence(sentence, follower)
    ]
    # a title has "for companies" where the text says which ones
    if any(sentence.field != TITLE_FIELD and _is_exhaustive(fact) for sentence, fact in pairs):
        pairs = [(sentence, fact) for sentence, fact in pairs if sentence.field != TITLE_FIELD]
    pairs = _without_wider_titles(pairs)
    pairs = _without_any_eligible_one(pairs)
    partly_read = _partly_read_lists(sentences, {sentence.start for sentence, _ in pairs})
    for sentence, fact in pairs:
        yield _as_open_list(fact) if _list_key(sentence) in partly_read else fact
    if not pairs:
        yield from _read_record(call)


def _without_wider_titles(
    pairs: list[tuple[CallSentence, Fact]],
) -> list[tuple[CallSentence, Fact]]:
    """Return the facts without a title of "companies" where the text says "small companies"."""
    stated = {
        term for sentence, fact in pairs if sentence.field != TITLE_FIELD for term in _kinds(fact)
    }
    return [
        (sentence, fact)
        for sentence, fact in pairs
        if sentence.field != TITLE_FIELD or not stated or not stated < _kinds(fact)
    ]


def _without_any_eligible_one(
    pairs: list[tuple[CallSentence, Fact]],
) -> list[tuple[CallSentence, Fact]]:
    """Return the facts without "eligible institutions" where other sentences say what they are."""
    vague = [
        _kinds(fact) == {ApplicantKind.ORGANISATION}
        and bool(_PATTERNS.any_eligible_one.search(sentence.text))
        for sentence, fact in pairs
    ]
    if not any(_kinds(fact) for (_, fact), odd in zip(pairs, vague, strict=True) if not odd):
        return pairs
    return [pair for pair, odd in zip(pairs, vague, strict=True) if not odd]


def _kinds(fact: Fact) -> set[ApplicantKind]:
    return set(fact.value.kinds) if isinstance(fact.value, Applicants) else set()


def _partly_read_lists(
    sentences: tuple[CallSentence, ...], read: set[int]
) -> set[tuple[str, str] | None]:
    """Return the keys of lists with a point that is not understood: they may not be complete."""
    unread = [s for s in sentences if s.is_about_applicants and s.start not in read]
    return {_list_key(sentence) for sentence in unread if _PATTERNS.list_point.match(sentence.text)}


def _list_key(sentence: CallSentence) -> tuple[str, str] | None:
    """Return the key of a point's list: its language and heading; None if it is no point."""
    return (sentence.lang, sentence.heading) if _PATTERNS.list_point.match(sentence.text) else None


def _is_exhaustive(fact: Fact) -> bool:
    return isinstance(fact.value, Applicants) and fact.value.closed


def _as_open_list(fact: Fact) -> Fact:
    if not _is_exhaustive(fact):
        return fact
    return fact.replaced(
        value=fact.value.model_copy(update={"closed": False}), confidence=_OPEN_LIST_CONFIDENCE
    )


def is_below_hosts(sentence: CallSentence) -> bool:
    """Return whether the heading says that ``sentence`` is on where a grant is held."""
    return bool(_PATTERNS.heading_on_hosts.search(sentence.heading))


def is_headed(sentence: CallSentence) -> bool:
    """Return whether the heading above ``sentence`` is about who may apply."""
    return roles.is_headed(sentence)


@lru_cache(maxsize=1024)
def says_who(sentence: CallSentence) -> bool:
    """Return whether ``sentence`` states who may apply."""
    return any(fact.value.terms() for fact in _read_sentence(sentence))


def _read_sentence(sentence: CallSentence, follower: CallSentence | None = None) -> Iterator[Fact]:
    if not (
        sentence.is_about_applicants
        or roles.is_headed(sentence)
        or sentence.field == TITLE_FIELD
        or sentence.contains_any(_HINTS)
    ):
        return
    text = sentence.text
    on_others = (
        _PATTERNS.label_of_others.match(text)
        or _PATTERNS.on_further_rules.match(text)
        or (_PATTERNS.welcomes_some.search(text) and not sentence.is_about_applicants)
    )
    if on_others or sentence.passes_on or is_below_hosts(sentence) or shuts_out_by_place(text):
        return
    answer = roles.answer_to(sentence, follower)
    if answer is not None:
        yield from _read_answer(sentence, answer=answer)
        return
    if kinds := find_listed_kinds(sentence, text):
        yield _make_fact(sentence, Applicants(kinds=kinds), _OPEN_LIST_CONFIDENCE)
        return
    if _asks_for_a_person(sentence):
        yield _make_fact(
            sentence, Applicants(kinds=(ApplicantKind.INDIVIDUAL,)), _OPEN_LIST_CONFIDENCE
        )
    exception = _PATTERNS.exception_in_brackets.search(text)
    aside = find_kinds(exception.group()) if exception else ()
    plain = _PATTERNS.exception_in_brackets.sub(
        _blank_out, _PATTERNS.web_address.sub(_blank_out, text)
    )
    plain = roles.without_foreigners(plain)
    headed = sentence.is_about_applicants or roles.is_headed(sentence)
    shut_out, plain = roles.find_shut_out(plain, about_applicants=headed)
    excluded = tuple(dict.fromkeys((*aside, *shut_out)))
    yield from _read_lists(sentence, plain, excluded)


def _read_answer(sentence: CallSentence, *, answer: bool) -> Iterator[Fact]:
    """Yield what the answer to "may companies apply?" says of those in the question."""
    kinds = find_kinds(sentence.text)
    if kinds:
        value = Applicants(kinds=kinds) if answer else Applicants(excluded=kinds)
        yield _make_fact(sentence, value, _OPEN_LIST_CONFIDENCE if answer else _CERTAIN_CONFIDENCE)


def _read_lists(
    sentence: CallSentence, plain: str, excluded: tuple[ApplicantKind, ...]
) -> Iterator[Fact]:
    """Yield who may apply by ``plain``, the sentence without those whom it shuts out."""
    listed = find_applicant_list(sentence, plain) if plain else None
    words = roles.without_workplaces(listed.text) if listed else ""
    kinds = _narrowed_by_label(sentence, find_kinds(words))
    if listed and listed.denied and kinds:
        yield _make_fact(sentence, Applicants(excluded=kinds), _CERTAIN_CONFIDENCE)
    elif listed and kinds and not _PATTERNS.wish_or_help.search(listed.text):
        is_full_list = sentence.is_about_applicants or _PATTERNS.only_these.search(plain)
        closed = (
            bool(is_full_list)
            and not _PATTERNS.not_the_whole_list.search(plain)
            and not _PATTERNS.only_some_of_them.search(plain)
            and _knows_all_items(listed.text)
        )
        value = Applicants(kinds=kinds, excluded=excluded, closed=closed)
        yield _make_fact(sentence, value, _CERTAIN_CONFIDENCE if closed else _OPEN_LIST_CONFIDENCE)
    else:
        scored = roles.find_applicants(sentence, plain)
        if scored or excluded:
            value = Applicants(kinds=scored, excluded=excluded)
            confidence = _OPEN_LIST_CONFIDENCE if scored else _CERTAIN_CONFIDENCE
            yield _make_fact(sentence, value, confidence)


def _narrowed_by_label(
    sentence: CallSentence, kinds: tuple[ApplicantKind, ...]
) -> tuple[ApplicantKind, ...]:
    """Return the kinds of the label, where "Small businesses:" heads a rule for "companies"."""
    label = LABEL.match(sentence.text)
    named = find_kinds(label["label"]) if label else ()
    return named if named and set(named) < set(kinds) else kinds


def _blank_out(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _asks_for_a_person(sentence: CallSentence) -> bool:
    """Whether a sentence requires a doctor's degree or a post of the applicant: a person."""
    if _PATTERNS.a_person_applies.search(sentence.text):
        return True
    if sentence.field == TITLE_FIELD and _PATTERNS.title_of_persons.search(sentence.text):
        return True
    if not sentence.contains_any(("phd", "ph.d", "doctor", "doktor", "disputera")):
        return False
    if _PATTERNS.one_of_the_team.search(sentence.text):
        return False
    degree = (
        _PATTERNS.has_doctor_degree.search(sentence.text) if sentence.is_about_applicants else None
    )
    return bool(_PATTERNS.doctor_must_be_or_is.search(sentence.text) or degree)


def _make_fact(sentence: CallSentence, value: Applicants, confidence: float) -> Fact:
    return Fact(name=NAME, value=value, confidence=confidence, quote=sentence.quote())


def _knows_all_items(listed: str) -> bool:
    """Whether each item of a list names a kind: else the list may have others."""
    plain = MODIFIER.sub("", listed)
    items = [
        item for item in _PATTERNS.between_items.split(plain) if _PATTERNS.filler.sub("", item)
    ]
    return bool(items) and all(find_kinds(item) or _is_start_of_name(item, plain) for item in items)


def _is_start_of_name(item: str, listed: str) -> bool:
    """Whether an item is only the first half of a name: "small" of "small and large firms"."""
    after = listed[listed.index(item) + len(item) :]
    return bool(_PATTERNS.first_half_of_a_name.fullmatch(item)) and bool(find_kinds(after))


def _read_record(call: Call) -> Iterator[Fact]:
    """Yield the kinds in the call's record, for a call whose texts state none."""
    names = {e.value for e in call.eligibility if e.kind == "applicant"}
    kinds = {kind for name in names for kind in KINDS_BY_NAME.get(name, ())}
    if kinds:
        value = Applicants(kinds=tuple(kind for kind in ApplicantKind if kind in kinds))
        yield Fact(name=NAME, value=value, confidence=LIKELY_CONFIDENCE)
