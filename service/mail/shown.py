"""A digest in one reader's words: what the HTML, the text and the subject all say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from scrapers.call import Status
from service.domain.copies import Copy
from service.domain.digest import Amiss, Digest, Item
from service.domain.fit import figures
from service.domain.groups import Similar
from service.domain.main_deadline import main_deadline
from service.domain.news import Reason
from service.domain.reasons import About
from service.domain.sources import SourceState
from service.mail.safe import line
from service.mail.why import Quote, conditions, met, quotes, shared, told
from service.messages import facts
from service.messages.words import Words, words
from service.untrusted import title_language, web_url

TITLE = 160
"""Letters of a call's title that a mail shows."""

_PILOT, _SENTENCE, _NAME = 120, 240, 80


class Reader(Protocol):
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
class Links:
    """Addresses in a mail; an empty one is not shown. ``call`` gives those of a call by its id."""

    call: Callable[[str], CallLinks] = field(default=lambda _: CallLinks())
    rest: str = ""
    browser: str = ""
    unsubscribe: str = ""
    unsubscribe_all: str = ""


@dataclass(frozen=True)
class Said:
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
    why: tuple[Quote, ...]
    words: str
    past: str
    met: str
    gates: tuple[tuple[str, str], ...]
    hand: str
    buttons: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """A digest, ready to be shown."""

    language: str
    pilot: str
    week: str
    lead: str
    sections: tuple[tuple[str, tuple[Said, ...]], ...]
    brief: tuple[Said, ...]
    brief_lead: str
    more: tuple[str, str]
    barred: str
    amiss: tuple[str, ...]
    ends: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]
    t: Words


def shown(digest: Digest, reader: Reader, links: Links) -> Shown:
    """Return ``digest`` in the words of ``reader``."""
    t = words(reader.language)
    pilot = line(digest.pilot_title, _PILOT)
    rest = t("mail.more", count=digest.more) if digest.more else ""
    return Shown(
        language=t.language,
        pilot=pilot,
        week=t("mail.week", number=int(digest.week[-2:]), year=digest.week[:4]),
        lead=_lead(digest, t),
        sections=tuple(_sections(digest, links, t)),
        brief=tuple(said(item, digest, links, t) for item in digest.brief),
        brief_lead=t("mail.brief", count=len(digest.brief)) if digest.brief else "",
        more=(rest, links.rest),
        barred=t("mail.barred", count=digest.barred) if digest.barred else "",
        amiss=tuple(_amiss(one, t) for one in digest.amiss),
        ends=(t("mail.because", pilot=pilot), t("mail.decides")),
        ways=_given(
            (t("mail.browser"), links.browser),
            (t("mail.stop"), links.unsubscribe),
            (t("mail.stop.all"), links.unsubscribe_all),
        ),
        t=t,
    )


def said(item: Item, digest: Digest, links: Links, t: Words) -> Said:
    """Return a call in a reader's words."""
    card, match = item.match.call, item.match
    title = card.titles.get(t.language) or card.title
    due = main_deadline(card)
    level = t(f"level.{card.level}")
    return Said(
        id=card.id,
        title=line(title, TITLE) or line(card.id, TITLE),
        title_language=title_language(title, card.titles),
        over=tuple(filter(None, (line(card.funder, _NAME), level, line(card.programme, _NAME)))),
        tags=tuple((reason.value, t(f"mail.tag.{reason}")) for reason in _reasons(item)),
        fit=t(f"mail.fit.{match.fit}", value=t.decimal(match.score, figures(match.score))),
        deadline=line(facts.deadline(due, t), _SENTENCE),
        zone=line(_zone(item, t), _NAME),
        left=facts.days_left(due, digest.as_of, t) if due else "",
        usually=told(match, About.USUALLY, t),
        amount=line("; ".join(facts.funding(card.funding, t)), _SENTENCE),
        changes=tuple(
            line(change.sentence.in_(t.language), _SENTENCE)
            for news in item.reasons
            for change in news.changes
        ),
        alike=(*(_also(one, t) for one in card.also), *(_alike(one, t) for one in match.similar)),
        why=quotes(match, digest.language, t),
        words=shared(match),
        past=told(match, About.PAST, t),
        met=met(match, t),
        gates=conditions(match, t),
        hand=_by_hand(card.checked_on, t, late=card.stale) if card.curated else "",
        buttons=_buttons(links.call(card.id), t),
    )


def _reasons(item: Item) -> list[Reason]:
    """Return why the call is told; of two reminders the one that hurries more."""
    found = list(dict.fromkeys(news.reason for news in item.reasons))
    both = Reason.CLOSING_14 in found and Reason.CLOSING_3 in found
    return [reason for reason in found if not (both and reason is Reason.CLOSING_14)]


def _zone(item: Item, t: Words) -> str:
    """Say the zone and the stage of the deadline, and when a call that is not open yet opens."""
    card = item.match.call
    due = main_deadline(card)
    parts = [due.zone] if due and due.at else []
    if due and due.at and due.stage:
        parts.append(t("deadline.stage", stage=due.stage))
    if card.status is Status.FORTHCOMING and card.opens:
        parts.append(f"{t('opens').lower()} {facts.day(card.opens, t)}")
    return ", ".join(parts)


def _sections(digest: Digest, links: Links, t: Words) -> Iterator[tuple[str, tuple[Said, ...]]]:
    """Group the calls: what hurries, what is new, what became different; each best first."""
    groups: dict[str, list[Said]] = {"closing": [], "new": [], "changed": []}
    for item in digest.items:
        name = "closing" if item.is_closing else "new" if item.is_new else "changed"
        groups[name].append(said(item, digest, links, t))
    for name, found in groups.items():
        if found:
            yield t(f"mail.section.{name}", count=len(found)), tuple(found)


def _lead(digest: Digest, t: Words) -> str:
    if digest.items:
        return t("mail.lead", count=len(digest.items), considered=digest.considered)
    return t("mail.nothing", count=digest.considered)


def _also(one: Copy, t: Words) -> str:
    """Say where else a call stands, and whether another deadline is given there."""
    there = t("mail.also", funder=line(one.funder, _NAME) or line(one.id, _NAME))
    if one.contradiction is None:
        return there
    differs = one.contradiction.in_(t.language)
    return f"{there} {line(differs, _SENTENCE)}"


def _alike(one: Similar, t: Words) -> str:
    """Name a call that is nearly the same, with its last day."""
    title = line(one.title, TITLE) or line(one.id, TITLE)
    return t("mail.alike", title=title, due=line(facts.deadline(one.next_deadline, t), _SENTENCE))


def _by_hand(checked: date | None, t: Words, *, late: bool) -> str:
    if checked is None:
        return t("call.hand.never")
    return t("call.hand.late" if late else "call.hand.when", when=facts.day(checked, t))


def _buttons(links: CallLinks, t: Words) -> tuple[tuple[str, str], ...]:
    return _given(
        (t("mail.open"), links.open),
        (t("mail.relevant"), links.relevant),
        (t("mail.not_for_us"), links.not_for_us),
        (t("mail.applied"), links.applied),
    )


def _given(*ways: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, url) for label, url in ways if web_url(url))


def _amiss(one: Amiss, t: Words) -> str:
    name = line(one.name, _NAME)
    key = "mail.amiss.held" if one.state is SourceState.FAILING else "mail.amiss.stale"
    if one.last_good is None:
        return t("mail.amiss.never", name=name)
    return t(key, name=name, when=facts.day(one.last_good, t))
