"""Which funder a call or an award belongs to, and what is particular to a funder's calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from scrapers.award import Award
from scrapers.call import Call, Level
from service.domain.calls.ids import source_of
from service.domain.calls.name_folding import fold_name

_KEYS = {
    "swedish research council": "vr",
    "vetenskapsradet": "vr",
    "vinnova": "vinnova",
    "formas": "formas",
    "forte": "forte",
    "swedish energy agency": "energimyndigheten",
    "energimyndigheten": "energimyndigheten",
    "european commission": "eu_portal",
    "riksbankens jubileumsfond": "riksbankens_jubileumsfond",
    "national institutes of health": "nih_guide",
}
"""Keys of funders by their names in registers, folded."""


class FunderDescription(Protocol):
    """What the reader of a funder's calls says of the funder and of itself."""

    @property
    def key(self) -> str:
        """The part before the colon of its calls' ids, such as ``vinnova``."""
        ...

    @property
    def title(self) -> str:
        """The funder's name."""
        ...

    @property
    def home(self) -> str:
        """The address of its site."""
        ...

    @property
    def level(self) -> Level:
        """How far it reaches, seen from Sweden."""
        ...

    @property
    def interface(self) -> str:
        """How it is read, such as ``open API, JSON``."""
        ...

    @property
    def verified(self) -> str:
        """What its reader was checked against, such as ``real answer``."""
        ...


@dataclass(frozen=True)
class FunderTraits:
    """What is particular to the calls of a funder.

    ``names_offers``: a round's second identifier is the offer that it is a round of. (The EU
    portal's second identifier is a call of many topics, and says nothing of rounds.)
    ``expects_amounts``: the amounts of a project are what the funder expects, not limits.
    """

    names_offers: bool = False
    expects_amounts: bool = False


_TRAITS = {
    "vinnova": FunderTraits(names_offers=True),
    "eu_portal": FunderTraits(expects_amounts=True),
}
_PLAIN = FunderTraits()


def traits_of(funder: str) -> FunderTraits:
    """Return what is particular to the calls of the funder with this key."""
    return _TRAITS.get(funder, _PLAIN)


def funder_of_call(call: Call) -> str:
    """Return the funder's key: what stands before the colon of a call's id."""
    return source_of(call.id)


def funder_of_award(award: Award) -> str:
    """Return the key of the funder that paid an award.

    It is that of the calls it names; else the funder's name tells, as a key of its own where none
    is known.
    """
    if award.caller:
        return award.caller
    name = fold_name(award.funder)
    return _KEYS.get(name) or name.replace(" ", "_")
