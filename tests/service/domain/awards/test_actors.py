"""Who funds a subject and who was funded: counted by organisation, by level, and never a person."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from index.embedding.encoder import HashEncoder
from scrapers.award import Award, Organisation
from scrapers.call import Level, Status
from scrapers.catalogue import all_funders
from service.app import create_app
from service.cli.main import run
from service.context import Context
from service.domain.awards.actors import (
    MIN_SIMILARITY,
    Actor,
    ActorExample,
    ActorKind,
    ActorList,
    find_awards_on_subject,
    find_calls_on_subject,
    latest_examples,
    survey_actors,
)
from service.domain.awards.focus_areas import FOCUS_AREAS, FocusAreaKey
from service.domain.pilots.pilot import Pilot
from service.jobs.reindex import reindex, reindex_awards
from service.messages.render import english
from service.settings import Settings
from tests.service.conftest import NOW, a_call
from tests.service.domain.awards.test_similar_awards import PILOT, an_award
from tests.service.new_store import fill_once

pytestmark = pytest.mark.whole

SUBJECT = "hjärtsvikt i hemmet"


def paid(
    id_: str, coordinator: str | None, *partners: tuple[str, str], funder: str = "Vinnova"
) -> Award:
    award = an_award(f"vinnova:{id_}", f"Hjärtsvikt i hemmet {id_}", funder=funder)
    leading = Organisation(name=coordinator, country="SE") if coordinator else None
    others = tuple(Organisation(name=name, country=country) for name, country in partners)
    return award.model_copy(update={"coordinator": leading, "partners": others})


def some_awards() -> list[Award]:
    return [
        paid("1", "KAROLINSKA INSTITUTET", ("Region Stockholm", "SE"), ("AALTO UNIVERSITY", "FI")),
        paid("2", "Karolinska Institutet (KI)", ("Karolinska institutet", "SE")),
        paid("3", "Anna Svensson", ("Fraunhofer Institut", "DE"), ("Mayo Clinic", "US")),
        an_award("vinnova:9", "Vindkraft", coordinator="Vattenfall AB", text="Fundament i havet."),
    ]


def fill(context: Context) -> None:
    calls = [a_call("vinnova:2026-001"), a_call("vinnova:2026-002", "Hjärtsvikt", day=21)]
    context.calls.upsert([*calls, a_call("forte:7", "Vindkraft", text="Till havs.")], NOW)
    context.awards.upsert(some_awards(), NOW)
    reindex(context)
    reindex_awards(context)


@pytest.fixture
def filled(context: Context) -> Context:
    fill_once(context, "actors", fill)
    return context


@pytest.fixture
def client(filled: Context) -> FlaskClient:
    return create_app(filled).test_client()


def ask(context: Context, kind: ActorKind | None = None, levels: Sequence[Level] = ()) -> ActorList:
    past, _ = context.similar_awards()
    calls = context.calls.all()
    return survey_actors(
        context.searcher(),
        past,
        calls,
        SUBJECT,
        NOW,
        funders=all_funders(),
        kind=kind,
        levels=levels,
    )


def by_name(result: ActorList) -> dict[str, Actor]:
    return {one.name: one for one in result.actors}


def test_one_organisation_under_all_its_spellings_with_what_it_was_paid(filled: Context) -> None:
    actors = by_name(ask(filled, ActorKind.ORGANISATION))
    ki = actors["Karolinska Institutet (KI)"]
    assert (ki.projects, ki.coordinated, ki.country) == (2, 2, "SE")
    assert ki.level is Level.NATIONAL
    (grants,) = ki.sums
    assert (grants.amount, grants.currency, grants.projects) == (Decimal(6_400_000), "SEK", 2)
    assert actors["Region Stockholm"].sums == (), "what a partner got is not known"
    assert {e.kind for e in ki.examples} == {"project"}


def test_funders_are_told_with_their_calls_and_projects(filled: Context) -> None:
    actors = by_name(ask(filled, ActorKind.FUNDER))
    vinnova = actors["Vinnova"]
    assert (vinnova.calls, vinnova.open_calls, vinnova.projects) == (2, 2, 3)
    assert vinnova.level is Level.NATIONAL
    assert vinnova.sums[0].amount == Decimal(9_600_000)
    assert {e.kind for e in vinnova.examples} == {"call", "project"}
    assert "Forte" not in actors, "nothing of it is on the subject"


def test_a_swedish_funder_has_its_own_name_whatever_a_register_calls_it(context: Context) -> None:
    award = paid("7", "KTH", funder="Swedish Research Council")
    context.calls.upsert([a_call("vinnova:2026-001")], NOW)
    context.awards.upsert([award], NOW)
    reindex(context)
    reindex_awards(context)
    assert "Vetenskapsrådet" in by_name(ask(context, ActorKind.FUNDER))
    call = a_call("vr:2026-1").model_copy(update={"funder": "VR"})
    context.calls.upsert([call], NOW)
    reindex(context)
    assert "VR" in by_name(ask(context, ActorKind.FUNDER)), "as its calls have it"


def test_persons_are_counted_with_the_projects_but_are_no_actors(filled: Context) -> None:
    everything = ask(filled)
    assert everything.projects == 3
    assert "Svensson" not in everything.model_dump_json()
    assert "Vattenfall AB" not in by_name(everything)


@pytest.mark.parametrize(
    ("level", "names"),
    [
        (Level.REGIONAL, {"Region Stockholm"}),
        (Level.NORDIC, {"Aalto University"}),
        (Level.EUROPEAN, {"Fraunhofer Institut"}),
        (Level.INTERNATIONAL, {"Mayo Clinic"}),
    ],
)
def test_levels_are_seen_from_sweden(filled: Context, level: Level, names: set[str]) -> None:
    assert set(by_name(ask(filled, levels=[level]))) == names


def test_without_awards_funders_are_found_and_the_lack_is_said(context: Context) -> None:
    context.calls.upsert([a_call("vinnova:2026-001")], NOW)
    reindex(context)
    result = ask(context)
    assert [one.kind for one in result.actors] == [ActorKind.FUNDER]
    assert any("collect-awards" in english(note) for note in result.notes)


def test_every_area_is_named_in_both_languages_and_has_words() -> None:
    assert set(FOCUS_AREAS) == set(FocusAreaKey)
    for focus in FOCUS_AREAS.values():
        assert focus.name.en
        assert focus.name.sv
        assert len(focus.words.split()) >= 8


def test_the_api_takes_one_subject_and_refuses_none_and_two(client: FlaskClient) -> None:
    answer = client.get(f"/api/v1/actors?q={SUBJECT}&kind=organisation&level=national").get_json()
    assert [one["name"] for one in answer["actors"]] == ["Karolinska Institutet (KI)"]
    assert (answer["total"], answer["calls"], answer["projects"]) == (1, 2, 3)
    assert client.get("/api/v1/actors?area=home_care").get_json()["area"] == "home_care"
    for wrong in ("", "?q=a&area=cancer", "?q=%20", "?area=moon", "?level=lunar&q=a", "?x=1&q=a"):
        answer = client.get(f"/api/v1/actors{wrong}")
        assert answer.status_code == 422, wrong
        assert answer.get_json()["errors"]
    assert client.get("/api/v1/actors?q=123").status_code == 422
    assert client.get("/api/v1/actors?pilot=nobody").status_code == 404


def test_a_stored_pilot_is_a_subject(client: FlaskClient, filled: Context) -> None:
    filled.pilots.add(Pilot(id="hemma", title="Hemma", text=PILOT, language="sv"))
    answer = client.get("/api/v1/actors?pilot=hemma&top=1").get_json()
    assert answer["actors"][0]["key"] == "vinnova"
    assert answer["total"] > 1


def test_the_page_lists_areas_then_actors_and_says_what_is_wrong(client: FlaskClient) -> None:
    empty = client.get("/actors?lang=sv").text
    assert "Vård hemma och på distans" in empty
    assert "<h3><bdi>" not in empty
    page = client.get(f"/actors?lang=sv&q={SUBJECT}").text
    assert "<h3><bdi>Karolinska Institutet (KI)</bdi></h3>" in page
    assert "2 som koordinator" in page
    assert "Svensson" not in page
    assert "organisation · nationell · sverige" in page.casefold()
    assert "2 utlysningar och 3 projekt i ämnet" in page
    assert client.get("/actors?q=x&level=lunar").status_code == 422
    missing = client.get("/actors?lang=sv&pilot=nobody")
    assert missing.status_code == 404
    assert "Det finns ingen pilot nobody." in missing.text


def test_an_area_or_a_pilot_stays_chosen_until_words_are_typed(
    client: FlaskClient, filled: Context
) -> None:
    filled.pilots.add(Pilot(id="hemma", title="Hemma hos oss", text=PILOT, language="sv"))
    area = client.get("/actors?lang=sv&q=&area=home_care&kind=funder").text
    assert '<h2 id="subject"><bdi>Vård hemma och på distans</bdi></h2>' in area
    assert '<input type="hidden" name="area" value="home_care">' in area
    assert "/actors?lang=sv&amp;area=cancer&amp;kind=funder" in area
    typed = client.get(f"/actors?lang=sv&q={SUBJECT}&area=home_care").text
    assert f'<h2 id="subject"><bdi>{SUBJECT}</bdi></h2>' in typed
    assert 'name="area"' not in typed
    assert "<bdi>Hemma hos oss</bdi></h2>" in client.get("/actors?pilot=hemma").text
    assert "/actors?pilot=hemma" in client.get("/pilots/hemma").text


def test_more_actors_are_a_link_away(client: FlaskClient) -> None:
    few = client.get(f"/actors?lang=en&q={SUBJECT}&top=1").text
    assert "Show more actors" in few
    assert "top=200" in few
    assert "Show more actors" not in client.get(f"/actors?lang=en&q={SUBJECT}").text


def test_what_is_near_a_subject_is_counted_once_and_only_that(filled: Context) -> None:
    searcher = filled.searcher()
    past, _ = filled.similar_awards()
    query = searcher.query(SUBJECT, "sv")
    on_calls = find_calls_on_subject(searcher, query, searcher.documents)
    assert {id_ for id_, _ in on_calls} == {"vinnova:2026-001", "vinnova:2026-002"}
    assert all(MIN_SIMILARITY <= similarity <= 1 for _, similarity in on_calls)
    assert find_calls_on_subject(searcher, query, ["vinnova:2026-001"])[0][0] == "vinnova:2026-001"
    assert find_calls_on_subject(searcher, query, ()) == []
    assert find_awards_on_subject(None, query) == []
    result = find_awards_on_subject(past, query)
    assert {award.id for award, _ in result} == {"vinnova:1", "vinnova:2", "vinnova:3"}
    assert all(similarity >= MIN_SIMILARITY for _, similarity in result)
    twin = paid("1", "KTH").model_copy(update={"id": "swecris:1_Vinnova"})
    filled.awards.upsert([twin], NOW)
    reindex_awards(filled)
    again, _ = filled.similar_awards()
    assert len(find_awards_on_subject(again, query)) == len(result), (
        "two registers hold the project"
    )


def test_examples_are_the_latest_of_the_nearest_open_calls_first() -> None:
    examples = [
        ActorExample(
            kind="project",
            id=f"vinnova:{n:02}",
            title="Projekt",
            year=2010 + n,
            funder="Vinnova",
            status=None,
            similarity=0.9 - n / 100,
            url=None,
        )
        for n in range(14)
    ]
    call = examples[0].model_copy(update={"kind": "call", "id": "vinnova:c", "status": Status.OPEN})
    shown = [one.id for one in latest_examples([*examples, call])]
    assert shown == ["vinnova:c", "vinnova:08", "vinnova:07"], "the farther are newer, not shown"


def test_the_command(
    here: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    context = Context.open(here)
    context.calls.upsert([a_call("vinnova:2026-001")], NOW)
    context.awards.upsert(some_awards(), NOW)
    assert run(["reindex"]) == 0
    capsys.readouterr()
    assert run(["actors", SUBJECT]) == 0
    out = capsys.readouterr().out
    assert "Karolinska Institutet (KI) (organisation, national, SE)" in out
    assert "2 projects, 2 as coordinator; 6,400,000 SEK in 2" in out
    assert "1 call, 1 open; 3 projects; 9,600,000 SEK in 3" in out
    assert "call 2026, open: Hjärtsvikt i hemmet (vinnova:2026-001)" in out
    assert "from 1 call and 3 projects on the subject." in out
    assert "Svensson" not in out
    assert run(["actors", SUBJECT, "--json", "--kind", "funder"]) == 0
    answer = ActorList.model_validate_json(capsys.readouterr().out)
    assert [one.key for one in answer.actors] == ["vinnova"]
    assert run(["actors", "--areas"]) == 0
    assert "home_care" in capsys.readouterr().out
    assert run(["actors"]) == 2
    assert "one of q, area and pilot" in capsys.readouterr().err
