"""The landscape of a subject: its actors, chosen by kind and level, with what was looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from pydantic import Field

from index.search.searcher import Searcher
from scrapers.call import Call, Level
from service.domain.awards.actors import (
    Actor,
    ActorKind,
    find_awards_on_subject,
    find_calls_on_subject,
    rank_actors,
)
from service.domain.awards.focus_areas import FocusAreaKey
from service.domain.awards.similar_awards import SimilarAwards
from service.domain.frozen_model import FrozenModel
from service.messages.message import Message, message
from service.messages.notes import Note


class ActorList(FrozenModel):
    """Who funds a subject and who was funded for it, those with most on it first."""

    actors: tuple[Actor, ...]
    total: int = Field(description="Actors of the kind and levels asked for; some may be cut off.")
    calls: int = Field(description="Calls on the subject.")
    projects: int = Field(description="Paid projects on the subject.")
    language: str = Field(description="The language the subject was read in.")
    area: FocusAreaKey | None = Field(
        default=None, description="The focus area that was asked for."
    )
    as_of: datetime = Field(description="The clock that open calls were counted by.")
    notes: tuple[Note, ...] = Field(default=(), description="Plain words about limits met.")


def survey_actors(
    searcher: Searcher,
    past: SimilarAwards | None,
    calls: Mapping[str, Call],
    text: str,
    now: datetime,
    *,
    language: str | None = None,
    area: FocusAreaKey | None = None,
    kind: ActorKind | None = None,
    levels: Collection[Level] = (),
    top: int = 20,
    notes: Sequence[Message] = (),
) -> ActorList:
    """Find the actors of the subject that ``text`` tells of.

    Args:
        searcher: the calls' index.
        past: the awards' index, if there is one.
        calls: every stored call by id.
        text: a few words, or a pilot's text.
        now: the aware instant that open calls are counted by.
        language: ISO 639 code of ``text``; recognised when absent.
        area: the focus area that the text is of, if it is of one.
        kind: only funders, or only organisations.
        levels: only these; an actor of unknown level is then left out.
        top: how many actors at most.
        notes: about what could not be read.
    """
    query = searcher.query(text, language)
    on_calls = find_calls_on_subject(searcher, query, calls.keys() & searcher.documents)
    on_awards = find_awards_on_subject(past, query)
    found = rank_actors(calls, on_calls, on_awards, now, query.language)
    chosen = [
        one for one in found if kind in (None, one.kind) and (not levels or one.level in levels)
    ]
    return ActorList(
        actors=tuple(chosen[:top]),
        total=len(chosen),
        calls=len(on_calls),
        projects=len(on_awards),
        language=query.language,
        area=area,
        as_of=now,
        notes=(
            *query.notes,
            *searcher.notes,
            *(() if past else (message("note.awards.none"),)),
            *notes,
        ),
    )
