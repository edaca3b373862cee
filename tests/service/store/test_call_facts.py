"""Lists, counts, rounds and conditions from the database are those of the records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, delete, event, insert, select, text, update
from sqlalchemy.orm import Session

from scrapers.call import Call, Level, Status
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.copies import choose_leads
from service.domain.calls.duplicates.links import LinkState
from service.domain.calls.exchange_rates import ExchangeRates
from service.domain.calls.rounds import GivenCalls, round_families
from service.domain.calls.sources import FunderCounts
from service.domain.calls.stored.call_columns import CallColumns
from service.domain.calls.stored.call_facts import STATUS_ORDER, wanted_phrases
from service.domain.eligibility.condition_index import write_conditions
from service.domain.eligibility.gates import may_apply
from service.domain.matching.filters import Filters
from service.domain.matching.match_context import StoredCalls
from service.domain.pilots.profile import Party, Profile
from service.store.call_facts import conditions
from service.store.call_facts.conditions_in_sql import FactsAt
from service.store.call_facts.listing import CallChoice
from service.store.call_facts.tables import CallFactsRow
from service.store.calls import CallStore
from service.store.database import connect
from service.store.tables import CallRow, MetaRow
from service.use_cases.calls import list_calls
from tests.service.conftest import a_call
from tests.service.generated_calls import (
    NOW,
    example_calls,
    generated_calls,
    moments,
)
from tests.service.old_databases import older

pytestmark = pytest.mark.slow

RATES = ExchangeRates(source="ECB", day=NOW.date(), per_euro={"SEK": Decimal(11)})

FILTERS = (
    Filters(statuses=()),
    Filters(),
    Filters(statuses=(Status.FORTHCOMING, Status.CLOSED)),
    Filters(statuses=(), funders=("vinnova", "ukri")),
    Filters(statuses=(), levels=(Level.NORDIC, Level.EUROPEAN)),
    Filters(statuses=(), languages=("sv", "fi")),
    Filters(statuses=(), deadline_from=date(2026, 3, 3)),
    Filters(statuses=(), deadline_to=date(2026, 3, 2)),
    Filters(statuses=(), deadline_from=date(2026, 3, 2), deadline_to=date(2026, 3, 22)),
    Filters(statuses=(), min_amount=Decimal("250000.50")),
    Filters(min_amount=Decimal(1000), min_currency="EUR", languages=("en",)).with_rates(RATES),
    Filters(statuses=(), gates="pass"),
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> CallStore:
    store = CallStore(connect(f"sqlite:///{tmp_path_factory.mktemp('facts')}/store.sqlite"))
    store.upsert(generated_calls(300), NOW - timedelta(days=30))
    return store


def sort_key(call: Call, now: datetime) -> tuple[int, float, str]:
    """Return what calls were sorted by when every record was read for a list."""
    status = call.status(now)
    instants = [d.at.timestamp() for d in call.deadlines if d.at is not None]
    upcoming = call.next_deadline(now)
    if status is Status.CLOSED:
        when = -max(instants, default=0.0)
    elif status is Status.FORTHCOMING and call.opens is not None:
        when = call.opens.timestamp()
    elif upcoming is not None and upcoming.at is not None:
        when = upcoming.at.timestamp()
    else:
        when = float("inf")
    return STATUS_ORDER.index(status), when, call.id


def has_words(call: Call, wanted: Sequence[str]) -> bool:
    """Return whether each of ``wanted`` stands in a field of the call, as whole words."""
    parts = [call.id, call.funder, call.programme, *call.identifiers, *call.keywords]
    fields = [*parts, *call.titles.values(), *call.texts.values()]
    own = [re.findall(r"[^\W_]+", field.casefold()) for field in fields]
    return all(any(_holds(words, one.split()) for words in own) for one in wanted)


def _holds(words: Sequence[str], phrase: Sequence[str]) -> bool:
    starts = range(len(words) - len(phrase) + 1)
    return any(words[start : start + len(phrase)] == phrase for start in starts)


def by_records(
    stored: StoredCalls, filters: Filters, words: Sequence[str] = (), language: str = ""
) -> list[str]:
    """Return the ids of a list as it was made when every record was read."""
    passing = [
        id_
        for id_, call in stored.calls.items()
        if filters.admits(call, stored.now) and has_words(call, words)
    ]
    leads = choose_leads(passing, stored.calls, stored.links, stored.now, language)
    return sorted(leads, key=lambda id_: sort_key(stored.calls[id_], stored.now))


@pytest.mark.slow
def test_the_status_in_sql_is_that_of_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, real_calls: list[Call]
) -> None:
    # a status needs no conditions, and to read those of all real calls takes a minute
    monkeypatch.setattr(CallStore, "_read_conditions", lambda *_: None)
    for name, calls in (
        ("generated", generated_calls(400, seed=3)),
        ("examples", example_calls()),
        ("real", real_calls),
    ):
        engine = connect(f"sqlite:///{tmp_path}/{name}.sqlite")
        CallStore(engine).upsert(calls, NOW)
        with Session(engine) as session:
            for now in moments(calls, 25):
                at = FactsAt(now)
                rows = session.execute(select(CallFactsRow.id, at.status))
                assert {id_: status for id_, status in rows} == {  # noqa: C416  typed
                    call.id: call.status(now).value for call in calls
                }
        engine.dispose()


@pytest.mark.parametrize("number", range(len(FILTERS)))
def test_a_list_has_the_same_calls_in_the_same_order(filled: CallStore, number: int) -> None:
    filters = FILTERS[number]
    calls = filled.all()
    closed = filled.conditions().failing(calls, None) if filters.gates else ()
    for now in moments(list(calls.values()), 6):
        wanted = by_records(StoredCalls(calls=calls, now=now), filters)
        choice = CallChoice(filters, now, excluded=closed)
        assert filled.listing.list_page(choice, 1, 1000) == (wanted, len(wanted))
        assert filled.listing.list_page(choice, 3, 7) == (wanted[14:21], len(wanted))


@pytest.mark.parametrize(
    "asked", ["hemmet", "STRASSE", "50 % may", "hem", "nö", '"only universities" vård', "vård-av"]
)
def test_whole_words_are_found_in_every_part_of_a_call(filled: CallStore, asked: str) -> None:
    phrases = wanted_phrases(asked)
    wanted = by_records(StoredCalls(calls=filled.all(), now=NOW), FILTERS[0], phrases)
    found = filled.listing.list_page(CallChoice(FILTERS[0], NOW, phrases), 1, 1000)[0]
    assert found == wanted
    assert bool(found) == (asked not in ("hem", "nö"))


def test_a_phrase_is_what_quotation_marks_or_a_hyphen_hold_together() -> None:
    assert wanted_phrases('AI "Care at  home" non-invasive') == [
        " ai ", " care at home ", " non invasive "
    ]  # fmt: skip
    assert wanted_phrases('"" - %') == []


def test_one_copy_of_a_call_is_listed(context: Context) -> None:
    calls = generated_calls(60, seed=5)
    context.calls.upsert(calls, NOW)
    ids = [call.id for call in calls]
    for one, other in ((0, 1), (1, 2), (3, 9), (20, 40)):
        context.links.decide((ids[one], ids[other]), LinkState.CONFIRMED, (), NOW)
    context.links.decide((ids[3], ids[9]), LinkState.SPLIT, (), NOW)
    groups = context.links.groups()
    assert sorted(map(len, groups.groups())) == [2, 3]
    stored = StoredCalls(calls=context.calls.all(), now=context.now(), links=groups)
    for filters in FILTERS[:9]:
        language = filters.languages[0] if filters.languages else ""
        wanted = by_records(stored, filters, language=language)
        listed = list_calls(context, filters=filters, page_size=200)
        assert [card.id for card in listed.calls] == wanted
        assert (listed.total, listed.pages) == (len(wanted), 1)


def test_a_page_reads_only_its_own_calls(context: Context) -> None:
    context.calls.upsert(generated_calls(80), NOW)
    read: list[str] = []
    context.calls.columns()

    @event.listens_for(context.calls._engine, "before_cursor_execute")
    def _note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        if "calls.record" in statement:
            read.extend(values)

    listed = list_calls(context, filters=FILTERS[0], page=2, page_size=5)
    assert sorted(read) == sorted(card.id for card in listed.calls)


def test_counts_of_a_funder_are_those_of_its_records(filled: CallStore) -> None:
    calls = filled.all().values()
    counts = filled.listing.count_by_funder(NOW)
    for funder in {call.id.partition(":")[0] for call in calls}:
        own = [call for call in calls if call.id.startswith(f"{funder}:")]
        assert counts[funder] == FunderCounts(
            calls=len(own),
            unchecked=sum(call.stale(NOW) for call in own),
            deadlines=sum(bool(call.deadlines) for call in own),
            amounts=sum(
                call.funding is not None
                and any((call.funding.total, call.funding.minimum, call.funding.maximum))
                for call in own
            ),
            applicants=sum(bool(call.eligibility) for call in own),
            bilingual=sum({"sv", "en"} <= call.titles.keys() for call in own),
        )
    firsts: dict[str, str] = {}
    for call in calls:
        firsts.setdefault(call.id.partition(":")[0], call.funder)
    assert list(filled.listing.funders().items()) == list(firsts.items())


def test_families_in_the_store_are_those_of_the_calls(filled: CallStore) -> None:
    calls = filled.all()
    families = GivenCalls(calls.values())
    assert filled.find_relatives([]) == {}
    for call in calls.values():
        wanted = round_families(call)
        found = filled.find_relatives(wanted)
        assert {one: list(ids) for one, ids in found.items()} == {
            one: list(ids) for one, ids in families.find_relatives(wanted).items()
        }


def test_columns_follow_the_store(tmp_path: Path) -> None:
    calls = CallStore(connect(f"sqlite:///{tmp_path}/store.sqlite"))
    first, second = generated_calls(40), generated_calls(60, seed=9)
    calls.upsert(first, NOW)
    before = calls.columns()
    assert calls.columns() is before
    calls.upsert(first, NOW + timedelta(days=1))
    assert calls.columns() is before
    moved = [two.model_copy(update={"id": one.id}) for one, two in zip(first, second, strict=False)]
    mine = [
        call.model_copy(update={"provenance": a_call(source="mine").provenance}) for call in second
    ]
    calls.upsert([*moved[:10], *mine], NOW + timedelta(days=2))
    for _ in range(2):
        wanted = CallColumns.from_calls(calls.all().values())
        found = calls.columns()
        assert found.ids == wanted.ids
        assert found.statuses(NOW).tolist() == wanted.statuses(NOW).tolist()
        assert found.entries == wanted.entries
        seen = calls.first_seen()
        assert {id_: found.arrivals.first_seen(id_) for id_ in found.ids} == seen
        calls.remove_source("mine")
    assert len(calls.columns()) == 40


def test_a_record_that_only_another_source_brought_is_known_with_the_next_change(
    tmp_path: Path,
) -> None:
    calls = CallStore(connect(f"sqlite:///{tmp_path}/store.sqlite"))
    calls.upsert([a_call(), a_call("vinnova:2")], NOW)
    stamp = calls.stamp()
    kept = a_call().provenance.model_copy(update={"source": "hand", "curated": True})
    report = calls.upsert([a_call().model_copy(update={"provenance": kept})], NOW)
    assert (report.unchanged, calls.stamp()) == (1, stamp)
    assert calls.listing.count_by_funder(NOW)["vinnova"].unchecked == 1
    calls.upsert([a_call("vinnova:2", day=21)], NOW)
    assert calls.stamp() != stamp
    assert calls.get_many([a_call().id])[a_call().id].provenance == kept


def test_conditions_kept_beside_calls_judge_as_the_calls_do(tmp_path: Path) -> None:
    calls = CallStore(connect(f"sqlite:///{tmp_path}/store.sqlite"))
    calls.upsert(example_calls(), NOW)
    profiles = (
        None,
        Profile(),
        Profile(
            country="US", trl=2, months=60, organisations=(Party(kind=ApplicantKind.INDIVIDUAL),)
        ),
        Profile(country="SE", organisations=(Party(kind=ApplicantKind.SMALL_COMPANY),)),
    )
    for profile in profiles:
        wanted = {id_ for id_, call in calls.all().items() if not may_apply(call, profile)}
        assert calls.conditions().failing(calls.ids(), profile) == wanted
    again = CallStore(calls._engine)
    assert again.conditions().failing(again.ids(), profiles[2]) == calls.conditions().failing(
        calls.ids(), profiles[2]
    )


def test_only_changed_calls_are_read_for_conditions_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = CallStore(connect(f"sqlite:///{tmp_path}/store.sqlite"))
    calls.upsert(example_calls(), NOW)
    calls.conditions()
    one = example_calls()[0].model_copy(update={"invited_only": True})
    read: list[str] = []

    def noted(call: Call) -> str:
        read.append(call.id)
        return write_conditions(call)

    monkeypatch.setattr(conditions, "write_conditions", noted)
    calls.upsert([one, *example_calls()[1:]], NOW)
    assert one.id in calls.conditions().failing(calls.ids(), None)
    assert read == [one.id]
    assert CallStore(calls._engine).conditions().failing([one.id], None) == {one.id}
    assert read == [one.id]


def test_a_store_of_the_version_before_is_filled_when_it_is_opened(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/old.sqlite"
    older(address, "0008")
    calls = generated_calls(30)
    raw = create_engine(address)
    with raw.begin() as connection:
        for call in calls:
            connection.execute(insert(CallRow), _row(call))
        connection.execute(insert(MetaRow), {"name": "calls_stamp", "value": "4"})
        connection.execute(
            insert(CallRow), _row(calls[0]) | {"id": "vinnova:broken", "record": "{}"}
        )
    raw.dispose()
    store = CallStore(connect(address))
    fresh = CallStore(connect(f"sqlite:///{tmp_path}/new.sqlite"))
    fresh.upsert(calls, NOW)
    choice = CallChoice(FILTERS[0], NOW)
    assert store.listing.list_page(choice, 1, 100) == fresh.listing.list_page(choice, 1, 100)
    assert store.stamp() == "4"
    assert _tables(store) == _tables(fresh)


def test_what_was_made_in_another_way_is_made_anew(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/store.sqlite"
    store = CallStore(connect(address))
    store.upsert(generated_calls(30), NOW)
    before = _tables(store)
    with store._engine.begin() as connection:
        connection.execute(update(MetaRow).where(MetaRow.name == "facts_version").values(value="0"))
        connection.execute(update(CallFactsRow).values(level="nonsense"))
        connection.execute(text("DELETE FROM call_search"))
    store._engine.dispose()
    assert _tables(CallStore(connect(address))) == before


def test_what_stands_beside_a_call_goes_with_it(tmp_path: Path) -> None:
    store = CallStore(connect(f"sqlite:///{tmp_path}/store.sqlite"))
    store.upsert(generated_calls(30), NOW)
    store.conditions()
    with store._engine.begin() as connection:
        connection.execute(text("DELETE FROM call_versions"))
        connection.execute(delete(CallRow))
    assert all(not rows for rows in _tables(store).values())


def _row(call: Call) -> dict[str, Any]:
    return {
        "id": call.id,
        "funder": call.id.partition(":")[0],
        "source": "test",
        "content_hash": call.content_hash(),
        "record": call.model_dump_json(),
        "first_seen": NOW,
        "last_seen": NOW,
    }


def _tables(store: CallStore) -> dict[str, list[tuple[Any, ...]]]:
    """Return what is kept beside calls, but for when it was written."""
    names = ("call_facts", "call_entries", "call_families", "call_search")
    with store._engine.connect() as connection:
        return {
            name: sorted(
                tuple(value for key, value in row.items() if key != "revision")
                for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()  # noqa: S608
            )
            for name in names
        }
