"""The route that shows what the next mail would tell."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.api import examples_digest, problems
from service.api.blueprint import api
from service.api.schemas import Taken
from service.api.source import Source, source
from service.domain.digest import Digest, Quiet
from service.domain.pilot import Pilot
from service.domain.week import Week, begins, week_of
from service.errors import NotFoundError
from service.jobs.composing import how_sources_fare
from service.jobs.digests import Asked, Composer, Rules
from service.messages.message import message


class DigestQuery(Taken):
    """Which week's mail."""

    week: Week | None = Field(
        default=None, description="An ISO week, such as `2026-W48`; this week when absent."
    )


@api.get("/api/v1/pilots/<pilot_id>/digest")
@api.input(DigestQuery, location="query", arg_name="asked")
@api.output(Digest, description="What the mail would tell.", example=examples_digest.DIGEST)
@api.doc(
    summary="Preview the weekly mail of a pilot",
    description=(
        "What a recipient who has had no mail yet would be told of the stored calls: at most ten, "
        "each with why now and why at all. For another week than this one, as of its Monday. "
        "Sends nothing and counts nothing as told."
    ),
    operation_id="previewDigest",
    tags=["Pilots"],
    responses=problems.documented(
        e404="There is no pilot with this id.",
        e422="The week is none: write one as 2026-W48.",
        e503="There is no index yet: run `fundscout reindex`.",
    ),
)
def preview_digest(pilot_id: str, asked: DigestQuery) -> Digest:
    """Return what the mail of a week would tell."""
    pilot = source().pilots.get(pilot_id)
    if pilot is None:
        raise NotFoundError(message("problem.pilot.listed", id=pilot_id))
    return preview(source(), pilot, asked.week)


def preview(origin: Source, pilot: Pilot, week: str | None) -> Digest:
    """Return the digest of ``week`` for somebody who has had no mail about ``pilot`` yet."""
    now = _moment(origin.now(), week)
    calls = origin.calls
    settings = origin.settings
    scene, _ = origin.scene()
    composer = Composer(
        scene.searcher,
        calls,
        now,
        Rules(settings.digest_min_score, Quiet(settings.digest_quiet)),
        how_sources_fare(calls.all(), origin.runs, now),
        groups=scene.links,
        before=scene.before,
    )
    return composer.digest(Asked.of(pilot, origin.feedback.judged(pilot.id).spread(scene.links)))


def _moment(now: datetime, week: str | None) -> datetime:
    return now if week in (None, week_of(now)) else begins(week)
