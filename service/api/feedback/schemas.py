"""Requests about judgements on calls."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from service.domain.matching.feedback import Opinion, PersonName
from service.http.queries import RequestModel

CallId = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class NewJudgement(RequestModel):
    """An opinion on a call for a pilot."""

    call: CallId = Field(description="The call's id.")
    verdict: Literal[Opinion.RELEVANT, Opinion.NOT_RELEVANT, Opinion.APPLIED] = Field(
        description="`relevant`, `not-relevant` or `applied`; it replaces an earlier one."
    )
    by: PersonName = Field(description="Who judged: a name, initials or a team.")


class JudgementRemoval(RequestModel):
    """Which judgement to take back."""

    call: CallId = Field(description="The call's id.")
    by: PersonName = Field(description="Who takes it back.")
