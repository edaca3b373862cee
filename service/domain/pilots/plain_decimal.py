"""Amounts as requests give them: in digits, or as a number; records may write them otherwise."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, WithJsonSchema

from scrapers.call import check_writable

IN_DIGITS: Final = {"numbers": "in digits"}
"""Context of a validation that takes only numbers that are written in digits."""

_PATTERN = r"^[0-9]{1,18}(\.[0-9]{1,30})?$"
_DIGITS = re.compile(_PATTERN, re.ASCII)


def _check_digits(value: object, info: ValidationInfo) -> object:
    """Return an amount as the decimal that a strict validation wants, if it is in digits."""
    if info.context != IN_DIGITS or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return Decimal(str(value))
    if isinstance(value, str):
        if _DIGITS.fullmatch(value):
            return Decimal(value)
        raise ValueError(
            "give a number with at most 18 digits before the decimal point and 30 after it, "
            "such as 5000000 or 12.5"
        )
    return value


PlainDecimal = Annotated[
    Decimal,
    Field(ge=0, allow_inf_nan=False),
    BeforeValidator(_check_digits),
    AfterValidator(check_writable),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 999_999_999_999_999_999},
                {"type": "string", "pattern": _PATTERN},
            ]
        },
        mode="validation",
    ),
]
"""An amount that is not negative and can be written out."""
