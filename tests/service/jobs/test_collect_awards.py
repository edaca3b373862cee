"""Awards in the store, and collected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from scrapers.call import Provenance
from scrapers.http.exchange import Limits
from scrapers.http.fetch import Fetcher
from scrapers.register import Register, get_register
from service.context import Context
from service.errors import InputError, StoreError
from service.jobs.collect_awards import JOB, choose_registers, collect_awards
from service.store.awards import AwardStore, AwardUpsertReport
from service.store.database import connect
from service.store.tables import TableBase
from tests.scrapers.conftest import FakeClock, Site, SiteReply
from tests.scrapers.conftest import site as site  # noqa: PLC0414  a fixture of this file too
from tests.service.conftest import NOW
from tests.service.old_databases import older
from tests.service.sample_awards import VINNOVA, an_award


def test_awards_are_stored_counted_and_found_by_what_paid_them(store: AwardStore) -> None:
    one = an_award(calls=("2024-00001", "2024-00002"))
    two = an_award("formas:2024-1", calls=("2024-00001",), caller="formas")
    three = an_award("cordis:1", calls=("Horizon-Hlth-2023-01-02",), caller="eu_portal")
    assert store.upsert([one, two, three], NOW) == AwardUpsertReport(new=3)
    assert store.count() == 3
    assert store.count_by_source() == {"cordis": 1, "formas": 1, "vinnova": 1}
    assert store.get(one.id) == one
    assert store.get("vinnova:none") is None
    assert store.paid_by("vinnova", "2024-00001") == [one], "the same number of another agency"
    assert store.paid_by("vinnova", "2024-00002") == [one]
    assert store.paid_by("eu_portal", "HORIZON-HLTH-2023-01-02") == [three]
    assert store.paid_by("eu_portal", "2024-00001") == []


def test_a_second_time_changes_what_changed(store: AwardStore) -> None:
    one, two = an_award(), an_award("vinnova:2", calls=())
    store.upsert([one, two], NOW)
    changed = an_award(calls=("2026-002",), title="Ny titel")
    again = two.model_copy(update={"provenance": Provenance(source="vinnova", sha256="0" * 64)})
    later = NOW + timedelta(days=1)
    assert store.upsert([changed, again], later) == AwardUpsertReport(changed=1, unchanged=1)
    assert store.paid_by("vinnova", "2026-001") == []
    assert store.paid_by("vinnova", "2026-002") == [changed]
    assert store.count() == 2


@pytest.mark.slow
def test_all_awards_come_in_order_however_many(store: AwardStore) -> None:
    made = [an_award(f"vinnova:{number:05}", calls=()) for number in range(1203)]
    store.upsert(made, NOW)
    assert [award.id for award in store.all()] == [award.id for award in made]


def test_a_store_from_before_awards_is_brought_up_to_date(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'old.sqlite'}"
    older(address, "0001")
    store = AwardStore(connect(address))
    store.upsert([an_award()], NOW)
    assert store.count() == 1


def test_the_migrations_make_the_tables_of_awards_as_they_are_described(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.sqlite'}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = [str(one) for one in compare_metadata(context, TableBase.metadata)]
    assert [one for one in differences if "award" in one] == []


@pytest.fixture
def fetcher() -> Fetcher:
    clock = FakeClock()
    return Fetcher("test@example.org", limits=Limits(retries=0), clock=clock, local=True)


def test_collecting_stores_and_the_next_time_asks_for_what_changed(
    context: Context, store: AwardStore, fetcher: Fetcher, site: Site
) -> None:
    site.serve("/projekt/2020-01-01", VINNOVA.read_bytes())
    seen: list[int] = []

    def source() -> Register:
        return get_register("vinnova", site.url)

    done = collect_awards(context, source(), fetcher, lambda n, _: seen.append(n))
    assert done.stored == AwardUpsertReport(new=2)
    assert seen == [2]
    good = context.runs.last_good(JOB, "vinnova")
    assert good is not None
    assert good.report["awards"] == 2
    since = good.started_at.date() - timedelta(days=7)
    site.serve(f"/projekt/{since}", b"[]")
    done = collect_awards(context, source(), fetcher)
    assert done.since == since
    assert done.reading.complete
    done = collect_awards(context, source(), fetcher, everything=True)
    assert done.stored == AwardUpsertReport(unchanged=2)
    assert [path.rsplit("/", 1)[1] for path in site.paths()] == [
        "2020-01-01",
        since.isoformat(),
        "2020-01-01",
    ]


def test_a_run_that_breaks_keeps_what_came_and_is_no_good_run(
    context: Context, store: AwardStore, fetcher: Fetcher, site: Site
) -> None:
    store.upsert([an_award("formas:1999-00001")], NOW)
    site.serve("/GetAll", SiteReply(b"oops", 500))
    done = collect_awards(context, get_register("formas", site.url), fetcher)
    assert done.reading.broken == 1
    assert store.count() == 1, "nothing is ever taken away"
    assert context.runs.last_good(JOB, "formas") is None
    assert context.runs.latest(1)[0].state == "failed"


def test_registers_are_chosen_by_key_and_those_without_a_key_are_named() -> None:
    found, locked = choose_registers((), {})
    assert [one.key for one in found] == ["cordis", "formas", "vinnova"]
    assert locked == ["gdp_formas", "gdp_forte", "gdp_vr", "swecris"]
    found, locked = choose_registers((), {"swecris": "token", "vr": "key"})
    assert {one.key: one.secret for one in found if one.needs_key} == {
        "swecris": "token",
        "gdp_vr": "key",
    }
    assert locked == ["gdp_formas", "gdp_forte"]
    found, locked = choose_registers(("swecris",), {})
    assert [one.key for one in found] == ["swecris"], "asked for by name, it says itself"
    with pytest.raises(InputError, match="no register 'nowhere' of awards"):
        choose_registers(("nowhere",), {})


def test_an_engine_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    store = AwardStore(create_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}"))
    with pytest.raises(StoreError, match="The database cannot be used: no such table"):
        store.upsert([an_award()], datetime.now(UTC))
