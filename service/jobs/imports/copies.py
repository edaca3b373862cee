"""Lines of an import that have one id: translations become one call, of copies the fullest counts.

Which line comes first never decides.
"""

from __future__ import annotations

from typing import NamedTuple

from scrapers.call import Call
from service.domain.calls.stored.call_facts import count_filled

_FACTS = (
    "programme keywords opens published deadlines closed_by funding eligibility url apply_url links"
).split()


class ImportedCall(NamedTuple):
    """A call and the line that it stands on."""

    line: int
    call: Call


def are_translations(one: Call, other: Call) -> bool:
    """Whether two calls of one id are one in two languages, with nothing that contradicts."""
    apart = (
        not one.titles.keys() & other.titles.keys() and not one.texts.keys() & other.texts.keys()
    )
    return apart and all(_agree(one, other, name) for name in ("opens", "deadlines"))


def _agree(one: Call, other: Call, name: str) -> bool:
    values = [getattr(call, name) for call in (one, other)]
    if not all(values) or name != "deadlines":
        return not all(values) or values[0] == values[1]
    return [d.at for d in values[0]] == [d.at for d in values[1]]


def join_translations(one: Call, other: Call) -> Call:
    """Return the one call of two translations; a fact is that of the fuller, if it has it."""
    fuller, thinner = sorted((one, other), key=_fullness, reverse=True)
    missing = {name: getattr(thinner, name) for name in _FACTS if not getattr(fuller, name)}
    languages = sorted(
        {*one.titles, *other.titles}, key=lambda code: (code not in fuller.titles, code)
    )
    changes = {
        "titles": {code: {**one.titles, **other.titles}[code] for code in languages},
        "texts": {**thinner.texts, **fuller.texts},
        "sections": {**thinner.sections, **fuller.sections},
        "identifiers": tuple(dict.fromkeys((*fuller.identifiers, *thinner.identifiers))),
    }
    return fuller.model_copy(update={**missing, **changes})


def fuller_first(one: ImportedCall, other: ImportedCall) -> tuple[ImportedCall, ImportedCall]:
    """Return two copies of one id, the one that counts first; of equal ones the earlier line."""
    if one.call.content_hash() == other.call.content_hash():
        return (one, other) if one.line < other.line else (other, one)
    first, second = sorted((one, other), key=lambda it: _fullness(it.call), reverse=True)
    return first, second


def _fullness(call: Call) -> tuple[int, int, str]:
    return count_filled(call), sum(map(len, call.texts.values())), call.content_hash()
