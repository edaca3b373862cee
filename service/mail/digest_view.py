"""A pilot's digest in one reader's words; `mail_view` puts those of one mail together.

Everything that funders and pilots wrote is made safe here, once; amounts, dates and deadlines are
written in the reader's language; links that a reader must not follow are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from scrapers.call import Deadline, Status
from service.domain.calls.copies import CallCopy
from service.domain.calls.main_deadline import main_deadline
from service.domain.calls.sources import SourceState
from service.domain.eligibility.verdict import Gate, Verdict
from service.domain.matching.call_card import CallCard
from service.domain.matching.fit import Fit
from service.domain.matching.match import Match
from service.domain.matching.reasons import ReasonTopic
from service.domain.matching.result_groups import SimilarCall
from service.domain.notifications.digest import (
    AnySubjectItem,
    Digest,
    DigestItem,
    EndedItem,
    UnavailableSource,
)
from service.domain.notifications.events import EventReason
from service.domain.notifications.shared_calls import PilotDigest, SharedPilot
from service.mail.calendar import EventView, event_uid
from service.mail.safe_text import (
    SafeLink,
    SafeText,
    SafeWords,
    fill,
    isolate_direction,
    join,
    one_line,
    safe_link,
)
from service.messages import facts, formats
from service.messages.message import ListStyle, join_values, message
from service.messages.words import words
from service.untrusted_text import title_language

_MAX_TITLE_LENGTH, _MAX_PILOT_LENGTH, _MAX_NAME_LENGTH = 160, 120, 80
_MAX_SENTENCE_LENGTH, _MAX_QUOTE_LENGTH, _MAX_CONDITION_LENGTH = 240, 240, 300
_MAX_WORD_LENGTH, _MAX_SHARED_WORDS = 40, 5

_MAX_SUBJECT_PILOT_LENGTH, _MAX_SUBJECT_TITLE_LENGTH = 40, 60
"""Letters of a pilot's and a call's title in a subject, of which mail programs show some 70."""

_NOTHING = one_line("")
_GATES_SHOWN_ELSEWHERE = frozenset({"status", "deadline", "profile"})
_VERDICT_SIGNS = {Verdict.FAIL: "✕", Verdict.UNKNOWN: "?"}


class MailReader(Protocol):
    """Whom a mail is for."""

    @property
    def language(self) -> str:
        """ISO 639 code; a language without a catalogue reads English."""
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
    """Addresses in a mail about a pilot; an empty one is not shown.

    ``call`` gives those of a call by its id, and ``shared_call`` those of one that is shown for
    other pilots too, by its id and theirs.
    """

    call: Callable[[str], CallLinks] = field(default=lambda _: CallLinks())
    rest: str = ""
    browser: str = ""
    unsubscribe: str = ""
    unsubscribe_all: str = ""
    shared_call: Callable[[str, Sequence[str]], CallLinks] | None = None
    pause: str = ""

    def of(self, call_id: str, others: Sequence[SharedPilot] = ()) -> CallLinks:
        """Return the addresses of a call that is also for the pilots of ``others``."""
        if not others or self.shared_call is None:
            return self.call(call_id)
        return self.shared_call(call_id, [one.pilot_id for one in others])


@dataclass(frozen=True)
class LinkView:
    """A link with its label."""

    label: SafeText
    url: SafeLink


@dataclass(frozen=True)
class TagView:
    """Why a call is in this mail: the reason, which decides the colour, and its label."""

    reason: EventReason
    label: SafeText


@dataclass(frozen=True)
class FactView:
    """A fact of a call: ``label: text, emphasis (note)``, and a remark on a line of its own.

    A new fact of this form is one entry of `_facts`: HTML and plain text lay it out as they do
    the others.
    """

    label: SafeText
    text: SafeText
    emphasis: SafeText = _NOTHING
    note: SafeText = _NOTHING
    remark: SafeText = _NOTHING


@dataclass(frozen=True)
class QuoteView:
    """A sentence verbatim in the reader's quotation marks, whose it is, and its language."""

    source: SafeText
    text: SafeText
    language: SafeText


