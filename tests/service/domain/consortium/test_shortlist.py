"""Pilots for a call: who fits, what each brings, and who meets its rule together."""

from __future__ import annotations

import pytest

from index.embedding.encoder import HashEncoder
from index.search.hit import Hit
from scrapers.call import Call
from service.app import create_app
from service.cli.main import run
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.consortium.shortlist import Shortlist, make_shortlist
from service.domain.eligibility.gates import evaluate_gates
from service.domain.eligibility.verdict import Verdict
from service.domain.matching.call_card import make_card
from service.domain.matching.match import Match
from service.domain.matching.match_context import StoredCalls
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile
from service.jobs.reindex import reindex
from service.messages.words import words
from service.settings import Settings
from tests.service.conftest import NOW, a_call

RULE = "Projektet ska ha minst tre parter från minst två länder."


def the_call(rule: str = RULE) -> Call:
    return a_call("vinnova:2026-001", text=f"Vård av personer med hjärtsvikt i hemmet. {rule}")


def a_pilot(
    id_: str, *parties: tuple[ApplicantKind, str | None], title: str = "", name: str = ""
) -> Pilot:
    organisations = tuple(Party(kind=kind, country=land, name=name) for kind, land in parties)
    profile = Profile(organisations=organisations, country="SE") if parties else None
    text = f"Hjärtsvikt i hemmet\nPersoner med hjärtsvikt mäter vikt i hemmet. {id_}"
    return Pilot(id=id_, title=title or f"Pilot {id_}", text=text, language="sv", profile=profile)


def meet(*pilots: Pilot, call: Call | None = None) -> Shortlist:
    asked = call or the_call()
    hits = [Hit(asked.id, 0.9 - n / 10, ()) for n in range(len(pilots))]

    def explain(pilot: Pilot, hit: Hit) -> Match:
        return Match(
            call=make_card(StoredCalls(calls={asked.id: asked}, now=NOW), asked, "sv"),
            score=hit.score,
            parts=(),
            evidence=(),
            terms=(),
            gates=evaluate_gates(asked, NOW, pilot.profile),
        )

    ranked = list(zip(pilots, hits, strict=True))
    stored = StoredCalls(calls={asked.id: asked}, now=NOW)
    return make_shortlist(stored, asked, ranked, explain, considered=len(pilots))


SWEDES = a_pilot("swedes", (ApplicantKind.REGION, "SE"), (ApplicantKind.SMALL_COMPANY, "SE"))
FINNS = a_pilot("finns", (ApplicantKind.PUBLIC_UNIVERSITY, "FI"))
WHOLE = a_pilot(
    "whole",
    (ApplicantKind.REGION, "SE"),
    (ApplicantKind.CARE, "NO"),
    (ApplicantKind.RESEARCH, "SE"),
)


def test_two_pilots_meet_together_what_neither_meets_alone() -> None:
    found = meet(SWEDES, FINNS)
    assert found.rule is not None
    assert (found.rule.parties, found.rule.countries) == (3, 2)
    quote = found.rule.quotes[0]
    assert the_call().texts["sv"][quote.start : quote.end] == quote.text
    (one,) = found.together
    assert one.pilots == ("swedes", "finns")
    assert one.verdict is Verdict.PASS
    assert one.score == pytest.approx(0.85)
    said = " ".join(reason.en for reason in one.reasons)
    assert "asks for at least 3 parties and at least 2 countries" in said
    assert "Together they have 3 parties and 2 countries, which meets that." in said
    assert "“Pilot finns” adds 1 party, a public university and Finland." in said
    svenska = " ".join(reason.sv for reason in one.reasons)
    assert "Tillsammans har de 3 parter och 2 länder, vilket räcker." in svenska


def test_who_does_it_alone_comes_first_and_nobody_idle_is_added() -> None:
    found = meet(SWEDES, FINNS, WHOLE)
    assert [one.pilots for one in found.together] == [("whole",), ("swedes", "finns")]


