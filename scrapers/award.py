"""Award: a project that somebody paid, with the call that paid it.

Awards are what calls led to. They are never calls: nothing here can be applied for.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Self

from pydantic import (
    Field,
    StringConstraints,
    model_validator,
)

from scrapers.call import (
    Language,
    Money,
    NonBlank,
    PaidRecord,
    Provenance,
    Record,
    Url,
)

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Organisation(Record):
    """An organisation that was paid, never a person. ``country`` is ISO 3166-1 alpha-2."""

    name: Annotated[NonBlank, StringConstraints(max_length=500)]
    country: Country | None = None


class Award(PaidRecord):
    """A project that was paid, as one register lists it.

    ``id`` is ``register:native-id``. ``calls`` are the identifiers of what paid it, the round or
    topic first and then whatever holds it; ``caller`` is the key of the funder whose identifiers
    they are, since two agencies give the same number. ``titles`` and ``texts`` are keyed by
    language (ISO 639). ``start`` and ``end`` are days. An ``amount`` too long to be written out is
    left out.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+:\S+$", max_length=300)]
    funder: NonBlank
    titles: dict[Language, NonBlank] = Field(min_length=1)
    texts: dict[Language, NonBlank] = Field(default_factory=dict)
    caller: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]*$")] = ""
    calls: tuple[NonBlank, ...] = ()
    programme: str = ""
    coordinator: Organisation | None = None
    partners: tuple[Organisation, ...] = ()
    amount: Money | None = None
    start: date | None = None
    end: date | None = None
    url: Url | None = None
    provenance: Provenance

    @model_validator(mode="after")
    def _calls_have_a_caller(self) -> Self:
        if self.calls and not self.caller:
            raise ValueError("call identifiers mean nothing without the funder they belong to")
        return self

    @property
    def native_id(self) -> str:
        """The register's own identifier: what follows the first colon of ``id``."""
        return self.id.split(":", 1)[1]

    def content_hash(self) -> str:
        """SHA-256 (hex) of everything but provenance."""
        content = self.model_dump(mode="json", exclude={"provenance"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
