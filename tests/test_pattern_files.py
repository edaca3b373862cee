"""Every file of patterns in the tree: its examples hold, code uses it, and a wheel carries it.

What a file may say is tested beside the loader; a file that says too little or too much does not
load. Here stands what only the whole tree can show.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from scrapers.reading.patterns import PatternExample, PatternRule, Patterns, load

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path
    for package in ("scrapers", "service")
    for path in (ROOT / package).rglob("*.toml")
    if path.parent != ROOT / "scrapers" / "curated"
)


def package_of(path: Path) -> str:
    return ".".join(path.parent.relative_to(ROOT).parts)


def loaded(path: Path) -> Patterns:
    return load(path.name, package=package_of(path))


RULES = [
    pytest.param(path, name, rule, id=f"{path.relative_to(ROOT)}-{name}")
    for path in FILES
    for name, rule in loaded(path).rules.items()
]


def tried(pattern: re.Pattern[str], rule: PatternRule, text: str) -> re.Match[str] | None:
    return {
        "search": pattern.search,
        "match": pattern.match,
        "fullmatch": pattern.fullmatch,
    }[rule.match](text)


@pytest.mark.parametrize(("path", "name", "rule"), RULES)
def test_a_pattern_finds_its_examples_and_leaves_the_others_alone(
    path: Path, name: str, rule: PatternRule
) -> None:
    pattern = loaded(path)[name]
    for example in rule.examples:
        shown = PatternExample(text=example) if isinstance(example, str) else example
        found = tried(pattern, rule, shown.text)
        assert found is not None, f"finds nothing in {shown.text!r}"
        assert shown.finds in (None, found.group()), f"finds {found.group()!r} in {shown.text!r}"
    for text in rule.counter_examples:
        found = tried(pattern, rule, text)
        assert found is None, f"finds {found and found.group()!r} in {text!r}"


def readers() -> Iterator[tuple[tuple[str, str], set[str]]]:
    """Yield each file that code loads, as (file, package), with the names that code takes."""
    for path in sorted(
        path for package in ("scrapers", "service") for path in (ROOT / package).rglob("*.py")
    ):
        tree = ast.parse(path.read_text("utf-8"))
        for held, file in held_patterns(tree, package_of(path)):
            yield file, set(taken(tree, held))


def held_patterns(tree: ast.Module, package: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the names of a module that hold a file's patterns: ``X = load("x.toml", ...)``."""
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=held)],
                value=ast.Call(
                    func=ast.Name(id="load"),
                    args=[ast.Constant(value=str(file))],
                    keywords=[ast.keyword(arg="package", value=place)],
                ),
            ):
                package_name = place.value if isinstance(place, ast.Constant) else package
                yield held, (file, str(package_name))


