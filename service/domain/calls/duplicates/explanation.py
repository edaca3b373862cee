"""Why two calls count as one, and where they contradict each other, in plain words."""

from __future__ import annotations

from scrapers.call import Call, Deadline
from service.domain.calls.duplicates.evidence import LinkEvidence, LinkEvidenceKind
from service.domain.calls.duplicates.links import CallLink, DecidedBy
from service.messages.message import ListStyle, Message, join_values, message

_MIN_SIMILARITY = 0.9


def explain_link(link: CallLink) -> Message:
    """Return what ``link`` rests on, strongest evidence first."""
    relation = message(f"same.is.{link.relation}")
    if link.decided_by is DecidedBy.PERSON:
        return message("same.person", relation=relation)
    reasons = [_describe_evidence(evidence) for evidence in link.evidence if _is_notable(evidence)]
    return message("same.why", relation=relation, evidence=join_values(reasons, ListStyle.COMMAS))


def _describe_evidence(evidence: LinkEvidence) -> Message:
    if evidence.kind in (LinkEvidenceKind.DEADLINE, LinkEvidenceKind.AMOUNT):
        differs = "" if evidence.similarity == 1 else ".differs"
        return message(f"same.{evidence.kind}{differs}", value=evidence.a, other=evidence.b)
    return message(f"same.{evidence.kind}", value=evidence.a, percent=str(_percent(evidence)))


def find_contradiction(shown: Call, other: Call) -> Message | None:
    """Return which deadlines ``other`` gives when they are not those that ``shown`` gives.

    A copy without any dated deadline contradicts nothing, nor does a time of day that one of the
    two leaves out.
    """
    mine, theirs = _dated_deadlines(shown), _dated_deadlines(other)
    if not mine or not theirs or _have_same_deadlines(mine, theirs):
        return None
    days = join_values(map(_format_deadline, theirs), ListStyle.COMMAS)
    return message("same.contradiction", days=days)


def _is_notable(evidence: LinkEvidence) -> bool:
    return evidence.similarity >= _MIN_SIMILARITY or evidence.kind in (
        LinkEvidenceKind.TEXT,
        LinkEvidenceKind.DEADLINE,
    )


def _percent(evidence: LinkEvidence) -> int:
    """Return the share in whole percent, rounded down: only what is the same is 100 %."""
    return int(evidence.similarity * 100 + 1e-9)


def _dated_deadlines(call: Call) -> list[Deadline]:
    """Return the dated deadlines for newcomers, in order."""
    dated = [(d.at, d) for d in call.deadlines if d.at is not None and d.admits_new_applicants]
    return [deadline for _, deadline in sorted(dated, key=lambda pair: pair[0])]


def _have_same_deadlines(mine: list[Deadline], theirs: list[Deadline]) -> bool:
    if len(mine) != len(theirs):
        return False
    return all(
        x.local().date() == y.local().date() if x.date_only or y.date_only else x.at == y.at
        for x, y in zip(mine, theirs, strict=True)
    )


def _format_deadline(deadline: Deadline) -> str:
    local = deadline.local()
    return (
        f"{local:%Y-%m-%d}" if deadline.date_only else f"{local:%Y-%m-%d %H:%M} ({deadline.zone})"
    )