@dataclass(frozen=True)
class ConditionView:
    """A condition that is not met or not known: its sign, and why."""

    sign: str
    text: SafeText


@dataclass(frozen=True)
class CallView:
    """A call, ready to be shown. An empty text or tuple is not shown.

    ``byline`` has the funder, the level and the programme; ``deadline`` is for a call of one line,
    and is among the ``facts`` too; ``related`` names copies of the call and near duplicates.
    ``no_quotes`` says that there are no quotes.
    """

    id: SafeText
    title: SafeText
    title_language: SafeText
    byline: tuple[SafeText, ...]
    tags: tuple[TagView, ...]
    fit: SafeText
    deadline: SafeText
    facts: tuple[FactView, ...]
    change_label: SafeText
    changes: tuple[SafeText, ...]
    shared: tuple[SafeText, ...]
    related: tuple[SafeText, ...]
    quotes: tuple[QuoteView, ...]
    no_quotes: SafeText
    shared_words: SafeText
    past_projects: SafeText
    met_conditions: SafeText
    other_conditions: tuple[ConditionView, ...]
    curated_note: SafeText
    buttons: tuple[LinkView, ...]
    event: EventView | None


@dataclass(frozen=True)
class SectionView:
    """Calls under one heading, best first."""

    heading: SafeText
    calls: tuple[CallView, ...]


@dataclass(frozen=True)
class AnySubjectView:
    """A call that is open to any subject. An empty text or tuple is not shown."""

    title: SafeText
    title_language: SafeText
    byline: tuple[SafeText, ...]
    tags: tuple[TagView, ...]
    shared: tuple[SafeText, ...]
    deadline: SafeText
    says: SafeText
    conditions: tuple[SafeText, ...]
    buttons: tuple[LinkView, ...]


@dataclass(frozen=True)
class AnySubjectSection:
    """The calls that are open to any subject, under one heading."""

    heading: SafeText
    lead: SafeText
    calls: tuple[AnySubjectView, ...]
    more: SafeText


@dataclass(frozen=True)
class EndedView:
    """A call that ended early. An empty text or tuple is not shown."""

    title: SafeText
    title_language: SafeText
    byline: tuple[SafeText, ...]
    tags: tuple[TagView, ...]
    says: SafeText
    change_label: SafeText
    changes: tuple[SafeText, ...]
    shared: tuple[SafeText, ...]
    related: tuple[SafeText, ...]
    link: LinkView | None


@dataclass(frozen=True)
class BriefView:
    """Calls with a line each, under a heading."""

    lead: SafeText
    calls: tuple[CallView, ...]


@dataclass(frozen=True)
class DigestView:
    """A digest, ready to be shown. An empty text or tuple is not shown.

    ``ended`` are calls that ended early, under ``ended_heading``. ``any_subject`` are calls that
    are open to any subject; None: there are none. ``brief`` are calls with a line each;
    ``elsewhere`` says how many calls are shown under another pilot of the mail, ``waiting`` how
    many wait for the next mail, ``left_out`` how many do because of a condition; ``sources`` are
    those not read of late. ``stop`` stops the mails about the pilot.
    """

    language: str
    subject: SafeText
    made_at: datetime
    pilot: SafeText
    week: SafeText
    lead: SafeText
    ended_heading: SafeText
    ended: tuple[EndedView, ...]
    sections: tuple[SectionView, ...]
    any_subject: AnySubjectSection | None
    brief: tuple[BriefView, ...]
    elsewhere: SafeText
    waiting: SafeText
    waiting_link: LinkView | None
    left_out: SafeText
    sources_lead: SafeText
    sources: tuple[SafeText, ...]
    closing_lines: tuple[SafeText, ...]
    stop: LinkView | None
    footer_links: tuple[LinkView, ...]
    calendar_name: SafeText
    events: tuple[EventView, ...]


