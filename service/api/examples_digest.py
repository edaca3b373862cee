"""The documentation's example of a digest, made from the records themselves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.api import examples
from service.domain.digest import Candidate, Digest, Moment, compose, select
from service.domain.match import MatchList
from service.domain.news import Memory
from service.domain.pilot import Pilot
from service.domain.week import next_mail, week_of


def _digest() -> Digest:
    """Return a mail in which one call is new and closes before long."""
    pilot = Pilot.model_validate(examples.PILOT)
    match = MatchList.model_validate(examples.MATCH_LIST).matches[0]
    now = examples.NOW
    moment = Moment(now, next_mail(now))
    seen = now - timedelta(days=1)
    chosen = select(
        [Candidate(((seen, examples.STORED),), match.score)], Memory(()), moment, minimum=0.5
    )
    return compose(
        pilot, week_of(now), chosen, {match.call.id: match}, moment, language="sv", considered=12
    )


DIGEST: dict[str, Any] = _digest().model_dump(mode="json")
