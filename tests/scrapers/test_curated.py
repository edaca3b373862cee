"""Calls kept by hand: every packaged entry is sound, says its sources, and admits its age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from scrapers.call import Call
from scrapers.errors import ShapeError
from scrapers.funder import Lost, funder, funders
from scrapers.page import Page
from scrapers.platforms.curated import CuratedFunder
from scrapers.run import parse_files

KEYS = [key for key, one in funders().items() if isinstance(one, CuratedFunder)]
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class NoNetwork:
    """A fetcher that must not be asked."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"{name} was called")


def calls_of(key: str) -> tuple[Call, ...]:
    report = parse_files(key, [Path(str(files("scrapers") / "curated" / f"{key}.toml"))])
    assert report.problems == ()
    assert report.publishable
    assert report.unread == {}
    return report.calls


def test_there_are_funders_of_every_level() -> None:
    assert len(KEYS) >= 12
    levels = {funder(key).level for key in KEYS}
    assert {"regional", "national", "nordic", "european", "international"} <= levels


@pytest.mark.parametrize("key", KEYS)
def test_every_packaged_entry_is_sound_and_needs_no_network(key: str) -> None:
    (page,) = funder(key).pages(NoNetwork())  # type: ignore[arg-type]  # it must not be used
    assert isinstance(page, Page)
    found = calls_of(key)
    assert found
    for call in found:
        assert call.id.startswith(f"{key}:")
        assert call.provenance.curated
        assert call.texts
        assert any(link.label.startswith("Source of: ") for link in call.links)


def test_an_entry_that_nobody_checked_lately_is_stale() -> None:
    call = calls_of("kks")[0]
    for checked, stale in ((None, True), (NOW - timedelta(days=200), True), (NOW, False)):
        day = checked.date() if checked else None
        provenance = call.provenance.model_copy(update={"checked_on": day})
        assert call.model_copy(update={"provenance": provenance}).stale(NOW) is stale
    read = call.provenance.model_copy(update={"curated": False})
    assert not call.model_copy(update={"provenance": read}).stale(NOW)


def read(source: str) -> list[Call]:
    kept = funder("kks")
    items = list(kept.items(Page("kks.toml", source.encode())))
    return [kept.call([item]) for item in items if not isinstance(item, Lost)]


ENTRY = '[[call]]\nid = "a"\nurl = "https://x.org"\ntitles = { en = "A" }\n'


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"[[call", "no TOML"),
        (b"\xff\xfe", "no UTF-8"),
        (b"", "no \\[\\[call\\]\\]"),
        (b"name = 1\n[[call]]\n", "outside of"),
    ],
)
def test_a_file_in_another_form_is_refused_in_words(source: bytes, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        list(funder("kks").items(Page("kks.toml", source)))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("colour = 1\n", "colour"),
        ("opens = 2026-13-01\n", "TOML"),
        ('opens = 2026-10-01\n[call.texts.en]\nwhat = "B"\n', "source"),
        ('[[call.deadlines]]\nkind = "soon"\n', "deadlines"),
    ],
)
def test_an_entry_with_a_fault_is_refused_in_words(more: str, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        read(ENTRY + more)


def test_an_id_that_stands_twice_is_lost_in_words() -> None:
    _, second = funder("kks").items(Page("kks.toml", (ENTRY + ENTRY).encode()))
    assert isinstance(second, Lost)
    assert "same id" in second.message
