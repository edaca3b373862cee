"""Facts read from real calls that were judged by eye: how many are right, and how many missed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bench import gates as bench
from bench.gate_calls import read_call
from service.domain.eligibility.extract import FACT_NAMES, extract_facts
from service.domain.eligibility.facts import Fact

PRECISION = 0.95
RECALL = 0.80
FEWEST = 3
"""True values that a fact needs before its share of them says anything."""

STATED = {
    "applicants": (0.98, 0.97),
    "country": (1.0, 1.0),
    "consortium": (1.0, 1.0),
    "amount": (1.0, 1.0),
    "share": (1.0, 1.0),
    "duration": (1.0, 1.0),
    "stage": (1.0, 1.0),
    "invited": (1.0, 1.0),
    "all": (0.99, 0.98),
}
"""Precision and recall over the judged sentences, by which the readers were mended since."""

shared = pytest.mark.skipif(
    not bench.SHARED.is_dir(), reason="the shared evaluation data is not here"
)


def test_each_call_is_judged_once_for_every_fact() -> None:
    first, every = bench.read_judgements(), bench.read_all_judgements()
    assert len(first) == 60
    assert len(every) > 240
    names = [(one.source, one.name) for one in every]
    assert len(set(names)) == len(names)
    for one in every:
        assert set(one.true) == set(FACT_NAMES)
        for name, terms in one.true.items():
            for value in bench.fact_values(name, terms):
                assert value.terms() <= terms
    swedish = [one for one in first if _swedish(one.source, one.name)]
    assert len(swedish) == 30
    assert {one.half for one in first} == set(bench.HALVES)


def _swedish(source: str, name: str) -> bool:
    marks = ("_sv.txt", "energimyndigheten", "hjart_lungfonden", "ansokningsomgang", "dgate")
    return any(mark in source for mark in marks) or ("eu_sedia" in source and name == "0")


@pytest.fixture(scope="module")
def results() -> list[bench.CallResult]:
    return bench.score_calls()


@pytest.mark.slow
@shared
def test_the_judged_calls_are_read_as_well_as_promised(results: list[bench.CallResult]) -> None:
    scores = bench.scores_by_fact(results)
    for name, one in scores.items():
        if one.right + one.missed >= FEWEST:
            assert one.precision >= PRECISION, (name, one)
            assert one.recall >= RECALL, (name, one)
        assert one.wrong_fails == 0, (name, one)
    assert scores["all"].right > 450


@pytest.mark.slow
@shared
@pytest.mark.parametrize("batch", bench.BATCHES)
def test_no_batch_is_read_worse_than_the_floor(results: list[bench.CallResult], batch: str) -> None:
    whole = bench.scores_by_fact(one for one in results if one.judged.batch == batch)["all"]
    assert whole.right > 30
    assert whole.precision >= PRECISION
    assert whole.recall >= RECALL


@pytest.mark.slow
@shared
def test_every_quote_of_the_judged_calls_is_verbatim() -> None:
    quotes = 0
    for one in bench.read_all_judgements():
        call = read_call(bench.SHARED, one.source, one.name)
        for fact in extract_facts(call):
            assert fact.quote is not None
            if fact.general:
                assert fact.quote.text in getattr(call, fact.quote.field)
                continue
            text = getattr(call, fact.quote.field)[fact.quote.lang]
            assert text[fact.quote.start : fact.quote.end] == fact.quote.text
            quotes += 1
    assert quotes > 100


@pytest.mark.slow
def test_the_judged_sentences_are_short_and_of_known_values() -> None:
    with bench.SENTENCES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) > 250
    sentences = {(row["call"], row["heading"], row["sentence"]) for row in rows}
    assert len(sentences) == len(rows)
    for row in rows:
        assert 0 < len(row["sentence"]) <= 300
        assert row["heading"]
        assert row["language"] in {"sv", "en"}
    for result in bench.score_sentences():
        assert set(result.judged.true) == set(FACT_NAMES)
        for name, terms in result.judged.true.items():
            for value in bench.fact_values(name, terms):
                assert value.terms() <= terms


@pytest.mark.slow
def test_no_judged_sentence_is_read_worse_than_it_was() -> None:
    scores = bench.scores_by_fact(bench.score_sentences())
    for name, (precision, recall) in STATED.items():
        assert scores[name].precision >= precision, (name, scores[name])
        assert scores[name].recall >= recall, (name, scores[name])
    assert scores["all"].wrong_fails == 0


@pytest.mark.slow
def test_a_clone_without_the_shared_calls_can_measure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main([str(tmp_path / "nowhere")]) == 1
    assert "--sentences" in capsys.readouterr().out
    assert bench.main(["--sentences", "-v"]) == 0
    shown = capsys.readouterr().out
    assert "all sentences: 282 sentences" in shown
    assert "language sv: 155 sentences" in shown
    assert "It says nothing of whole calls" in shown


def test_a_first_look_says_so_where_no_unseen_calls_are_judged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "UNSEEN", tmp_path / "gate_facts_i.tsv")
    assert bench.main(["--first-look", str(tmp_path)]) == 1
    assert "gate_facts_i.tsv is not there" in capsys.readouterr().out


def test_a_wrong_fail_is_found_and_counts_twice() -> None:
    true = frozenset({"government_county", "government_municipal"})
    read = bench.fact_values("applicants", frozenset({"for_profit_small_business"}))
    fact = Fact(name="applicants", value=read[0], confidence=0.95)
    assert bench.count_wrong_fails("applicants", [fact], true) == 1
    assert bench.count_wrong_fails("applicants", [fact.replaced(confidence=0.8)], true) == 0
    assert bench.FactScore(right=8, wrong=1, wrong_fails=1).precision == pytest.approx(0.8)
    assert bench.FactScore(right=8, missed=2).recall == pytest.approx(0.8)
