"""Match a text, or a stored pilot, with the stored calls."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from index.text.codes import Joint, code_tokens, is_diary_number
from service.context import Context
from service.domain.matching.filters import Filters
from service.domain.matching.match import (
    MatchList,
    MatchOptions,
    RankedCalls,
    find_matches,
    rank_calls,
)
from service.domain.matching.match_context import MatchContext
from service.domain.pilots.pilot import MAX_TEXT_LENGTH, Pilot
from service.domain.pilots.profile import Profile
from service.domain.pilots.reading.text_sections import Counted
from service.domain.pilots.wishes import Wishes
from service.errors import InputError
from service.messages.message import message
from service.use_cases.pilots import get_pilot
from service.use_cases.sources import gap_notes

_MIN_NUMBER, _LONGEST_NUMBER = 4, 100
"""Digits of a single number that may name a call, and characters of any number that may."""


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
    wishes: Wishes | None = None,
    counted: Collection[Counted] = (),
) -> MatchList:
    """Rank the stored calls for ``text``.

    Args:
        context: the stores and the index.
        text: what to match.
        filters: the reader's choices; by default open and forthcoming.
        top: how many matches at most.
        language: ISO 639 code of the text; recognised when absent.
        profile: what the calls' conditions are checked against.
        group: show calls that are nearly the same as one match.
        pilot_id: the stored pilot whose judgements count, if any.
        dismissed: show also the calls that were judged not relevant for it.
        wishes: what is excluded, and what of the text is read as it stands.
        counted: kinds of sections of the text that count in full.

    Raises:
        InputError: the text is empty, has no letters or is too long, or there are no calls.
        SnapshotError: there is no sound index.
    """
    options = MatchOptions(
        filters=filters,
        top=top,
        language=language,
        profile=profile,
        group=group,
        dismissed=dismissed,
        wishes=wishes,
        counted=counted,
    )
    found = find_matches(_match_context(context, text, filters, pilot_id), text, options)
    context.activity.count_search(len(found.matches))
    return found


def search_text(
    context: Context, text: str, options: MatchOptions, pilot_id: str = ""
) -> RankedCalls:
    """Return what `match_text` does, with what the calls that may fit can be narrowed by.

    Args:
        context: the stores and the index.
        text: what to match.
        options: the reader's choices.
        pilot_id: the stored pilot whose judgements count, if any.

    Raises:
        InputError: the text is empty, has no letters or is too long, or there are no calls.
        SnapshotError: there is no sound index.
    """
    ranked = rank_calls(_match_context(context, text, options.filters, pilot_id), text, options)
    context.activity.count_search(len(ranked.found.matches))
    return ranked


def _match_context(
    context: Context, text: str, filters: Filters | None, pilot_id: str
) -> MatchContext:
    check_text(text)
    if context.calls.is_empty():
        raise InputError(message("problem.no_calls"))
    known = context.match_context(pilot_id)
    return replace(known, notes=(*known.notes, *gap_notes(context, filters)))


def match_pilot(
    context: Context,
    pilot_id: str,
    *,
    filters: Filters | None = None,
    top: int = 10,
    group: bool = True,
    dismissed: bool = False,
    wishes: Wishes | None = None,
    counted: Collection[Counted] = (),
) -> MatchList:
    """Rank the stored calls for a stored pilot; its judgements move them.

    The arguments are those of `match_text`; what the pilot excludes is excluded too.

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
        wishes=with_exclusions(wishes, pilot),
        counted=counted,
    )


def with_exclusions(wishes: Wishes | None, pilot: Pilot) -> Wishes:
    """Return ``wishes`` with what a pilot excludes, each once."""
    wishes = wishes or Wishes()
    both = tuple(dict.fromkeys((*pilot.exclude, *wishes.exclude)))
    return wishes.model_copy(update={"exclude": both})


def check_text(text: str) -> None:
    """Check that ``text`` can be searched with.

    Raises:
        InputError: it has neither letters nor the number of a call, or is too long.
    """
    if not any(character.isalpha() for character in text) and not _may_be_number(text):
        raise InputError(message("problem.text.empty"))
    if len(text) > MAX_TEXT_LENGTH:
        raise InputError(
            f"The text has {len(text):,} characters; at most {MAX_TEXT_LENGTH:,} are taken. "
            "Give the summary, or the parts that say what is to be done."
        )


def _may_be_number(text: str) -> bool:
    """Return whether a text without letters may be the number of a call: 11990, 2026-01234."""
    tokens = code_tokens(text.strip()[:_LONGEST_NUMBER])
    words = [token.word for token in tokens]
    if len(tokens) == 1:
        return len(words[0]) >= _MIN_NUMBER
    return is_diary_number(words) or (
        bool(tokens) and all(token.joint is Joint.TIGHT for token in tokens[1:])
    )
