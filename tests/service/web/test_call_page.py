"""The page of one call: its deadlines, history, pilots and rounds, and a call that is gone."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from scrapers.call import Deadline, DeadlineKind
from service.context import Context
from service.domain.access.principal import VISITOR, as_principal
from service.domain.matching.feedback import Opinion
from service.messages.words import words
from service.use_cases.scan.scan import ScanSubject, scan_subject
from service.web.call.swedish_time import SwedishTime
from tests.service.sample_calls import NOW, national
from tests.service.web.html_outline import outline

HEMMA = "vinnova:2026-00001"


def due(zone: str, at: datetime, **changes: Any) -> Deadline:
    return Deadline(kind=DeadlineKind.FIXED, zone=zone, at=at, **changes)


@pytest.mark.parametrize(
    ("deadline", "swedish", "elsewhere"),
    [
        (due("Europe/Stockholm", datetime(2026, 9, 1, 12, tzinfo=UTC)), "14:00 svensk tid", ""),
        (due("Europe/Brussels", datetime(2026, 9, 1, 15, tzinfo=UTC)), "17:00 svensk tid", ""),
        (
            due("America/New_York", datetime(2026, 9, 1, 21, tzinfo=UTC)),
            "1 september 2026 kl. 23:00 svensk tid",
            "1 september 2026 kl. 17:00 i New York",
        ),
        (
            due("America/New_York", datetime(2026, 9, 2, 3, 59, 59, tzinfo=UTC), date_only=True),
            "2 september 2026 kl. 05:59 svensk tid",
            "1 september 2026, till dagens slut i New York",
        ),
        (
            due("Europe/Stockholm", datetime(2026, 9, 1, 21, 59, 59, tzinfo=UTC), date_only=True),
            "1 september 2026, till dagens slut",
            "",
        ),
        (
            due("Europe/Helsinki", datetime(2026, 9, 1, 13, tzinfo=UTC)),
            "15:00 svensk tid",
            "16:00 i Helsinki",
        ),
    ],
)
def test_a_deadline_is_told_in_swedish_time(
    deadline: Deadline, swedish: str, elsewhere: str
) -> None:
    time = SwedishTime(words("sv"))
    assert swedish in time.deadline(deadline)
    assert elsewhere in time.elsewhere(deadline)
    assert bool(time.elsewhere(deadline)) == bool(elsewhere)


def test_every_deadline_stands_with_its_label(client: FlaskClient) -> None:
    page = outline(client.get("/calls/eu_portal:HEART/2026/01?lang=sv").text)
    assert "14 april 2026 kl. 17:00 svensk tid två steg, steg 1" in page.text
    assert "22 september 2026 kl. 17:00 svensk tid två steg, steg 2" in page.text
    assert len(page.all("h1")) == 1


def test_what_changed_is_told_in_sentences(own_client: FlaskClient, own_context: Context) -> None:
    call = national()[0]
    moved = due("Europe/Stockholm", datetime(2026, 3, 20, 13, tzinfo=UTC))
    own_context.calls.upsert([call.model_copy(update={"deadlines": (moved,)})], NOW)
    swedish = outline(own_client.get(f"/calls/{HEMMA}?lang=sv").text).text
    assert words("sv")("call.history") in swedish
    assert "2026-03-14" in swedish
    assert "2026-03-20" in swedish
    untouched = outline(own_client.get("/calls/vinnova:2025-00009?lang=sv").text).text
    assert "Ingenting har ändrats sedan utlysningen först syntes" in untouched


def test_a_condition_says_what_it_asks_and_quotes_its_sentence(
    own_client: FlaskClient, own_context: Context
) -> None:
    quote = "Projektet får pågå i högst 24 månader."
    call = national()[0]
    own_context.calls.upsert([call.model_copy(update={"texts": {"sv": quote}})], NOW)
    page = outline(own_client.get(f"/calls/{HEMMA}?lang=sv").text).text
    assert "högst 24 månader" in page.replace(quote, "")
    assert quote in page


def test_a_call_is_judged_for_a_pilot_and_the_judgement_taken_back(
    own_client: FlaskClient, own_context: Context
) -> None:
    sent = {"pilot": "heart", "by": "Åsa", "judge": "relevant"}
    answer = own_client.post(f"/calls/{HEMMA}/judge?lang=sv", data=sent)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("#pilots")
    assert own_context.feedback.opinions("heart").opinion_on(HEMMA) is Opinion.RELEVANT
    page = own_client.get(answer.headers["Location"])
    assert "enligt Åsa" in outline(page.text).text
    assert 'name="by" value="Åsa"' in page.text
    back = {"by": "Åsa", "judge": "none heart"}
    assert own_client.post(f"/calls/{HEMMA}/judge", data=back).status_code == 303
    assert own_context.feedback.opinions("heart").opinion_on(HEMMA) is None


@pytest.mark.parametrize(
    ("change", "status", "key"),
    [
        ({"by": ""}, 422, "call.judge.by"),
        ({"pilot": ""}, 422, "call.judge.pilot"),
        ({"judge": "splendid"}, 422, "call.judge.which"),
        ({"judge": ""}, 422, "call.judge.which"),
        ({"by": "x" * 101}, 422, "call.judge.by"),
    ],
)
def test_a_judgement_that_lacks_something_keeps_the_rest(
    own_client: FlaskClient, own_context: Context, change: dict[str, str], status: int, key: str
) -> None:
    sent = {"pilot": "heart", "by": "Åsa", "judge": "relevant"} | change
    answer = own_client.post(f"/calls/{HEMMA}/judge?lang=sv", data=sent)
    assert answer.status_code == status
    assert words("sv")(key) in outline(answer.text).text
    if sent["pilot"]:
        assert '<option value="heart" selected>' in answer.text
    if 0 < len(sent["by"]) <= 100:
        assert f'value="{sent["by"]}"' in answer.text
    assert not own_context.feedback.opinions("heart")


def test_a_pilot_that_nobody_knows_is_said(own_client: FlaskClient) -> None:
    sent = {"pilot": "nobody", "by": "Åsa", "judge": "relevant"}
    answer = own_client.post(f"/calls/{HEMMA}/judge?lang=sv", data=sent)
    assert answer.status_code == 404
    assert "Det finns ingen pilot nobody" in outline(answer.text).text


def test_a_call_that_its_source_lists_no_more_says_so(
    own_client: FlaskClient, own_context: Context
) -> None:
    others = [call for call in national() if call.id != HEMMA]
    later = NOW + timedelta(hours=1)
    own_context.calls.upsert(others, later, complete_for="test")
    page = outline(own_client.get(f"/calls/{HEMMA}?lang=sv").text).text
    assert "Har inte synts hos källan sedan" in page
    assert "Det som står här är vad källan sa" in page


def test_a_call_that_was_taken_out_says_what_was_known(
    own_client: FlaskClient, own_context: Context
) -> None:
    sent = {"pilot": "heart", "by": "Åsa", "judge": "applied"}
    own_client.post(f"/calls/{HEMMA}/judge", data=sent)
    own_context.calls.remove_source("test", NOW)
    answer = own_client.get(f"/calls/{HEMMA}?lang=sv")
    page = outline(answer.text).text
    assert answer.status_code == 410
    assert "togs bort 2 mars 2026" in page
    assert "enligt Åsa" in page
    assert "Hjärtsvikt hemma" in page


@pytest.mark.parametrize("call_id", ["vinnova:1", "no-colon", "a:b:c", "x" * 300])
def test_a_call_that_never_was_says_what_to_do(client: FlaskClient, call_id: str) -> None:
    answer = client.get(f"/calls/{call_id}?lang=sv")
    page = outline(answer.text)
    assert answer.status_code == 404
    assert words("sv")("call.gone.do") in page.text
    links = [one["href"] for one in page.all("a") if one.get("href", "").startswith("/calls?")]
    assert all(client.get(link).status_code == 200 for link in links)


def test_a_visitor_sees_no_pilots(shared_context: Context) -> None:
    with as_principal(VISITOR):
        assert scan_subject(shared_context, ScanSubject("hjärtsvikt i hemmet")).pilots is None
    assert scan_subject(shared_context, ScanSubject("hjärtsvikt i hemmet")).pilots


def test_without_an_index_the_call_is_shown_all_the_same(
    own_client: FlaskClient, own_context: Context
) -> None:
    shutil.rmtree(own_context.snapshots)
    answer = own_client.get(f"/calls/{HEMMA}?lang=sv")
    assert answer.status_code == 200
    assert "fundscout reindex" in outline(answer.text).text
