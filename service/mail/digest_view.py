"""A digest in one reader's words: what the HTML, the text and the subject all say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from scrapers.call import Status
from service.domain.calls.copies import CallCopy
from service.domain.calls.main_deadline import main_deadline
from service.domain.calls.sources import SourceState
from service.domain.matching.fit import score_decimals
from service.domain.matching.reasons import ReasonTopic
from service.domain.matching.result_groups import SimilarCall
from service.domain.notifications.digest import Digest, DigestItem, UnavailableSource
from service.domain.notifications.events import EventReason
from service.mail.digest_reasons import (
    QuoteView,
    met_conditions,
    quote_views,
    reason_text,
    shared_words,
    unmet_conditions,
)
from service.mail.safe_text import one_line
from service.messages import facts
from service.messages.words import Words, words
from service.untrusted_text import title_language, web_url

MAX_TITLE_LENGTH = 160
"""Letters of a call's title that a mail shows."""

_MAX_PILOT_LENGTH, _MAX_SENTENCE_LENGTH, _MAX_NAME_LENGTH = 120, 240, 80


class MailReader(Protocol):
    """Whom a mail is for."""

    @property
    def language(self) -> str:
        """ISO 639 code; what we have no words in is English."""
        ...


@dataclass(frozen=True)
class CallLinks:
    """Where the buttons below a call lead; an empty one is not shown."""

    open: str = ""
    relevant: str = ""
    not_for_us: str = ""
    applied: str = ""


@dataclass(frozen=True)
class MailLinks:
    """Addresses in a mail; an empty one is not shown. ``call`` gives those of a call by its id."""

    call: Callable[[str], CallLinks] = field(default=lambda _: CallLinks())
    rest: str = ""
    browser: str = ""
    unsubscribe: str = ""
    unsubscribe_all: str = ""


@dataclass(frozen=True)
class CallView:
    """A call, ready to be shown."""

    id: str
    title: str
    title_language: str
    over: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    fit: str
    deadline: str
    zone: str
    left: str
    usually: str
    amount: str
    changes: tuple[str, ...]
    alike: tuple[str, ...]
    why: tuple[QuoteView, ...]
    words: str
    past: str
    met: str
    gates: tuple[tuple[str, str], ...]
    hand: str
    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DigestView:
    """A digest, ready to be shown."""

    language: str
    pilot: str
    week: str
    lead: str
    sections: tuple[tuple[str, tuple[CallView, ...]], ...]
    brief: tuple[CallView, ...]
    brief_lead: str
    more: tuple[str, str]
    barred: str
    amiss: tuple[str, ...]
    ends: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    t: Words


def make_digest_view(digest: Digest, reader: MailReader, links: MailLinks) -> DigestView:
    """Return ``digest`` in the words of ``reader``."""
    t = words(reader.language)
    pilot = one_line(digest.pilot_title, _MAX_PILOT_LENGTH)
    rest = t("mail.more", count=digest.more) if digest.more else ""
    return DigestView(
        language=t.language,
        pilot=pilot,
        week=t("mail.week", number=int(digest.week[-2:]), year=digest.week[:4]),
        lead=_lead_line(digest, t),
        sections=tuple(_group_calls(digest, links, t)),
        brief=tuple(make_call_view(item, digest, links, t) for item in digest.brief),
        brief_lead=t("mail.brief", count=len(digest.brief)) if digest.brief else "",
        more=(rest, links.rest),
        barred=t("mail.barred", count=digest.barred) if digest.barred else "",
        amiss=tuple(_source_line(one, t) for one in digest.amiss),
        ends=(t("mail.because", pilot=pilot), t("mail.decides")),
        ways=_without_empty(
            (t("mail.browser"), links.browser),
            (t("mail.stop"), links.unsubscribe),
            (t("mail.stop.all"), links.unsubscribe_all),
        ),
        t=t,
    )


