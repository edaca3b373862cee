"""The documentation's example of a digest."""

from __future__ import annotations

from datetime import timedelta

from service.api.sample import MATCH, NOW, PILOT, STORED, dump
from service.domain.digest import Candidate, Digest, Moment, compose, select
from service.domain.news import Memory
from service.domain.week import next_mail, week_of


def _digest() -> Digest:
    """Return a mail in which one call is new and closes before long."""
    moment = Moment(NOW, next_mail(NOW))
    seen = NOW - timedelta(days=1)
    chosen = select([Candidate(((seen, STORED),), MATCH.score)], Memory(()), moment, minimum=0.5)
    return compose(
        PILOT, week_of(NOW), chosen, {MATCH.call.id: MATCH}, moment, language="sv", considered=12
    )


DIGEST = dump(_digest())
