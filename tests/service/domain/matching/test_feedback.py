from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from index.embedding.cache import VectorCache
from index.embedding.encoder import HashEncoder
from index.store.build import build
from service.cli.main import run
from service.context import Context
from service.domain.calls.documents import call_document
from service.domain.calls.duplicates.links import LinkState
from service.domain.matching.feedback import CurrentOpinions, Judgement, Opinion, current_judgements
from service.domain.pilots.pilot import Pilot
from service.errors import NotFoundError
from service.settings import Settings
from service.use_cases.feedback import judge_call
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call
from tests.service.new_store import fill_once

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def said(call: str, verdict: str, minutes: int = 0, by: str = "Ada") -> Judgement:
    return Judgement(
        pilot="hemma", call=call, verdict=verdict, by=by, at=AT + timedelta(minutes=minutes)
    )


def keep(context: Context, one: Judgement) -> Judgement:
    return judge_call(context, one.pilot, one.call, one.verdict, one.by, at=one.at)


def fill(context: Context) -> None:
    """Store a pilot, two calls nearly the same, one like them of another funder, one unlike."""
    context.pilots.add(
        Pilot(id="hemma", title="Hemma", text="Hjärtsvikt i hemmet, vård på distans")
    )
    calls = [
        a_call("vinnova:1", "Hjärtsvikt i hemmet 2025"),
        a_call(
            "vinnova:2", "Hjärtsvikt i hemmet 2026", text="Vård av personer med hjärtsvikt hemma."
        ),
        a_call("formas:3", "Hjärtsvikt i hemmet och på distans"),
        a_call("vinnova:4", "Vindkraft", text="Fundament till havs prövas i salt vatten."),
    ]
    context.calls.upsert(calls, NOW)
    cache = VectorCache(context.settings.data / "vectors.sqlite")
    build([call_document(call) for call in calls], HashEncoder(), context.snapshots, cache)
    cache.close()


@pytest.fixture
def stored(context: Context) -> Context:
    fill_once(context, "judged calls", fill)
    return context


def scores(context: Context, *, dismissed: bool = False) -> dict[str, float]:
    found = match_text(
        context,
        "Hjärtsvikt i hemmet, vård på distans",
        # said to be in a language of which no words are known: hashes know no translation
        language="nl",
        pilot_id="hemma",
        group=False,
        dismissed=dismissed,
    )
    return {match.call.id: match.score for match in found.matches}


def test_of_several_judgements_the_last_holds() -> None:
    given = [
        said("a", "relevant"),
        said("b", "applied", 1),
        said("a", "not-relevant", 2),
        said("c", "relevant", 3),
        said("c", "none", 4),
    ]
    assert [(one.call, one.verdict) for one in current_judgements(given)] == [
        ("a", "not-relevant"),
        ("b", "applied"),
    ]
    judged = CurrentOpinions(given)
    assert (set(judged.liked), set(judged.dismissed)) == ({"b"}, {"a"})
    assert judged.opinion_on("a") is Opinion.NOT_RELEVANT
    assert judged.opinion_on("c") is None
    assert judged
    assert not CurrentOpinions(given[3:])


def test_the_store_keeps_every_judgement_in_order(stored: Context, settings: Settings) -> None:
    given = [said("vinnova:1", "relevant"), said("vinnova:1", "none", 5, "Bo")]
    for one in given:
        keep(stored, one)
    again = Context.open(settings, HashEncoder)
    assert again.feedback.history("hemma") == given
    assert not again.feedback.opinions("hemma")
    assert again.feedback.history("other") == []


def test_judgements_go_with_their_pilot_but_not_with_their_call(stored: Context) -> None:
    stored.pilots.put(Pilot(id="ex", title="Ex", text="Exempel"), source="examples")
    keep(stored, said("vinnova:1", "relevant").model_copy(update={"pilot": "ex"}))
    keep(stored, said("vinnova:1", "relevant"))
    stored.pilots.remove_source("examples")
    assert stored.feedback.history("ex") == []
    stored.calls.remove_source("vinnova")
    assert len(stored.feedback.history("hemma")) == 1


def test_unknown_pilots_and_calls_are_refused(stored: Context) -> None:
    for wrong in (
        said("vinnova:9", "relevant"),
        said("vinnova:1", "none"),
        said("vinnova:1", "relevant").model_copy(update={"pilot": "nobody"}),
    ):
        with pytest.raises(NotFoundError):
            keep(stored, wrong)
    assert stored.feedback.history("hemma") == []


def test_calls_nearly_the_same_as_a_dismissed_one_fall_the_most(stored: Context) -> None:
    before = scores(stored)
    keep(stored, said("vinnova:1", "not-relevant"))
    after = scores(stored)
    assert "vinnova:1" not in after
    fall = {id_: before[id_] - after[id_] for id_ in after}
    assert fall["vinnova:2"] == pytest.approx(min(0.15, before["vinnova:2"]))
    assert fall["vinnova:2"] > fall["formas:3"] > 0
    assert fall["formas:3"] > fall["vinnova:4"]
    shown = scores(stored, dismissed=True)
    assert shown["vinnova:1"] < before["vinnova:1"]
    keep(stored, said("vinnova:2", "relevant"))
    assert scores(stored)["vinnova:2"] > after["vinnova:2"], "what somebody likes is no copy"


