"""Our OpenAPI document keeps to CommonGrants 0.4.0, and a document that does not is found out."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from ruamel.yaml import YAML

from tests.service.api.common_grants.conformance import PREFIX, find_deviations

BASE = Path(__file__).parents[5] / "shared" / "commongrants" / "openapi.0.4.0.yaml"
LIST = "/common-grants/opportunities"
READ = "/common-grants/opportunities/{oppId}"
SEARCH = "/common-grants/opportunities/search"

Spec = dict[str, Any]


@pytest.fixture(scope="module")
def base() -> Spec:
    if not BASE.exists():
        pytest.skip(f"the base specification of CommonGrants is not at {BASE}")
    read: Spec = YAML(typ="safe").load(BASE.read_text("utf-8"))
    return read


@pytest.fixture(scope="module")
def spec(app: APIFlask) -> Spec:
    found: Spec = app.test_client().get("/openapi.json").get_json()
    return found


def schemas(spec: Spec) -> Spec:
    found: Spec = spec["components"]["schemas"]
    return found


def test_our_document_conforms(base: Spec, spec: Spec) -> None:
    assert find_deviations(base, spec) == []
    assert {path for path in spec["paths"] if path.startswith(PREFIX)} == {LIST, READ, SEARCH}


def test_the_base_conforms_to_itself(base: Spec) -> None:
    assert find_deviations(base, base) == []


def drop_route(spec: Spec) -> None:
    del spec["paths"][LIST]


def drop_optional_route(spec: Spec) -> None:
    del spec["paths"][SEARCH]


def add_route(spec: Spec) -> None:
    spec["paths"]["/common-grants/matches"] = spec["paths"][SEARCH]


def add_method(spec: Spec) -> None:
    spec["paths"][LIST]["delete"] = spec["paths"][LIST]["get"]


def add_slash(spec: Spec) -> None:
    spec["paths"][f"{LIST}/"] = spec["paths"].pop(LIST)


def rename_parameter(spec: Spec) -> None:
    spec["paths"]["/common-grants/opportunities/{id}"] = spec["paths"].pop(READ)


def drop_parameter(spec: Spec) -> None:
    parameters = spec["paths"][LIST]["get"]["parameters"]
    spec["paths"][LIST]["get"]["parameters"] = [p for p in parameters if p["name"] != "pageSize"]


def change_parameter(spec: Spec) -> None:
    spec["paths"][LIST]["get"]["parameters"][0]["schema"] = {"type": "string"}


def drop_status(spec: Spec) -> None:
    del spec["paths"][READ]["get"]["responses"]["404"]


def drop_answer_schema(spec: Spec) -> None:
    del spec["paths"][LIST]["get"]["responses"]["200"]["content"]["application/json"]


def drop_body(spec: Spec) -> None:
    del spec["paths"][SEARCH]["post"]["requestBody"]


def add_property(spec: Spec) -> None:
    schemas(spec)["OpportunityBase"]["properties"]["score"] = {"type": "number"}


def add_inner_property(spec: Spec) -> None:
    schemas(spec)["OpportunityMoney"]["properties"]["rate"] = {"type": "string"}


def add_property_to_a_request(spec: Spec) -> None:
    schemas(spec)["OpportunityFilters"]["properties"]["funder"] = {"type": "string"}


def drop_property(spec: Spec) -> None:
    del schemas(spec)["OpportunityBase"]["properties"]["status"]


def make_optional(spec: Spec) -> None:
    schemas(spec)["OpportunityDetails"]["required"].remove("createdAt")


def widen_enum(spec: Spec) -> None:
    schemas(spec)["OpportunityStatusValue"]["enum"].append("unknown")


def lose_enum(spec: Spec) -> None:
    del schemas(spec)["OpportunitySortBy"]["enum"]


def wrong_constant(spec: Spec) -> None:
    schemas(spec)["SingleDateEvent"]["properties"]["eventType"]["const"] = "day"


def nullable(spec: Spec) -> None:
    schemas(spec)["OpportunityBase"]["properties"]["source"]["type"] = ["string", "null"]


def wrong_type(spec: Spec) -> None:
    schemas(spec)["PaginationInfo"]["properties"]["totalItems"]["type"] = "string"


def wrong_values_of_a_map(spec: Spec) -> None:
    fields = schemas(spec)["OpportunityBase"]["properties"]["customFields"]
    fields["additionalProperties"] = {"type": "string"}


MUTATIONS: dict[Callable[[Spec], None], str] = {
    drop_route: f"GET {LIST}: missing route",
    drop_optional_route: f"POST {SEARCH}: missing route",
    add_route: "/common-grants/matches: extra route",
    add_method: f"DELETE {LIST}: extra route",
    add_slash: f"{LIST}/: extra route",
    rename_parameter: f"GET {READ}: missing route",
    drop_parameter: "parameter pageSize: missing parameter",
    change_parameter: "type string, not integer",
    drop_status: f"GET {READ}: missing status 404",
    drop_answer_schema: f"GET {LIST} 200: no schema of application/json",
    drop_body: f"POST {SEARCH}: missing body",
    add_property: "items[].score: extra property",
    add_inner_property: "totalAmountAvailable.rate: extra property",
    add_property_to_a_request: "filters.funder: extra property",
    drop_property: "items[].status: missing property",
    make_optional: "data.createdAt: required became optional",
    widen_enum: "status.value: wrong enum unknown",
    lose_enum: "sortBy: any value, not an enum",
    wrong_constant: "wrong enum day",
    nullable: "source: type is a list",
    wrong_type: "totalItems: type string, not integer",
    wrong_values_of_a_map: "customFields.*: type string, not object",
}


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda one: one.__name__)
def test_a_document_that_deviates_is_found_out(
    base: Spec, spec: Spec, mutate: Callable[[Spec], None]
) -> None:
    mutated = copy.deepcopy(spec)
    mutate(mutated)
    found = find_deviations(base, mutated)
    assert any(MUTATIONS[mutate] in line for line in found), found


def more_routes_of_our_own(spec: Spec) -> None:
    spec["paths"]["/api/v1/matches"] = spec["paths"][SEARCH]


def more_parameters(spec: Spec) -> None:
    extra = {"name": "language", "in": "query", "schema": {"type": "string"}}
    spec["paths"][LIST]["get"]["parameters"].append(extra)


def more_statuses(spec: Spec) -> None:
    responses = spec["paths"][READ]["get"]["responses"]
    responses["418"] = responses["404"]


def fewer_optional_properties(spec: Spec) -> None:
    del schemas(spec)["OpportunityBase"]["properties"]["source"]


def narrower_enum(spec: Spec) -> None:
    schemas(spec)["OpportunityStatusValue"]["enum"].remove("custom")


def any_of_null(spec: Spec) -> None:
    properties = schemas(spec)["OpportunityBase"]["properties"]
    properties["source"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


@pytest.mark.parametrize(
    "mutate",
    [
        more_routes_of_our_own,
        more_parameters,
        more_statuses,
        fewer_optional_properties,
        narrower_enum,
        any_of_null,
    ],
    ids=lambda one: one.__name__,
)
def test_what_is_allowed_is_no_deviation(
    base: Spec, spec: Spec, mutate: Callable[[Spec], None]
) -> None:
    mutated = copy.deepcopy(spec)
    mutate(mutated)
    assert find_deviations(base, mutated) == []
