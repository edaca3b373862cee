"""Calls kept by hand: every packaged entry is sound, says its sources, and admits its age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from scrapers.call import Call
from scrapers.catalogue import all_funders, get_funder
from scrapers.errors import ShapeError
from scrapers.funder import SourceItem
from scrapers.http.page import Failure, Page
from scrapers.platforms.curated import CuratedFunder, curated_funder
from scrapers.run import parse_files

KEYS = [key for key, one in all_funders().items() if isinstance(one, CuratedFunder)]
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
    levels = {get_funder(key).level for key in KEYS}
    assert {"regional", "national", "nordic", "european", "international"} <= levels


@pytest.mark.parametrize("key", KEYS)
def test_every_packaged_entry_is_sound_and_needs_no_network(key: str) -> None:
    (page,) = get_funder(key).pages(NoNetwork())  # type: ignore[arg-type]  # it must not be used
    assert isinstance(page, Page)
    found = calls_of(key)
    assert found
    for call in found:
        assert call.id.startswith(f"{key}:")
        assert call.provenance.curated
        assert call.texts
        assert any(link.label.startswith("Source of: ") for link in call.links)


ENTRY = '[[call]]\nid = "a"\nurl = "https://x.org"\ntitles = { en = "A" }\n'
SOUND = ENTRY + '[call.texts.en]\nwhat = "B"\n[call.sources]\nwhat = "https://x.org"\n'
HEAD = """
[funder]
title = "Ours"
home = "https://x.org"
level = "national"
zone = "Europe/Stockholm"
verified = "page text"
about = "What it funds."
"""


def test_a_file_says_who_its_funder_is(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(HEAD + SOUND, "utf-8")
    source = curated_funder(path)()
    assert (source.key, source.title, source.level) == ("ours", "Ours", "national")
    assert (source.interface, source.verified) == ("kept by hand", "page text")
    (page,) = source.pages(NoNetwork())  # type: ignore[arg-type]  # it must not be used
    assert isinstance(page, Page)
    (item,) = source.items(page)
    assert isinstance(item, SourceItem)
    assert source.call([item]).id == "ours:a"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (HEAD, "", "title: Field required"),
        ('zone = "Europe/Stockholm"', 'zone = "Stockholm"', "not an IANA time zone"),
        ('level = "national"', 'level = "local"', "level: "),
        ('verified = "page text"', 'verified = "surely"', "verified: "),
        ('home = "https://x.org"', 'home = "x.org"', "home: "),
        ("[funder]", '[funder]\nowner = "me"', "owner: "),
        ("[funder]", "[funder", "no TOML"),
    ],
)
def test_a_file_that_says_it_wrongly_is_refused(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    path = tmp_path / "ours.toml"
    path.write_text((HEAD + SOUND).replace(before, after), "utf-8")
    with pytest.raises(ShapeError, match=said) as refused:
        curated_funder(path)
    assert str(refused.value).startswith("ours.toml")


def test_an_entry_that_nobody_checked_lately_is_stale() -> None:
    call = calls_of("kks")[0]
    for checked, stale in ((None, True), (NOW - timedelta(days=200), True), (NOW, False)):
        day = checked.date() if checked else None
        provenance = call.provenance.model_copy(update={"checked_on": day})
        assert call.model_copy(update={"provenance": provenance}).stale(NOW) is stale
    read = call.provenance.model_copy(update={"curated": False})
    assert not call.model_copy(update={"provenance": read}).stale(NOW)


def read(source: str) -> list[Call]:
    kept = get_funder("kks")
    items = list(kept.items(Page("kks.toml", source.encode())))
    return [kept.call([item]) for item in items if not isinstance(item, Failure)]


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
        list(get_funder("kks").items(Page("kks.toml", source)))


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


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('what = "https://x.org"', "", "no source for what"),
        ('what = "https://x.org"', 'what = "somebody"', "does not begin with an address"),
        ("[call.sources]", '[call.sources]\nfunding = "https://x.org"', "which is not given"),
        ('id = "a"', 'id = "a"\nchecked = 2999-01-01', "yet to come"),
        ('id = "a"', 'id = "a"\nchecked = "lately"', "checked"),
        ('what = "B"', 'what = "B"\n[call.funding]\nmaximum = 5', "funding"),
        ('what = "B"', 'what = "B"\n[[call.deadlines]]\nkind = "fixed"', "no source for deadlines"),
        ('what = "B"', 'what = "B"\nwhom = "C"', "whom"),
    ],
)
def test_a_fact_without_its_source_is_refused(before: str, after: str, said: str) -> None:
    (call,) = read(SOUND)
    assert call.links[0].label == "Source of: what"
    assert before in SOUND
    with pytest.raises(ShapeError, match=said) as refused:
        read(SOUND.replace(before, after))
    assert "kks.toml line 1, call 'a'" in str(refused.value)


@pytest.mark.parametrize(
    ("table", "source", "said"),
    [
        ("[call.funding]\nmaximum = 5", "funding", "currency"),
        ('[call.funding]\ncurrency = "SEK"\nminimum = 6\nmaximum = 5', "funding", "minimum"),
        ('[[call.deadlines]]\nkind = "announced"', "deadlines", "needs a text"),
        ('[[call.deadlines]]\nkind = "fixed"', "deadlines", "needs a date"),
        ('[[call.deadlines]]\nkind = "rolling"\nat = 2026-01-01', "deadlines", "no date"),
    ],
)
def test_a_sourced_fact_must_make_sense(table: str, source: str, said: str) -> None:
    whole = SOUND.replace("[call.sources]", f'{table}\n[call.sources]\n{source} = "https://x.org"')
    with pytest.raises(ShapeError, match=said):
        read(whole)


def test_one_bad_entry_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "kks.toml"
    path.write_text(ENTRY + SOUND.replace('"a"', '"b"'), "utf-8")
    report = parse_files("kks", [path])
    assert [call.id for call in report.calls] == ["kks:b"]
    assert not report.complete
    assert "call 'a'" in report.problems[0][0]


def test_an_id_that_stands_twice_is_lost_in_words() -> None:
    _, second = get_funder("kks").items(Page("kks.toml", (ENTRY + ENTRY).encode()))
    assert isinstance(second, Failure)
    assert "same id" in second.message