def taken(tree: ast.Module, held: str) -> Iterator[str]:
    """Yield what a module takes of ``held``: "name", or "group.*" for a whole group."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Name(id=name), attr="group" | "words" | "meanings" as kind
                ),
                args=[ast.Constant(value=str(wanted))],
            ) if name == held:
                yield f"{wanted}.*" if kind == "group" else wanted
            case ast.Attribute(value=ast.Name(id=name), attr=wanted) if name == held:
                yield wanted
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(wanted))) if (
                name == held
            ):
                yield wanted


def uses() -> dict[tuple[str, str], set[str]]:
    """Return the names of each file that code or other patterns use."""
    uses_by_file: dict[tuple[str, str], set[str]] = {
        (path.name, package_of(path)): set() for path in FILES
    }
    for file, names in readers():
        uses_by_file[file] |= names
    for path in FILES:
        patterns = loaded(path)
        own = uses_by_file[path.name, package_of(path)]
        for name in (*patterns.rules, *patterns.parts()):
            own |= patterns.mentions(name)
        for name, file in patterns.used().items():
            uses_by_file[file].add(name)
    return uses_by_file


USES = uses()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_in_a_file_is_without_use(path: Path) -> None:
    patterns = loaded(path)
    names = USES[path.name, package_of(path)]
    idle = [
        name
        for name in (*patterns.rules, *patterns.parts(), *patterns.lists(), *patterns.used())
        if name not in names and f"{name.partition('.')[0]}.*" not in names
    ]
    assert not idle, f"nothing uses {idle}"


def test_what_code_takes_is_there() -> None:
    for (file, package), names in readers():
        patterns = load(file, package=package)
        for name in names - set(dir(Patterns)):
            if name.endswith(".*"):
                assert patterns.group(name.removesuffix(".*"))
            elif name not in (*patterns.lists(), *patterns.used()):
                assert patterns[name]


def test_a_wheel_carries_every_file() -> None:
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    carried = {
        path
        for package, globs in data["package-data"].items()
        for glob in globs
        for path in ROOT.joinpath(*package.split(".")).glob(glob)
    }
    assert set(FILES) <= carried


TECHNICAL = {
    "awards/broken_csv.py": ["(?i:true|false)?"],
    "awards/cordis.py": [
        r"(?:^|/)organization\.(?:json|csv)$",
        r"(?:^|/)project(?:-[^/]*)?\.(?:json|csv|xml)$|\.xml$",
    ],
    "funders/formas.py": ["/(?:soka-finansiering/alla-utlysningar/utlysningar|en/start-page/"],
    "funders/forte.py": ["(?:/[^/]+)*/(?:utlysning|call|(?:utlysningar|calls)"],
    "funders/ukri.py": ["<!(?:doctype|entity)"],
    "funders/vr.py": ["/(?:[^/]+/)*(?:[^/]*utlysningar|[^/]*calls)/"],
    "platforms/councils.py": [r"\.(?:pdf|docx?|xlsx?)(?:$|\?)"],
    "platforms/labelled_pages.py": [r"<(?:!doctype html|html|head|body|main|div|article)\b"],
    "platforms/sedia_text.py": [r"<p>(?:\s|&nbsp;)*<a\s[^<>]*>[^<>]*</a>(?:\s|&nbsp;)*</p>"],
    "platforms/council_pages.py": [
        r"\A\s*URL\b[^\n]*?(?P<line>https?://\S+)[^\n]*\n|saved from url=",
        r"<(?P<tag>s|del|strike)\b[^<>]*>",
    ],
}
"""How the choices between words begin that stay in code: files, tags, paths, values of a format."""

SCRAPERS = ROOT / "scrapers"
READERS = ("reading", "platforms", "funders", "awards")


def patterns_in_code(path: Path) -> Iterator[str]:
    """Yield the patterns that a module gives to `re` as text."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=[first, *_]):
                pieces = [part.value for part in ast.walk(first) if isinstance(part, ast.Constant)]
                yield "".join(piece for piece in pieces if isinstance(piece, str))


def chooses_between_words(pattern: str) -> bool:
    """Whether ``pattern`` has a choice with a word of three letters or more in it."""
    bare = re.sub(r"\\.|\[[^\]]*\]|\(\?(?:P<\w+>|P=\w+|[a-zA-Z]+:)?", " ", pattern)
    return "|" in bare and bool(re.search(r"[^\W\d_]{3,}", bare))


def test_no_reader_keeps_its_words_in_code() -> None:
    paths = [path for folder in READERS for path in (SCRAPERS / folder).glob("*.py")]
    assert len(paths) > 40
    for path in paths:
        known = tuple(TECHNICAL.get(str(path.relative_to(SCRAPERS)), ()))
        kept = [one for one in patterns_in_code(path) if chooses_between_words(one)]
        assert [one for one in kept if not one.startswith(known)] == [], path
        assert [one for one in known if not any(k.startswith(one) for k in kept)] == [], path


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if SCRAPERS not in path.parents],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_no_reader_of_the_service_keeps_its_words_in_code(path: Path) -> None:
    reader = path.with_suffix(".py")
    assert [one for one in patterns_in_code(reader) if chooses_between_words(one)] == []


@pytest.mark.parametrize(
    ("pattern", "chooses"),
    [
        (r"\b(?:up to|högst)\b", True),
        (r"(?P<day>\d{1,2})|[a-zåäö]+", False),
        (r"\A\s*URL", False),
        (r"[;,\s]+|\n+", False),
    ],
)
def test_a_choice_between_words_is_told_from_marks(pattern: str, chooses: bool) -> None:
    assert chooses_between_words(pattern) == chooses
