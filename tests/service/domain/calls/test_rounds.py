"""Calls that come again: which calls are rounds of one, and when they usually open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from scrapers.call import Call, Deadline, DeadlineKind
from service.app import create_app
from service.context import Context
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.links import CallGroups, CallLink, DecidedBy, LinkState
from service.domain.calls.rounds import (
    PaidIdentifiers,
    Round,
    RoundIndex,
    RoundSource,
    UsualMonths,
    bare_title,
    find_usual_months,
    series_identifier,
)
from service.jobs.reindex import reindex, reindex_awards
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call
from tests.service.domain.awards.test_similar_awards import an_award

pytestmark = pytest.mark.whole


def a_round(
    id_: str,
    title: str = "Välfärdsteknik i hemmet",
    *,
    opens: str | None = None,
    closes: str = "2026-04-20",
    identifiers: Sequence[str] = (),
) -> Call:
    zone = ZoneInfo("Europe/Stockholm")
    ends = Deadline(
        kind=DeadlineKind.FIXED,
        zone="Europe/Stockholm",
        at=datetime.fromisoformat(closes).replace(hour=14, tzinfo=zone),
    )
    return a_call(id_, title).model_copy(
        update={
            "opens": datetime.fromisoformat(opens).replace(tzinfo=zone) if opens else None,
            "deadlines": (ends,),
            "identifiers": tuple(identifiers),
        }
    )


def three() -> list[Call]:
    return [
        a_round(
            f"vinnova:{y}-1", f"Välfärdsteknik i hemmet {y}", opens=f"{y}-02-0{day}", closes=end
        )
        for y, day, end in (
            (2024, 1, "2024-04-01"),
            (2025, 3, "2025-04-02"),
            (2026, 5, "2026-04-20"),
        )
    ]


def ids(rounds: Sequence[Round]) -> list[str]:
    return [one.id for one in rounds]


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Välfärdsteknik i hemmet 2025", "valfardsteknik i hemmet"),
        ("Välfärdsteknik i hemmet, våren 2026/27", "valfardsteknik i hemmet"),
        ("Second call for digital health, round 3", "for digital health"),
        ("Innovative SMEs 2024-2025", "innovative smes"),
        ("Öppen utlysning 2", ""),
        ("First open call for project grants", ""),
        ("RIZA Call for proposals", "riza call for proposals"),
        ("Scholarship Call (Avignon, France)", "scholarship call avignon france"),
        ("Partnership on Rare Diseases (ERDERA) (Phase 2)", "partnership on rare diseases"),
        ("2026", ""),
    ],
)
def test_a_title_without_year_and_round_is_kept_only_if_it_still_tells(
    title: str, bare: str
) -> None:
    assert bare_title(title) == bare


@pytest.mark.parametrize(
    ("identifier", "series"),
    [
        ("ERC-2026-POC", "ERC-POC"),
        ("HORIZON-MSCA-2025-PF-01-01", "MSCA-PF"),
        ("HORIZON-MSCA-2024-PF-01", "MSCA-PF"),
        ("HORIZON-EIC-2026-ACCELERATOR-01", "EIC-ACCELERATOR"),
        ("HORIZON-EIC-2023-PATHFINDERCHALLENGES-01-01", None),
        ("HORIZON-HLTH-2024-TOOL-05-06", None),
        ("HORIZON-MSCA-2025-COFUND-01-02", None),
        ("2026-01503", None),
    ],
)
def test_only_schemes_that_come_every_year_are_a_series(
    identifier: str, series: str | None
) -> None:
    assert series_identifier(identifier) == series


def test_rounds_are_the_earlier_ones_the_latest_first_and_say_when_it_opens() -> None:
    calls = three()
    rounds = RoundIndex(calls)
    newest = rounds.rounds_of(calls[2])
    assert ids(newest.rounds) == ["vinnova:2025-1", "vinnova:2024-1"]
    assert {one.why for one in newest.rounds} == {RoundSource.TITLE}
    assert newest.usually == UsualMonths(what="opens", months=(2,), years=(2024, 2025, 2026))
    assert rounds.identifiers(calls[2]) == {"2025-1", "2024-1"}
    assert rounds.rounds_of(calls[0]).rounds == ()
    assert rounds.rounds_of(calls[0]).usually is None, "one year is no custom"


def test_dates_that_are_only_planned_are_no_custom() -> None:
    calls = three()
    rounds = RoundIndex(calls)
    before = datetime(2026, 1, 15, tzinfo=UTC)
    assert rounds.rounds_of(calls[2], before).usually == UsualMonths(
        what="opens", months=(2,), years=(2024, 2025)
    )
    assert rounds.rounds_of(calls[2], before.replace(year=2025)).usually is None
    assert ids(rounds.rounds_of(calls[2], before).rounds) == ["vinnova:2025-1", "vinnova:2024-1"]


def test_where_openings_do_not_agree_the_closing_month_is_said() -> None:
    calls = [
        a_round(f"vinnova:{year}", opens=f"{year}-{month}-01", closes=f"{year}-11-03")
        for year, month in ((2024, "02"), (2025, "06"))
    ]
    assert find_usual_months(calls) == UsualMonths(what="closes", months=(11,), years=(2024, 2025))
    planned = datetime(2025, 10, 1, tzinfo=UTC)
    assert find_usual_months(calls, planned) is None


def test_what_stands_side_by_side_or_elsewhere_is_no_round() -> None:
    mine = a_round("vinnova:2026-1", opens="2026-02-01")
    parallel = a_round("vinnova:2026-2", opens="2026-02-10")
    elsewhere = a_round("forte:2025-1", opens="2025-02-01", closes="2025-03-01")
    other = a_round("vinnova:2025-3", "Vindkraft till havs", opens="2025-02-01")
    assert RoundIndex([mine, parallel, elsewhere, other]).rounds_of(mine).rounds == ()


def test_an_offer_holds_rounds_of_other_titles_but_not_at_the_eu_portal() -> None:
    mine = a_round("vinnova:2026-1", opens="2026-02-01", identifiers=["2026-1", "2020-9", "2019-1"])
    old = a_round("vinnova:2024-7", "Steget före", opens="2024-02-01", closes="2024-03-01")
    old = old.model_copy(update={"identifiers": ("2024-7", "2020-9", "2019-1")})
    programme = a_round("vinnova:2023-5", "Resor", opens="2023-05-01", closes="2023-06-01")
    programme = programme.model_copy(update={"identifiers": ("2023-5", "2021-2", "2019-1")})
    (one,) = RoundIndex([mine, old, programme]).rounds_of(mine).rounds
    assert (one.id, one.why) == ("vinnova:2024-7", RoundSource.OFFER)
    topics = [
        a_round(f"eu_portal:T-{n}", f"Ämne nummer {n} om hälsa", opens=f"202{n}-01-01")
        for n in (4, 5)
    ]
    topics = [t.model_copy(update={"identifiers": (t.native_id, "HORIZON-X")}) for t in topics]
    assert RoundIndex(topics).rounds_of(topics[1]).rounds == ()


def test_rounds_that_only_awards_name_are_told_with_their_year() -> None:
    paid = PaidIdentifiers(
        [
            ("vinnova", ("2023-04444", "2020-9")),
            ("vinnova", ("2023-04444", "2020-9")),
            ("eu_portal", ("ERC-2023-POC",)),
            ("eu_portal", ("ERC-2027-POC",)),
        ]
    )
    mine = a_round("vinnova:2026-1", identifiers=["2026-1", "2020-9"])
    poc = a_round("eu_portal:ERC-2026-POC", "ERC proof of concept grants")
    rounds = RoundIndex([mine, poc], paid=paid)
    (one,) = rounds.rounds_of(mine).rounds
    assert (one.id, one.year, one.awards, one.why) == (
        "vinnova:2023-04444",
        2023,
        2,
        RoundSource.OFFER,
    )
    assert ids(rounds.rounds_of(poc).rounds) == ["eu_portal:ERC-2023-POC"], "never a later one"


def test_a_record_with_new_dates_is_a_round_and_a_deadline_put_off_is_not() -> None:
    now = a_round("almi:lan", opens="2026-03-01")
    put_off = a_round("almi:lan", opens="2026-02-20", closes="2026-04-01")
    before = a_round("almi:lan", opens="2025-03-03", closes="2025-04-20")
    held = [(NOW, before), (NOW, put_off), (NOW, now)]
    result = RoundIndex([now], lambda _: held).rounds_of(now)
    assert [(one.year, one.why) for one in result.rounds] == [(2025, RoundSource.VERSION)]
    assert result.usually == UsualMonths(what="opens", months=(3,), years=(2025, 2026))
    assert RoundIndex([now], lambda _: held).identifiers(now) == frozenset()


def test_a_linked_call_is_a_round_whatever_its_title() -> None:
    mine = a_round("vinnova:2026-1", opens="2026-02-01")
    old = a_round("vinnova:2024-7", "Steget före", opens="2024-02-01")
    link = CallLink(
        a=old.id,
        b=mine.id,
        relation=Relation.REISSUE,
        state=LinkState.PROPOSED,
        evidence=(),
        decided_by=DecidedBy.MACHINE,
        decided_at=NOW,
    )
    gone = link.model_copy(update={"a": "vinnova:gone"})
    (one,) = RoundIndex([mine, old], links=CallGroups([link, gone])).rounds_of(mine).rounds
    assert (one.id, one.why) == (old.id, RoundSource.LINK)
    same = link.model_copy(update={"relation": Relation.SAME})
    assert RoundIndex([mine, old], links=CallGroups([same])).rounds_of(mine).rounds == ()


@pytest.mark.parametrize(
    ("opens", "expected"),
    [
        (["2024-02-01", "2025-03-01"], ("opens", (2, 3), (2024, 2025))),
        (["2024-12-30", "2025-12-01", "2026-12-02"], ("opens", (12,), (2024, 2025, 2026))),
        (["2024-12-30", "2025-12-01", "2027-01-02"], ("opens", (1, 12), (2024, 2025, 2027))),
        (["2023-02-01", "2024-02-01", "2025-02-07", "2026-06-01"], None),
        (["2023-12-30", "2025-01-02"], ("opens", (1, 12), (2023, 2025))),
        (["2024-02-01", "2025-06-01"], None),
        (["2025-02-01", "2025-02-20"], None),
        (["2024-02-01", "2024-05-01", "2024-09-01", "2025-02-01", "2025-05-01"], None),
        ([], None),
    ],
)
def test_a_month_is_said_only_when_two_years_agree_and_few_disagree(
    opens: list[str], expected: tuple[str, tuple[int, ...], tuple[int, ...]] | None
) -> None:
    calls = [
        a_round(f"vinnova:{n}", opens=day).model_copy(update={"deadlines": ()})
        for n, day in enumerate(opens)
    ]
    result = find_usual_months(calls)
    assert (result and (result.what, tuple(sorted(result.months)), result.years)) == expected


def test_without_openings_the_closing_month_is_said() -> None:
    calls = [a_round(f"vinnova:{y}", closes=f"{y}-09-1{y % 10}") for y in (2024, 2025)]
    assert find_usual_months(calls) == UsualMonths(what="closes", months=(9,), years=(2024, 2025))


def test_api_page_and_matches_tell_it_and_awards_of_earlier_rounds_come_first(
    context: Context,
) -> None:
    context.calls.upsert(three(), NOW)
    mine = "Välfärdsteknik i hemmet"
    old = an_award("vinnova:2024-9", f"{mine} i Solna", calls=["2024-1"], text=f"{mine} testas.")
    new = an_award("vinnova:2025-9", mine, text=f"{mine}.")
    context.awards.upsert([old, new], NOW)
    reindex(context)
    reindex_awards(context)
    match = match_text(context, mine, group=False).matches[0]
    assert match.call.id == "vinnova:2026-1"
    assert [(p.award.id, p.why) for p in match.past] == [
        ("vinnova:2024-9", "an earlier round"),
        ("vinnova:2025-9", "this funder"),
    ]
    assert match.usually is not None
    client = create_app(context).test_client()
    answer = client.get("/api/v1/calls/vinnova:2026-1").get_json()
    assert [(r["id"], r["year"], r["awards"]) for r in answer["rounds"]] == [
        ("vinnova:2025-1", 2025, 0),
        ("vinnova:2024-1", 2024, 1),
    ]
    assert answer["usually"] == {"what": "opens", "months": [2], "years": [2024, 2025, 2026]}
    page = client.get("/calls/vinnova:2026-1?lang=sv").text
    assert "Öppnar oftast i februari (2024, 2025, 2026)." in page
    assert "Tidigare omgångar" in page
    assert "1 projekt fick pengar" in page
    search = client.post("/", data={"text": mine}).headers["Location"].partition("?")[0]
    explained = client.get(f"{search}/calls/vinnova:2026-1?lang=en").text
    assert "Usually opens in February (2024, 2025, 2026)." in explained


def test_the_clock_of_rounds_is_the_funders() -> None:
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Stockholm"))
    calls = [
        a_call(f"vinnova:{n}").model_copy(update={"opens": late.replace(year=2025 + n)})
        for n in range(2)
    ]
    result = find_usual_months(calls)
    assert result is not None
    assert result.months == (2,), "it is February there"
