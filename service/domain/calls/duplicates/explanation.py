"""Why two calls are held for one, and where they contradict each other, in plain words."""

from __future__ import annotations

from scrapers.call import Call, Deadline
from service.domain.calls.duplicates.evidence import LinkEvidence, LinkEvidenceKind
from service.domain.calls.duplicates.links import CallLink, DecidedBy
from service.messages.message import ListStyle, Message, join_values, message

_ALIKE = 0.9


def why(link: CallLink) -> Message:
    """Say what ``link`` rests on, strongest first."""
    relation = message(f"same.is.{link.relation}")
    if link.decided_by is DecidedBy.PERSON:
        return message("same.person", relation=relation)
    said = [_said(one) for one in link.evidence if _telling(one)]
    return message("same.why", relation=relation, evidence=join_values(said, ListStyle.COMMAS))


def _said(one: LinkEvidence) -> Message:
    if one.kind in (LinkEvidenceKind.DEADLINE, LinkEvidenceKind.AMOUNT):
        differs = "" if one.similarity == 1 else ".differs"
        return message(f"same.{one.kind}{differs}", value=one.a, other=one.b)
    return message(f"same.{one.kind}", value=one.a, percent=str(_percent(one)))


def contradiction(shown: Call, other: Call) -> Message | None:
    """Say which deadlines ``other`` gives when they are not those that ``shown`` gives.

    A copy without any dated deadline contradicts nothing, nor does a time of day that one of the
    two leaves out.
    """
    mine, theirs = _dated(shown), _dated(other)
    if not mine or not theirs or _agree(mine, theirs):
        return None
    days = join_values(map(_written, theirs), ListStyle.COMMAS)
    return message("same.contradiction", days=days)


def _telling(one: LinkEvidence) -> bool:
    return one.similarity >= _ALIKE or one.kind in (
        LinkEvidenceKind.TEXT,
        LinkEvidenceKind.DEADLINE,
    )


def _percent(one: LinkEvidence) -> int:
    """Return the share in whole percent, rounded down: only what is the same is 100 %."""
    return int(one.similarity * 100 + 1e-9)


def _dated(call: Call) -> list[Deadline]:
    """Return the dated deadlines for newcomers, in order."""
    found = [(d.at, d) for d in call.deadlines if d.at is not None and d.admits_new_applicants]
    return [deadline for _, deadline in sorted(found, key=lambda pair: pair[0])]


def _agree(mine: list[Deadline], theirs: list[Deadline]) -> bool:
    if len(mine) != len(theirs):
        return False
    return all(
        x.local().date() == y.local().date() if x.date_only or y.date_only else x.at == y.at
        for x, y in zip(mine, theirs, strict=True)
    )


def _written(one: Deadline) -> str:
    local = one.local()
    return f"{local:%Y-%m-%d}" if one.date_only else f"{local:%Y-%m-%d %H:%M} ({one.zone})"
