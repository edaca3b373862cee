"""The running service, driven by the protocol's own SDK: every row is one that it can read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from common_grants_sdk.client import Auth, Client, Config
from common_grants_sdk.client.exceptions import APIError

from tests.service.api.common_grants.varied_calls import varied_calls
from tests.service.sample_calls import some_calls
from tests.service.server.clients import serve

pytestmark = pytest.mark.whole

COUNT = len(some_calls()) + len(varied_calls())


@pytest.fixture(scope="module")
def sdk(varied_data: Path) -> Iterator[Client]:
    with serve(varied_data, costly=[2, 4]) as served:
        address = f"http://127.0.0.1:{served.port}"
        with Client(
            Config(base_url=address, api_key="none", page_size=3), Auth.api_key("none")
        ) as c:
            yield c


def test_it_lists_every_call_page_by_page(sdk: Client) -> None:
    listed = sdk.opportunities.list()
    assert listed.errors == []
    assert len({item.id for item in listed.items}) == len(listed.items) == COUNT
    stamps = [item.last_modified_at for item in listed.items]
    assert stamps == sorted(stamps, reverse=True)
    page = sdk.opportunities.list(page=2, page_size=4)
    assert page.errors == []
    assert [item.id for item in page.items] == [item.id for item in listed.items[4:8]]
    assert (page.pagination_info.total_items, page.pagination_info.total_pages) == (COUNT, 3)


def test_it_gets_each_call(sdk: Client) -> None:
    for item in sdk.opportunities.list().items:
        got = sdk.opportunities.get(item.id)
        assert got.id == item.id
        assert got.title == item.title
        assert got.description.startswith(item.description.rstrip("…"))
        assert got.custom_fields == item.custom_fields


def test_an_unknown_id_is_the_protocols_error(sdk: Client) -> None:
    with pytest.raises(APIError, match=r"404|no opportunity"):
        sdk.opportunities.get("30a12e5e-5940-4c08-921c-17a8960fcf4b")


def test_it_searches_a_text(sdk: Client) -> None:
    found = sdk.opportunities.search(search="Remote monitoring of patients with heart failure")
    assert found.errors == []
    assert found.items
    assert "Remote monitoring of heart failure" in [item.title for item in found.items]
    for item in found.items:
        score = item.get_custom_field_value("score", float)
        assert score is not None
        assert 0 <= score <= 1
        assert item.get_custom_field_value("fit", str) in {"good", "possible", "weak"}
        assert item.get_custom_field_value("reasons", list)


def test_it_searches_by_filters(sdk: Client) -> None:
    filters: Any = {
        "status": {"operator": "in", "value": ["open"]},
        "max_award_amount_range": {
            "operator": "between",
            "value": {
                "min": {"amount": "100000", "currency": "USD"},
                "max": {"amount": "900000", "currency": "USD"},
            },
        },
    }
    found = sdk.opportunities.search(filters=filters)
    assert found.errors == []
    assert [item.title for item in found.items] == ["Remote monitoring of heart failure"]
    assert found.filter_info.errors == []


def test_it_is_told_of_a_filter_that_is_not_known(sdk: Client) -> None:
    filters: Any = {"planet": {"operator": "eq", "value": "Mars"}}
    found = sdk.opportunities.search(filters=filters)
    assert found.errors == []
    assert len(found.items) == COUNT
    assert any("planet" in error for error in found.filter_info.errors or ())
