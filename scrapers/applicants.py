"""Who may apply, read from a call's sentences in Swedish and English, each with its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.call import Eligibility

_KINDS = {
    "municipality": r"\bkommun(?:er|erna|en)?\b|kommunalförbund|municipalit(?:y|ies)",
    "region": r"\bregion(?:er|erna|en)\b|\bregional authorit(?:y|ies)",
    "health care provider": r"hälso- och sjukvård|vårdgivare|healthcare|health care provider",
    "public body": r"offentlig(?:a)? (?:sektor|aktör|organisation|verksamhet)|myndighet"
    r"|public (?:sector|bod(?:y|ies)|authorit(?:y|ies))",
    "company": r"\bföretag(?:et|en)?\b|\bcompan(?:y|ies)\b|enterprises?\b",
    "small or medium-sized company": r"små (?:och|eller) medelstora|\bSMF\b|\bSMEs?\b",
    "university": r"universitet|högskol|lärosäte|akademi|universit(?:y|ies)|higher education"
    r"|academi[ac]",
    "research organisation": r"forskningsorganisation|forskningsinstitut|forskningsutförare"
    r"|research (?:organi[sz]ation|institute)s?",
    "civil society": r"civilsamhäll|ideell|idéburn|civil society|non-?profit|idea-driven",
    "individual": r"privatperson|\bforskare\b|enskild firma|\bindividuals?\b|\bresearchers?\b",
}
_PATTERNS = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _KINDS.items())
# what only the passage on applicants means so: elsewhere these words stand for other things
_THERE = {
    "organisation": r"juridiska? person(?:er)?|\blegal (?:entit(?:y|ies)|persons?)\b",
    "individual": r"(?:avlagt|ha(?:r|de)?) (?:en )?doktorsexamen|\bPhD\b|\bdoctoral degree\b"
    r"|\bdisputerad",
    "health care provider": r"\bsjukhus|\bhospitals?\b",
    "public body": r"public organi[sz]ations?|offentliga organisationer",
    "civil society": r"\bpatient (?:organi[sz]ation|association)s?"
    r"|patient(?:organisation|förening)",
    "small or medium-sized company": r"\bsmall(?:\W{1,2}(?:and |or )?medium(?:[- ]sized)?)?"
    r" (?:enterprises|companies|businesses)",
}
_SMALL = re.compile(
    r"(?:små|mindre) (?:och|eller|till) medelstora(?: företag)?(?: \(SMF\))?"
    r"|\bsmall(?:\W{1,2}(?:and |or )?medium[- ]sized)? (?:enterprises|companies|businesses)",
    re.IGNORECASE,
)
_NUMBERS = {
    "en": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_PARTIES = re.compile(
    r"(?:minst|at least)\s+(?P<number>\d{1,2}|två|tre|fyra|fem|sex|two|three|four|five|six)\s+"
    r"(?:[\wåäö-]+\s+){0,2}?(?:\w*parter|organisationer|\w*organisationer|aktörer|part(?:ies|ners)"
    r"|organi[sz]ations|actors|legal entities|behovsägar\w*)",
    re.IGNORECASE,
)
_STATED = tuple(
    (name, re.compile("|".join(filter(None, (_KINDS.get(name), _THERE.get(name)))), re.IGNORECASE))
    for name in (*_KINDS, *(_THERE.keys() - _KINDS.keys()))
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ])|\n+")
_NEGATED = re.compile(r"\b(?:inte|ej|not|cannot)\b", re.IGNORECASE)
_EXCEPT = re.compile(r"\((?:inte|ej|dock inte|dock ej|not|but not)\b[^()]{0,200}\)", re.IGNORECASE)
_QUOTE_LIMIT = 600
_AT_LEAST = "at least {} parties"
_VALUE_LIMIT = 300
_LIMITED = re.compile(
    r"(?:participation|eligibility|eligible)\b[^.]{0,80}?\blimited to\s+"
    r"(?:legal entities |entities )?(?P<to>[^.]{3,400})",
    re.IGNORECASE,
)


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of ``text``, each at most 600 characters, verbatim."""
    for sentence in _SENTENCE.split(text):
        if sentence.strip():
            yield sentence.strip()[:_QUOTE_LIMIT]


def kinds(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the kinds of organisations that ``text`` names: kind, start and end, in no order."""
    for name, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield name, found.start(), found.end()


def restrictions(text: str) -> tuple[Eligibility, ...]:
    """Return the sentences of ``text`` that limit the countries applicants may come from."""
    found = []
    for sentence in sentences(text):
        if limited := _LIMITED.search(sentence):
            value = limited["to"].strip(" .")[:_VALUE_LIMIT]
            found.append(Eligibility(kind="country", value=value, quote=sentence))
    return tuple(found)


def parties_in(value: str) -> int | None:
    """Return how many parties a value of `eligibility` asks for; None when it asks for none."""
    before, after = _AT_LEAST.split("{}")
    number = value.removeprefix(before).removesuffix(after)
    return int(number) if number.isdecimal() and value == _AT_LEAST.format(number) else None


def eligibility(text: str) -> tuple[Eligibility, ...]:
    """Return who ``text`` says may apply and in what company, each with the sentence saying so.

    Meant for the passage on applicants, not for a whole call. A sentence with a negation is left
    to the reader: it says who may not.
    """
    found: dict[tuple[str, str], Eligibility] = {}
    for sentence in sentences(text):
        # "companies (not sole traders)" says who may; the aside says who may not
        stated = _EXCEPT.sub("", sentence)
        if _NEGATED.search(stated):
            continue
        for name, pattern in _STATED:
            # "small and medium-sized companies" says nothing of other companies
            if pattern.search(_SMALL.sub("", stated) if name == "company" else stated):
                fact = Eligibility(kind="applicant", value=name, quote=sentence)
                found.setdefault(("applicant", name), fact)
        if parties := _PARTIES.search(sentence):
            written = parties["number"].lower()
            number = int(written) if written.isdigit() else _NUMBERS[written]
            value = _AT_LEAST.format(number)
            fact = Eligibility(kind="consortium", value=value, quote=sentence)
            found.setdefault(("consortium", str(number)), fact)
    return tuple(found.values())