def make_digest_view(
    digest: Digest | PilotDigest, reader: MailReader, links: MailLinks
) -> DigestView:
    """Return a digest in the words of ``reader``, with ``links`` below it.

    Args:
        digest: of a mail about one pilot, or what a mail about several shows of it.
        reader: whose language it is in.
        links: where its buttons lead.
    """
    part = digest if isinstance(digest, PilotDigest) else PilotDigest(digest)
    digest = part.digest
    t = SafeWords(words(reader.language))
    pilot = one_line(digest.pilot_title, _MAX_PILOT_LENGTH)
    items, brief = (
        [_make_call_view(item, part, links, t) for item in some]
        for some in (digest.items, digest.brief)
    )
    waiting = list_links((t("mail.more.see"), links.rest)) if digest.more else ()
    ended = tuple(_ended_view(item, part, links, t) for item in digest.ended)
    return DigestView(
        language=t.language,
        subject=_subject(digest, pilot, t),
        made_at=digest.as_of,
        pilot=pilot,
        week=t("mail.week", number=int(digest.week[-2:]), year=one_line(digest.week[:4])),
        lead=_lead_line(part, t),
        ended_heading=t("mail.ended", count=len(ended)) if ended else _NOTHING,
        ended=ended,
        sections=tuple(_group_calls(digest, items, t)),
        any_subject=_any_subject_section(part, links, t),
        brief=tuple(_brief_views(digest, brief, t)),
        elsewhere=_elsewhere_line(part, t),
        waiting=t("mail.more", count=digest.more) if digest.more else _NOTHING,
        waiting_link=waiting[0] if waiting else None,
        left_out=t("mail.barred", count=digest.barred) if digest.barred else _NOTHING,
        sources_lead=t("mail.amiss.lead"),
        sources=tuple(_source_line(source, t) for source in digest.amiss),
        closing_lines=(t("mail.because", pilot=pilot), t("mail.decides")),
        stop=next(iter(list_links((t("mail.stop.pilot", pilot=pilot), links.unsubscribe))), None),
        footer_links=list_links(
            (t("mail.browser"), links.browser),
            (t("mail.pause"), links.pause),
            (t("mail.stop"), links.unsubscribe),
            (t("mail.stop.all"), links.unsubscribe_all),
        ),
        calendar_name=t("mail.calendar.name", pilot=pilot),
        events=tuple(call.event for call in (*items, *brief) if call.event),
    )


def _elsewhere_line(part: PilotDigest, t: SafeWords) -> SafeText:
    """Say under which other pilots calls of this one are shown."""
    if not part.elsewhere:
        return _NOTHING
    titles = dict.fromkeys(part.elsewhere)
    pilots = (isolate_direction(one_line(title, _MAX_PILOT_LENGTH)) for title in titles)
    return t("mail.elsewhere", count=len(part.elsewhere), pilots=join(", ", pilots))


def _brief_views(digest: Digest, calls: list[CallView], t: SafeWords) -> Iterator[BriefView]:
    """Yield the calls with a line each: those that close, and those that changed or opened."""
    pairs = list(zip(digest.brief, calls, strict=True))
    closing = tuple(call for item, call in pairs if item.is_closing)
    changed = tuple(call for item, call in pairs if not item.is_closing)
    for key, some in (("mail.brief", closing), ("mail.brief.changed", changed)):
        if some:
            yield BriefView(t(key, count=len(some)), some)


def _ended_view(item: EndedItem, part: PilotDigest, links: MailLinks, t: SafeWords) -> EndedView:
    card, others = item.call, part.shared.get(item.call_id, ())
    reason = item.reasons[0].reason
    day = one_line(facts.day(item.ended_at, t.words))
    opened = list_links((t("mail.open"), links.call(item.call_id).open))
    return EndedView(
        title=title_of(card, t),
        title_language=_title_language(card, t),
        byline=byline(card, t),
        tags=tuple(TagView(one, t(f"mail.tag.{one}")) for one in _event_reasons(item)),
        says=t(f"mail.ended.{reason}", date=day),
        change_label=t("mail.changed"),
        changes=_change_lines(item, (), t),
        shared=_shared_lines(others, t),
        related=tuple(_copy_line(copy, t) for copy in card.also),
        link=opened[0] if opened else None,
    )


