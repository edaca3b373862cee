"""One call or award that cannot be indexed is left out and named; all others are indexed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.embedding.encoder import HashEncoder, Vectors
from index.errors import IndexingError
from index.store.document import Document
from index.text.sentences import Span
from scrapers.call import Call
from service.cli.main import run
from service.context import Context
from service.domain.calls.documents import call_document
from service.jobs import health_checks
from service.jobs import reindex as jobs
from service.jobs.reindex import reindex, reindex_awards
from service.settings import Settings
from tests.service.conftest import NOW, a_call
from tests.service.sample_awards import an_award

BAD = "Oläslig"


class PickyEncoder(HashEncoder):
    """An encoder that fails at some texts."""

    def encode_with_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], *, asking: bool
    ) -> tuple[Vectors, list[Vectors]]:
        """Fail at a text with the bad word."""
        if any(BAD in text for text in texts):
            raise MemoryError("a word\nof 100,000 letters")
        return super().encode_with_spans(texts, spans, asking=asking)


@pytest.fixture
def picky(context: Context, monkeypatch: pytest.MonkeyPatch) -> Context:
    context._encoder = PickyEncoder()
    monkeypatch.setattr(Context, "_load_model", lambda _: PickyEncoder())
    return context


def store(context: Context, *titles: str) -> None:
    calls = [a_call(f"vinnova:{n}", title) for n, title in enumerate(titles)]
    context.calls.upsert(calls, NOW)


def test_a_call_that_cannot_be_encoded_is_left_out(picky: Context) -> None:
    store(picky, "Hjärtsvikt i hemmet", BAD, "Vindkraft till havs")
    report = reindex(picky)
    assert report.documents == 2
    assert report.left_out == {"vinnova:1": "MemoryError: a word of 100,000 letters"}
    assert picky.searcher().documents == {"vinnova:0", "vinnova:2"}
    assert picky.index_is_current(), "it is not tried again until something changes"
    (found,) = health_checks.check_left_out(picky)
    assert (found.name, found.ok) == ("calls", False)
    assert "1 call: vinnova:1 (MemoryError" in found.detail
    store(picky, "Hjärtsvikt i hemmet", "Läslig", "Vindkraft till havs")
    assert reindex(picky).left_out == {}
    assert list(health_checks.check_left_out(picky)) == []


def test_a_call_that_becomes_no_document_is_left_out(
    picky: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(call: Call) -> Document:
        if call.id == "vinnova:1":
            raise RecursionError
        return call_document(call)

    monkeypatch.setattr(jobs, "call_document", make)
    store(picky, "Hjärtsvikt i hemmet", "Vårdplan", "Vindkraft till havs")
    report = reindex(picky)
    assert (report.documents, report.left_out) == (2, {"vinnova:1": "RecursionError"})


def test_an_award_is_left_out_likewise(picky: Context) -> None:
    picky.awards.upsert([an_award("vinnova:1"), an_award("vinnova:2", title=BAD)], NOW)
    report = reindex_awards(picky)
    assert report is not None
    assert (report.documents, list(report.left_out)) == (1, ["vinnova:2"])


def test_when_everything_fails_it_is_no_fault_of_a_document(picky: Context) -> None:
    store(picky, BAD, f"{BAD} även den")
    with pytest.raises(MemoryError):
        reindex(picky)


def test_a_disk_that_fails_is_no_fault_of_a_document(
    picky: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jobs, "build", build)
    store(picky, "Hjärtsvikt i hemmet", "Vindkraft till havs")
    with pytest.raises(OSError, match="No space left"):
        reindex(picky)


def test_without_calls_there_is_nothing_to_index(context: Context) -> None:
    context._encoder = HashEncoder()
    with pytest.raises(IndexingError, match="nothing to index"):
        reindex(context)


def test_the_command_names_it_and_says_so_by_its_exit_status(
    here: Settings, picky: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    assert here.data == picky.settings.data
    store(picky, "Hjärtsvikt i hemmet", BAD)
    assert run(["reindex"]) == 4
    said = capsys.readouterr()
    assert "Indexed 1 call" in said.out
    assert "vinnova:1 is left out of the index: MemoryError: a word of 100,000 letters" in said.err
    assert np.isfinite(picky.searcher().corpus.data.subjects).all()
