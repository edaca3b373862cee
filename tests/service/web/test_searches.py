"""A search has an address: reopened, narrowed, sorted, saved, shared, deleted, and over in time."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from scrapers.call import Funding, Money
from service.context import Context
from service.jobs.old_searches import remove_old_searches
from service.messages.words import words
from service.use_cases.searches import searches as use_cases
from tests.service.http.closed_service import ClosedService, close, open_copy
from tests.service.sample_calls import FIRST
from tests.service.web.html_outline import outline

TEXT = "Heart failure at home\n\nRemote care of elderly patients, every day."


def send(client: FlaskClient, **fields: object) -> str:
    """Send a search; return the address that it gets."""
    answer = client.post("/", data={"text": TEXT} | fields)
    assert answer.status_code == 303
    return str(answer.headers["Location"]).partition("#")[0]


def id_of(address: str) -> str:
    found = re.match(r"/searches/([0-9a-f]{32})\?", address)
    assert found is not None, address
    return found[1]


def titles(html: str) -> list[str]:
    return re.findall(r'<h[23] id="call-([^"]+)"', html)


def test_a_search_can_be_opened_again_and_its_text_is_not_in_its_address(
    own_client: FlaskClient,
) -> None:
    address = send(own_client, funder="vinnova")
    assert "heart" not in address.lower()
    first, again = own_client.get(address), own_client.get(address)
    assert first.status_code == again.status_code == 200
    assert titles(first.text) == titles(again.text) != []
    assert "Remote care of elderly patients" in first.text


def test_an_id_is_not_guessed(own_client: FlaskClient) -> None:
    ids = {id_of(send(own_client)) for _ in range(3)}
    assert len(ids) == 3
    for wrong in ("0" * 32, "x", "%2e%2e"):
        answer = own_client.get(f"/searches/{wrong}?lang=sv")
        assert answer.status_code == 404
        assert "Det finns ingen sökning på den här adressen" in answer.text


def test_the_same_text_keeps_its_address_and_another_gets_its_own(own_client: FlaskClient) -> None:
    address = send(own_client)
    same = send(own_client, search=id_of(address), level="national")
    assert id_of(same) == id_of(address)
    assert "level=national" in same
    other = send(own_client, search=id_of(address), text="Wind turbines at sea")
    assert id_of(other) != id_of(address)
    assert own_client.get(address).status_code == 200
    gone = send(own_client, search="0" * 32)
    assert own_client.get(gone).status_code == 200


def test_a_few_words_in_a_link_are_a_search_that_is_not_stored(
    own_client: FlaskClient, own_context: Context
) -> None:
    page = outline(own_client.get("/?q=heart+failure&sort=deadline").text)
    assert page.all("article")
    assert own_context.searches.count_unsaved() == 0
    assert any("q=heart" in a["href"] and "sort" not in a["href"] for a in page.all("a"))


@pytest.mark.parametrize(
    ("toggle", "part"),
    [
        ("funder:vinnova", "funder=vinnova"),
        ("level:european", "level=european"),
        ("status:open", "status=open"),
        ("month:2026-03", "deadline_from=2026-03-01&deadline_to=2026-03-31"),
        ("amount:2000000-10000000", "min_amount=2000000&max_amount=10000000&unstated=leave"),
        ("amount:unstated", "unstated=only"),
        ("applicant:government_county", "gates=pass"),
    ],
)
def test_a_facet_is_pressed_and_let_go(own_client: FlaskClient, toggle: str, part: str) -> None:
    address = send(own_client)
    pressed = own_client.get(f"{address}&toggle={toggle}")
    assert pressed.status_code == 302
    narrowed = pressed.headers["Location"]
    assert sorted(part.split("&")) == sorted(
        one for one in narrowed.partition("?")[2].split("&") if one in part.split("&")
    )
    page = outline(own_client.get(narrowed).text)
    buttons = [b for b in page.all("button") if b.get("value") == toggle]
    assert [b["aria-pressed"] for b in buttons] == ["true"]
    back = own_client.get(f"{narrowed}&toggle={toggle}").headers["Location"]
    assert not set(part.split("&")) & set(back.partition("?")[2].split("&"))


def test_a_facets_figure_is_what_pressing_it_shows(own_client: FlaskClient) -> None:
    html = own_client.get("/calls").text
    found = re.findall(
        r'value="((?:status|level|funder|month|amount):[^"]+)" aria-pressed="false">'
        r'<bdi>[^<]*</bdi> <span class="count">(\d+)<',
        html,
    )
    assert len(found) >= 6
    for value, count in found:
        shown = own_client.get(f"/calls?toggle={value}", follow_redirects=True).text
        assert len(titles(shown)) == int(count), value


def test_a_chip_takes_its_choice_off(own_client: FlaskClient) -> None:
    address = send(own_client, funder="vinnova", level="national", exclude="wind, water")
    html = own_client.get(address).text
    chips = re.search(r'<ul class="chips".*?</ul>', html, re.DOTALL)
    assert chips is not None
    hrefs = [a["href"] for a in outline(chips[0]).all("a")]
    assert len(hrefs) == 4
    for name, other in (("funder", "level"), ("level", "funder")):
        assert [h for h in hrefs if f"{name}=" not in h and f"{other}=" in h]
    assert sum("exclude=wind" in h and "exclude=water" not in h for h in hrefs) == 1


def test_the_list_is_sorted_as_asked(own_client: FlaskClient, own_context: Context) -> None:
    stored = own_context.calls.all()
    for sort in ("deadline", "amount", "newest"):
        answer = own_client.get(f"/calls?status=open&sort={sort}")
        assert len(titles(answer.text)) == sum(
            call.status(own_context.now()) == "open" for call in stored.values()
        )
        assert own_client.get(f"/?pilot=heart&sort={sort}").status_code == 200
    by_amount = titles(own_client.get("/calls?sort=amount&funder=vinnova").text)
    figures = [stored[id_].funding for id_ in by_amount]
    amounts = [f.maximum.amount if f and f.maximum else Decimal(-1) for f in figures]
    assert amounts == sorted(amounts, reverse=True)


def test_an_amount_never_empties_a_list_in_silence(
    own_client: FlaskClient, own_context: Context
) -> None:
    html = own_client.get("/calls?min_amount=4000000").text
    kept = titles(html)
    assert "vinnova:2026-00001" in kept
    assert "eu_portal:HEART/2026/01" in kept, "no rate compares it, so it stays"
    page = outline(html)
    assert "states its amount in a currency that no rate" in page.text
    assert re.search(r"\d+ calls? in the list states? no amount", page.text)
    left = titles(own_client.get("/calls?min_amount=4000000&unstated=leave").text)
    assert left == ["vinnova:2026-00001"]
    unstated = titles(own_client.get("/calls?unstated=only").text)
    assert "eu_portal:HEART/2026/01" in unstated, "it states one that nothing compares"
    assert "vinnova:2026-00001" not in unstated


def test_tools_still_leave_out_what_states_no_amount(own_client: FlaskClient) -> None:
    answer = own_client.get("/api/v1/calls?min_amount=4000000").get_json()
    assert [card["id"] for card in answer["calls"]] == ["vinnova:2026-00001"]
    wider = own_client.get("/api/v1/calls?min_amount=4000000&unstated=keep").get_json()
    assert wider["total"] > answer["total"]


def test_the_largest_amount_bounds_too(own_client: FlaskClient, own_context: Context) -> None:
    call = own_context.calls.all()["vinnova:2026-00002"]
    paid = Funding(maximum=Money(amount=Decimal(300_000), currency="SEK"))
    own_context.calls.upsert([call.model_copy(update={"funding": paid})], FIRST)
    found = titles(own_client.get("/calls?max_amount=400000&unstated=leave").text)
    assert found == ["vinnova:2026-00002"]


def test_a_saved_search_opens_as_it_was_saved(own_client: FlaskClient) -> None:
    address = send(own_client)
    bare = f"/searches/{id_of(address)}"
    saved = own_client.post(f"{bare}/save?level=national", data={"name": "  Hjärtat  hemma "})
    assert saved.status_code == 303
    listed = outline(own_client.get("/searches").text)
    assert "Hjärtat hemma" in listed.text
    opened = own_client.get(f"{bare}?lang=sv")
    assert opened.status_code == 302
    assert "level=national" in opened.headers["Location"]
    assert "lang=sv" in opened.headers["Location"]
    page = own_client.get(opened.headers["Location"]).text
    assert "Sparad: den finns kvar" in page
    off = next(a["href"] for a in outline(page).all("a") if a["href"].endswith("sort=fit&lang=sv"))
    assert own_client.get(off).status_code == 200, "the last chip leads to no choice at all"
    renamed = own_client.post(f"{bare}/save?status=open", data={"name": "Hjärtat"})
    assert renamed.status_code == 303
    assert "Hjärtat hemma" not in own_client.get("/searches").text


@pytest.mark.parametrize("name", ["", "  ", "n" * 201])
def test_a_name_that_cannot_be_used_is_said_and_nothing_is_lost(
    own_client: FlaskClient, name: str
) -> None:
    address = send(own_client, level="national")
    answer = own_client.post(f"/searches/{id_of(address)}/save?lang=sv", data={"name": name})
    assert answer.status_code == 422
    assert "Ge sökningen ett namn på 1 till 200 tecken." in answer.text
    assert "Remote care of elderly patients" in answer.text


def test_a_saved_search_whose_filters_are_gone_is_shown_without_them(
    own_client: FlaskClient, own_context: Context
) -> None:
    kept = use_cases.keep_search(
        own_context,
        TEXT,
        {"status": ("ajar",), "funder": ("long_gone",), "deadline_from": ("soon",)},
        name="Old",
    )
    answer = own_client.get(f"/searches/{kept.id}?lang=sv", follow_redirects=True)
    assert answer.status_code == 200
    page = outline(answer.text)
    assert page.all("article")
    for name, value in (("status", "ajar"), ("deadline_from", "soon")):
        expected = words("sv")("note.filter.gone", name=name, value=value).replace("`", "")
        assert expected in page.text
    assert "Finansiären long_gone finns inte längre" in page.text


def test_the_time_of_an_unsaved_search_is_stated_and_kept_to(
    own_client: FlaskClient, own_context: Context
) -> None:
    address = send(own_client)
    ends = datetime.now(UTC) + timedelta(days=30)
    stated = words("en")("search.kept.until", date=ends)
    assert stated in outline(own_client.get(address).text).text
    saved = use_cases.keep_search(own_context, TEXT, name="Kept")
    long_ago = datetime.now(UTC) - timedelta(days=31)
    for id_ in (id_of(address), saved.id):
        own_context.searches.change(id_, created_at=long_ago)
    assert own_client.get(address).status_code == 404, "before any job has run"
    assert remove_old_searches(own_context) == 1
    assert own_context.searches.get(id_of(address)) is None
    assert own_context.searches.get(saved.id) is not None


def test_a_search_is_deleted_at_once_with_its_text(
    own_client: FlaskClient, own_context: Context
) -> None:
    address = send(own_client, text="Zebrafinkens hjärta slår snabbt hemma")
    assert own_client.post(f"/searches/{id_of(address)}/delete").status_code == 303
    assert own_client.get(address).status_code == 404
    file = Path(str(own_context.calls._engine.url.database))
    kept = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    assert b"Zebrafinken" not in kept


def test_while_the_index_is_built_the_page_says_so_and_keeps_the_text(
    own_client: FlaskClient, own_context: Context
) -> None:
    address = send(own_client)
    shutil.rmtree(own_context.snapshots)
    with own_context.runs.record("reindex"):
        answer = own_client.get(address)
    assert answer.status_code == 503
    page = outline(answer.text)
    assert "index of calls is being built right now" in page.text
    assert "Remote care of elderly patients" in page.text
    assert "fundscout reindex" in outline(own_client.get(address).text).text


def test_another_sites_page_makes_no_search(own_client: FlaskClient) -> None:
    strange = {"Sec-Fetch-Site": "cross-site"}
    assert own_client.post("/", data={"text": TEXT}, headers=strange).status_code == 403
    assert own_client.get("/", headers=strange).status_code == 200


@pytest.fixture(scope="module")
def closed(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClosedService]:
    data = tmp_path_factory.mktemp("closed") / "data"
    shutil.copytree(sample_data, data)
    context = open_copy(data, FUNDSCOUT_RATE="0")
    yield close(context)
    context.calls._engine.dispose()


def test_a_persons_search_is_theirs_until_it_is_shared(closed: ClosedService) -> None:
    mine, colleague = closed.with_role("editor"), closed.with_role("reader")
    address = send(mine)
    bare = f"/searches/{id_of(address)}"
    assert mine.get(address).status_code == 200
    assert colleague.get(address).status_code == 404
    assert mine.post(f"{bare}/save", data={"name": "Mine"}).status_code == 303
    assert "Mine" not in colleague.get("/searches").text
    assert mine.post(f"{bare}/share", data={"shared": "true"}).status_code == 303
    assert colleague.get(address).status_code == 200
    assert "Mine" in colleague.get("/searches").text
    assert colleague.post(f"{bare}/delete").status_code == 403
    assert mine.post(f"{bare}/share", data={"shared": "false"}).status_code == 303
    assert colleague.get(address).status_code == 404
    assert closed.visitor().get(address).status_code == 401


def test_a_session_that_ended_within_the_form_loses_nothing(closed: ClosedService) -> None:
    answer = closed.visitor().post("/", data={"text": "My own text, long typed"})
    assert answer.status_code == 401
    assert 'name="kept"' in answer.text
