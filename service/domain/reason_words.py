"""The sentences of a match's reasons, in both languages. Codes are the same."""

from __future__ import annotations

from service.domain.change import Sentence

ENGLISH = {
    "fit.good": "The call fits the pilot well (score {score}).",
    "fit.possible": "The call may fit the pilot (score {score}).",
    "fit.weak": "The call hardly fits the pilot (score {score}).",
    "quote": "The pilot says “{pilot}”, the call “{call}”{stop}",
    "quote.section": "The pilot says “{pilot}”, the call under {section} “{call}”{stop}",
    "quote.title": "The pilot says “{pilot}”, the call's title “{call}”{stop}",
    "met": "Met: {names}.",
    "fail": "Not met: {reason}",
    "unknown": "Not known: {reason}",
    "silent": "The call says nothing of: {names}.",
    "past.this call": "This call has paid a project like it: “{title}”{facts}.",
    "past.an earlier round": "An earlier round of the call has paid a project like it: "
    "“{title}”{facts}.",
    "past.this funder": "The funder has paid a project like it: “{title}”{facts}.",
    "usually.opens": "Usually opens in {months} ({years}).",
    "usually.closes": "Usually closes in {months} ({years}).",
}
SWEDISH = {
    "fit.good": "Utlysningen passar piloten bra (poäng {score}).",
    "fit.possible": "Utlysningen kan passa piloten (poäng {score}).",
    "fit.weak": "Utlysningen passar knappast piloten (poäng {score}).",
    "quote": "Piloten säger ”{pilot}”, utlysningen ”{call}”{stop}",
    "quote.section": "Piloten säger ”{pilot}”, utlysningen under {section} ”{call}”{stop}",
    "quote.title": "Piloten säger ”{pilot}”, utlysningens rubrik ”{call}”{stop}",
    "met": "Uppfyllt: {names}.",
    "fail": "Inte uppfyllt: {reason}",
    "unknown": "Oklart: {reason}",
    "silent": "Utlysningen säger inget om: {names}.",
    "past.this call": "Utlysningen har betalat ett liknande projekt: ”{title}”{facts}.",
    "past.an earlier round": "En tidigare omgång av utlysningen har betalat ett liknande projekt: "
    "”{title}”{facts}.",
    "past.this funder": "Finansiären har betalat ett liknande projekt: ”{title}”{facts}.",
    "usually.opens": "Öppnar oftast i {months} ({years}).",
    "usually.closes": "Stänger oftast i {months} ({years}).",
}

OR = Sentence(en=" or ", sv=" eller ")


def say(code: str, **values: str | Sentence) -> Sentence:
    """Return the sentence ``code`` in both languages.

    A value is the same in both or has its own in each; none is read as a pattern, whoever wrote it.
    """
    return Sentence(
        en=_filled(ENGLISH[code], values, "en"), sv=_filled(SWEDISH[code], values, "sv")
    )


def _filled(sentence: str, values: dict[str, str | Sentence], language: str) -> str:
    said = {
        name: value if isinstance(value, str) else value.in_(language)
        for name, value in values.items()
    }
    return sentence.format(**said)
