"""Copies of a call: which of them leads, and what the reader sees of the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from pydantic import Field

from scrapers.call import Call, Deadline
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.evidence import LinkEvidence
from service.domain.calls.duplicates.explanation import explain_link, find_contradiction
from service.domain.calls.duplicates.links import CallGroups, CallLink, LinkState
from service.domain.calls.stored.call_facts import count_filled
from service.domain.frozen_model import FrozenModel
from service.messages.message import message
from service.messages.sentence import Sentence


class CallCopy(FrozenModel):
    """The same call in another place: on another portal, or under another id."""

    id: str
    funder: str
    title: str
    url: str | None
    next_deadline: Deadline | None
    why: Sentence = Field(description="What shows that it is the same call.")
    contradiction: Sentence | None = Field(
        description="The deadlines that this copy gives, when they are not those of the call."
    )


class RelatedCall(FrozenModel):
    """What a call is to another stored one."""

    id: str
    relation: Relation
    state: LinkState
    shown_as_one: bool = Field(description="Whether matches show the two as one call.")
    funder: str
    title: str
    url: str | None
    next_deadline: Deadline | None
    why: Sentence
    contradiction: Sentence | None
    evidence: tuple[LinkEvidence, ...]


def list_copies(
    call: Call, calls: Mapping[str, Call], groups: CallGroups, now: datetime, language: str
) -> tuple[CallCopy, ...]:
    """Return the other copies of ``call`` among ``calls``, titled in ``language`` where possible.

    ``now`` is the aware instant after which a deadline is the next.
    """
    copies = [calls[id_] for id_ in groups.copies(call.id) if id_ in calls]
    if not copies:
        return ()
    links = {link.other(call.id): link for link in groups.links(call.id)}
    return tuple(
        CallCopy(
            id=other.id,
            funder=other.funder,
            title=title_in(other, language),
            url=other.url,
            next_deadline=other.next_deadline(now),
            why=_link_reason(links.get(other.id)),
            contradiction=_contradiction(call, other),
        )
        for other in copies
    )


def list_related_calls(
    call: Call, calls: Mapping[str, Call], groups: CallGroups, now: datetime, language: str
) -> tuple[RelatedCall, ...]:
    """Return what ``call`` is to others of ``calls``: copies first, then rounds, then the rest."""
    order = list(Relation)
    links = sorted(groups.links(call.id), key=lambda x: (order.index(x.relation), x.pair))
    together = set(groups.copies(call.id))
    return tuple(
        _make_related_call(call, calls[other], link, now, language, as_one=other in together)
        for link in links
        if (other := link.other(call.id)) in calls
    )


def choose_leads(
    admitted: Collection[str],
    calls: Mapping[str, Call],
    groups: CallGroups,
    now: datetime,
    language: str,
) -> set[str]:
    """Return ``admitted`` with one id for each group: the copy that leads.

    A copy with a deadline to come goes before one without, then the one with more facts, then
    the one in the reader's ``language``, then the longer text. Copies that are not admitted do
    not count: the reader chose the filters, and what passes them is shown.
    """
    passed = set(admitted)

    def priority(id_: str) -> LeadPriority | None:
        return _lead_priority(calls[id_], now, language) if id_ in passed else None

    return passed - find_minor_copies((groups.group(id_) for id_ in passed), priority)


Member = TypeVar("Member", str, int)
LeadPriority = tuple[bool, int, bool, int]


def find_minor_copies(
    groups: Iterable[Sequence[Member]], priority: Callable[[Member], LeadPriority | None]
) -> set[Member]:
    """Return the members of groups of copies that do not lead.

    Args:
        groups: ids of calls that are one, or numbers that ascend as ids do.
        priority: what `lead_priority` returns of a member; None for one that does not count.
    """
    minor: set[Member] = set()
    for group in groups:
        ranks = [(priority(one), one) for one in group]
        present = [(rank, one) for rank, one in ranks if rank is not None]
        if len(present) > 1:
            lead = max(present)[1]
            minor.update(one for _, one in present if one != lead)
    return minor


def title_in(call: Call, language: str) -> str:
    """Return the title in ``language``, else the first there is."""
    return call.titles.get(language) or next(iter(call.titles.values()))


def lead_priority(
    *, has_deadline: bool, filled: int, has_language: bool, text_length: int
) -> LeadPriority:
    """Return what copies are compared by: the one with the highest leads, of equals the last id.

    Args:
        has_deadline: whether a deadline is to come.
        filled: how many facts it has, see `count_filled`.
        has_language: whether a title or text is in the reader's language.
        text_length: characters of the longest text.
    """
    return has_deadline, filled, has_language, text_length


def _lead_priority(call: Call, now: datetime, language: str) -> LeadPriority:
    return lead_priority(
        has_deadline=call.next_deadline(now) is not None,
        filled=count_filled(call),
        has_language=language in call.titles or language in call.texts,
        text_length=max(map(len, call.texts.values()), default=0),
    )


def _link_reason(link: CallLink | None) -> Sentence:
    """Return what shows that two are one call; without a link of their own a third joins them."""
    is_direct = link is not None and link.merges
    return Sentence.of(
        explain_link(link) if link is not None and is_direct else message("same.third")
    )


def _contradiction(shown: Call, other: Call) -> Sentence | None:
    sentence = find_contradiction(shown, other)
    return None if sentence is None else Sentence.of(sentence)


def _make_related_call(
    call: Call, other: Call, link: CallLink, now: datetime, language: str, *, as_one: bool
) -> RelatedCall:
    return RelatedCall(
        id=other.id,
        relation=link.relation,
        state=link.state,
        shown_as_one=as_one,
        funder=other.funder,
        title=title_in(other, language),
        url=other.url,
        next_deadline=other.next_deadline(now),
        why=Sentence.of(explain_link(link)),
        contradiction=_contradiction(call, other) if link.relation is Relation.SAME else None,
        evidence=link.evidence,
    )
