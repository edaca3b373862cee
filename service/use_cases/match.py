"""Match a text, or a stored pilot, with the stored calls."""

from __future__ import annotations

from collections.abc import Collection

from service.context import Context
from service.domain.matching.filters import Filters
from service.domain.matching.match import MatchList, find_matches
from service.domain.matching.text_sections import Counted
from service.domain.pilots.pilot import MAX_TEXT_LENGTH
from service.domain.pilots.profile import Profile
from service.errors import InputError
from service.messages.message import message
from service.use_cases.pilots import get_pilot


def match_text(
    context: Context,
    text: str,
    *,
    filters: Filters | None = None,
    top: int = 10,
    language: str | None = None,
    profile: Profile | None = None,
    group: bool = True,
    pilot_id: str = "",
    dismissed: bool = False,
    counted: Collection[Counted] = (),
) -> MatchList:
    """Rank the stored calls for ``text``.

    Args:
        context: the stores and the index.
        text: what to match.
        filters: the reader's choices; by default only open calls.
        top: how many matches at most.
        language: ISO 639 code of the text; recognised when absent.
        profile: what the calls' conditions are checked against.
        group: show calls that are nearly the same as one match.
        pilot_id: the stored pilot whose judgements count, if any.
        dismissed: show also the calls that were judged not relevant for it.
        counted: kinds of sections of the text that count in full.

    Raises:
        InputError: the text is empty, has no letters or is too long, or there are no calls.
        SnapshotError: there is no sound index.
    """
    check_text(text)
    if context.calls.is_empty():
        raise InputError(message("problem.no_calls"))
    return find_matches(
        context.match_context(pilot_id),
        text,
        filters=filters,
        top=top,
        language=language,
        profile=profile,
        group=group,
        dismissed=dismissed,
        counted=counted,
    )


def match_pilot(
    context: Context,
    pilot_id: str,
    *,
    filters: Filters | None = None,
    top: int = 10,
    group: bool = True,
    dismissed: bool = False,
    counted: Collection[Counted] = (),
) -> MatchList:
    """Rank the stored calls for a stored pilot; its judgements move them.

    The arguments are those of `match_text`.

    Raises:
        UnknownPilotError: there is no such pilot.
        InputError: as `match_text`.
        SnapshotError: there is no sound index.
    """
    pilot = get_pilot(context, pilot_id)
    return match_text(
        context,
        pilot.text,
        filters=filters,
        top=top,
        language=pilot.language,
        profile=pilot.profile,
        group=group,
        pilot_id=pilot.id,
        dismissed=dismissed,
        counted=counted,
    )


def check_text(text: str) -> None:
    """Check that ``text`` can be searched with.

    Raises:
        InputError: it has no letters, or is too long.
    """
    if not any(character.isalpha() for character in text):
        raise InputError(message("problem.text.empty"))
    if len(text) > MAX_TEXT_LENGTH:
        raise InputError(
            f"The text has {len(text):,} characters; at most {MAX_TEXT_LENGTH:,} are taken. "
            "Give the summary, or the parts that say what is to be done."
        )