def _shared_lines(others: Sequence[SharedPilot], t: SafeWords) -> tuple[SafeText, ...]:
    """Say for which other pilots a call is told, how well it fits each, and why now."""
    return tuple(
        t(
            "mail.shared",
            pilot=isolate_direction(one_line(other.title, _MAX_PILOT_LENGTH)),
            what=join(
                " · ",
                (
                    *((fit_word(other.fit, t),) if other.fit else ()),
                    *(
                        t(f"mail.tag.{one}")
                        for one in dict.fromkeys(e.reason for e in other.events)
                    ),
                ),
            ),
        )
        for other in others
    )


def _change_lines(
    item: DigestItem | EndedItem, others: Sequence[SharedPilot], t: SafeWords
) -> tuple[SafeText, ...]:
    """Return what changed, for whichever pilot it was not known, each once."""
    events = (*item.reasons, *(event for other in others for event in other.events))
    lines = (
        one_line(change.sentence.in_(t.language), _MAX_SENTENCE_LENGTH)
        for event in events
        for change in event.changes
    )
    return tuple(dict.fromkeys(lines))


def fit_word(fit: Fit, t: SafeWords) -> SafeText:
    """Return how well a call fits, by the word that pages have for it."""
    return one_line(facts.fit(fit, t.words))


def _subject(digest: Digest, pilot: SafeText, t: SafeWords) -> SafeText:
    """Say how many calls, for whom, and the best of them with its last day."""
    short = isolate_direction(one_line(pilot, _MAX_SUBJECT_PILOT_LENGTH))
    if not digest.items:
        if digest.ended:
            return t("mail.ended.subject", count=len(digest.ended), pilot=short)
        others = len(digest.any_subject.items)
        if others:
            return t("mail.any.subject", count=others, pilot=short)
        return t("mail.subject.nothing", pilot=short)
    count = len(digest.items) + len(digest.brief)
    return subject_of_call(
        digest.items[0].match.call,
        lambda title: t("mail.subject", count=count, pilot=short, title=title),
        t,
    )


def subject_of_call(
    card: CallCard, write: Callable[[SafeText], SafeText], t: SafeWords
) -> SafeText:
    """Return a subject that names a call: what ``write`` makes of its title, and its last day."""
    subject = write(isolate_direction(_title(card, t, _MAX_SUBJECT_TITLE_LENGTH)))
    due = card.next_deadline
    if due is None or due.at is None:
        return subject
    day = one_line(formats.day(due.local(), t.words.catalogue, "format.day"))
    return fill("{} ({})", subject, t("mail.subject.due", date=day))


def _lead_line(part: PilotDigest, t: SafeWords) -> SafeText:
    digest = part.digest
    shown = len(digest.items) + len(part.elsewhere)
    if shown:
        return t("mail.lead", count=shown, considered=digest.considered)
    if digest.ended:
        return t("mail.ended.lead", count=len(digest.ended))
    if digest.any_subject.items:
        return t("mail.any.lead", count=len(digest.any_subject.items))
    return t("mail.nothing", count=digest.considered)


def _group_calls(digest: Digest, calls: list[CallView], t: SafeWords) -> Iterator[SectionView]:
    """Group the calls: what closes soon, opened, is new or changed, and opens later."""
    names = ("closing", "opened", "new", "changed", "forthcoming")
    groups: dict[str, list[CallView]] = {name: [] for name in names}
    for item, call in zip(digest.items, calls, strict=True):
        groups[_group_of(item)].append(call)
    for name, group in groups.items():
        if group:
            yield SectionView(t(f"mail.section.{name}", count=len(group)), tuple(group))


def _group_of(item: DigestItem) -> str:
    """Return under which heading a call stands."""
    if item.is_closing:
        return "closing"
    if item.has_opened:
        return "opened"
    if not item.is_new:
        return "changed"
    return "forthcoming" if item.match.call.status is Status.FORTHCOMING else "new"


def _any_subject_section(
    part: PilotDigest, links: MailLinks, t: SafeWords
) -> AnySubjectSection | None:
    listed = part.digest.any_subject
    if not listed.items:
        return None
    return AnySubjectSection(
        heading=t("mail.any"),
        lead=t("mail.any.help"),
        calls=tuple(
            _any_subject_view(item, links, part.shared.get(item.call_id, ()), t)
            for item in listed.items
        ),
        more=t("mail.any.more", count=listed.more) if listed.more else _NOTHING,
    )


