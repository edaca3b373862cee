"""POST /common-grants/opportunities/search: filters, orders, and what is said of both."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

LIST = "/common-grants/opportunities"
SEARCH = f"{LIST}/search"


def search(client: FlaskClient, **body: Any) -> dict[str, Any]:
    answer = client.post(SEARCH, json=body)
    assert answer.status_code == 200, answer.get_json()
    found: dict[str, Any] = answer.get_json()
    return found


def titles(found: dict[str, Any]) -> list[str]:
    return [item["title"] for item in found["items"]]


def test_without_anything_it_is_the_list(varied_client: FlaskClient) -> None:
    listed = varied_client.get(LIST).get_json()
    found = search(varied_client)
    assert found["items"] == listed["items"]
    assert found["sortInfo"] == {"sortBy": "lastModifiedAt", "sortOrder": "desc"}
    assert found["filterInfo"] == {"filters": {}}


def test_pages_hold_each_call_once_and_count_all(varied_client: FlaskClient) -> None:
    seen: list[str] = []
    for page in range(1, 7):
        found = search(varied_client, pagination={"page": page, "pageSize": 2})
        info = found["paginationInfo"]
        assert (info["page"], info["pageSize"]) == (page, 2)
        assert (info["totalItems"], info["totalPages"]) == (11, 6)
        seen += [item["id"] for item in found["items"]]
    assert len(set(seen)) == 11


def test_a_page_beyond_the_last_is_empty_and_a_large_one_is_cut(
    varied_client: FlaskClient,
) -> None:
    assert search(varied_client, pagination={"page": 9})["items"] == []
    assert search(varied_client, pagination={"pageSize": 5000})["paginationInfo"]["pageSize"] == 100


def test_a_text_without_sorting_gives_the_best_first(varied_client: FlaskClient) -> None:
    found = search(varied_client, search="vård av hjärtsvikt i hemmet")
    scores = [item["customFields"]["score"]["value"] for item in found["items"]]
    assert scores == sorted(scores, reverse=True)
    assert scores
    assert found["sortInfo"] == {
        "sortBy": "custom",
        "customSortBy": "relevance",
        "sortOrder": "desc",
    }
    reasons = found["items"][0]["customFields"]["reasons"]["value"]
    assert reasons
    assert all(isinstance(reason, str) and reason for reason in reasons)


def test_a_text_with_sorting_gives_the_same_calls_in_that_order(
    varied_client: FlaskClient,
) -> None:
    text = "remote care of heart failure at home"
    best = search(varied_client, search=text)
    sorting = {"sortBy": "title", "sortOrder": "asc"}
    sorted_ = search(varied_client, search=text, sorting=sorting)
    assert set(titles(sorted_)) == set(titles(best))
    assert titles(sorted_) == sorted(titles(best), key=str.casefold)
    assert sorted_["paginationInfo"]["totalItems"] == best["paginationInfo"]["totalItems"]


def test_words_that_a_call_holds_find_it_however_it_scores(varied_client: FlaskClient) -> None:
    assert titles(search(varied_client, search="Bygdemedel")) == ["Bygdemedel"]
    assert "Innovationscheckar" in titles(search(varied_client, search="Vinnova"))


@pytest.mark.parametrize("text", ["!!!", "…", "xqzzw vkjq"])
def test_a_text_that_says_nothing_finds_nothing(varied_client: FlaskClient, text: str) -> None:
    found = search(varied_client, search=text)
    assert found["items"] == []
    assert found["paginationInfo"]["totalItems"] == 0


FILTERS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "open ones": (
        {"status": {"operator": "in", "value": ["forecasted"]}},
        {"Wind turbines at sea", "Ageing and health 2027"},
    ),
    "those of no status": (
        {"status": {"operator": "notIn", "value": ["forecasted", "open", "closed"]}},
        {"Bygdemedel"},
    ),
    "closing in a window of days": (
        {
            "closeDateRange": {
                "operator": "between",
                "value": {"min": "2026-05-29", "max": "2026-07-16"},
            }
        },
        {"Planeringsbidrag för forskning om städer", "Remote monitoring of heart failure"},
    ),
    "closing from an instant to a day": (
        {
            "closeDateRange": {
                "operator": "between",
                "value": {"min": "2026-07-17T03:59:59Z", "max": "2026-07-31"},
            }
        },
        {"Remote monitoring of heart failure"},
    ),
    "paying in dollars": (
        {
            "totalFundingAvailableRange": {
                "operator": "between",
                "value": {
                    "min": {"amount": "0", "currency": "USD"},
                    "max": {"amount": "99999999", "currency": "USD"},
                },
            }
        },
        {"Remote monitoring of heart failure"},
    ),
    "paying outside a range, of its currency alone": (
        {
            "maxAwardAmountRange": {
                "operator": "outside",
                "value": {
                    "min": {"amount": "1", "currency": "SEK"},
                    "max": {"amount": "300000.50", "currency": "SEK"},
                },
            }
        },
        {"Heart failure in the home"},
    ),
    "paying at least": (
        {
            "minAwardAmountRange": {
                "operator": "between",
                "value": {
                    "min": {"amount": "50000.0", "currency": "SEK"},
                    "max": {"amount": "50000.", "currency": "SEK"},
                },
            }
        },
        {"Innovationscheckar"},
    ),
    "of a funder": (
        {"customFilters": {"funder": {"operator": "in", "value": ["formas", "forte"]}}},
        {"Planeringsbidrag för forskning om städer", "Ageing and health 2027"},
    ),
    "of a level": (
        {"customFilters": {"level": {"operator": "eq", "value": "regional"}}},
        {"Bygdemedel"},
    ),
    "two at once": (
        {
            "status": {"operator": "in", "value": ["open"]},
            "customFilters": {"funder": {"operator": "eq", "value": "formas"}},
        },
        {"Planeringsbidrag för forskning om städer"},
    ),
}


@pytest.mark.parametrize("name", FILTERS)
def test_filters_choose(varied_client: FlaskClient, name: str) -> None:
    filters, wanted = FILTERS[name]
    found = search(varied_client, filters=filters)
    assert set(titles(found)) == wanted
    assert found["filterInfo"] == {"filters": filters}


STRANGE: dict[str, dict[str, Any]] = {
    "a custom filter that is not known": {
        "customFilters": {"planet": {"operator": "eq", "value": None}}
    },
    "a custom filter with another operator": {
        "customFilters": {"funder": {"operator": "like", "value": "vin"}}
    },
    "a custom filter with a number": {"customFilters": {"level": {"operator": "eq", "value": 1}}},
    "two currencies": {
        "maxAwardAmountRange": {
            "operator": "between",
            "value": {
                "min": {"amount": "1", "currency": "SEK"},
                "max": {"amount": "2", "currency": "EUR"},
            },
        }
    },
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_filter_that_cannot_be_used_is_left_out_and_named(
    varied_client: FlaskClient, name: str
) -> None:
    found = search(varied_client, filters=STRANGE[name])
    assert found["paginationInfo"]["totalItems"] == 11
    assert len(found["filterInfo"]["errors"]) == 1
    assert found["filterInfo"]["filters"] == STRANGE[name]


def test_a_status_that_there_is_not_is_named(varied_client: FlaskClient) -> None:
    found = search(varied_client, filters={"status": {"operator": "in", "value": ["posted"]}})
    assert found["items"] == []
    assert "posted" in found["filterInfo"]["errors"][0]


@pytest.mark.parametrize(
    ("sort_by", "first", "last"),
    [
        ("keyDates.closeDate", "Hjärtsvikt: förra årets utlysning", None),
        ("funding.totalAmountAvailable", None, None),
        ("funding.minAwardAmount", None, None),
        ("funding.estimatedAwardCount", "Heart failure at home", None),
        ("status.value", "Hjärtsvikt: förra årets utlysning", None),
        ("createdAt", None, None),
    ],
)
def test_orders_ascend_and_descend_with_the_unknown_last(
    varied_client: FlaskClient, sort_by: str, first: str | None, last: str | None
) -> None:
    up = search(varied_client, sorting={"sortBy": sort_by, "sortOrder": "asc"})
    down = search(varied_client, sorting={"sortBy": sort_by, "sortOrder": "desc"})
    assert up["sortInfo"] == {"sortBy": sort_by, "sortOrder": "asc"}
    assert set(titles(up)) == set(titles(down))
    if first:
        assert titles(up)[0] == first
    parts = sort_by.split(".")

    def value(item: dict[str, Any]) -> Any:
        node: Any = item
        for part in parts:
            node = node.get(part) if isinstance(node, dict) else None
        return node

    for found in (up, down):
        known = [value(item) is not None for item in found["items"]]
        if sort_by != "keyDates.closeDate":  # a rolling call has one without a day
            assert known == sorted(known, reverse=True)


@pytest.mark.parametrize(
    ("body", "sort_by"),
    [
        ({"sorting": {"sortBy": "custom", "customSortBy": "relevance"}}, "lastModifiedAt"),
        ({"sorting": {"sortBy": "custom"}}, "lastModifiedAt"),
        ({"search": "heart", "sorting": {"sortBy": "custom", "customSortBy": "luck"}}, "custom"),
    ],
)
def test_an_order_that_cannot_be_is_replaced_and_said(
    varied_client: FlaskClient, body: dict[str, Any], sort_by: str
) -> None:
    info = search(varied_client, **body)["sortInfo"]
    assert info["sortBy"] == sort_by
    assert len(info["errors"]) == 1


def test_relevance_can_be_asked_for(varied_client: FlaskClient) -> None:
    sorting = {"sortBy": "custom", "customSortBy": "relevance", "sortOrder": "desc"}
    asked = search(varied_client, search="heart failure at home", sorting=sorting)
    assert asked == search(varied_client, search="heart failure at home")


@pytest.mark.parametrize(
    "body",
    [
        {"pagination": {"page": 0}},
        {"pagination": {"pageSize": "many"}},
        {"sorting": {"sortBy": "score"}},
        {"sorting": {}},
        {"filters": {"status": {"operator": "in"}}},
        {
            "filters": {
                "closeDateRange": {"operator": "between", "value": {"min": "soon", "max": "x"}}
            }
        },
        {
            "filters": {
                "maxAwardAmountRange": {
                    "operator": "between",
                    "value": {"min": {"amount": "ten", "currency": "SEK"}, "max": {}},
                }
            }
        },
    ],
)
def test_what_the_protocol_does_not_allow_is_refused_in_its_form(
    varied_client: FlaskClient, body: dict[str, Any]
) -> None:
    answer = varied_client.post(SEARCH, json=body)
    assert answer.status_code == 422
    assert answer.mimetype == "application/json"
    error = answer.get_json()
    assert set(error) == {"status", "message", "errors"}
    assert error["status"] == 422
    assert all(one["field"] for one in error["errors"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{LIST}/30a12e5e-5940-4c08-921c-17a8960fcf4b", 404),
        (f"{LIST}/vinnova:2026-00001", 404),
        (f"{LIST}/search", 405),
        (f"{LIST}/", 404),
        ("/common-grants/awards", 404),
        (f"{LIST}?page=0", 422),
        (f"{LIST}?pageSize=0", 422),
    ],
)
def test_errors_are_in_the_protocols_form(
    varied_client: FlaskClient, path: str, status: int
) -> None:
    answer = varied_client.get(path)
    assert answer.status_code == status
    assert set(answer.get_json()) == {"status", "message", "errors"}


def test_a_copy_that_does_not_lead_can_still_be_read(varied_client: FlaskClient) -> None:
    for item in search(varied_client)["items"]:
        got = varied_client.get(f"{LIST}/{item['id'].upper()}").get_json()
        assert got["data"]["id"] == item["id"]