def make_call_view(item: DigestItem, digest: Digest, links: MailLinks, t: Words) -> CallView:
    """Return a call in a reader's words."""
    card, match = item.match.call, item.match
    title = card.titles.get(t.language) or card.title
    due = main_deadline(card)
    level = t(f"level.{card.level}")
    return CallView(
        id=card.id,
        title=one_line(title, MAX_TITLE_LENGTH) or one_line(card.id, MAX_TITLE_LENGTH),
        title_language=title_language(title, card.titles),
        over=tuple(
            filter(
                None,
                (
                    one_line(card.funder, _MAX_NAME_LENGTH),
                    level,
                    one_line(card.programme, _MAX_NAME_LENGTH),
                ),
            )
        ),
        tags=tuple((reason.value, t(f"mail.tag.{reason}")) for reason in _event_reasons(item)),
        fit=t(f"mail.fit.{match.fit}", value=t.decimal(match.score, score_decimals(match.score))),
        deadline=one_line(facts.deadline(due, t), _MAX_SENTENCE_LENGTH),
        zone=one_line(_zone_line(item, t), _MAX_NAME_LENGTH),
        left=facts.days_left(due, digest.as_of, t) if due else "",
        usually=reason_text(match, ReasonTopic.USUALLY, t),
        amount=one_line("; ".join(facts.funding(card.funding, t)), _MAX_SENTENCE_LENGTH),
        changes=tuple(
            one_line(change.sentence.in_(t.language), _MAX_SENTENCE_LENGTH)
            for news in item.reasons
            for change in news.changes
        ),
        alike=(
            *(_copy_line(one, t) for one in card.also),
            *(_similar_line(one, t) for one in match.similar),
        ),
        why=quote_views(match, digest.language, t),
        words=shared_words(match),
        past=reason_text(match, ReasonTopic.PAST, t),
        met=met_conditions(match, t),
        gates=unmet_conditions(match, t),
        hand=_curated_line(card.checked_on, t, late=card.stale) if card.curated else "",
        buttons=_buttons(links.call(card.id), t),
    )


def _event_reasons(item: DigestItem) -> list[EventReason]:
    """Return why the call is told; of two reminders the one that hurries more."""
    found = list(dict.fromkeys(news.reason for news in item.reasons))
    both = EventReason.CLOSING_14 in found and EventReason.CLOSING_3 in found
    return [reason for reason in found if not (both and reason is EventReason.CLOSING_14)]


def _zone_line(item: DigestItem, t: Words) -> str:
    """Say the zone and the stage of the deadline, and when a call that is not open yet opens."""
    card = item.match.call
    due = main_deadline(card)
    parts = [due.zone] if due and due.at else []
    if due and due.at and due.stage:
        parts.append(t("deadline.stage", stage=due.stage))
    if card.status is Status.FORTHCOMING and card.opens:
        parts.append(f"{t('opens').lower()} {facts.day(card.opens, t)}")
    return ", ".join(parts)


def _group_calls(
    digest: Digest, links: MailLinks, t: Words
) -> Iterator[tuple[str, tuple[CallView, ...]]]:
    """Group the calls: what hurries, what is new, what became different; each best first."""
    groups: dict[str, list[CallView]] = {"closing": [], "new": [], "changed": []}
    for item in digest.items:
        name = "closing" if item.is_closing else "new" if item.is_new else "changed"
        groups[name].append(make_call_view(item, digest, links, t))
    for name, found in groups.items():
        if found:
            yield t(f"mail.section.{name}", count=len(found)), tuple(found)


def _lead_line(digest: Digest, t: Words) -> str:
    if digest.items:
        return t("mail.lead", count=len(digest.items), considered=digest.considered)
    return t("mail.nothing", count=digest.considered)


def _copy_line(one: CallCopy, t: Words) -> str:
    """Say where else a call stands, and whether another deadline is given there."""
    there = t(
        "mail.also",
        funder=one_line(one.funder, _MAX_NAME_LENGTH) or one_line(one.id, _MAX_NAME_LENGTH),
    )
    if one.contradiction is None:
        return there
    differs = one.contradiction.in_(t.language)
    return f"{there} {one_line(differs, _MAX_SENTENCE_LENGTH)}"


def _similar_line(one: SimilarCall, t: Words) -> str:
    """Name a call that is nearly the same, with its last day."""
    title = one_line(one.title, MAX_TITLE_LENGTH) or one_line(one.id, MAX_TITLE_LENGTH)
    return t(
        "mail.alike",
        title=title,
        due=one_line(facts.deadline(one.next_deadline, t), _MAX_SENTENCE_LENGTH),
    )


def _curated_line(checked: date | None, t: Words, *, late: bool) -> str:
    if checked is None:
        return t("call.hand.never")
    return t("call.hand.late" if late else "call.hand.when", when=facts.day(checked, t))


def _buttons(links: CallLinks, t: Words) -> tuple[tuple[str, str], ...]:
    return _without_empty(
        (t("mail.open"), links.open),
        (t("mail.relevant"), links.relevant),
        (t("mail.not_for_us"), links.not_for_us),
        (t("mail.applied"), links.applied),
    )


def _without_empty(*ways: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, url) for label, url in ways if web_url(url))


def _source_line(one: UnavailableSource, t: Words) -> str:
    name = one_line(one.name, _MAX_NAME_LENGTH)
    key = "mail.amiss.held" if one.state is SourceState.FAILING else "mail.amiss.stale"
    if one.last_good is None:
        return t("mail.amiss.never", name=name)
    return t(key, name=name, when=facts.day(one.last_good, t))