def _any_subject_view(
    item: AnySubjectItem, links: MailLinks, others: Sequence[SharedPilot], t: SafeWords
) -> AnySubjectView:
    card, buttons = item.call.call, links.of(item.call_id, others)
    due = main_deadline(card)
    note = _deadline_note(card, t)
    deadline = _deadline(due, t)
    return AnySubjectView(
        title=title_of(card, t),
        title_language=_title_language(card, t),
        byline=byline(card, t),
        tags=tuple(TagView(reason, t(f"mail.tag.{reason}")) for reason in _event_reasons(item)),
        shared=_shared_lines(others, t),
        deadline=fill("{} ({})", deadline, one_line(note, _MAX_NAME_LENGTH)) if note else deadline,
        says=t("mail.any.says", words=_quote(item.call.says.text, t)),
        conditions=tuple(
            one_line(reason.in_(t.language), _MAX_CONDITION_LENGTH) for reason in item.call.reasons
        ),
        buttons=list_links(
            (t("mail.open"), buttons.open),
            (t("mail.relevant"), buttons.relevant),
            (t("mail.not_for_us"), buttons.not_for_us),
            (t("mail.applied"), buttons.applied),
        ),
    )


def _make_call_view(
    item: DigestItem, part: PilotDigest, links: MailLinks, t: SafeWords
) -> CallView:
    card, match, digest = item.match.call, item.match, part.digest
    others = part.shared.get(item.call_id, ())
    buttons = links.of(card.id, others)
    return CallView(
        id=one_line(card.id),
        title=title_of(card, t),
        title_language=_title_language(card, t),
        byline=byline(card, t),
        tags=tuple(TagView(reason, t(f"mail.tag.{reason}")) for reason in _event_reasons(item)),
        fit=fit_word(match.fit, t),
        deadline=_deadline(main_deadline(card), t),
        facts=_facts(match, digest.as_of, t),
        change_label=t("mail.changed"),
        changes=_change_lines(item, others, t),
        shared=_shared_lines(others, t),
        related=(
            *(_copy_line(copy, t) for copy in card.also),
            *(_similar_line(similar, t) for similar in match.similar),
        ),
        quotes=_quote_views(match, digest.language, t),
        no_quotes=_NOTHING if match.evidence else _reason_text(match, ReasonTopic.QUOTE, t),
        shared_words=_shared_words(match, t),
        past_projects=_reason_text(match, ReasonTopic.PAST, t),
        met_conditions=_met_conditions(match, t),
        other_conditions=_other_conditions(match, t),
        curated_note=_curated_note(card, t),
        buttons=list_links(
            (t("mail.open"), buttons.open),
            (t("mail.relevant"), buttons.relevant),
            (t("mail.not_for_us"), buttons.not_for_us),
            (t("mail.applied"), buttons.applied),
        ),
        event=_make_event_view(card, digest, buttons, t),
    )


def _title(card: CallCard, t: SafeWords, most: int) -> SafeText:
    return one_line(card.titles.get(t.language) or card.title, most)


def title_of(card: CallCard, t: SafeWords) -> SafeText:
    """Return a call's title in the reader's language, or in its own; its id when it has none."""
    return _title(card, t, _MAX_TITLE_LENGTH) or one_line(card.id, _MAX_TITLE_LENGTH)


def _title_language(card: CallCard, t: SafeWords) -> SafeText:
    title = card.titles.get(t.language) or card.title
    return one_line(title_language(title, card.titles))


def byline(card: CallCard, t: SafeWords) -> tuple[SafeText, ...]:
    """Return who offers a call: the funder, how far it reaches, and the programme."""
    parts = (
        one_line(card.funder, _MAX_NAME_LENGTH),
        t(f"level.{card.level}"),
        one_line(card.programme, _MAX_NAME_LENGTH),
    )
    return tuple(part for part in parts if part)


