"""What a reader does not want to see, and what of a text is to be read as it stands."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_PHRASES = 50

ExcludedPhrase = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"[^\W_]")
]
"""A word or a few that name a subject, in Swedish or English."""

ExcludedPhrases = Annotated[
    tuple[ExcludedPhrase, ...],
    Field(
        max_length=MOST_PHRASES,
        description="Subjects, a word or a few each: calls that are about one are left out.",
    ),
]


class Wishes(BaseModel):
    """The reader's wishes beside the text and the filters."""

    model_config = ConfigDict(frozen=True)

    exclude: ExcludedPhrases = ()
    show_excluded: bool = Field(
        default=False, description="Show also calls that are about an excluded subject."
    )
    as_written: tuple[Annotated[str, StringConstraints(max_length=1000)], ...] = Field(
        default=(),
        max_length=MOST_PHRASES,
        description=(
            "Stretches of the text that are read as they stand, as `understood` gives them: "
            "acronyms, and what was read as not wanted. `all` stands for every one."
        ),
    )

    def wishes(self) -> Wishes:
        """Return the wishes alone, of a request that has more."""
        return Wishes(
            exclude=self.exclude, show_excluded=self.show_excluded, as_written=self.as_written
        )
