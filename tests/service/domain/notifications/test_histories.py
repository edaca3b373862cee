"""What a reader is told of a call over weeks: histories as funders make them, mail by mail.

Each history is what a source had on which day. A mail is made each Monday after what the earlier
ones told; a week without a mail is a dot.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from scrapers.call import DeadlineKind, Eligibility, Funding, Money
from service.domain.notifications.condition_changes import compare_conditions
from service.domain.notifications.events import SentLog
from service.domain.notifications.selection import (
    CallMark,
    DigestCandidate,
    DigestMoment,
    select_calls,
)
from service.domain.notifications.week import next_mail_due
from tests.service.mail.sample_digests import NOW, a_call, cut_off, due

DAY = timedelta(days=1)
ID = "vinnova:1"
COPY = "eu_portal:1"


@dataclass
class History:
    """What happened to a call, in days from the first mail (its listing was three days before).

    ``versions``: fields that differ from that day on. ``gone`` and ``back`` are days on which the
    source listed it no more, and again. ``copy_from``: the day from which another source lists it
    too. ``score`` falls below what fits after the first mail. ``paused`` are weeks without a mail.
    """

    first: dict[str, object] = field(default_factory=dict)
    versions: list[tuple[float, dict[str, object]]] = field(default_factory=list)
    gone: float | None = None
    back: float | None = None
    copy_from: float | None = None
    mark: CallMark | None = None
    marked: float = 0.0
    score: float = 0.2
    told_first: bool = True
    paused: Collection[int] = ()
    weeks: int = 5

    def run(self) -> list[str]:
        """Return what each mail tells, in one line a week."""
        told: list[str] = []
        since: datetime | None = None
        lines = []
        for week in range(self.weeks):
            now = NOW + week * timedelta(weeks=1)
            if week in self.paused:
                lines.append("-")
                continue
            score = 0.7 if self.told_first and week == 0 else self.score
            chosen = select_calls(
                list(self._candidates(now, score)),
                SentLog(told, lambda id_: (ID, COPY) if id_ in (ID, COPY) else (id_,)),
                DigestMoment(now, next_mail_due(now), since),
                minimum=0.5,
                marks=self._marks(now),
                marked_at={ID: NOW + self.marked * DAY} if self.mark else {},
                delisted=[ID] if self._gone_at(now) and not self._is_back(now) else [],
                conditions=compare_conditions,
            )
            picks = (*chosen.items, *chosen.brief, *chosen.ended)
            lines.append(
                " ".join(
                    event.reason.value + "".join(f":{one.field}" for one in event.changes)
                    for pick in picks
                    for event in pick.events
                )
                or "."
            )
            keys = [
                event.key for pick in picks for one in (pick, *pick.others) for event in one.events
            ]
            assert not set(keys) & set(told), "told twice"
            told += keys
            if keys:
                since = now
        return lines

    def _marks(self, now: datetime) -> dict[str, CallMark]:
        return {ID: self.mark} if self.mark and now >= NOW + self.marked * DAY else {}

    def _gone_at(self, now: datetime) -> datetime | None:
        at = None if self.gone is None else NOW + self.gone * DAY
        return at if at is not None and at <= now else None

    def _is_back(self, now: datetime) -> bool:
        return self.back is not None and now >= NOW + self.back * DAY

    def _candidates(self, now: datetime, score: float) -> list[DigestCandidate]:
        fields = dict(self.first)
        versions = [(NOW - 3 * DAY, a_call(ID, **fields))]
        for day, changed in self.versions:
            if NOW + day * DAY <= now:
                fields |= changed
                versions.append((NOW + day * DAY, a_call(ID, **fields)))
        gone, back = self._gone_at(now), self._is_back(now)
        copy = self.copy_from is not None and NOW + self.copy_from * DAY <= now
        is_missed = gone and back and self.back and next_mail_due(gone) <= NOW + self.back * DAY
        one = DigestCandidate(
            versions,
            score,
            relisted_at=NOW + (self.back or 0) * DAY if is_missed else None,
            gone_at=None if back or copy else gone,
        )
        if not copy:
            return [one]
        seen = NOW + (self.copy_from or 0) * DAY
        return [one, DigestCandidate([(seen, a_call(COPY, **fields))], score)]


def money(amount: int) -> Funding:
    return Funding(maximum=Money(amount=Decimal(amount), currency="SEK"))


def only(*kinds: str) -> dict[str, object]:
    return {"eligibility": tuple(Eligibility(kind="applicant", value=kind) for kind in kinds)}


SME = "Vården av hjärtsvikt ska flytta hem. Endast små och medelstora företag kan söka."
ANYBODY = "Vården av hjärtsvikt ska flytta hem. Företag, universitet och regioner kan söka."

SEEN = {
    "closes early on the day after the mail": (
        History(versions=[(1, {"deadlines": (due(0.5 * DAY),)})]),
        ["new", "closed:deadlines", ".", ".", "."],
    ),
    "is withdrawn and comes back two weeks later": (
        History(gone=3, back=17),
        ["new", "withdrawn", ".", "reopened", "."],
    ),
    "is withdrawn and posted anew by another source": (
        History(gone=3, copy_from=10),
        ["new", "withdrawn", "reopened", ".", "."],
    ),
    "moves its deadline twice between two mails": (
        History(
            versions=[(1, {"deadlines": (due(40 * DAY),)}), (4, {"deadlines": (due(90 * DAY),)})]
        ),
        ["new", "changed:deadlines", ".", ".", "."],
    ),
    "moves its deadline and moves it back": (
        History(
            versions=[(1, {"deadlines": (due(40 * DAY),)}), (4, {"deadlines": (due(60 * DAY),)})]
        ),
        ["new", ".", ".", ".", "."],
    ),
    "changes its amount while the reader pauses": (
        History(versions=[(8, {"funding": money(1_000_000)})], paused=(1, 2)),
        ["new", "-", "-", "changed:funding.maximum", "."],
    ),
    "says in its text alone that others may apply": (
        History(first={"texts": {"sv": ANYBODY}}, versions=[(2, {"texts": {"sv": SME}})]),
        ["new", "changed:eligibility", ".", ".", "."],
    ),
    "is told when first seen and again when it opens": (
        History(first={"opens": NOW + 16 * DAY}, score=0.7),
        ["new forthcoming", ".", ".", "opened", "."],
    ),
    "closes as planned": (
        History(first={"deadlines": (due(30 * DAY),)}, weeks=7),
        ["new", ".", ".", "closing_14", "closing_3", ".", "."],
    ),
    "is judged relevant, was never told and is withdrawn": (
        History(told_first=False, mark=CallMark.RELEVANT, marked=1, gone=9),
        [".", "new", "withdrawn", ".", "."],
    ),
}
UNSEEN: dict[str, tuple[History, list[str]]] = {
    "closes early while the reader pauses, and stays closed": (
        History(versions=[(3, {"deadlines": (due(2 * DAY),)})], paused=(1, 2)),
        ["new", "-", "-", "closed:deadlines", "."],
    ),
    "closes early and opens again before the next mail": (
        History(
            versions=[(1, {"deadlines": (due(0.5 * DAY),)}), (3, {"deadlines": (due(60 * DAY),)})]
        ),
        ["new", "reopened", ".", ".", "."],
    ),
    "closes early, is told so, opens again, and closes early again": (
        History(
            versions=[
                (1, {"deadlines": (due(0.5 * DAY),)}),
                (8, {"deadlines": (due(60 * DAY),)}),
                (15, {"deadlines": (due(14.5 * DAY),)}),
            ]
        ),
        ["new", "closed:deadlines", "reopened:deadlines", "closed:deadlines", "."],
    ),
    "is taken off the list after its last day": (
        History(first={"deadlines": (due(10 * DAY),)}, gone=11),
        ["new closing_14", "closing_3", ".", ".", "."],
    ),
    "is dismissed and then withdrawn": (
        History(mark=CallMark.DISMISSED, marked=1, gone=9),
        ["new", ".", ".", ".", "."],
    ),
    "was applied to, and the second stage moves after the first is over": (
        History(
            first={
                "deadlines": (
                    due(5 * DAY, kind=DeadlineKind.TWO_STAGE, stage=1),
                    due(50 * DAY, kind=DeadlineKind.TWO_STAGE, stage=2),
                )
            },
            versions=[
                (
                    10,
                    {
                        "deadlines": (
                            due(5 * DAY, kind=DeadlineKind.TWO_STAGE, stage=1),
                            due(70 * DAY, kind=DeadlineKind.TWO_STAGE, stage=2),
                        )
                    },
                )
            ],
            mark=CallMark.APPLIED,
            marked=1,
        ),
        ["new closing_14 closing_3", ".", "changed:deadlines", ".", "."],
    ),
    "puts its opening off and then opens": (
        History(
            first={"opens": NOW + 5 * DAY},
            versions=[(3, {"opens": NOW + 17 * DAY})],
            score=0.7,
        ),
        ["new forthcoming", "changed:opens", ".", "opened", "."],
    ),
    "loses its day and gives none": (
        History(versions=[(2, {"deadlines": ()})]),
        ["new", "changed:deadlines", ".", ".", "."],
    ),
    "lets a cut-off pass and takes it off its list": (
        History(
            first={"deadlines": (cut_off(3 * DAY), cut_off(60 * DAY))},
            versions=[(5, {"deadlines": (cut_off(60 * DAY),)})],
        ),
        ["new closing_14 closing_3", ".", ".", ".", "."],
    ),
    "narrows who may apply in a field, and the words of its title twice": (
        History(
            first=only("universities", "companies"),
            versions=[
                (2, {"titles": {"sv": "Utlysning, vinnova:1!", "en": "Call vinnova:1"}}),
                (9, only("universities")),
            ],
        ),
        ["new", ".", "changed:eligibility", ".", "."],
    ),
    "opens and closes again between two mails": (
        History(
            first={"opens": NOW + 15 * DAY, "deadlines": (due(18 * DAY),)},
            score=0.7,
        ),
        ["new forthcoming", ".", "opened", ".", "."],
    ),
    "is withdrawn before it ever opened": (
        History(first={"opens": NOW + 30 * DAY}, gone=4),
        ["new forthcoming", "withdrawn", ".", ".", "."],
    ),
}


@pytest.mark.parametrize("name", SEEN)
def test_what_a_reader_is_told_of_a_call_that(name: str) -> None:
    history, expected = SEEN[name]
    assert history.run() == expected


@pytest.mark.parametrize("name", UNSEEN)
def test_what_a_reader_is_also_told_of_a_call_that(name: str) -> None:
    history, expected = UNSEEN[name]
    assert history.run() == expected


def test_an_end_of_long_ago_is_no_news_to_an_old_installation() -> None:
    """Mails of the version before told no ends; the first one now tells those of this week."""
    told = [f"new|vinnova:{n}|20260101T060000.000000Z" for n in range(4)]
    seen, now = NOW - 60 * DAY, NOW + timedelta(weeks=1)
    moment = DigestMoment(now, next_mail_due(now), NOW)
    calls = [a_call(f"vinnova:{n}") for n in range(4)]
    early = a_call("vinnova:2", deadlines=(due(-30 * DAY),))
    chosen = select_calls(
        [
            DigestCandidate(((seen, calls[0]),), 0.2, gone_at=NOW - 30 * DAY),
            DigestCandidate(((seen, calls[1]),), 0.2, gone_at=NOW + DAY),
            DigestCandidate(((seen, calls[2]), (NOW - 31 * DAY, early)), 0.2),
            DigestCandidate(((seen, calls[3]),), 0.9),
        ],
        SentLog(told),
        moment,
        minimum=0.5,
    )
    assert [pick.call_id for pick in chosen.ended] == ["vinnova:1"]
    assert chosen.items == (), "what was told stays told"


def test_ends_and_changes_are_told_however_many_new_calls_there_are() -> None:
    fresh = [DigestCandidate(((NOW, a_call(f"a:{n:02}")),), 0.9) for n in range(15)]
    told = [f"new|b:{n:02}|20260227T060000.000000Z" for n in range(14)]
    changed = [
        DigestCandidate(
            (
                (NOW - 3 * DAY, a_call(f"b:{n:02}")),
                (NOW + DAY, a_call(f"b:{n:02}", deadlines=(due(40 * DAY),))),
            ),
            0.1,
        )
        for n in range(12)
    ]
    gone = [
        DigestCandidate(((NOW - 3 * DAY, a_call(f"b:{n:02}")),), 0.0, gone_at=NOW + DAY)
        for n in (12, 13)
    ]
    now = NOW + timedelta(weeks=1)
    chosen = select_calls(
        [*fresh, *changed, *gone],
        SentLog(told),
        DigestMoment(now, next_mail_due(now), NOW),
        minimum=0.5,
    )
    assert {pick.call_id for pick in chosen.ended} == {"b:12", "b:13"}
    in_mail = {pick.call_id for pick in (*chosen.items, *chosen.brief)}
    assert in_mail == {f"b:{n:02}" for n in range(12)}
    assert chosen.more == 15
