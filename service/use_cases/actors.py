"""Find who funds a subject, and who was funded for it."""

from __future__ import annotations

from collections.abc import Collection

from scrapers.call import Level
from service.context import Context
from service.domain.awards.actors import ActorKind, ActorList, survey_actors
from service.domain.awards.focus_areas import AreaKey
from service.domain.matching.filters import Filters
from service.domain.pilots.reading.read_text import read_text
from service.use_cases.match import check_text
from service.use_cases.pilots import get_pilot
from service.use_cases.scan.focus_areas import get_area
from service.use_cases.sources import gap_notes


def find_actors(
    context: Context,
    *,
    text: str = "",
    area: AreaKey | None = None,
    pilot_id: str = "",
    kind: ActorKind | None = None,
    levels: Collection[Level] = (),
    top: int = 20,
) -> ActorList:
    """Return the actors of a subject: a text, a focus area or a stored pilot.

    Args:
        context: the stores and the index.
        text: the subject in a few words.
        area: a focus area, in place of the text.
        pilot_id: a stored pilot, in place of the text.
        kind: only funders, or only organisations.
        levels: only actors of these levels; empty: any.
        top: how many actors at most.

    Raises:
        UnknownPilotError: there is no such pilot.
        NotFoundError: there is no such focus area.
        InputError: the subject has no letters.
        SnapshotError: there is no sound index.
    """
    language = None
    from scrapers.catalogue import all_funders  # noqa: PLC0415  a tenth of a cold start

    if area is not None:
        text = get_area(context, area).words
    elif pilot_id:
        pilot = get_pilot(context, pilot_id)
        text, language = pilot.text, pilot.language
    check_text(text)
    awards, note = context.similar_awards()
    return survey_actors(
        context.searcher(),
        awards,
        context.calls.reader(),
        read_text(text, language).edited.text,
        context.now(),
        funders=all_funders(),
        language=language,
        area=area,
        kind=kind,
        levels=levels,
        top=top,
        notes=(*((note,) if note else ()), *gap_notes(context, Filters(levels=tuple(levels)))),
    )
