"""A call as an opportunity: nothing is guessed, nothing lost, and what is absent is left out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from scrapers.call import Call
from service.api.common_grants.applicants import map_applicants
from service.api.common_grants.mapping import LIST_TEXT_LENGTH, map_details, map_summary
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.ids import uid_of
from service.domain.calls.stored.offer_choice import OfferTimes
from service.domain.eligibility.extract import extract_facts
from service.domain.eligibility.facts import Applicants, Fact
from service.use_cases.sync.offers import FoundOffer
from tests.service.api.common_grants import varied_calls as calls
from tests.service.sample_calls import NOW, in_two_stages, some_calls

MODIFIED = datetime(2026, 2, 20, 4, 30, 1, 250_000, tzinfo=UTC)
AMOUNT = re.compile(r"^-?[0-9]+\.?[0-9]*$")


def mapped(call: Call, now: datetime = NOW, missing_since: datetime | None = None) -> Any:
    times = OfferTimes(datetime(2026, 2, 1, tzinfo=UTC), MODIFIED, missing_since)
    return map_details(FoundOffer(call, times, extract_facts(call), ()), now).dump()


def test_the_id_is_made_from_ours_and_never_changes() -> None:
    assert uid_of("vinnova:2026-00001") == uid_of("vinnova:2026-00001")
    assert uid_of("vinnova:2026-00001").version == 5
    assert len({uid_of(call.id) for call in some_calls()}) == len(some_calls())


@pytest.mark.parametrize(
    ("call", "now", "status"),
    [
        (in_two_stages(), NOW, "open"),
        (in_two_stages(), datetime(2026, 5, 1, tzinfo=UTC), "closed"),
        (calls.several_cut_offs(), datetime(2026, 1, 1, tzinfo=UTC), "forecasted"),
        (calls.several_cut_offs(), NOW, "open"),
        (calls.only_announced(), NOW, "forecasted"),
        (calls.rolling(), NOW, "open"),
    ],
)
def test_the_status_is_computed_from_dates(call: Call, now: datetime, status: str) -> None:
    assert mapped(call, now)["status"] == {"value": status}


def test_a_status_that_no_date_tells_is_custom() -> None:
    status = mapped(calls.without_dates())["status"]
    assert (status["value"], status["customValue"]) == ("custom", "unknown")


def test_the_next_cut_off_closes_and_the_others_are_kept() -> None:
    dates = mapped(calls.several_cut_offs())["keyDates"]
    assert dates["closeDate"]["date"] == "2026-05-29"
    assert "time" not in dates["closeDate"], "the source gave no time"
    assert dates["postDate"]["date"] == "2025-12-18"
    others = dates["otherDates"]
    assert others["deadline1"] | {"description": ""} == {
        "name": "Cut-off date",
        "eventType": "singleDate",
        "date": "2026-01-15",
        "time": "14:00:00",
        "description": "",
    }
    assert others["deadline3"]["time"] == "14:00:00"
    assert others["opens"]["date"] == "2026-01-08"


def test_after_the_first_stage_it_stays_what_closed() -> None:
    dates = mapped(in_two_stages(), datetime(2026, 5, 1, tzinfo=UTC))["keyDates"]
    assert dates["closeDate"]["name"] == "Deadline of stage 1"
    assert dates["otherDates"]["deadline2"]["date"] == "2026-09-22"


def test_a_deadline_without_a_day_is_told_in_words() -> None:
    rolling = mapped(calls.rolling())["keyDates"]["closeDate"]
    assert rolling["eventType"] == "other"
    announced = mapped(calls.only_announced())["keyDates"]
    assert "closeDate" not in announced
    assert announced["otherDates"]["deadline1"]["details"] == "mars 2027"


def test_days_are_those_of_the_funder() -> None:
    closing = mapped(calls.in_dollars())["keyDates"]["closeDate"]
    assert (closing["date"], closing["time"]) == ("2026-07-16", "23:59:59")
    assert "America/New_York" in closing["description"]
    field = mapped(calls.in_dollars())["customFields"]["nextDeadline"]
    assert field["value"] == "2026-07-16T23:59:59-04:00"


def test_amounts_are_those_of_the_record_in_its_currency() -> None:
    funding = mapped(calls.several_cut_offs())["funding"]
    assert funding == {
        "totalAmountAvailable": {"amount": "10000000", "currency": "SEK"},
        "maxAwardAmount": {"amount": "300000.50", "currency": "SEK"},
    }
    assert mapped(calls.rolling())["funding"] == {
        "minAwardAmount": {"amount": "50000", "currency": "SEK"}
    }
    assert mapped(calls.in_dollars())["funding"]["estimatedAwardCount"] == 5


def test_no_amount_is_made_of_words() -> None:
    assert mapped(calls.without_dates())["funding"] == {"details": "Beloppet beror på projektet."}
    assert "funding" not in mapped(calls.only_announced())


def applicant_types(call: Call) -> list[tuple[str, str | None]]:
    told = mapped(call).get("acceptedApplicantTypes", [])
    return [(one["value"], one.get("customValue")) for one in told]


def test_applicants_of_the_record_are_mapped_and_custom_where_none_fits() -> None:
    assert applicant_types(calls.several_cut_offs()) == [
        ("higher_education_public", None),
        ("higher_education_private", None),
    ]
    assert applicant_types(calls.with_applicants("health care provider", "region")) == [
        ("custom", "health_care_provider"),
        ("government_county", None),
    ]
    assert applicant_types(calls.rolling()) == []


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("State governments", "government_state"),
        ("Native American tribal governments (Federally recognized)", "government_tribal"),
        ("Nonprofits having a 501(c)(3) status with the IRS", "non_profit_with_501c3"),
        ("Small businesses", "for_profit_small_business"),
        ("Unrestricted (open to any of the above)", "unrestricted"),
        ("Public housing authorities", "custom"),
    ],
)
def test_american_kinds_are_those_of_the_protocol(words: str, value: str) -> None:
    ((mapped_to, custom),) = applicant_types(calls.with_applicants(words))
    assert mapped_to == value
    assert custom == (words if value == "custom" else None)


def test_what_the_text_does_not_surely_say_is_left_out() -> None:
    call = calls.rolling()
    facts = [
        Fact(name="applicants", value=Applicants(kinds=(kind,)), confidence=sure, general=general)
        for kind, sure, general in (
            (ApplicantKind.REGION, 0.95, False),
            (ApplicantKind.MUNICIPALITY, 0.8, False),
            (ApplicantKind.STATE, 0.95, True),
        )
    ]
    told = map_applicants(call, facts)
    assert [one.value.value for one in told] == ["government_county"]


def test_instants_are_in_utc_with_their_zone() -> None:
    told = mapped(calls.rolling())
    assert told["createdAt"] == "2026-02-01T00:00:00.000000Z"
    assert told["lastModifiedAt"] == "2026-02-20T04:30:01.250000Z"


def test_what_is_absent_is_left_out() -> None:
    def nothing_is_null(node: Any) -> bool:
        if isinstance(node, dict):
            return all(map(nothing_is_null, node.values()))
        if isinstance(node, list):
            return all(map(nothing_is_null, node))
        return node is not None

    for call in (*some_calls(), *calls.varied_calls()):
        assert nothing_is_null(mapped(call)), call.id


def test_a_call_that_its_source_lists_no_more_says_so() -> None:
    fields = mapped(calls.rolling(), missing_since=NOW)["customFields"]
    assert fields["notListedSince"]["value"] == NOW.isoformat()


def test_a_list_has_the_beginning_of_a_long_text() -> None:
    call = calls.several_cut_offs()
    times = OfferTimes(NOW, NOW, None)
    offer = FoundOffer(call, times, (), ())
    short = map_summary(offer, NOW).description
    assert len(short) <= LIST_TEXT_LENGTH
    assert short.endswith("…")
    assert map_details(offer, NOW).description == call.texts["sv"]
