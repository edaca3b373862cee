"""What `python -m bench.speed` measures, tried at tiny sizes with hashes in the model's place."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.speed.by_hand import ByHand
from bench.speed.clock import median_ratio, time_in_turns
from bench.speed.folders import DataFolder, write_examples
from bench.speed.growth import CLOCK, mixed_calls, mixed_vectors, passage_texts
from bench.speed.machine import machine_facts, memory_of, versions
from bench.speed.material import name_material, pilot_texts, real_calls
from bench.speed.plan import Plan
from bench.speed.rows import SkippedError
from bench.speed.server import Answer, Latencies
from bench.speed.stand_in import StandInEncoder, store_and_index, vector_of
from bench.speed.subjects.clients import latency_rows
from bench.speed.subjects.digests import digest_rows
from bench.speed.subjects.encoding import compare_encoders
from bench.speed.subjects.match_growth import match_rows
from bench.speed.subjects.reindex import reindex_rows
from bench.speed.subjects.vector_growth import search_rows
from bench.speed.trees import ROOT, Tree, before, here, run_timed
from index.embedding.encoder import HashEncoder, Vectors
from index.store.vectors.faiss import FaissVectors
from index.text.sentences import Span
from scrapers.call import Call, Status
from service.context import Context

pytestmark = pytest.mark.slow

SIZE = 30


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A plan without evaluation data: the examples stand in."""
    folder = tmp_path_factory.mktemp("bench")
    return replace(Plan.tiny(folder / "work"), sets=folder / "none", calls=40)


@pytest.fixture(scope="module")
def calls(plan: Plan) -> list[Call]:
    return real_calls(plan)


@pytest.fixture(scope="module")
def base() -> Vectors:
    drawn = np.random.default_rng(1).standard_normal((20, HashEncoder.dimension), np.float32)
    unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return unit


@pytest.fixture
def context(tmp_path: Path, plan: Plan, calls: list[Call], base: Vectors) -> Context:
    """Synthetic calls, indexed by the stand-in as if hashes had done it."""
    folder = DataFolder(tmp_path / "data", tmp_path / "examples")
    write_examples(folder.examples, mixed_calls(calls, SIZE), pilot_texts(plan)[0])
    facts = store_and_index(folder.settings(), base, HashEncoder())
    assert facts["seconds"] > 0
    assert facts["passages"] >= SIZE
    return Context.open(folder.settings(), load=HashEncoder)


def test_examples_stand_in_where_there_are_no_evaluation_data(plan: Plan) -> None:
    assert name_material(plan) == "40 example calls, 7 texts of example pilots"


def test_synthetic_calls_are_open_distinct_and_the_same_every_time(calls: list[Call]) -> None:
    made = list(mixed_calls(calls, SIZE))
    assert made == list(mixed_calls(calls, SIZE))
    assert made != list(mixed_calls(calls, SIZE, seed=17))
    assert len({call.id for call in made}) == SIZE
    assert len({text for call in made for text in call.texts.values()}) == SIZE
    assert {call.status(CLOCK) for call in made} == {Status.OPEN}
    known = {
        word.strip(".")
        for call in calls
        for text in call.texts.values()
        for word in text.lower().split()
    }
    words = [w.strip(".") for c in made for t in c.texts.values() for w in t.lower().split()]
    assert sum(word in known for word in words) > 0.95 * len(words)


def test_synthetic_vectors_are_unit_near_real_ones_and_the_same_every_time(base: Vectors) -> None:
    made = mixed_vectors(base, 50)
    assert made.shape == (50, base.shape[1])
    assert np.allclose(np.linalg.norm(made, axis=1), 1, atol=1e-5)
    assert np.array_equal(made, mixed_vectors(base, 50))
    assert (made @ base.T).max(axis=1).min() > 0.4
    assert np.array_equal(vector_of(base, "a text"), vector_of(base, "a text"))
    assert not np.array_equal(vector_of(base, "a text"), vector_of(base, "another"))


def test_the_spans_of_the_stand_in_sum_to_its_vector(base: Vectors) -> None:
    encoder = StandInEncoder(HashEncoder(), base)
    spans = [[Span(0, 3), Span(4, 7)], []]
    vectors, added = encoder.encode_with_spans(["one two", "three"], spans, asking=False)
    assert np.allclose(added[0].sum(axis=0), vectors[0], atol=1e-6)
    assert added[1].shape == (0, encoder.dimension)
    assert encoder.passages([]).shape == (0, encoder.dimension)
    assert encoder.fingerprint == HashEncoder.fingerprint


def test_encoders_are_compared_in_turns(plan: Plan, calls: list[Call]) -> None:
    texts = passage_texts(calls, 6)
    rows = compare_encoders(HashEncoder(), HashEncoder(), texts, pilot_texts(plan), rounds=2)
    first, rate, query, title = rows
    assert first.bound is not None
    assert (first.bound.floor, first.bound.aim) == (3.5, 5)
    assert first.passed is (first.value >= 3.5)
    assert rate.value > 0
    assert query.bound is not None
    assert query.bound.floor == 4
    assert title.bound is None
    assert "6 passages" in first.how


