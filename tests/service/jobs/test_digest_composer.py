"""Digests of many pilots over a real store and index: the same as one by one, and weeks apart."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.errors import SnapshotError
from index.explain.explaining_searcher import ExplainingSearcher
from index.search.batch_search import BatchSearch
from index.store.build import build
from scrapers.call import Call
from service.context import Context
from service.domain.calls.documents import call_document
from service.domain.calls.duplicates.links import CallGroups
from service.domain.matching.feedback import Judgement, Opinion
from service.domain.notifications.address import Address
from service.domain.notifications.digest import Digest
from service.domain.notifications.events import EventReason
from service.domain.notifications.selection import CallMark
from service.domain.pilots.pilot import Pilot
from service.jobs.load_examples import load_examples
from service.jobs.mail.digest_composer import Composer, DigestRecipient, DigestRules
from service.jobs.mail.digest_setup import open_composer
from service.jobs.mail.send_mails import read_digest_recipients
from service.jobs.reindex import reindex
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call
from tests.service.domain.calls.duplicates.sample_links import a_link
from tests.service.new_store import fill_once

pytestmark = pytest.mark.whole

SHIPPED = Path(__file__).parents[3] / "examples"

TOPICS = ("hjärtsvikt i hemmet", "fall hos äldre", "digital vårdplan", "stroke på sjukhus")


def some(count: int) -> list[Call]:
    return [
        a_call(
            f"vinnova:2026-{n:03}",
            f"{TOPICS[n % 4].capitalize()} {n}",
            day=1 + n % 28,
            text=f"Utlysningen gäller {TOPICS[n % 4]} i region {n}.",
        )
        for n in range(count)
    ]


def pilots(count: int) -> list[Pilot]:
    return [
        Pilot(
            id=f"p{n}",
            title=f"Pilot {n}",
            text=f"Vi prövar {TOPICS[n % 4]}, försök {n}.",
            language="sv",
        )
        for n in range(count)
    ]


def fill(context: Context) -> None:
    context.calls.upsert(some(40), NOW - timedelta(days=4), complete_for="vinnova")
    reindex(context)


@pytest.fixture
def filled(context: Context) -> Context:
    fill_once(context, "forty calls", fill)
    return context


def composer(context: Context, week: int = 0, minimum: float = 0.0) -> Composer:
    now = NOW + timedelta(days=7 * week)
    return Composer(context.searcher(), context.calls, now, DigestRules(minimum))


def ids(digest: Digest) -> list[str]:
    return [item.call_id for item in (*digest.items, *digest.brief)]


def test_many_pilots_get_what_each_alone_would(filled: Context) -> None:
    asked = [DigestRecipient(pilot) for pilot in pilots(9)]
    together = list(composer(filled).digests(asked))
    alone = [composer(filled).digest(one) for one in asked]
    assert together == alone
    assert [digest.pilot_id for digest in together] == [f"p{n}" for n in range(9)]
    assert all(digest.items for digest in together)


def test_the_matches_are_those_of_a_search(filled: Context) -> None:
    pilot = pilots(1)[0]
    digest = composer(filled).digest(DigestRecipient(pilot))
    found = match_text(filled, pilot.text, top=10, language="sv")
    by_score = sorted(
        (item.match for item in digest.items), key=lambda match: (-match.score, match.call.id)
    )
    assert by_score == list(found.matches)
    assert digest.considered == found.considered == 40


def test_a_mail_has_no_call_that_is_about_what_its_pilot_excludes(filled: Context) -> None:
    pilot = Pilot(id="p", title="Vård", text=f"Vi prövar {TOPICS[0]}.", language="sv")
    told = ids(composer(filled).digest(DigestRecipient(pilot)))
    about = {call.id for call in some(40) if TOPICS[0].capitalize() in call.titles["sv"]}
    assert about & set(told)
    without = pilot.model_copy(update={"exclude": (TOPICS[0],)})
    left = ids(composer(filled).digest(DigestRecipient(without)))
    assert left
    assert not about & set(left)


def test_recipients_of_one_pilot_are_told_what_each_does_not_know(filled: Context) -> None:
    pilot = pilots(1)[0]
    first = composer(filled).digest(DigestRecipient(pilot))
    new, old = composer(filled).digests(
        [
            DigestRecipient(pilot),
            DigestRecipient(pilot, frozenset(first.keys), NOW - timedelta(days=7)),
        ]
    )
    assert ids(new) == ids(first)
    assert not set(ids(old)) & set(ids(first))


def test_calls_that_are_nearly_the_same_are_told_as_one_and_once(filled: Context) -> None:
    pilot = pilots(1)[0]
    first = composer(filled).digest(DigestRecipient(pilot))
    shown = {other.id for item in first.items for other in item.match.similar}
    assert shown
    assert not shown & set(ids(first))
    told = {key.split("|")[1] for key in first.keys}
    assert told == shown | set(ids(first)) == set(filled.calls.all())
    assert composer(filled).digest(DigestRecipient(pilot, frozenset(first.keys), NOW)).items == ()


def test_a_moved_deadline_is_told_the_week_after(filled: Context) -> None:
    pilot = pilots(1)[0]
    first = composer(filled).digest(DigestRecipient(pilot))
    call = filled.calls.all()[first.items[0].call_id]
    moved = a_call(call.id, call.titles["sv"], day=30, text="Utlysningen gäller fall i region 0.")
    filled.calls.upsert([moved], NOW + timedelta(days=2))
    reindex(filled)
    told = DigestRecipient(pilot, frozenset(first.keys), NOW)
    second = composer(filled, week=1).digest(told)
    (item,) = (item for item in second.items if item.call_id == call.id)
    assert [news.reason for news in item.reasons] == [EventReason.CHANGED]
    assert [change.field for change in item.reasons[0].changes] == ["deadlines"]


def test_what_was_marked_is_followed_however_low_it_ranks(filled: Context) -> None:
    pilot = pilots(1)[0]
    assert ids(composer(filled, minimum=1.0).digest(DigestRecipient(pilot))) == []
    marked = DigestRecipient(pilot, marks={"vinnova:2026-003": CallMark.RELEVANT})
    strict = composer(filled, minimum=1.0)
    assert ids(strict.digest(marked)) == ["vinnova:2026-003"]
    assert [ids(d) for d in strict.digests([marked, DigestRecipient(pilots(2)[1])])] == [
        ["vinnova:2026-003"],
        [],
    ]


def test_what_vanished_is_not_told(filled: Context) -> None:
    filled.calls.upsert(some(39), NOW - timedelta(days=1), complete_for="vinnova")
    pilot = pilots(4)[3]
    told = composer(filled, minimum=0.0).digest(DigestRecipient(pilot))
    assert told.considered == 39
    assert "vinnova:2026-039" not in ids(told)


@pytest.mark.parametrize(("away", "told"), [(1, []), (9, [EventReason.REOPENED])])
def test_a_call_that_is_listed_again_unchanged_is_open_again(
    context: Context, away: int, told: list[EventReason]
) -> None:
    """Off the list for a day between two mails nobody missed it."""
    gone, back = NOW + timedelta(days=1), NOW + timedelta(days=1 + away)
    one, other = a_call(day=28), a_call("vinnova:2", "Annat", text="Om annat.", day=28)
    context.calls.upsert([one, other], NOW - timedelta(days=4), complete_for="vinnova")
    reindex(context)
    keys = list(composer(context).digest(DigestRecipient(pilots(1)[0])).keys)
    context.calls.upsert([other], gone, complete_for="vinnova")
    context.calls.upsert([one, other], back, complete_for="vinnova")
    heard = []
    for week in (2, 3):
        since = NOW + timedelta(days=7 * (week - 1))
        digest = composer(context, week).digest(
            DigestRecipient(pilots(1)[0], frozenset(keys), since)
        )
        keys += digest.keys
        heard += [news.reason for item in digest.items for news in item.reasons]
    assert heard == told
    late = composer(context, 2).digest(DigestRecipient(pilots(1)[0]))
    assert {news.reason for item in late.items for news in item.reasons} == {EventReason.NEW}
    again = DigestRecipient(pilots(1)[0], frozenset(late.keys), NOW + timedelta(days=14))
    assert composer(context, 3).digest(again).items == ()


def test_the_shipped_examples_rank_in_a_batch_as_in_a_search(tmp_path: Path) -> None:
    calls = [
        Call.model_validate_json(line)
        for path in (SHIPPED / "calls").glob("*.jsonl")
        for line in path.read_text("utf-8").splitlines()
    ]
    texts = [
        json.loads(path.read_text("utf-8"))["text"] for path in (SHIPPED / "pilots").glob("*.json")
    ]
    cache = VectorCache(tmp_path / "vectors.sqlite")
    build([call_document(call) for call in calls], HashEncoder(), tmp_path / "snapshots", cache)
    cache.close()
    searcher = ExplainingSearcher.open(tmp_path / "snapshots", HashEncoder())
    queries = [searcher.query(text) for text in texts]
    found = list(BatchSearch(searcher).search(queries, top=len(calls)))
    assert len(found) == len(texts) > 5
    assert found == [searcher.search(query, top=len(calls)) for query in queries]


def test_the_settings_and_the_sources_are_asked(context: Context) -> None:
    load_examples(context)
    reindex(context)
    object.__setattr__(context.settings, "digest_min_score", 0.0)
    with context.runs.record("collect", "vinnova"):
        pass
    pilot = context.pilots.get("hemma")
    assert pilot is not None
    with open_composer(context) as made:
        digest = made.digest(DigestRecipient(pilot))
    assert ids(digest) == ["vinnova:ex-1", "vinnova:ex-2"]
    assert digest.as_of == NOW
    assert digest.amiss == ()


def test_without_an_index_it_says_what_to_run(context: Context) -> None:
    with pytest.raises(SnapshotError, match="fundscout reindex"), open_composer(context):
        pass


def test_the_versions_of_many_calls_are_those_of_each(filled: Context) -> None:
    filled.calls.upsert([a_call("vinnova:2026-000", "Nytt namn")], NOW)
    wanted = [*filled.calls.all(), "no:such"]
    found = filled.calls.versions_of(wanted)
    assert found == {id_: filled.calls.versions(id_) for id_ in filled.calls.all()}
    assert len(found["vinnova:2026-000"]) == 2


ONE, TWO = "formas:1", "vinnova:1"
COPIES = CallGroups([a_link(ONE, TWO)])
READER = Pilot(id="p", title="Vård", text="Vi prövar hjärtsvikt i hemmet.", language="sv")


def both(day: int = 28) -> list[Call]:
    return [a_call(id_, source=id_.split(":")[0], day=day) for id_ in (ONE, TWO)]


def weekly(context: Context, week: int, asked: DigestRecipient) -> Digest:
    now = NOW + timedelta(days=7 * week)
    made = Composer(context.searcher(), context.calls, now, DigestRules(0.0), groups=COPIES)
    return made.digest(asked)


def test_two_copies_are_told_as_one_whatever_the_reason(context: Context) -> None:
    context.calls.upsert(both(), NOW - timedelta(days=4))
    reindex(context)
    told: list[str] = []
    heard = []
    for week in range(9):
        digest = weekly(
            context, week, DigestRecipient(READER, frozenset(told), NOW if week else None)
        )
        told += digest.keys
        heard += [(len(ids(digest)), tuple(digest.items[0].reasons)) for _ in digest.items]
        if digest.items:
            (item,) = digest.items
            assert {copy.id for copy in item.match.call.also} == {ONE, TWO} - {item.call_id}
            assert item.match.similar == ()
    assert [count for count, _ in heard] == [1, 1, 1]
    assert [[news.reason for news in reasons] for _, reasons in heard] == [
        [EventReason.NEW],
        [EventReason.CLOSING_14],
        [EventReason.CLOSING_3],
    ]
    assert len(told) == len(set(told)) == 6


def test_a_copy_that_arrives_later_is_nothing_new(context: Context) -> None:
    one, two = both()
    context.calls.upsert([one], NOW - timedelta(days=4))
    reindex(context)
    first = weekly(context, 0, DigestRecipient(READER))
    assert ids(first) == [ONE]
    context.calls.upsert([two], NOW + timedelta(days=2))
    reindex(context)
    assert ids(weekly(context, 1, DigestRecipient(READER, frozenset(first.keys), NOW))) == []
    closing = weekly(context, 7, DigestRecipient(READER, frozenset(first.keys), NOW))
    assert [news.reason for news in closing.items[0].reasons] == [EventReason.CLOSING_14]
    late = DigestRecipient(READER, frozenset(key for key in closing.keys if ONE in key), NOW)
    assert ids(weekly(context, 7, late)) == []


def test_what_changed_at_one_copy_alone_is_said(context: Context) -> None:
    context.calls.upsert(both(28), NOW - timedelta(days=4))
    reindex(context)
    first = weekly(context, 0, DigestRecipient(READER))
    for id_ in (ONE, TWO):
        moved = [call for call in both(30) if call.id == id_]
        context.calls.upsert(moved, NOW + timedelta(days=2))
        reindex(context)
        digest = weekly(context, 1, DigestRecipient(READER, frozenset(first.keys), NOW))
        (item,) = digest.items
        (news,) = item.reasons
        assert news.reason is EventReason.CHANGED
        assert [change.field for change in news.changes] == ["deadlines"]


def test_what_is_said_of_one_copy_holds_for_the_other(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context.links, "groups", lambda: COPIES)
    context.calls.upsert(both(), NOW - timedelta(days=4))
    context.pilots.add(READER)
    reader = context.recipients.add_pending(READER.id, Address.parse("anna@example.org"), "sv", NOW)
    context.feedback.add(
        Judgement(pilot=READER.id, call=ONE, verdict=Opinion.NOT_RELEVANT, by="a", at=NOW)
    )
    reindex(context)
    (asked,) = read_digest_recipients(context, [(reader, READER)])
    assert set(asked.marks) == set(asked.marked_at) == {ONE, TWO}
    assert ids(weekly(context, 0, asked)) == []
