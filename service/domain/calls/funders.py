"""Funders: which one a call or an award belongs to, and what is special about its calls."""

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
"""Keys of funders by the names that registers use, folded."""


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
    """What is special about the calls of a funder.

    Attributes:
        names_offers: whether a round's second identifier is the offer that it is a round of. (The
            EU portal's second identifier is a call of many topics, which has no rounds.)
        expects_amounts: whether the amounts of a project are what the funder expects, not limits.
    """

    names_offers: bool = False
    expects_amounts: bool = False


_TRAITS = {
    "vinnova": FunderTraits(names_offers=True),
    "eu_portal": FunderTraits(expects_amounts=True),
}
_PLAIN = FunderTraits()


def traits_of(funder: str) -> FunderTraits:
    """Return what is special about the calls of the funder with this key."""
    return _TRAITS.get(funder, _PLAIN)


def funder_of_call(call: Call) -> str:
    """Return the key of the funder: the part of the call's id before the colon."""
    return source_of(call.id)


def funder_of_award(award: Award) -> str:
    """Return the key of the funder that paid an award.

    It is the key of the calls that the award names, else that of the funder's name. A funder
    without a key gets its name as one.
    """
    if award.caller:
        return award.caller
    name = fold_name(award.funder)
    return _KEYS.get(name) or name.replace(" ", "_")
