"""Awards written out as evaluation data, and never shown as calls."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.evaluation.qrels import EvaluationSet
from service.context import Context
from service.errors import InputError
from service.jobs.export_ground_truth import export_ground_truth
from service.store.awards import AwardStore
from tests.service.conftest import NOW
from tests.service.sample_awards import a_call_with, an_award


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
    report = export_ground_truth(context, folder)
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
    export_ground_truth(context, tmp_path / "truth")
    read = EvaluationSet.read(tmp_path / "truth", ("title", "text"))
    assert len(read.documents) == 4
    assert len(read.queries) == 4
    assert read.skipped == 0
    for question in read.queries:
        (row,) = question.grades
        funder = {"cordis": "eu_portal"}.get(question.id.split(":")[0], question.id.split(":")[0])
        assert read.documents[row].id.startswith(f"{funder}:")


def test_nothing_is_written_when_no_award_names_a_stored_call(
    context: Context, store: AwardStore, tmp_path: Path
) -> None:
    store.upsert([an_award()], NOW)
    with pytest.raises(InputError, match="None of 1 award names one of 0 stored calls"):
        export_ground_truth(context, tmp_path / "truth")
    assert not (tmp_path / "truth").exists()
    fill(context, store)
    (tmp_path / "file").write_text("here")
    with pytest.raises(InputError, match="cannot be written"):
        export_ground_truth(context, tmp_path / "file")


def test_awards_are_never_shown_as_calls(context: Context, store: AwardStore) -> None:
    fill(context, store)
    before = context.calls.stamp()
    store.upsert([an_award("vinnova:g", title="Ett betalt projekt")], NOW)
    assert context.calls.stamp() == before, "an award is no reason to index anew"
    assert context.calls.count() == 4
    assert not set(context.calls.all()) & {award.id for award in store.all()}
    assert not any("Ett betalt projekt" in c.titles.values() for c in context.calls.all().values())


def test_a_project_in_two_registers_of_a_funder_is_one_project(
    context: Context, store: AwardStore, tmp_path: Path
) -> None:
    context.calls.upsert([a_call_with("formas:stad", "2026-00001")], NOW)
    number = "2026-01234"
    paid = [
        an_award(f"{register}:{number}", calls=("2026-00001",), caller="formas")
        for register in ("formas", "gdp_formas")
    ]
    # another agency may give the same number
    store.upsert([*paid, an_award(f"vinnova:{number}", calls=("2026-00001",))], NOW)
    report = export_ground_truth(context, tmp_path / "truth")
    assert (report.awards, report.paired, report.repeated, report.unknown) == (3, 1, 1, 1)
    (row,) = (tmp_path / "truth" / "qrels.tsv").read_text("utf-8").splitlines()
    assert row == f"formas:{number}@sv\tformas:stad\t1"