def _event_reasons(item: DigestItem | AnySubjectItem | EndedItem) -> list[EventReason]:
    """Return why the call is in the mail; of two reminders the more urgent one."""
    reasons = list(dict.fromkeys(event.reason for event in item.reasons))
    both = EventReason.CLOSING_14 in reasons and EventReason.CLOSING_3 in reasons
    return [reason for reason in reasons if not (both and reason is EventReason.CLOSING_14)]


def _facts(match: Match, now: datetime, t: SafeWords) -> tuple[FactView, ...]:
    """Return the facts of a call, in the order that a mail shows them."""
    card = match.call
    due = main_deadline(card)
    amount = one_line("; ".join(facts.funding(card.funding, t.words)), _MAX_SENTENCE_LENGTH)
    return (
        FactView(
            label=t("mail.due"),
            text=_deadline(due, t),
            emphasis=one_line(facts.days_left(due, now, t.words)) if due else _NOTHING,
            note=one_line(_deadline_note(card, t), _MAX_NAME_LENGTH),
            remark=_reason_text(match, ReasonTopic.USUALLY, t),
        ),
        FactView(label=t("amount"), text=amount or t("amount.unknown")),
    )


def _deadline(due: Deadline | None, t: SafeWords) -> SafeText:
    return one_line(facts.deadline(due, t.words), _MAX_SENTENCE_LENGTH)


def _deadline_note(card: CallCard, t: SafeWords) -> str:
    """Say the zone and the stage of the deadline, and when a call that is not open yet opens."""
    due = main_deadline(card)
    parts: list[str] = [due.zone] if due and due.at else []
    if due and due.at and due.stage:
        parts.append(t("deadline.stage", stage=due.stage))
    if card.status is Status.FORTHCOMING and card.opens:
        parts.append(f"{t('opens').lower()} {facts.day(card.opens, t.words)}")
    return ", ".join(parts)


def _copy_line(copy: CallCopy, t: SafeWords) -> SafeText:
    """Say where else a call is join_values, and whether another deadline is given there."""
    funder = one_line(copy.funder, _MAX_NAME_LENGTH) or one_line(copy.id, _MAX_NAME_LENGTH)
    there = t("mail.also", funder=funder)
    if copy.contradiction is None:
        return there
    other = one_line(copy.contradiction.in_(t.language), _MAX_SENTENCE_LENGTH)
    return fill("{} {}", there, other)


def _similar_line(similar: SimilarCall, t: SafeWords) -> SafeText:
    """Name a call that is nearly the same, with its last day."""
    return t(
        "mail.alike",
        title=one_line(similar.title, _MAX_TITLE_LENGTH) or one_line(similar.id, _MAX_TITLE_LENGTH),
        due=_deadline(similar.next_deadline, t),
    )


def _quote_views(match: Match, language: str, t: SafeWords) -> tuple[QuoteView, ...]:
    """Quote the first pair of sentences, the pilot's in ``language``; name the call's section."""
    if not match.evidence:
        return ()
    first = match.evidence[0]
    section = "" if first.call.section == "text" else t.words.known("section", first.call.section)
    call, named = t("evidence.call"), one_line(section, _MAX_NAME_LENGTH)
    source = join(" · ", (call, named)) if named else call
    return (
        QuoteView(t("evidence.mine"), _quote(first.pilot.readable, t), one_line(language)),
        QuoteView(source, _quote(first.call.text, t), one_line(first.call.lang)),
    )


def _reason_text(match: Match, topic: ReasonTopic, t: SafeWords) -> SafeText:
    """Return what the match's reasons say about one topic."""
    sentences = (reason.in_(t.language) for reason in match.reasons if reason.about is topic)
    return one_line(" ".join(sentences), _MAX_CONDITION_LENGTH)


def _shared_words(match: Match, t: SafeWords) -> SafeText:
    """List the words that pilot and call share."""
    pairs = [
        (one_line(term.pilot, _MAX_WORD_LENGTH), one_line(term.call, _MAX_WORD_LENGTH))
        for term in match.terms[:_MAX_SHARED_WORDS]
    ]
    shown = join(
        ", ",
        (
            mine if mine.lower() == theirs.lower() else fill("{} – {}", mine, theirs)
            for mine, theirs in pairs
        ),
    )
    return t("mail.words", words=shown) if shown else _NOTHING