def test_without_a_pilot_or_judgements_the_ranking_is_the_same(stored: Context) -> None:
    text = "Hjärtsvikt i hemmet, vård på distans"
    plain = match_text(stored, text)
    assert match_text(stored, text, pilot_id="hemma") == plain
    keep(stored, said("vinnova:1", "relevant"))
    assert match_text(stored, text) == plain
    keep(stored, said("vinnova:1", "none"))
    assert match_text(stored, text, pilot_id="hemma") == plain


def test_a_judged_call_that_is_gone_moves_nothing(stored: Context) -> None:
    before = scores(stored)
    stored.calls.upsert([a_call("vinnova:new", "Ny")], NOW)
    keep(stored, said("vinnova:new", "relevant"))
    assert scores(stored) == before, "it is not indexed yet"


def test_copies_of_a_call_are_judged_as_one(stored: Context) -> None:
    text = "Hjärtsvikt i hemmet, vård på distans"
    stored.links.decide(("formas:3", "vinnova:1"), LinkState.CONFIRMED, (), AT)
    keep(stored, said("vinnova:1", "not-relevant"))
    assert not {"vinnova:1", "formas:3"} & scores(stored).keys()
    left_out = match_text(stored, text, pilot_id="hemma").left_out
    assert left_out["judged not relevant"] == 2
    keep(stored, said("formas:3", "applied", 1))
    found = match_text(stored, text, pilot_id="hemma", group=False).matches
    (shown,) = (m for m in found if m.call.id in {"vinnova:1", "formas:3"})
    assert shown.judged is Opinion.APPLIED, "the latest holds for all copies"
    keep(stored, said("vinnova:1", "none", 2))
    assert not stored.feedback.opinions("hemma")


@pytest.fixture
def command(stored: Context, here: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    assert stored.pilots.get("hemma")
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    return here


def test_the_command_judges_lists_and_takes_back(
    command: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command
    assert run(["feedback", "hemma"]) == 0
    assert "Nothing is said" in capsys.readouterr().out
    assert run(["feedback", "hemma", "vinnova:1", "not-relevant", "--by", "Ada"]) == 0
    assert run(["feedback", "hemma", "formas:3", "relevant", "--by", "Bo"]) == 0
    capsys.readouterr()
    assert run(["feedback", "hemma"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["relevant", "formas:3"],
        ["not-relevant", "vinnova:1"],
    ]
    assert "(Bo, 2" in lines[0]
    assert run(["feedback", "hemma", "vinnova:1", "none", "--by", "Ada"]) == 0
    capsys.readouterr()
    assert run(["feedback", "hemma", "--history", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["verdict"] for row in rows] == ["not-relevant", "relevant", "none"]


def test_match_leaves_dismissed_calls_out_unless_asked(
    command: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command
    run(["feedback", "hemma", "vinnova:1", "not-relevant", "--by", "Ada"])
    capsys.readouterr()
    assert run(["match", "--pilot", "hemma", "--no-groups"]) == 0
    text = capsys.readouterr().out
    assert "id: vinnova:1\n" not in text
    assert "1 by judged not relevant" in text
    assert run(["match", "--pilot", "hemma", "--no-groups", "--dismissed"]) == 0
    text = capsys.readouterr().out
    assert "id: vinnova:1\n" in text
    assert "· not-relevant" in text
    assert "feedback 0.000 = 0.000" in text, "what is dismissed has nothing left"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["nobody"], 1),
        (["hemma", "vinnova:1"], 2),
        (["hemma", "vinnova:1", "splendid", "--by", "Ada"], 2),
        (["hemma", "vinnova:1", "relevant"], 2),
        (["hemma", "vinnova:1", "relevant", "--by", " "], 2),
        (["hemma", "vinnova:1", "relevant", "--by", "A" * 101], 2),
        (["hemma", "vinnova:9", "relevant", "--by", "Ada"], 1),
        (["hemma", "vinnova:1", "none", "--by", "Ada"], 1),
    ],
)
def test_wrong_use_of_the_command_is_said(
    command: Settings, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int
) -> None:
    assert run(["feedback", *arguments]) == status
    assert capsys.readouterr().err
    assert Context.open(command, HashEncoder).feedback.history("hemma") == []


def test_the_table_is_made_by_the_migration(settings: Settings, tmp_path: Path) -> None:
    assert tmp_path
    Context.open(settings, HashEncoder)
    columns = inspect(create_engine(settings.database)).get_columns("feedback")
    assert {column["name"] for column in columns} == set(
        "key pilot_id call_id verdict given_by given_at".split()
    )
