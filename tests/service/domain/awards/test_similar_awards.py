"""Projects paid before stand beside the calls of who paid them: with ties, quotes, and nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from index.embedding import encoder
from index.embedding.encoder import HashEncoder
from scrapers.award import Award, Organisation
from scrapers.call import Money, Provenance
from service.app import create_app
from service.cli.main import run
from service.context import Context
from service.domain.matching.match import Match
from service.jobs.reindex import reindex, reindex_awards
from service.messages.render import english
from service.settings import Settings
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call

pytestmark = pytest.mark.whole

PILOT = "Hjärtsvikt i hemmet\nPersoner med hjärtsvikt mäter vikt och blodtryck i hemmet."
HOME = "Hjärtsvikt i hemmet"


def an_award(
    id_: str = "vinnova:2024-00001",
    title: str = HOME,
    *,
    calls: Sequence[str] = (),
    funder: str = "Vinnova",
    coordinator: str | None = "Karolinska Institutet",
    text: str = "Få platser finns. Personer med hjärtsvikt mäter vikt i hemmet 🫀 varje dag. Slut.",
) -> Award:
    return Award(
        id=id_,
        funder=funder,
        titles={"sv": title},
        texts={"sv": text} if text else {},
        caller="vinnova" if calls else "",
        calls=tuple(calls),
        coordinator=Organisation(name=coordinator, country="SE") if coordinator else None,
        amount=Money(amount=Decimal(3_200_000), currency="SEK"),
        start=date(2024, 3, 1),
        url="https://www.vinnova.se/p/exempel",
        provenance=Provenance(source="vinnova"),
    )


def matched(context: Context, awards: Sequence[Award], pilot: str = PILOT) -> dict[str, Match]:
    """Store calls and awards, index both, and return the matches by call."""
    calls = [a_call("vinnova:2026-001"), a_call("forte:2026-7", "Hjärtsvikt hos äldre hemma")]
    context.calls.upsert(calls, NOW)
    context.awards.upsert(awards, NOW)
    reindex(context)
    reindex_awards(context)
    return {m.call.id: m for m in match_text(context, pilot, group=False).matches}


def test_only_the_funders_own_projects_stand_beside_a_call_with_their_facts(
    context: Context,
) -> None:
    other = an_award("swecris:9_Forte", "Hjärtsvikt i hemmet hos äldre", funder="Forte")
    matches = matched(context, [an_award(), other])
    (one,) = matches["vinnova:2026-001"].past
    assert one.award.id == "vinnova:2024-00001"
    assert one.award.coordinator == "Karolinska Institutet"
    assert (one.award.amount, one.award.currency) == (Decimal(3_200_000), "SEK")
    assert one.award.year == 2024
    assert one.why == "this funder"
    assert 0.3 <= one.similarity <= 1
    assert [p.award.id for p in matches["forte:2026-7"].past] == ["swecris:9_Forte"]


def test_the_quote_is_verbatim_at_its_offsets_in_code_points(context: Context) -> None:
    award = an_award()
    (one,) = matched(context, [award])["vinnova:2026-001"].past
    assert one.evidence is not None
    held = award.texts[one.evidence.lang]
    assert held[one.evidence.start : one.evidence.end] == one.evidence.text
    assert one.evidence.text.startswith("Personer med hjärtsvikt"), "the sentence nearest to it"
    bare = an_award(text="")
    context.awards.upsert([bare], NOW)
    reindex_awards(context)
    (one,) = match_text(context, PILOT, group=False).matches[0].past
    assert one.evidence is not None
    assert (one.evidence.field, one.evidence.text) == ("titles", HOME)


def test_ten_projects_are_quoted_the_first_beside_each_call_before_the_second(
    context: Context,
) -> None:
    words = "vikt blodtryck puls syre fall sömn smärta hosta feber yrsel trötthet oro".split()
    calls = [a_call(f"vinnova:2026-{n}", f"Hjärtsvikt och {w}") for n, w in enumerate(words)]
    context.calls.upsert(calls, NOW)
    awards = [
        an_award(f"vinnova:{n}-{m}", f"{HOME} {w} {m}", calls=[f"2026-{n}"])
        for n, w in enumerate(words)
        for m in range(2)
    ]
    matches = list(matched(context, awards).values())
    shown = [one for match in matches for one in match.past]
    quoted = {one.award.id for one in shown if one.evidence}
    assert len({one.award.id for one in shown}) > 10
    assert len(quoted) == 10
    assert sum(match.past[0].evidence is not None for match in matches) >= 9


def test_a_changed_award_is_not_quoted_until_it_is_indexed(context: Context) -> None:
    matched(context, [an_award()])
    context.awards.upsert([an_award(text="Något helt annat.")], NOW)
    (one,) = match_text(context, PILOT, group=False).matches[0].past
    assert one.evidence is None


def test_the_calls_own_projects_come_first_and_a_project_told_twice_comes_once(
    context: Context,
) -> None:
    awards = [an_award(f"vinnova:2023-0000{n}", f"{HOME} {n}") for n in range(4)]
    awards += [
        an_award("vinnova:2025-00001", "Hjärtsvikt och vikt", calls=["2026-001", "2019-1"]),
        an_award("swecris:2025-00001_Vinnova", "HJÄRTSVIKT  och vikt"),
    ]
    matches = matched(context, awards)["vinnova:2026-001"].past
    assert len(matches) == 3
    assert (matches[0].award.id, matches[0].why) == ("vinnova:2025-00001", "this call")
    assert {one.why for one in matches[1:]} == {"this funder"}
    titles = [one.award.title.casefold().split() for one in matches]
    assert titles.count(["hjärtsvikt", "och", "vikt"]) == 1


def test_what_is_not_like_the_pilot_is_not_shown(context: Context) -> None:
    wind = an_award("vinnova:2020-2", "Vindkraft till havs", text="Fundament i saltvatten.")
    assert matched(context, [wind])["vinnova:2026-001"].past == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anna Svensson", None),
        ("SVENSSON ANNA", None),
        ("Anna-Karin Öberg", None),
        ("KAROLINSKA INSTITUTET", "Karolinska Institutet"),
        ("Getinge AB", "Getinge AB"),
        ("Vinnova", "Vinnova"),
        ("FUNDACION TECNALIA RESEARCH & INNOVATION", "Fundacion Tecnalia Research & Innovation"),
    ],
)
def test_a_coordinator_is_an_organisation_never_a_person(
    context: Context, name: str, expected: str | None
) -> None:
    result = matched(context, [an_award(coordinator=name)])["vinnova:2026-001"].past
    assert [one.award.coordinator for one in result] == [expected]
    dumped = match_text(context, PILOT).model_dump_json()
    assert ("Svensson" in dumped, "Öberg" in dumped) == (False, False)


def test_the_query_is_encoded_once(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    matched(context, [an_award()])
    asked: list[str] = []
    real = HashEncoder.queries

    def counted(self: HashEncoder, texts: Sequence[str]) -> encoder.Vectors:
        asked.extend(texts)
        return real(self, texts)

    monkeypatch.setattr(HashEncoder, "queries", counted)
    new = f"{PILOT} Varje vecka ringer sköterskan."
    assert match_text(context, new).matches[0].past
    with_past = list(asked)
    asked.clear()
    monkeypatch.setattr(context.award_cache, "open_awards", lambda _: (None, None))
    other = f"{PILOT} Varje dag ringer sköterskan."
    assert match_text(context, other).matches[0].past == ()
    assert len(with_past) == len(asked)


def test_a_damaged_index_of_awards_takes_nothing_but_them(context: Context) -> None:
    matched(context, [an_award()])
    root = context.settings.award_snapshots
    snapshot = root / (root / "CURRENT").read_text().strip()
    (held,) = snapshot.rglob("documents.jsonl")
    held.write_text("{}")
    fresh = Context.open(context.settings, HashEncoder)
    result = match_text(fresh, PILOT)
    assert result.matches
    assert all(m.past == () for m in result.matches)
    assert any("index of awards" in english(note) for note in result.notes)


def test_reindex_encodes_only_awards_that_are_new(here: Settings, tmp_path: Path) -> None:
    del tmp_path
    context = Context.open(here, HashEncoder)
    assert reindex_awards(context) is None, "there are none"
    context.awards.upsert([an_award()], NOW)
    first = reindex_awards(context)
    assert first is not None
    assert first.documents == 1
    assert first.encoded > 0
    again = reindex_awards(context)
    assert again is not None
    assert again.unchanged
    context.awards.upsert([an_award("vinnova:2024-2", "Vindkraft", text="")], NOW)
    more = reindex_awards(context)
    assert more is not None
    assert (more.documents, more.encoded) == (2, 1)
    done = context.runs.last_good("reindex-awards", "")
    assert done is not None
    assert done.report["documents"] == 2


def test_the_command_indexes_both_and_shows_what_was_paid(
    here: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    context = Context.open(here)
    context.calls.upsert([a_call("vinnova:2026-001")], NOW)
    named = an_award("vinnova:1", "Vikt i hemmet", coordinator="Anna Svensson")
    context.awards.upsert([an_award(), named], NOW)
    assert run(["reindex"]) == 0
    assert "Indexed 2 awards in" in capsys.readouterr().out
    text = here.data / "pilot.txt"
    text.write_text(PILOT, "utf-8")
    assert run(["match", "--text", str(text)]) == 0
    out = capsys.readouterr().out
    assert "The funder has paid a project like it: “Hjärtsvikt i hemmet”" in out
    assert "(Karolinska Institutet, 3,200,000 SEK, 2024)" in " ".join(out.split())
    assert "Svensson" not in out


def test_the_page_shows_what_was_paid_in_the_readers_language(context: Context) -> None:
    hostile = an_award(title="Hjärtsvikt i hemmet <script>alert(1)</script>\u202e", text=PILOT)
    matched(context, [hostile])
    client = create_app(context).test_client()
    page = client.post("/?lang=sv", data={"text": PILOT}, follow_redirects=True).text
    assert "1 liknande projekt som fått pengar förut" in page
    assert "Fick pengar av samma finansiär" in page
    assert "3\N{NO-BREAK SPACE}200\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}SEK" in page
    assert "<script>" not in page
    assert "\u202e" not in page
    page = client.post("/?lang=en", data={"text": PILOT}, follow_redirects=True).text
    assert "Paid by this funder" in page