def _met_conditions(match: Match, t: SafeWords) -> SafeText:
    """Name the conditions that are met; those of time have lines of their own."""
    names = [
        message(f"gate.{gate.name}")
        for gate in match.gates
        if _adds_information(gate) and gate.verdict is Verdict.PASS
    ]
    return (
        one_line(t.words("mail.met", names=join_values(names, ListStyle.COMMAS)))
        if names
        else _NOTHING
    )


def _other_conditions(match: Match, t: SafeWords) -> tuple[ConditionView, ...]:
    """Return the conditions that are not met or not known, with the call's own words."""
    return tuple(
        ConditionView(_VERDICT_SIGNS[gate.verdict], _condition_text(gate, t))
        for gate in match.gates
        if _adds_information(gate) and gate.verdict is not Verdict.PASS
    )


def _adds_information(gate: Gate) -> bool:
    """Whether a gate says more than the lines above it, or than that the call says nothing."""
    return gate.name not in _GATES_SHOWN_ELSEWHERE and not gate.code.endswith(".silent")


def _condition_text(gate: Gate, t: SafeWords) -> SafeText:
    verdict = t(f"verdict.{gate.verdict}").lower()
    why = f"{t.words.known('gate', gate.name)}: {verdict}. {gate.reason_in(t.language)}"
    text = one_line(why, _MAX_CONDITION_LENGTH)
    if not gate.quote or gate.quote in why:
        return text
    return fill("{} {}", text, _quote(gate.quote, t))


def _quote(text: str, t: SafeWords) -> SafeText:
    return t("quoted", text=one_line(text, _MAX_QUOTE_LENGTH))


def _curated_note(card: CallCard, t: SafeWords) -> SafeText:
    """Say when somebody last compared a curated call with its source."""
    if not card.curated:
        return _NOTHING
    if card.checked_on is None:
        return t("call.hand.never")
    day = one_line(facts.day(card.checked_on, t.words))
    return t("call.hand.late" if card.stale else "call.hand.when", when=day)


def _source_line(source: UnavailableSource, t: SafeWords) -> SafeText:
    name = one_line(source.name, _MAX_NAME_LENGTH)
    key = "mail.amiss.held" if source.state is SourceState.FAILING else "mail.amiss.stale"
    if source.last_good is None:
        return t("mail.amiss.never", name=name)
    return t(key, name=name, when=one_line(facts.day(source.last_good, t.words)))


def list_links(*links: tuple[SafeText, str]) -> tuple[LinkView, ...]:
    """Return the links that a reader may follow."""
    return tuple(LinkView(label, url) for label, raw in links if (url := safe_link(raw)))


def _make_event_view(
    card: CallCard, digest: Digest, links: CallLinks, t: SafeWords
) -> EventView | None:
    """Return a call's next deadline, if it has a date."""
    due = card.next_deadline
    if due is None or due.at is None:
        return None
    return deadline_event(
        card,
        due,
        t,
        uid=event_uid(digest.pilot_id, card.id, due.stage),
        url=safe_link(links.open) or safe_link(card.url),
        changed_at=digest.as_of,
    )


def deadline_event(
    card: CallCard,
    due: Deadline,
    t: SafeWords,
    *,
    uid: str,
    url: SafeLink,
    changed_at: datetime,
    cancelled: bool = False,
) -> EventView:
    """Return a deadline of a call, which has a date, as an event in a reader's words.

    Args:
        card: the call.
        due: one of its deadlines.
        t: the reader's words.
        uid: the event's name.
        url: where to read of the call.
        changed_at: the aware instant since which it is so.
        cancelled: whether the call has the deadline no more.
    """
    title = isolate_direction(title_of(card, t))
    written = one_line(facts.deadline(due, t.words))
    lines = (one_line(card.funder), written, one_line(due.zone), url)
    return EventView(
        uid=uid,
        starts=due.local(),
        whole_day=due.date_only,
        summary=t("mail.calendar.title", title=title),
        description=tuple(line for line in lines if line),
        url=url,
        changed_at=changed_at,
        cancelled=cancelled,
    )
