"""Edit: one change of a profile, as a code with values that any language can say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.domain.eligibility.gate_messages import Values

GatePasses = Callable[..., bool]
"""Says whether a gate passes with some fields of the profile changed, given by name."""


@dataclass(frozen=True)
class ProfileEdit:
    """A change of the profile's ``field``, and the sentence that says it."""

    field: str
    code: str
    values: Values
