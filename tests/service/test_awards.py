"""Awards in the store, collected, exported as evaluation data, and never shown as calls."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from index.encoder import HashEncoder
from index.testset import TestSet
from scrapers.award import Award, Organisation, Register, register
from scrapers.call import Call, Money, Provenance
from scrapers.exchange import Limits
from scrapers.fetch import Fetcher
from service.cli.main import run
from service.context import Context
from service.errors import InputError, StoreError
from service.jobs import awards as jobs
from service.jobs.awards import (
    JOB,
    award_store,
    chosen,
    collect_awards,
    export_ground_truth,
)
from service.settings import Settings
from service.store.awards import AwardsStored, AwardStore
from service.store.database import connect
from service.store.tables import Table
from tests.scrapers.conftest import FakeClock, Reply, Site
from tests.scrapers.conftest import site as site  # noqa: PLC0414  a fixture of this file too
from tests.service.conftest import NOW, a_call
from tests.service.migrating import older

EXAMPLES = Path(__file__).parents[1] / "award_examples"
VINNOVA = EXAMPLES / "vinnova" / "two_languages.json"


def an_award(
    id_: str = "vinnova:2024-09101",
    *,
    calls: tuple[str, ...] = ("2026-001",),
    caller: str = "vinnova",
    title: str = "Vågen hemma",
    **more: object,
) -> Award:
    fields: dict[str, object] = {
        "id": id_,
        "funder": "Vinnova",
        "titles": {"sv": title},
        "texts": {"sv": "Personer med hjärtsvikt väger sig hemma varje morgon."},
        "caller": caller if calls else "",
        "calls": calls,
        "coordinator": Organisation(name="Exempelkliniken AB", country="SE"),
        "amount": Money(amount=Decimal(100_000), currency="SEK"),
        "start": date(2026, 5, 1),
        "provenance": Provenance(source=id_.split(":", 1)[0]),
    }
    return Award.model_validate(fields | more)


@pytest.fixture
def store(context: Context) -> AwardStore:
    return award_store(context)


def a_call_with(id_: str, *identifiers: str, title: str = "Utlysning") -> Call:
    return a_call(id_, title).model_copy(update={"identifiers": identifiers})


# ---- the store


def test_awards_are_stored_counted_and_found_by_what_paid_them(store: AwardStore) -> None:
    one = an_award(calls=("2024-00001", "2024-00002"))
    two = an_award("formas:2024-1", calls=("2024-00001",), caller="formas")
    three = an_award("cordis:1", calls=("Horizon-Hlth-2023-01-02",), caller="eu_portal")
    assert store.upsert([one, two, three], NOW) == AwardsStored(new=3)
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
    assert store.upsert([changed, again], later) == AwardsStored(changed=1, unchanged=1)
    assert store.paid_by("vinnova", "2026-001") == []
    assert store.paid_by("vinnova", "2026-002") == [changed]
    assert store.count() == 2


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
        differences = [str(one) for one in compare_metadata(context, Table.metadata)]
    assert [one for one in differences if "award" in one] == []


# ---- collecting


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
        return register("vinnova", site.url)

    done = collect_awards(context, store, source(), fetcher, lambda n, _: seen.append(n))
    assert done.stored == AwardsStored(new=2)
    assert seen == [2]
    good = context.runs.last_good(JOB, "vinnova")
    assert good is not None
    assert good.report["awards"] == 2
    since = good.started_at.date() - timedelta(days=7)
    site.serve(f"/projekt/{since}", b"[]")
    done = collect_awards(context, store, source(), fetcher)
    assert done.since == since
    assert done.reading.complete
    done = collect_awards(context, store, source(), fetcher, everything=True)
    assert done.stored == AwardsStored(unchanged=2)
    assert [path.rsplit("/", 1)[1] for path in site.paths()] == [
        "2020-01-01",
        since.isoformat(),
        "2020-01-01",
    ]


def test_a_run_that_breaks_keeps_what_came_and_is_no_good_run(
    context: Context, store: AwardStore, fetcher: Fetcher, site: Site
) -> None:
    store.upsert([an_award("formas:1999-00001")], NOW)
    site.serve("/GetAll", Reply(b"oops", 500))
    done = collect_awards(context, store, register("formas", site.url), fetcher)
    assert done.reading.broken == 1
    assert store.count() == 1, "nothing is ever taken away"
    assert context.runs.last_good(JOB, "formas") is None
    assert context.runs.latest(1)[0].state == "failed"


def test_registers_are_chosen_by_key_and_those_without_a_key_are_named() -> None:
    found, locked = chosen((), {})
    assert [one.key for one in found] == ["cordis", "formas", "vinnova"]
    assert locked == ["swecris"]
    found, locked = chosen((), {"swecris": "token"})
    assert [one.secret for one in found if one.key == "swecris"] == ["token"]
    assert locked == []
    found, locked = chosen(("swecris",), {})
    assert [one.key for one in found] == ["swecris"], "asked for by name, it says itself"
    with pytest.raises(InputError, match="no register 'nowhere' of awards"):
        chosen(("nowhere",), {})


# ---- ground truth


def fill(context: Context, store: AwardStore) -> None:
    context.calls.upsert(
        [
            a_call_with("vinnova:2026-00001", "2026-00001", "2026-00009", title="Hjärtsvikt"),
            a_call_with("vinnova:2026-00002", "2026-00002", "2026-00009", title="Fall"),
            a_call_with("eu_portal:HORIZON-HLTH-1-02", "HORIZON-HLTH-1", title="Sepsis"),
            a_call_with("formas:stad", "2026-00001", title="Stad"),
        ],
        NOW,
    )
    english = {"sv": "Vågen", "en": "The scale"}
    store.upsert(
        [
            an_award("vinnova:a", calls=("2026-00001", "2026-00009"), titles=english),
            an_award("vinnova:b", calls=("2026-00009",)),
            an_award("vinnova:c", calls=("2019-00001",)),
            an_award("vinnova:d", calls=()),
            an_award(
                "cordis:e",
                calls=("horizon-hlth-1-02", "HORIZON-HLTH-1"),
                caller="eu_portal",
                texts={"sv": "Svar på HORIZON-HLTH-1-02 om sepsis."},
            ),
            an_award("formas:f", calls=("2026-00001",), caller="formas"),
        ],
        NOW,
    )


def lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_a_project_is_joined_to_the_call_that_paid_it_and_to_no_other(
    context: Context, store: AwardStore, tmp_path: Path
) -> None:
    fill(context, store)
    folder = tmp_path / "deep" / "truth"
    report = export_ground_truth(context, store, folder)
    assert (report.calls, report.awards, report.paired, report.queries) == (4, 6, 3, 4)
    assert (report.unknown, report.nameless, report.ambiguous) == (1, 1, 1)
    assert sorted((folder / "qrels.tsv").read_text("utf-8").splitlines()) == [
        "cordis:e@sv\teu_portal:HORIZON-HLTH-1-02\t1",
        "formas:f@sv\tformas:stad\t1",
        "vinnova:a@en\tvinnova:2026-00001\t1",
        "vinnova:a@sv\tvinnova:2026-00001\t1",
    ]
    corpus = lines(folder / "corpus.jsonl")
    assert {row["id"] for row in corpus} == set(context.calls.all())
    assert all(row["lang"] == "sv" and row["text"] for row in corpus)
    queries = {row["id"]: row for row in lines(folder / "queries.jsonl")}
    assert queries["vinnova:a@en"]["title"] == "The scale"
    assert queries["cordis:e@sv"]["text"] == "Svar på  om sepsis.", "no giving away"
    assert sorted(path.name for path in folder.iterdir()) == [
        "corpus.jsonl",
        "qrels.tsv",
        "queries.jsonl",
    ]


def test_what_is_exported_is_read_as_evaluation_data(
    context: Context, store: AwardStore, tmp_path: Path
) -> None:
    fill(context, store)
    export_ground_truth(context, store, tmp_path / "truth")
    read = TestSet.read(tmp_path / "truth", ("title", "text"))
    assert len(read.documents) == 4
    assert len(read.questions) == 4
    assert read.skipped == 0
    for question in read.questions:
        (row,) = question.grades
        funder = {"cordis": "eu_portal"}.get(question.id.split(":")[0], question.id.split(":")[0])
        assert read.documents[row].id.startswith(f"{funder}:")


def test_nothing_is_written_when_no_award_names_a_stored_call(
    context: Context, store: AwardStore, tmp_path: Path
) -> None:
    store.upsert([an_award()], NOW)
    with pytest.raises(InputError, match="None of 1 awards names one of 0 stored calls"):
        export_ground_truth(context, store, tmp_path / "truth")
    assert not (tmp_path / "truth").exists()
    fill(context, store)
    (tmp_path / "file").write_text("here")
    with pytest.raises(InputError, match="cannot be written"):
        export_ground_truth(context, store, tmp_path / "file")


def test_awards_are_never_shown_as_calls(context: Context, store: AwardStore) -> None:
    fill(context, store)
    before = context.calls.stamp()
    store.upsert([an_award("vinnova:g", title="Ett betalt projekt")], NOW)
    assert context.calls.stamp() == before, "an award is no reason to index anew"
    assert context.calls.count() == 4
    assert not set(context.calls.all()) & {award.id for award in store.all()}
    assert not any("Ett betalt projekt" in c.titles.values() for c in context.calls.all().values())


# ---- the command line


@pytest.fixture
def data(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("FUNDSCOUT_DATA", str(settings.data))
    monkeypatch.setenv("FUNDSCOUT_EXAMPLES", str(settings.examples))
    monkeypatch.setenv("FUNDSCOUT_CLOCK", NOW.isoformat())
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    return settings


def test_parse_awards_prints_records_and_says_what_became_of_every_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["parse-awards", "vinnova", str(VINNOVA)]) == 0
    out, err = capsys.readouterr()
    assert [Award.model_validate_json(line).id for line in out.splitlines()] == [
        "vinnova:2024-09101",
        "vinnova:2023-09102",
    ]
    assert err == "2 rows: 2 awards, 0 lost.\n"
    broken = EXAMPLES / "cordis" / "broken_quotes_project.csv"
    assert run(["parse-awards", "cordis", str(broken)]) == 1
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 5
    assert "6 rows: 5 awards, 1 lost." in err
    assert "line 9: its 4 pieces do not fit the 21 columns" in err
    assert run(["parse-awards", "nowhere", str(broken)]) == 1
    assert "there are: cordis, formas" in capsys.readouterr().err


def test_collect_export_and_eval_from_the_command_line(
    data: Settings,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FUNDSCOUT_CONTACT", "test@example.org")
    local = Fetcher("test@example.org", limits=Limits(retries=0), clock=FakeClock(), local=True)
    monkeypatch.setattr("service.cli.awards.award_fetcher", lambda _: local)
    monkeypatch.setattr(jobs, "register", lambda key: register(key, site.url))
    site.serve("/projekt/2024-01-01", VINNOVA.read_bytes())
    assert run(["collect-awards", "vinnova", "--since", "2024-01-01"]) == 0
    out = capsys.readouterr().out
    assert out == (
        "Vinnova changed since 2024-01-01: 2 rows: 2 awards, 0 lost. "
        "2 new, 0 changed, 0 unchanged.\n"
    )
    assert run(["collect-awards", "cordis"]) == 1
    assert "answered 404" in capsys.readouterr().err
    folder = str(tmp_path / "truth")
    assert run(["export", "ground-truth", folder]) == 1
    assert "run `fundscout collect`" in capsys.readouterr().err
    call = a_call_with("vinnova:2024-09001", title="Rörelse efter operation")
    Context.open(data, HashEncoder).calls.upsert([call, a_call("vinnova:2024-1")], NOW)
    assert run(["export", "ground-truth", folder]) == 0
    assert capsys.readouterr().out == (
        f"Wrote 2 calls and 3 queries of 2 awards to {folder}. 0 of 2 awards had no known call: "
        "0 name one that is not stored, 0 name none, 0 name what holds several calls.\n"
    )
    assert run(["eval", folder, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["queries"] == 3


def test_collecting_all_names_the_register_that_wants_a_key(
    data: Settings,
    site: Site,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    local = Fetcher("test@example.org", limits=Limits(retries=0), clock=FakeClock(), local=True)
    monkeypatch.setattr("service.cli.awards.award_fetcher", lambda _: local)
    monkeypatch.setattr(jobs, "register", lambda key: register(key, site.url))
    assert run(["collect-awards"]) == 1
    out, err = capsys.readouterr()
    assert "swecris is left out: it wants a key, see FUNDSCOUT_KEYS." in err
    assert [line.split(":")[0] for line in out.splitlines()] == ["CORDIS", "Formas", "Vinnova"]
    assert run(["collect-awards", "swecris"]) == 1
    assert "wants a token" in capsys.readouterr().err


def test_help_of_awards_loads_no_model() -> None:
    code = (
        "import sys; from service.cli.main import run; run(['collect-awards', '--help'])\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 0
    assert "never shown as calls" in " ".join(done.stdout.split())


def test_an_engine_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    store = AwardStore(create_engine(f"sqlite:///{tmp_path / 'empty.sqlite'}"))
    with pytest.raises(StoreError, match="The database cannot be used: no such table"):
        store.upsert([an_award()], datetime.now(UTC))