def test_ways_take_turns() -> None:
    called: list[str] = []
    ways = [lambda: called.append("a"), lambda: called.append("b")]
    spent = time_in_turns(ways, 3)
    assert called == ["a", "b", "b", "a", "a", "b"]
    assert [len(one) for one in spent] == [3, 3]
    assert median_ratio([2, 4, 9], [1, 1, 1]) == 4


def test_a_match_is_compared_with_encoding_and_a_bare_search(
    context: Context, plan: Plan, base: Vectors
) -> None:
    vectors = mixed_vectors(base, 60)
    ratio, match, bare = match_rows(context, vectors, pilot_texts(plan)[:4], SIZE)
    assert ratio.value > 1
    assert ratio.bound is None, "the bound is for the largest index"
    assert match.value > bare.value > 0
    assert "3 pilots' texts, 30 synthetic calls in 60 passages" in ratio.how


def test_an_exact_store_finds_what_an_exact_search_finds(base: Vectors) -> None:
    vectors = mixed_vectors(base, 500)
    recall, share, ours, exact = search_rows(FaissVectors.build(vectors), vectors, base[:5], 1)
    assert recall.value == 1
    assert share.value > 0
    assert (ours.place and ours.place.size) == (exact.place and exact.place.size) == 500
    assert recall.bound is None, "the bound is for a million"


def test_one_call_in_a_hundred_is_changed_and_indexed_again(
    tmp_path: Path, calls: list[Call]
) -> None:
    folder = DataFolder(tmp_path / "data", tmp_path / "examples")
    few = calls[:8]
    write_examples(folder.examples, few, "A pilot.")
    context = Context.open(folder.settings(), load=HashEncoder)
    again, build = reindex_rows(context, few, rounds=2)
    assert again.bound is not None
    assert again.bound.floor == pytest.approx(1 / 30)
    assert again.value > 0
    assert build.value > 0
    assert "8 real calls" in again.how
    assert "1 changed, 2 times" in again.how
    stored = [kept for call in few if (kept := context.calls.get(call.id))]
    ends = [text[-60:] for call in stored for text in call.texts.values()]
    assert sum("Round 1 brought" in end for end in ends) >= 1
    assert sum("Round 2 brought" in end for end in ends) >= 1


def test_the_ratios_of_the_digests_are_read() -> None:
    printed = (
        "ranked: 10.0 s (9.0 s of a core), 2.0 (1.8) times the product\n"
        "in all: 20.0 s (19.0 s of a core), 1.9 ms of a core a mail\n"
        "4.5 (3.9) times the product; 3000 MB at most\n"
    )
    whole, ranked = digest_rows(printed, "10 pilots x 100 calls")
    assert (whole.value, ranked.value) == (3.9, 2.0)
    assert whole.passed
    with pytest.raises(RuntimeError, match="no ratio"):
        digest_rows("nothing of the kind", "10 pilots x 100 calls")


def test_clients_are_compared_with_one_alone() -> None:
    alone = Latencies.of([Answer(0.1, 200)] * 4)
    many = Latencies.of([Answer(0.2, 200)] * 3 + [Answer(0.9, 503)])
    rows = {row.figure: row for row in latency_rows({1: alone, 4: many}, 4)}
    assert rows["p99 of match, one client"].value == 1
    assert rows["p50 of match, 4 clients"].value == pytest.approx(2)
    p99 = rows["p99 of match, 4 clients"]
    assert p99.bound is not None
    assert p99.bound.floor == 8
    assert p99.passed is False
    errors = rows["errors of match, all clients"]
    assert (errors.value, errors.passed) == (1, False)


def test_a_search_by_hand_finds_words_and_neighbours(tmp_path: Path) -> None:
    encoder = HashEncoder()
    texts = ["heart failure at home", "wind turbines at sea", "steel without coal"] * 2
    ByHand.build(tmp_path / "hand", texts, encoder.passages(texts))
    found = ByHand(tmp_path / "hand", encoder.queries)
    assert set(found.search("turbines in the wind", top=2)) == {1, 4}


def test_a_process_that_fails_is_said_with_its_errors(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; print(1); sys.exit('no model')"]
    with pytest.raises(RuntimeError, match="ended with 1: no model"):
        run_timed(command, {}, tmp_path)
    spent = run_timed([sys.executable, "-c", "assert input() == 'a'"], {}, tmp_path, "a\n")
    assert spent.clock > 0
    assert spent.cpu > 0


def test_trees_shadow_what_is_installed_and_bring_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNDSCOUT_PORT", "1")
    other = before(Plan(tmp_path, against=str(tmp_path)))
    assert other == Tree("before", tmp_path)
    assert (here().whose, other.whose) == ("fundscout", "fundscout before")
    environment = other.environment(tmp_path / "data")
    assert environment["PYTHONPATH"] == str(tmp_path)
    assert environment["FUNDSCOUT_EXAMPLES"] == str(tmp_path / "examples")
    assert "FUNDSCOUT_PORT" not in environment


def test_a_commit_that_git_does_not_know_is_skipped(tmp_path: Path) -> None:
    with pytest.raises(SkippedError, match="no commit 0123456789"):
        before(Plan(tmp_path, against="0123456789"))


def test_the_machine_is_described() -> None:
    facts = machine_facts()
    assert int(facts["cores"]) >= 1
    assert facts["memory"].endswith(" GiB")
    assert versions(ROOT)["numpy"] == np.__version__
    assert memory_of(1 << 30) == 0, "a process that is not there has none"
