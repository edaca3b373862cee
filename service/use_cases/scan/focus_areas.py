"""List, get, make, change and remove focus areas; the shipped ones stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import Field

from service.context import Context
from service.domain.access.principal import acting
from service.domain.awards.focus_areas import (
    FOCUS_AREAS,
    MOST_OWN_AREAS,
    AreaKey,
    FocusArea,
    FocusAreaKey,
    OwnAreaDraft,
    OwnFocusArea,
    make_area_key,
    read_area_key,
)
from service.domain.frozen_model import FrozenModel
from service.domain.notifications.feed_link import FeedKind
from service.errors import ConflictError, ForbiddenError, NotFoundError, StaleError
from service.messages.message import message

IsExpectedArea = Callable[[str], bool]
"""Tells by an area's etag whether it is as the caller has seen it."""


class FocusAreaList(FrozenModel):
    """Every focus area: those shipped with the program first, then those made here."""

    areas: tuple[FocusArea, ...] = Field(description="All areas, as scans and actors take them.")
    own: tuple[OwnFocusArea, ...] = Field(description="Those made here, with who changed them.")


def list_areas(context: Context) -> FocusAreaList:
    """Return every focus area, the shipped ones first."""
    own = tuple(context.focus_areas.all())
    return FocusAreaList(areas=(*FOCUS_AREAS.values(), *(one.area for one in own)), own=own)


def get_area(context: Context, key: AreaKey | str) -> FocusArea:
    """Return a focus area, shipped or made here.

    Raises:
        NotFoundError: there is no such area.
    """
    known = read_area_key(key)
    if isinstance(known, FocusAreaKey):
        return FOCUS_AREAS[known]
    return get_own_area(context, key).area


def get_own_area(context: Context, key: str) -> OwnFocusArea:
    """Return an area that was made here.

    Raises:
        NotFoundError: there is no such area.
    """
    area = context.focus_areas.get(key) if read_area_key(key) is not None else None
    if area is None:
        raise NotFoundError(message("problem.area", id=key))
    return area


def add_area(context: Context, draft: OwnAreaDraft) -> OwnFocusArea:
    """Make an area; return it as stored.

    Raises:
        ConflictError: there are too many, or one has this name.
    """
    if context.focus_areas.count() >= MOST_OWN_AREAS:
        raise ConflictError(message("problem.area.many", count=MOST_OWN_AREAS))
    _check_name(context, draft.name)
    now = datetime.now(UTC)
    area = OwnFocusArea(
        key=make_area_key(draft.name, now),
        name=draft.name,
        words=draft.words,
        by=acting().name,
        created_at=now,
        modified_at=now,
    )
    context.focus_areas.add(area)
    return area


def change_area(
    context: Context, key: str, draft: OwnAreaDraft, is_expected: IsExpectedArea | None = None
) -> OwnFocusArea:
    """Change the name and words of an area if it is as the caller has seen it.

    Args:
        context: the stores.
        key: of an area that was made here.
        draft: what it becomes.
        is_expected: whether the area may be changed in the state with an etag; None for any.

    Raises:
        NotFoundError: there is no such area.
        ForbiddenError: it is shipped with the program.
        ConflictError: another area has this name.
        StaleError: it has changed since.
    """
    _check_own(key)
    _check_name(context, draft.name, but=key)

    def change(area: OwnFocusArea) -> OwnFocusArea:
        if is_expected is not None and not is_expected(area.etag):
            raise StaleError(message("problem.area.stale", name=area.name))
        fields = {**draft.model_dump(), "by": acting().name, "modified_at": datetime.now(UTC)}
        return area.model_copy(update=fields)

    changed = context.focus_areas.change(key, change)
    if changed is None:
        raise NotFoundError(message("problem.area", id=key))
    return changed


def remove_area(context: Context, key: str) -> None:
    """Delete an area that was made here; the links to its feed open nothing from then on.

    Raises:
        NotFoundError: there is no such area.
        ForbiddenError: it is shipped with the program.
    """
    _check_own(key)
    if not context.focus_areas.remove(key):
        raise NotFoundError(message("problem.area", id=key))
    now = datetime.now(UTC)
    for link in context.feed_links.all():
        if link.subject.kind is FeedKind.AREA and link.subject.key == key:
            context.feed_links.revoke(link.id, now)


def _check_own(key: str) -> None:
    if isinstance(read_area_key(key), FocusAreaKey):
        raise ForbiddenError(message("problem.area.shipped"))


def _check_name(context: Context, name: str, but: str = "") -> None:
    """Check that no other area has a name: two of one name cannot be told apart in a list.

    Raises:
        ConflictError: one has it.
    """
    for area in list_areas(context).areas:
        names = {text.casefold() for text in area.name.model_dump().values()}
        if name.casefold() in names and area.key != but:
            raise ConflictError(message("problem.area.name", name=name))
