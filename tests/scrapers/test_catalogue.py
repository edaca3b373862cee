"""Funders are found in our folders and in packages of their own; one that is broken hides none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from scrapers import catalogue
from scrapers.catalogue import all_funders, funder_faults, get_funder
from scrapers.errors import UnknownFunderError
from scrapers.http.page import Page
from service.cli import collect
from service.cli.main import run
from tests.scrapers.platforms.test_curated import HEAD, SOUND

OURS = len(catalogue.catalogue().funders)
"""How many funders are read, or kept by hand, without any package."""

READER = """
from scrapers.funders.ukri import Ukri  # imported, not brought: its key is taken

class Region(Ukri):
    key = "region_north"
    title = "Region North"
"""

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Return what puts a package and its dist-info where Python finds installed ones."""
    monkeypatch.syspath_prepend(tmp_path)

    def put(name: str, offers: str, files: dict[str, str]) -> None:
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        head = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        (info / "METADATA").write_text(head, "utf-8")
        (info / "entry_points.txt").write_text(f"[fundscout.funders]\n{offers}\n", "utf-8")
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(exist_ok=True)
            target.write_text(dedent(text), "utf-8")
        catalogue.catalogue.cache_clear()

    catalogue.catalogue.cache_clear()
    yield put
    catalogue.catalogue.cache_clear()


def test_without_packages_ours_are_there_and_nothing_is_refused() -> None:
    funders = all_funders()
    assert len(funders) >= 24
    assert list(funders) == sorted(funders)
    assert funder_faults() == ()


def test_a_class_in_a_package_of_its_own_is_found(install: Install) -> None:
    install("north-calls", "north = north_a:Region", {"north_a.py": READER})
    assert get_funder("region_north", "https://x.org").base == "https://x.org"
    assert len(all_funders()) == OURS + 1
    assert funder_faults() == ()


def test_a_package_brings_its_classes_and_its_files(install: Install) -> None:
    files = {"north_b/__init__.py": READER, "north_b/north_fund.toml": HEAD + SOUND}
    install("north-calls", "all = north_b", files)
    assert {"region_north", "north_fund"} <= set(all_funders())
    assert len(all_funders()) == OURS + 2
    (page,) = get_funder("north_fund").pages(None)  # type: ignore[arg-type]  # nothing is fetched
    assert isinstance(page, Page)
    assert page.body.decode() == HEAD + SOUND
    assert funder_faults() == ()


@pytest.mark.parametrize(
    ("offers", "files", "words"),
    [
        ("x = bad_a:X", {}, "cannot be loaded (fundscout.funders: x = bad_a:X): ModuleNotFound"),
        ("x = bad_b", {"bad_b.py": "1/0"}, "ZeroDivisionError: division by zero"),
        ("x = bad_c:X", {"bad_c.py": ""}, "AttributeError"),
        ("x = bad_d:X", {"bad_d.py": "X = 1"}, "offers no funder"),
        ("x = bad_e", {"bad_e/__init__.py": ""}, "name a class of Funder, or a package"),
        (
            "x = bad_f",
            {"bad_f/__init__.py": "", "bad_f/kks.toml": HEAD + SOUND},
            "the key 'kks', which is taken",
        ),
        (
            "x = bad_g",
            {"bad_g/__init__.py": "", "bad_g/new.toml": SOUND},
            "cannot be used: new.toml, [funder]: ",
        ),
        (
            "x = bad_h",
            {"bad_h/__init__.py": "", "bad_h/Not-A-Key.toml": HEAD + SOUND},
            "has the key 'Not-A-Key'",
        ),
        (
            "x = bad_i:X",
            {"bad_i.py": "from scrapers.funder import Funder\nclass X(Funder):\n    key = 'x_x'"},
            "does not say its title, home",
        ),
    ],
)
def test_a_broken_package_is_named_and_hides_nobody(
    install: Install, offers: str, files: dict[str, str], words: str
) -> None:
    install("north-calls", "north = north_c:Region", {"north_c.py": READER})
    install("broken-calls", offers, files)
    assert len(all_funders()) == OURS + 1
    (sentence,) = funder_faults()
    assert sentence.startswith("The package broken-calls ")
    assert words in sentence
    with pytest.raises(UnknownFunderError, match="broken-calls"):
        get_funder("no_such_funder")


def test_doctor_and_collect_name_the_package(
    install: Install,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("FUNDSCOUT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FUNDSCOUT_CONTACT", "https://example.org/who")
    install("broken-calls", "x = bad_j", {"bad_j.py": "1/0"})
    assert run(["doctor", "kks"]) == 1
    assert "- funders: The package broken-calls offers funders" in capsys.readouterr().out
    assert run(["collect", "kks"]) == 0
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(collect, "choose_funders", lambda *_: [get_funder("kks")])
    assert run(["collect"]) == 1
    output = capsys.readouterr()
    assert "The package broken-calls offers funders" in output.err
    assert "KK-stiftelsen: " in output.out
