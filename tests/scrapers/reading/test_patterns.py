"""Files of patterns: what they may say, what they become, and what is said of a wrong one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scrapers.reading.patterns import PatternError, Patterns, load

SHOWN = 'why = "w"\nexamples = ["e"]\ncounter_examples = ["c"]\n'


def made(content: str) -> Patterns:
    return Patterns("some.toml", "tests", tomllib.loads(content))


def test_a_pattern_is_verbose_and_ignores_case() -> None:
    patterns = made(f"[limit]\n{SHOWN}pattern = '''\n  up\\ to  # a ceiling\n'''")
    assert patterns.limit.flags & (re.VERBOSE | re.IGNORECASE)
    assert patterns.limit.search("Up to 3")
    assert not patterns.limit.search("upto")
    assert patterns.limit is patterns["limit"]


@pytest.mark.parametrize(
    ("flag", "pattern", "text"),
    [("multiline", "^b$", "a\nb"), ("dotall", "a.b", "a\nb"), ("ascii", r"\Bé", "aéa")],
)
def test_flags_are_said_by_the_file(flag: str, pattern: str, text: str) -> None:
    plain = made(f"[one]\n{SHOWN}pattern = '{pattern}'").one.search(text)
    said = made(f"[one]\n{SHOWN}pattern = '{pattern}'\nflags = ['{flag}']").one.search(text)
    assert bool(plain) != bool(said)


def test_a_pattern_may_heed_case() -> None:
    one = made(f"[one]\n{SHOWN}pattern = 'SEK'\nflags = ['case-sensitive']").one
    assert one.search("SEK")
    assert not one.search("sek")


def test_a_pattern_is_composed_of_patterns_parts_and_words() -> None:
    patterns = made(
        "[parts]\nday = '''\\d{1,2}  # of a month'''\n"
        "[words]\nmonths = ['jan', 'januari', 'a.b c']\n"
        f"[date]\n{SHOWN}pattern = '{{{{day}}}}[ ]{{{{months}}}}'\n"
        f"[dates]\n{SHOWN}pattern = '{{{{date}}}}-{{{{date}}}}'\n"
    )
    found = patterns.date.search("den 13 januari")
    assert found is not None
    assert found.group() == "13 januari"
    assert patterns.date.search("1 a.b c")
    assert not patterns.date.search("1 axb c")
    assert patterns.dates.search("1 jan-2 jan")
    assert patterns.mentions("date") == {"day", "months"}
    assert (patterns.parts(), patterns.lists()) == (("day",), ("months",))


def test_words_may_stand_for_something() -> None:
    patterns = made("[words]\nmonths = { 1 = ['January', 'jan'], 5 = ['may'] }")
    assert patterns.words("months") == ("January", "jan", "may")
    assert patterns.meanings("months") == {"january": "1", "jan": "1", "may": "5"}


def test_a_group_keeps_its_order_and_says_what_its_patterns_share() -> None:
    patterns = made(
        "[labels]\nwhy = 'w'\nmatch = 'fullmatch'\n"
        "[labels.opens]\npattern = 'öppnar'\nexamples = ['e']\ncounter_examples = ['c']\n"
        f"[labels.'closes or ends']\n{SHOWN}pattern = 'stänger'\nmatch = 'match'\n"
    )
    assert list(patterns.group("labels")) == ["opens", "closes or ends"]
    assert patterns.group("labels")["opens"] is patterns["labels.opens"]
    assert patterns.rules["labels.opens"].match == "fullmatch"
    assert patterns.rules["labels.closes or ends"].match == "match"


def test_an_unknown_name_is_said() -> None:
    patterns = made("")
    with pytest.raises(AttributeError, match=r"some.toml has no pattern 'limit'"):
        patterns.limit  # noqa: B018
    with pytest.raises(KeyError, match="no group 'labels'"):
        patterns.group("labels")
    with pytest.raises(KeyError, match="no words 'months'"):
        patterns.words("months")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("pattern = 'x'", r"some\.toml: 'pattern' stands outside of a table"),
        ("[one]\npattern = 'x'", r"some\.toml \[one\] why: field required"),
        (f"[one]\n{SHOWN}patern = 'x'", r"\[one\] pattern: field required"),
        (f"[one]\n{SHOWN}pattern = 'x'\nnote = 'n'", r"\[one\] note: extra inputs"),
        ("[one]\nwhy = ' '\npattern = 'x'", r"\[one\] why: .*at least 1 character"),
        (
            "[one]\nwhy = 'w'\npattern = 'x'\nexamples = []\ncounter_examples = ['c']",
            r"\[one\] examples: .*at least 1 item",
        ),
        (
            "[one]\nwhy = 'w'\npattern = 'x'\nexamples = ['e']",
            r"\[one\] counter_examples: field required",
        ),
        (f"[one]\n{SHOWN}pattern = 'x'\nflags = ['loud']", r"\[one\] flags\.0"),
        (f"[one]\n{SHOWN}pattern = 'x'\nmatch = 'find'", r"\[one\] match"),
        (f"[labels.one]\n{SHOWN}pattern = 1", r"\[labels\.one\] pattern: .*valid string"),
        (f"[group]\n{SHOWN}pattern = 'x'", r"\[group\]: the name is taken"),
        (f"[words]\none = ['a']\n[one]\n{SHOWN}pattern = 'x'", r"name stands twice: \['one'\]"),
        ("[words]\nmonths = 'jan'", r"\[words\] months"),
        ("[uses]\n'a.toml' = ['x']\n'b.toml' = ['x']", "name stands twice"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(content: str, complaint: str) -> None:
    with pytest.raises(PatternError, match=complaint):
        made(content)


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("(x", r"some\.toml \[one\]: no pattern: missing \)"),
        ("{{months}}", r"\[one\]: nothing is called 'months'"),
        ("x {{one}}", r"\[one\]: 'one' is made of itself"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_said(pattern: str, complaint: str) -> None:
    patterns = made(f"[one]\n{SHOWN}pattern = '{pattern}'")
    with pytest.raises(PatternError, match=complaint):
        patterns.one  # noqa: B018


def test_a_word_with_two_meanings_is_refused() -> None:
    patterns = made("[words]\nmonths = { 3 = ['mar', 'Mar'] }")
    with pytest.raises(PatternError, match="a word stands twice"):
        patterns.meanings("months")


def test_files_lend_each_other_what_they_are_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lent_readers").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "lent_readers" / "dates.toml").write_text(
        f"[words]\nmonths = ['maj']\n[day]\n{SHOWN}pattern = '\\d [ ] {{{{months}}}}'", "utf-8"
    )
    (tmp_path / "lent_readers" / "calls.toml").write_text(
        "[uses]\n'dates.toml' = ['day']\n'lent_readers:dates.toml' = ['months']\n"
        f"[until]\n{SHOWN}pattern = 'till [ ] {{{{day}}}}'",
        "utf-8",
    )
    patterns = load("calls.toml", package="lent_readers")
    assert patterns.until.search("till 3 maj")
    assert patterns.words("months") == ("maj",)
    assert patterns.used() == {
        "day": ("dates.toml", "lent_readers"),
        "months": ("dates.toml", "lent_readers"),
    }
    assert load("calls.toml", package="lent_readers") is patterns


@pytest.mark.parametrize(
    ("file", "content"), [("nowhere.toml", None), ("broken.toml", "[one"), ("latin.toml", b"\xe5")]
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, content: str | bytes | None
) -> None:
    package = f"unread_{file.partition('.')[0]}"
    (tmp_path / package).mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    if content is not None:
        written = content.encode() if isinstance(content, str) else content
        (tmp_path / package / file).write_bytes(written)
    with pytest.raises(PatternError, match=f"{file} of {package}: "):
        load(file, package=package)
