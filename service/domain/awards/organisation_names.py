"""Names of organisations: one organisation under its many spellings, and never a person.

Registers write the same university in capitals, in English, with a short form in brackets. A name
that may be a person's, such as a sole trader's, has no key here and is shown nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from scrapers.reading.patterns import load
from service.domain.calls.name_folding import drop_brackets, fold_name

_LEGAL_FORMS = frozenset(
    "ab publ aktiebolag hb kb ltd limited plc llc inc corp co gmbh ag ug kg sa sas sarl srl spa sl "
    "slu bv nv oy oyj as asa aps kft zrt doo sro the ek for ideell forening".split()
)
_PATTERNS = load("organisation_names.toml", package=__package__)
_PERSON_NAME_LENGTHS = range(2, 5)

_GIVEN_NAMES = frozenset(
    "anna maria eva karin kristina sara lena emma kerstin ingrid marie malin jenny annika elin "
    "linda susanne monica helena ulla linnea ida johanna birgitta hanna sofia elisabeth marianne "
    "margareta katarina cecilia charlotte camilla jane mary elizabeth susan laura julia lars "
    "anders johan erik per peter karl carl jan mikael daniel thomas hans fredrik andreas stefan "
    "magnus bengt bo mats ulf david john james michael robert william paul mark martin marcus "
    "jonas henrik mattias niklas sven gunnar goran nils christer ali mohamed mohammad ahmed".split()
)

_SYNONYMS = {
    "karolinska institute": "karolinska institutet",
    "kth royal institute of technology": "kungliga tekniska hogskolan",
    "royal institute of technology": "kungliga tekniska hogskolan",
    "kth": "kungliga tekniska hogskolan",
    "university of gothenburg": "goteborgs universitet",
    "gothenburg university": "goteborgs universitet",
    "lund university": "lunds universitet",
    "uppsala university": "uppsala universitet",
    "stockholm university": "stockholms universitet",
    "umea university": "umea universitet",
    "linkoping university": "linkopings universitet",
    "orebro university": "orebro universitet",
    "malmo university": "malmo universitet",
    "lulea university of technology": "lulea tekniska universitet",
    "chalmers university of technology": "chalmers tekniska hogskola",
    "karolinska university hospital": "karolinska universitetssjukhuset",
    "sahlgrenska university hospital": "sahlgrenska universitetssjukhuset",
    "rise": "rise research institutes of sweden",
    "research institutes of sweden": "rise research institutes of sweden",
    "stockholms lans landsting": "region stockholm",
    "stockholm county council": "region stockholm",
    "swedish university of agricultural sciences": "sveriges lantbruksuniversitet",
}
"""Keys of organisations by another of their names, where no rule can tell."""


@lru_cache(maxsize=100_000)
def organisation_key(name: str) -> str | None:
    """Return the key of all spellings of a name; None for a name that may be a person's."""
    plain = fold_name(name)
    words = [word for word in plain.split() if word not in _LEGAL_FORMS] or plain.split()
    if not words or _may_be_a_person(name, plain):
        return None
    bare = " ".join(words)
    return _SYNONYMS.get(plain) or _SYNONYMS.get(bare) or bare


def display_name(name: str | None) -> str | None:
    """Return an organisation's name as readers may see it; None when it may be a person's."""
    if name is None or organisation_key(name) is None:
        return None
    return common_spelling([name])


def common_spelling(names: Iterable[str]) -> str:
    """Return the commonest spelling that is not in capitals; else the commonest, recapitalised."""
    counted = Counter(" ".join(name.split()) for name in names)
    ranked = sorted(counted, key=lambda name: (name.isupper(), -counted[name], name))
    best = ranked[0]
    return _recapitalise(best) if best.isupper() and len(best) > _MAX_ACRONYM_LENGTH else best


_MAX_ACRONYM_LENGTH = 6


_JOINING_WORDS = frozenset(
    "and et und och og ja y e i de des du da do dos del della delle degli di der die das den dem "
    "van von vom zu zum zur fur für för of for the per pour para la le les el los las al på til "
    "till au aux en sur".split()
)


def _recapitalise(name: str) -> str:
    """Return a name in capitals as a name: joining words in lower case, AB and KTH as they are."""
    return " ".join(_capitalise_word(word, place) for place, word in enumerate(name.split()))


def _capitalise_word(word: str, place: int) -> str:
    if word.casefold() in _JOINING_WORDS:
        return word.casefold() if place else word.capitalize()
    long = len(word) > 3  # noqa: PLR2004  AB, KTH, SpA
    return word.capitalize() if long and word.isalpha() else word


def _may_be_a_person(name: str, plain: str) -> bool:
    """Whether ``name`` looks like a person's: two to four words, none of an organisation."""
    words = drop_brackets(name).split()
    if len(words) not in _PERSON_NAME_LENGTHS or _PATTERNS.mark_of_an_organisation.search(plain):
        return False
    if not all(word.strip(".,-'’").replace("-", "").isalpha() for word in words):
        return False
    called = (
        plain.split(maxsplit=1)[0] in _GIVEN_NAMES or plain.rsplit(maxsplit=1)[-1] in _GIVEN_NAMES
    )
    return called or all(word[:1].isupper() and not word.isupper() for word in words)
