"""What the text of a plain row says beside its fields: pot, awards, opening, decision, cut-offs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from scrapers.call import Call, Level, Status
from scrapers.remarks import Remark
from service.jobs.imports.rows import RowDefaults, call_from_row

PORTAL = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities"
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def call(**values: Any) -> Call:
    row = {"id": "A-1", "title": "Sensors at home", **values}
    return call_from_row(row, RowDefaults("Some funder", Level.NATIONAL))


def test_a_topic_closes_at_the_portals_hour() -> None:
    for number in ("HORIZON-HLTH-2027-01-CARE-03", "CERV-2027-DAPHNE", "ERASMUS-EDU-2027-PI-ALL"):
        url = f"{PORTAL}/topic-details/{number.lower()}"
        (one,) = call(id=number, url=url, deadline="2027-03-04").deadlines
        assert (f"{one.local():%H:%M}", one.text) == ("17:00", Remark.PORTAL_CLOSING.write())


ELSEWHERE: dict[str, dict[str, str]] = {
    "number": {"id": "EuropeAid/190001/DD/ACT/KE", "url": "topic-details/europeaid/190001/dd"},
    "reference": {"id": "190001", "url": "topic-details/190001", "reference": "190001PROSPECTSEN"},
    "programme": {"id": "CARE-2027", "url": "topic-details/care", "programme": "RELEX-PROSPECT"},
    "programme in words": {
        "id": "CARE-2027",
        "url": "topic-details/care",
        "programme": "EU External Action",
    },
    "address": {"id": "CARE-2027", "url": "topic-details/EuropeAid/190001/ED/ACT/Multi"},
    "a number that is no topic's": {"id": "190001", "url": "topic-details/190001"},
    "lot": {"id": "EuropeAid/190001/ID/ACT/Multi/1", "url": "topic-details/190001"},
}  # fmt: skip


@pytest.mark.parametrize("mark", ELSEWHERE)
def test_a_call_of_external_action_has_its_day_alone(mark: str) -> None:
    row = ELSEWHERE[mark]
    found = call(**{**row, "url": f"{PORTAL}/{row['url']}", "deadline": "2027-03-04"})
    (one,) = found.deadlines
    assert (one.date_only, one.text) == (True, Remark.HOUR_ELSEWHERE.write())
    assert f"{one.local():%Y-%m-%d}" == "2027-03-04"


CONTINUOUS = [
    {"call_title": "Continuous call for advice to clinics", "id": "EDF-2026-2028-CARE"},
    {"title": "Löpande utlysning: vård i hemmet 2028"},
    {"text": "The call is open continuously, with cut-offs twice a year."},
    {"title": "Rolling call for sensors"},
    {"text": "Utlysningen är löpande öppen och bedöms två gånger per år."},
    {"text": "This programme remains permanently open."},
]


@pytest.mark.parametrize("row", CONTINUOUS, ids=str)
def test_a_continuous_call_is_not_closed_by_its_one_day(row: dict[str, str]) -> None:
    found = call(deadline="2026-10-13", **row)
    assert [one.kind for one in found.deadlines] == ["cut-off", "announced"]
    assert found.status(datetime(2026, 9, 1, tzinfo=UTC)) is Status.OPEN
    assert found.status(NOW) is Status.FORTHCOMING
    assert found.status(datetime(2029, 6, 1, tzinfo=UTC)) is Status.CLOSED


def test_a_year_that_stands_for_none_does_not_keep_a_continuous_call_open() -> None:
    found = call(deadline="2026-10-13", title="Rolling call 2099")
    assert found.closed_by is not None
    assert f"{found.closed_by:%Y-%m-%d}" == "2027-10-13"


@pytest.mark.parametrize(
    "row",
    [
        {"title": "Open call (multi-cut-off)"},
        {"text": "Proposals are accepted on a rolling basis."},
        {"text": "Ansökningar tas emot löpande."},
    ],
    ids=str,
)
def test_where_only_applications_are_taken_all_the_time_the_day_is_a_cut_off(
    row: dict[str, str],
) -> None:
    (one,) = call(deadline="2027-03-04", **row).deadlines
    assert one.kind == "cut-off"


@pytest.mark.parametrize(
    "text",
    [
        "Applications are accepted on a rolling basis until 4 March 2027.",
        "We want continuous improvement and open source.",
        "Löpande kostnader täcks.",
        "Questions can be asked at any time.",
        "The call is open continuously until the final deadline.",
        "Tools for continuous care call for tests.",
    ],
)
def test_other_words_leave_the_day_as_it_is(text: str) -> None:
    (one,) = call(deadline="2027-03-04", text=text).deadlines
    assert one.kind == "fixed"


POTS = {
    "We are considering a total budget of EUR 12 000 000 for the call.": "12000000 EUR",
    "The Service plans to award up to $7 million in total awards under this notice.": "7000000 USD",
    "Estimated available funding: $4,004,000": "4004000 USD",
    "The funding available for this announcement is expected to be up to $900,000.": "900000 USD",
    "Small projects (with total budgets of up to $500,000) or larger ones.": "",
}
POTS_UNSEEN = {
    "The indicative budget for the topic is EUR 7 million.": "7000000 EUR",
    "The Department announces the availability of $25,000,000 for clinics.": "25000000 USD",
    "Utlysningens totala budget är 40 miljoner kronor.": "40000000 SEK",
    "Myndigheten avsätter 15 miljoner kronor i den här utlysningen.": "15000000 SEK",
    "A total of £3 million is available for this competition.": "3000000 GBP",
    "The total indicative budget is EUR 7 million for Area A and 5 million for Area B.": "",
    "Support to third parties has a maximum budget of EUR 60 000.": "",
    "The total budget of a project may be up to EUR 2 million.": "",
    "Last year the total budget was EUR 9 million.": "",
    "The total budget is EUR 9 million. The available budget is EUR 12 million.": "",
    "The call will distribute EUR 4.5 million in total.": "4500000 EUR",
    "Each project can get up to EUR 2 million.": "",
}


@pytest.mark.parametrize("text", [*POTS, *POTS_UNSEEN])
def test_the_pot_of_a_text_fills_an_empty_field(text: str) -> None:
    funding = call(text=text).funding
    total = funding.total if funding else None
    shown = f"{total.amount:f} {total.currency}" if total else ""
    assert shown == {**POTS, **POTS_UNSEEN}[text]


def test_the_field_counts_before_the_text() -> None:
    funding = call(text="The call has a total budget of SEK 9 million.", budget="5000000").funding
    assert funding is not None
    assert funding.total is not None
    assert funding.total.amount == 5_000_000


AWARDS = {
    "We anticipate funding one proposal at the full amount.": 1,
    "The institute plans to make three FIP awards.": 3,
    "Vi räknar med att finansiera 8 projekt.": 8,
    "The agency plans on funding up to six projects.": 6,
    "Two projects will be funded.": 2,
    "Centers are expected to support up to three research projects.": None,
    "We expect to fund between 5 and 13 projects.": None,
    "Each consortium will fund 5 projects.": None,
}


@pytest.mark.parametrize("text", AWARDS)
def test_the_number_of_awards_of_a_text(text: str) -> None:
    funding = call(text=text).funding
    assert (funding.expected_awards if funding else None) == AWARDS[text]


OPENINGS = {
    "Future: Open for applying 2026-12-26 14:00": "2026-12-26 14:00",
    "The call opens on 7 January 2027.": "2027-01-07 00:00",
    "Utlysningen öppnar den 7 januari 2027.": "2027-01-07 00:00",
    "Opening date for applications: 7 January 2027": "2027-01-07 00:00",
    "Öppen för ansökan från och med 2027-01-07": "2027-01-07 00:00",
    "The project starts on 7 January 2027.": "",
    "Questions about the call are answered from 7 January 2027.": "",
}


@pytest.mark.parametrize("text", OPENINGS)
def test_the_opening_of_a_text_fills_an_empty_field(text: str) -> None:
    found = call(text=text)
    shown = f"{found.opens:%Y-%m-%d %H:%M}" if found.opens else ""
    assert shown == OPENINGS[text]
    if found.opens:
        assert found.status(NOW) is Status.FORTHCOMING
        assert call(text=text, deadline="2026-12-20").opens is None


DECISIONS = {
    "Closed: Decision is made 2026-06-16 14:00": Status.CLOSED,
    "Beslut fattades den 16 juni 2026.": Status.CLOSED,
    "Decision date: 16 June 2026": Status.CLOSED,
    "Decisions are expected by 16 June 2026.": Status.CLOSED,
    "Decision on funding: 16 June 2026.": Status.CLOSED,
    "Beslutsdatum: 2026-06-16": Status.CLOSED,
    "Beslut meddelas den 16 juni 2027.": Status.UNKNOWN,
    "The decision in the case of 16 June 2026 binds all states.": Status.UNKNOWN,
}


@pytest.mark.parametrize("text", DECISIONS)
def test_after_the_decision_nobody_can_apply(text: str) -> None:
    assert call(text=text).status(NOW) is DECISIONS[text]
