"""The one place that puts a gate's reason into words, in Swedish and in English.

A reason is a code and values. A value is a tuple of tokens; a token with a tag, such as
``months:24`` or ``kind:individual``, is said in the language's own way, any other as it stands.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from service.domain.gates.catalogue import COUNTS, ENGLISH, NAMES, SWEDISH

Values = dict[str, tuple[str, ...]]
"""What fills a sentence's places: tokens by the name of the place."""

SENTENCES = {"en": ENGLISH, "sv": SWEDISH}
"""Every sentence by language and code."""

_DEADLINE = {
    "en": ("Stage {stage}: ", "{day} {time} {zone}", "{day} (end of day, {zone})"),
    "sv": ("Steg {stage}: ", "{day} {time} {zone}", "{day} (till dagens slut, {zone})"),
}


def say(code: str, values: Values, language: str) -> str:
    """Return the sentence ``code`` with ``values`` in ``language``, sv or en.

    When an ``action`` is among them, it is said that the programme's general rules say so.
    """
    spoken = language if language in SENTENCES else "en"
    said = fill(SENTENCES[spoken][code], values, spoken)
    if "action" in values:
        said += " " + fill(SENTENCES[spoken]["rules.general"], values, spoken)
    return said


def fill(sentence: str, values: Values, language: str) -> str:
    """Return ``sentence`` with its places filled by ``values``, said in ``language``."""
    filled = {name: _listed(tokens, language) for name, tokens in values.items()}
    if "day" in values:
        filled["when"] = say_when(values, language)
    return sentence.format(**filled)


def say_when(values: Values, language: str) -> str:
    """Return a deadline's moment from its day, time, zone and stage; the last two may lack."""
    plain = {name: tokens[0] for name, tokens in values.items() if tokens}
    stage, timed, whole_day = _DEADLINE[language]
    head = stage.format(**plain) if "stage" in plain else ""
    return head + (timed if "time" in plain else whole_day).format(**plain)


def _listed(tokens: tuple[str, ...], language: str) -> str:
    words = [_word(token, language) for token in tokens]
    if len(words) < 2:  # noqa: PLR2004  one word needs no "and"
        return "".join(words)
    last = {"en": " or ", "sv": " eller "} if tokens[0].startswith(("kind:", "place:")) else None
    return ", ".join(words[:-1]) + (last or {"en": " and ", "sv": " och "})[language] + words[-1]


def _word(token: str, language: str) -> str:
    tag, _, value = token.partition(":")
    say_it = _TAGS.get(tag)
    return say_it(tag, value, language) if say_it else token


def _part(_: str, value: str, language: str) -> str:
    return _name("kind", value, language)


def _name(tag: str, value: str, language: str) -> str:
    return NAMES[language].get(f"{tag}.{value}", value)


def _count(tag: str, value: str, language: str) -> str:
    """Say a number of things, or a span such as ``12-24`` or ``-24``."""
    least, _, most = value.partition("-")
    one, several, at_least, at_most = COUNTS[language][tag]
    if not _:
        return (one if value == "1" else several).format(value)
    if not least:
        return at_most.format(most)
    if not most:
        return at_least.format(least)
    return several.format(least if least == most else f"{least}–{most}")


def _amount(_: str, value: str, language: str) -> str:
    """Say ``SEK/100/2000``: a currency, the least and the most, either of which may be empty."""
    currency, least, most = value.split("/")
    low, high = (_figure(figure, language) if figure else "" for figure in (least, most))
    words = COUNTS[language]["money"]
    if low and high:
        text = low if low == high else f"{low}–{high}"
    else:
        text = words[2].format(low) if low else words[3].format(high)
    return f"{text} {currency}"


def _yearly(tag: str, value: str, language: str) -> str:
    return _amount(tag, value, language) + {"en": " a year", "sv": " per år"}[language]


def _figure(figure: str, language: str) -> str:
    grouped = f"{Decimal(figure):,f}"
    if language == "en":
        return grouped
    return grouped.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


_TAGS: dict[str, Callable[[str, str, str], str]] = {
    "kind": _name,
    "part": _part,  # a kind that is there beside others, so that lists of it say "and"
    "place": _name,
    "stage": _name,
    "months": _count,
    "parties": _count,
    "countries": _count,
    "kinds": _count,
    "percent": _count,
    "trl": _count,
    "trlend": _count,
    "money": _amount,
    "yearly": _yearly,
}
