"""Look up which calls are one, and keep a person's decision on two of them."""

from __future__ import annotations

from dataclasses import dataclass

from service.context import Context
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.links import CallGroups, CallLink, LinkState
from service.jobs.find_duplicates import decide_link, find_links


@dataclass(frozen=True)
class LinkList:
    """Links by pair, and the groups of calls that all links make together."""

    links: tuple[CallLink, ...]
    groups: CallGroups

    def is_shown_as_one(self, link: CallLink) -> bool:
        """Whether the two calls of a link are in one group."""
        return link.b in self.groups.group(link.a)


def list_links(
    context: Context, call_id: str | None = None, relation: Relation | None = None
) -> LinkList:
    """Return the stored links; calls that were not compared yet are compared first.

    Args:
        context: the stores.
        call_id: only the links of this call; None: of all.
        relation: only links of this kind; None: of all.

    Raises:
        JobBusyError: another process is collecting or importing.
    """
    if context.calls.count():
        find_links(context)
    links = tuple(
        link
        for link in context.links.all()
        if call_id in (None, *link.pair) and relation in (None, link.relation)
    )
    return LinkList(links, context.links.groups())


def merge_calls(context: Context, one: str, other: str) -> LinkList:
    """Keep that two calls are one, whatever the machine finds; return their link.

    Raises:
        NotFoundError: there is no such call.
        InputError: the two are one id.
    """
    link = decide_link(context, one, other, LinkState.CONFIRMED)
    return LinkList((link,), context.links.groups())


def split_calls(context: Context, one: str, other: str) -> CallLink:
    """Keep that two calls are not one; the machine never merges them again.

    Raises:
        NotFoundError: there is no such call.
        InputError: the two are one id.
    """
    return decide_link(context, one, other, LinkState.SPLIT)
