"""Awards from a saved answer to the calls they stand beside, with the commands that people type."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from index.embedding.encoder import HashEncoder
from scrapers.award import Award
from scrapers.plurals import count_noun
from service.cli.main import run
from service.context import Context
from service.domain.awards.similar_awards import SimilarAwards
from service.domain.calls.funders import funder_of_award
from service.settings import Settings
from tests.scrapers.conftest import samples as samples  # noqa: PLC0414  a fixture of this file too
from tests.service.conftest import NOW, a_call
from tests.service.domain.awards.test_similar_awards import an_award

pytestmark = pytest.mark.whole

EXAMPLES = Path(__file__).parents[2] / "award_examples"
SAID = pytest.CaptureFixture[str]


@pytest.fixture
def opened(here: Settings, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    return Context.open(here)


def loaded(context: Context, register: str, files: Iterable[Path], capsys: SAID) -> list[Award]:
    """Parse, import and index the files of a register; return what is stored."""
    assert run(["parse-awards", register, *map(str, sorted(files))]) == 0, capsys.readouterr().err
    lines = context.settings.data / "awards.jsonl"
    lines.write_text(capsys.readouterr().out, encoding="utf-8")
    assert run(["import", "awards", str(lines)]) == 0
    awards = list(context.awards.all())
    calls = [a_call(f"{key}:1") for key in sorted({funder_of_award(award) for award in awards})]
    context.calls.upsert(calls, NOW)
    assert run(["reindex"]) == 0
    told = capsys.readouterr().out
    read = count_noun(len(awards), "award")
    assert f"Read {read}: {len(awards):,} new, 0 changed, 0 unchanged" in told
    return awards


def shown(context: Context, past: SimilarAwards, award: Award) -> list[str]:
    """Return the titles beside its funder's call, asked with the award's own words."""
    searcher = context.searcher()
    (language, title), *_ = award.titles.items()
    query = searcher.query(f"{title}\n{award.texts.get(language, '')}", language)
    call = context.calls.all()[f"{funder_of_award(award)}:1"]
    (beside,) = past.for_calls(query, [call], searcher, context.prior_activity().rounds)
    for one in beside:
        own = context.awards.get(one.award.id)
        said = [*own.titles.values(), *own.texts.values()] if own else []
        assert one.evidence is None or any(one.evidence.text in text for text in said)
    return [one.award.title.casefold() for one in beside]


def all_appear(context: Context, awards: list[Award]) -> None:
    past, note = context.similar_awards()
    assert past is not None, note
    for award in awards:
        titles = {title.casefold() for title in award.titles.values()}
        assert titles & set(shown(context, past, award)), award.id


@pytest.mark.parametrize(
    ("register", "names"),
    [
        ("cordis", ["project-rcn-290001_en.xml", "project-rcn-290003_en.json"]),
        ("formas", ["one_project.json"]),
        ("gdp_vr", ["vr_projects.json"]),
        ("swecris", ["search_answer.json"]),
        ("vinnova", ["two_languages.json"]),
    ],
)
def test_awards_of_every_register_load_and_stand_beside_calls_of_their_funder(
    opened: Context, capsys: SAID, register: str, names: list[str]
) -> None:
    folder = EXAMPLES / register.partition("_")[0]
    awards = loaded(opened, register, (folder / name for name in names), capsys)
    assert awards
    all_appear(opened, awards)


@pytest.mark.slow
@pytest.mark.parametrize(("register", "count"), [("cordis", 2), ("swecris", 60)])
def test_all_real_awards_load_and_stand_beside_calls_of_their_funder(
    opened: Context, capsys: SAID, samples: Path, register: str, count: int
) -> None:
    awards = loaded(opened, register, (samples / register).glob("*.*"), capsys)
    assert len(awards) == count
    all_appear(opened, awards)


def test_lines_that_are_no_awards_are_named_and_the_others_stored(
    opened: Context, capsys: SAID, tmp_path: Path
) -> None:
    good = an_award().model_dump_json()
    file = tmp_path / "awards.jsonl"
    file.write_text(f'{good}\n\nnot json\n{{"id": "vinnova:2"}}\n{good}\n', encoding="utf-8")
    assert run(["import", "awards", str(file)]) == 1
    told = capsys.readouterr()
    assert "Read 4 awards: 1 new, 0 changed, 0 unchanged, 3 refused." in told.out
    assert f"{file}, line 3, refused: Invalid JSON" in told.err
    assert f"{file}, line 4, refused: funder: Field required" in told.err
    assert f"{file}, line 5, refused: The id vinnova:2024-00001 stands on" in told.err
    assert [one.id for one in opened.awards.all()] == ["vinnova:2024-00001"]
    file.write_text("[]\n", encoding="utf-8")
    assert run(["import", "awards", str(file)]) == 1
    assert "holds no award; nothing was stored. Line 1:" in capsys.readouterr().err
    assert run(["import", "awards", str(tmp_path / "none.jsonl")]) == 1
    assert "cannot be read" in capsys.readouterr().err
