"""Every funder's format, played by examples of our own: each gives exactly the calls beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from scrapers.call import Call
from scrapers.catalogue import all_funders, get_funder
from scrapers.platforms.curated import CuratedFunder
from scrapers.run import RunReport, parse_files

EXAMPLES = Path(__file__).parents[2] / "examples"
FEWEST = 3
CURATED = "curated"
"""Folder of the one form that all funders share whose calls are kept by hand."""


def folder(key: str) -> Path:
    by_hand = isinstance(get_funder(key), CuratedFunder)
    return EXAMPLES / (CURATED if by_hand else key)


def examples(key: str) -> list[Path]:
    paths = (path for path in folder(key).glob("*.*") if ".expected." not in path.name)
    return sorted(paths)


PLAYED = [key for key in all_funders() if folder(key).name != CURATED] + ["kks"]
ALL = [(key, path) for key in PLAYED for path in examples(key)]


def seen(call: Call) -> dict[str, Any]:
    """The call as JSON without where it was read, which a change of layout would change.

    Few calls have the moment of a decision; the others do without the name.
    """
    rare = {"closed_by"} if call.closed_by is None else set()
    fields = call.model_dump(mode="json", exclude={"provenance"} | rare)
    for section in (one for sections in fields["sections"].values() for one in sections):
        if section["url"] is None:  # of every section that is no attachment
            del section["url"]
    return fields


def expected(path: Path, report: RunReport) -> list[dict[str, Any]]:
    """The calls expected of an example; writes what came if there is no such file yet."""
    beside = path.with_suffix(".expected.jsonl")
    if not beside.exists():
        lines = [json.dumps(seen(call), ensure_ascii=False) for call in report.calls]
        beside.write_text("\n".join(lines) + "\n", encoding="utf-8")
        pytest.fail(f"{beside.name} was missing and has been written: read it, then commit it")
    return [json.loads(line) for line in beside.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("key", all_funders())
def test_every_funder_has_three_examples(key: str) -> None:
    assert len(examples(key)) >= FEWEST, f"write examples in {folder(key)}"


def test_every_folder_of_examples_has_a_funder() -> None:
    assert {path.name for path in EXAMPLES.iterdir()} == {folder(key).name for key in all_funders()}


@pytest.mark.parametrize(("key", "path"), ALL, ids=[f"{key}-{path.stem}" for key, path in ALL])
def test_example_gives_exactly_the_calls_beside_it(key: str, path: Path) -> None:
    report = parse_files(key, [path])
    assert [seen(call) for call in report.calls] == expected(path, report)
    assert report.calls
    assert report.complete
    assert report.publishable
    assert report.unread == {}, "the reader does not know these fields"
    assert all(call.provenance.source == key for call in report.calls)


@pytest.mark.parametrize(("key", "path"), ALL, ids=[f"{key}-{path.stem}" for key, path in ALL])
def test_no_person_gets_through(key: str, path: Path) -> None:
    out = "\n".join(call.model_dump_json() for call in parse_files(key, [path]).calls)
    for trace in ("Exempelsson", "Jane", "exempel@", "jane@", "555-0", "08-000"):
        assert trace not in out
