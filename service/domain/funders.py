"""Which funder a call or an award belongs to: one key for the many names of a funder."""

from __future__ import annotations

from scrapers.award import Award
from scrapers.call import Call
from service.domain.organisations import folded

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


def key_of_call(call: Call) -> str:
    """Return the funder's key: what stands before the colon of a call's id."""
    return call.id.split(":", 1)[0]


def key_of_award(award: Award) -> str:
    """Return the key of the funder that paid an award.

    It is that of the calls it names; else the funder's name tells, as a key of its own where none
    is known.
    """
    if award.caller:
        return award.caller
    name = folded(award.funder)
    return _KEYS.get(name) or name.replace(" ", "_")