def test_what_nobody_meets_is_told_by_who_comes_nearest_and_what_is_to_be_found() -> None:
    lone = a_pilot("lone", (ApplicantKind.CARE, "SE"), name="Sophiahemmet")
    found = meet(lone, SWEDES, call=the_call("Minst fyra parter från minst tre länder krävs."))
    (one,) = found.together
    assert (one.pilots, one.verdict) == (("lone", "swedes"), Verdict.FAIL)
    said = [(reason.en, reason.sv) for reason in one.reasons]
    assert said[1] == (
        "Together they have 3 parties and 1 country; still missing: 1 party and 2 countries.",
        "Tillsammans har de 3 parter och 1 land; det fattas 1 part och 2 länder.",
    )
    assert "those who come nearest are shown" in found.notes[0].en
    (alone,) = meet(lone, call=the_call()).together
    assert alone.reasons[1].en.startswith("It has 1 party and 1 country; still missing: 2")
    assert meet(a_pilot("silent")).together == (), "nobody says who takes part"


def test_pilots_that_say_nothing_take_no_place_of_those_that_do() -> None:
    silent = [a_pilot(f"silent{n}") for n in range(14)]
    found = meet(*silent, SWEDES, FINNS)
    assert [one.pilots for one in found.together] == [("swedes", "finns")]
    assert any("14 do not say who takes part" in note.en for note in found.notes)


def test_kinds_are_counted_where_the_call_asks_for_kinds() -> None:
    call = the_call("Minst två parter av minst två olika slag ska delta.")
    (one,) = meet(SWEDES, call=call).together
    assert one.reasons[1].en == "It has 2 parties and 2 kinds, which meets that."
    assert one.reasons[1].sv == "Den har 2 parter och 2 slag, vilket räcker."


def test_a_programmes_general_rules_are_told_as_such() -> None:
    named = "HORIZON Research and Innovation Actions"
    call = the_call("").model_copy(update={"keywords": (named,), "id": "eu_portal:T-1"})
    found = meet(SWEDES, call=call)
    assert found.rule is not None
    assert (found.rule.general, found.rule.sure) == (True, False)
    (one,) = found.together
    assert one.reasons[0].en == (
        f"The general rules for {named} ask for at least 3 parties and at least 3 countries; the "
        "call may set others."
    )
    assert f"De allmänna reglerna för {named} kräver" in one.reasons[0].sv


def test_what_a_pilot_brings_is_said_in_words_of_the_language() -> None:
    sentences = meet(WHOLE).pilots[0].reasons
    assert [one.sv for one in sentences][:3] == [
        "Utlysningen passar piloten bra.",
        "Med är en region, en vårdgivare och en forskningsorganisation.",
        "Parterna finns i Sverige och Norge.",
    ]
    assert sentences[0].en == "The call fits the pilot well."
    assert sentences[2].en == "The parties are in Sweden and Norway."


def test_a_country_is_named_of_a_region_too_and_an_unknown_code_stays() -> None:
    assert words("sv").country("se-ab") == "Sverige"
    assert words("en").country("QQ") == "QQ"


def test_the_same_party_in_two_pilots_counts_once() -> None:
    one = a_pilot("one", (ApplicantKind.REGION, "SE"), name="Region Stockholm")
    two = a_pilot("two", (ApplicantKind.REGION, "SE"), name="region stockholm")
    unnamed = a_pilot("three", (ApplicantKind.CARE, "SE"))
    again = a_pilot("four", (ApplicantKind.CARE, "SE"))
    abroad = a_pilot("five", (ApplicantKind.RESEARCH, "FI"))
    found = meet(one, two, unnamed, again, abroad)
    assert {frozenset(t.pilots) for t in found.together} == {
        frozenset({a, b, "five"}) for a in ("one", "two") for b in ("three", "four")
    } - {frozenset({"two", "four", "five"})}, "three are shown, the best fits of them"


def test_what_is_not_said_is_perhaps_and_who_says_nothing_is_asked() -> None:
    unplaced = a_pilot("unplaced", (ApplicantKind.REGION, "SE"), (ApplicantKind.CARE, "SE"))
    profile = Profile(
        organisations=unplaced.profile.organisations if unplaced.profile else (),
        partners=(Party(kind=ApplicantKind.RESEARCH),),
    )
    perhaps = unplaced.model_copy(update={"profile": profile})
    silent = a_pilot("silent")
    found = meet(perhaps, silent)
    assert [(t.pilots, t.verdict) for t in found.together] == [(("unplaced",), Verdict.UNKNOWN)]
    assert found.pilots[1].parties is None
    assert any("no profile" in reason.en for reason in found.pilots[1].reasons)
    assert any("one does not say who takes part" in note.en for note in found.notes)


