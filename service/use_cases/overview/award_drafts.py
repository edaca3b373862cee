"""Begin a pilot from a project that was paid before, found by its diary number."""

from __future__ import annotations

import re
from typing import Final

from scrapers.award import Award
from service.context import Context
from service.errors import InputError, NotFoundError
from service.messages.message import message

_LONGEST: Final = 100
_PREFIX = re.compile(
    r"^(?:dnr|diarienr|diarienummer|reg(?:istration)?\.? ?no)[.:]?\s+", re.IGNORECASE
)


def find_awards(context: Context, number: str) -> list[Award]:
    """Return the paid projects with a diary number, as the registers here have them.

    Args:
        context: the stores.
        number: as a person types it: 2023-01234, "Dnr 2023-01234", or a register's whole id.

    Raises:
        InputError: it is no number.
        NotFoundError: no stored project has it.
    """
    typed = _PREFIX.sub("", " ".join(number.split()))
    if not any(character.isdigit() for character in typed) or len(typed) > _LONGEST:
        raise InputError(message("problem.award.number"))
    if not context.has_awards():
        raise NotFoundError(message("problem.award.none"))
    whole = context.awards.get(typed)
    found = [whole] if whole else context.awards.with_number(typed.replace(" ", ""))
    if not found:
        raise NotFoundError(message("problem.award.unknown", number=typed))
    return found