def test_without_a_rule_pilots_are_listed_and_that_is_said() -> None:
    found = meet(SWEDES, call=the_call("Alla får söka."))
    assert found.rule is None
    assert found.together == ()
    assert found.pilots[0].kinds == ("government_county", "for_profit_small_business")
    assert any("no sentence about how many" in note.en for note in found.notes)
    nobody = meet()
    assert any("No pilot fits" in note.en for note in nobody.notes)


@pytest.mark.parametrize("title", ["money: x", "parties:3-", "{score} {0}", "kind:individual"])
def test_a_title_that_looks_like_our_own_signs_is_only_a_title(title: str) -> None:
    strange = a_pilot("finns", (ApplicantKind.PUBLIC_UNIVERSITY, "FI"), title=title)
    (one,) = meet(SWEDES, strange).together
    assert any(f"“{title}” adds" in reason.en for reason in one.reasons)


def test_a_condition_that_fails_is_told_beside_what_is_brought() -> None:
    call = the_call(f"{RULE} Endast kommuner får söka.")
    found = meet(FINNS, call=call)
    fails = [gate.name for gate in found.pilots[0].fails]
    assert "consortium" not in fails
    for gate in found.pilots[0].fails:
        assert gate.reason in [reason.en for reason in found.pilots[0].reasons]


@pytest.fixture
def filled(context: Context) -> Context:
    context.calls.upsert([the_call()], NOW)
    for pilot in (SWEDES, FINNS):
        context.pilots.add(pilot)
    far = Pilot(id="far", title="Vindkraft", text="Fundament i saltvatten.", language="sv")
    context.pilots.add(far)
    reindex(context)
    return context


def test_api_and_page_give_the_list_and_its_quotes_are_verbatim(filled: Context) -> None:
    client = create_app(filled).test_client()
    told = client.get("/api/v1/calls/vinnova:2026-001/pilots").get_json()
    assert told["considered"] == 3
    assert {one["id"] for one in told["pilots"]} == {"swedes", "finns"}
    assert len(told["together"]) == 1
    span = told["pilots"][0]["evidence"]["call"]
    text = getattr(the_call(), span["field"])[span["lang"]]
    assert text[span["start"] : span["end"]] == span["text"]
    assert len(client.get("/api/v1/calls/vinnova:2026-001/pilots?top=1").get_json()["pilots"]) == 1
    assert client.get("/api/v1/calls/vinnova:gone/pilots").status_code == 404
    assert client.get("/api/v1/calls/vinnova:2026-001/pilots?top=0").status_code == 422
    page = client.get("/calls/vinnova:2026-001/pilots?lang=sv").text
    assert "Piloter för utlysningen" in page
    assert "vilket räcker" in page
    assert "Vindkraft" not in page
    assert "/calls/vinnova:2026-001/pilots" in client.get("/calls/vinnova:2026-001").text


def test_a_pilot_is_read_once_even_by_another_process(
    filled: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = filled.pilot_queries(filled.pilots.all())
    monkeypatch.setattr(HashEncoder, "queries", lambda *_: pytest.fail("read again"))
    assert filled.pilot_queries(filled.pilots.all()) == first
    other = Context.open(filled.settings, HashEncoder).pilot_queries(filled.pilots.all())
    for one, again in zip(first, other, strict=True):
        assert (one.vectors == again.vectors).all()


def test_the_command(
    here: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Context, "_load_model", lambda _: HashEncoder())
    context = Context.open(here)
    context.calls.upsert([the_call()], NOW)
    for pilot in (SWEDES, FINNS):
        context.pilots.add(pilot)
    reindex(context)
    assert run(["pilots-for", "vinnova:2026-001", "--language", "sv"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert " + finns" in out or " + swedes" in out
    assert "vilket räcker" in out
    assert run(["pilots-for", "vinnova:2026-001", "--json"]) == 0
    assert Shortlist.model_validate_json(capsys.readouterr().out).considered == 2
    assert run(["pilots-for", "vinnova:gone"]) == 1
    assert "no call vinnova:gone" in capsys.readouterr().err
