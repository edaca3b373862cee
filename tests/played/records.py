"""Funders that answer JSON: Vinnova, the EU portal, grants.gov, the NIH Guide, and GDP 2.0."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapers.funders.vinnova import Vinnova
from tests.played.copies import make_copies, record
from tests.played.site import Route, Routes
from tests.scrapers.conftest import SiteReply, SiteRequest

KEY = "a played key"
"""What the played GDP interfaces want to be sent."""

ROUNDS, TOPICS, SWEDISH, GRANTS, ANNOUNCED, IN_GDP = 120, 230, 130, 320, 290, 230
"""How many records each has: more than its funder calls a healthy run, and several pages."""

_GDP_MOST = 100


def _json(answer: object, **headers: str) -> SiteReply:
    body = json.dumps(answer, ensure_ascii=False).encode()
    return SiteReply(body, 200, {"Content-Type": "application/json", **headers})


def _query(request: SiteRequest) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}


def vinnova() -> Routes:
    """Rounds of one call, which is not in the list and is asked for by its number."""
    whole = record("vinnova/round_with_parents.json")
    invented = record("vinnova/invented_kinds_of_dates.json")
    rounds = make_copies([*whole["ansokningsomgangar"], *invented], ROUNDS)
    for number, row in enumerate(rounds):
        parent = whole["utlysningar"][0]["Diarienummer"]
        row |= {"Diarienummer": f"2098-{number:05}", "DiarienummerUtlysning": parent}
        row["Titel"] = f"{row['Titel']}, omgång {number}"
    since = Vinnova().since.isoformat()
    parent = whole["utlysningar"][0]
    other = {**parent, "Diarienummer": "2098-99999", "Titel": "En annan"}
    return {
        f"/api/ansokningsomgangar/{since}": lambda _: _json(rounds),
        f"/api/utlysningar/{since}": lambda _: _json([other]),
        f"/api/utlysningar/{parent['Diarienummer']}": lambda _: _json([parent]),
        f"/api/program/{since}": lambda _: _json(whole["program"]),
    }


def eu_portal() -> Routes:
    """A search a hundred at a time, in English and, for some topics, in Swedish."""
    english = _topics("eu_portal/invented_cut_offs_and_stages.json", "en", TOPICS)
    both = _topics("eu_portal/forthcoming_in_two_languages.json", "sv", SWEDISH)
    # in English the calls of others, paid by a topic, stand between the topics
    english += [
        row
        for row in record("eu_portal/cascade_and_external.json")["results"]
        if row["metadata"]["type"] != ["6"]
    ]

    def search(request: SiteRequest) -> SiteReply:
        rows = both if b'["sv"]' in request.body else english
        if b"31094501" not in request.body:
            return _json({"message": "no filter came"})
        query = _query(request)
        number, size = int(query["pageNumber"]), int(query["pageSize"])
        part = rows[(number - 1) * size : number * size]
        return _json({"totalResults": len(rows), "pageNumber": number, "results": part})

    return {"/search-api/prod/rest/search": search}


def _topics(example: str, language: str, count: int) -> list[Any]:
    """Return copies of an example's topics; each language has the same identifiers."""
    of_language = [
        row
        for row in record(example)["results"]
        if row["metadata"]["type"] == ["1"] and row["metadata"]["language"] == [language]
    ]
    made = make_copies(of_language, count)
    for number, row in enumerate(made):
        metadata = row["metadata"]
        # the budget table names the topic, so every mention changes
        old, new = metadata["identifier"][0], f"PLAYED-2099-{number:04}"
        row["metadata"] = metadata = json.loads(json.dumps(metadata).replace(old, new))
        row["reference"] = f"{9000 + number}TOPICS{language}"
        metadata["title"] = [f"{metadata['title'][0]} {number}"]
        texts = metadata.get("descriptionByte") or [""]
        metadata["descriptionByte"] = [f"{texts[0]}<p>Number {number}.</p>"]
    return made


def grants_gov() -> Routes:
    """A search of all, and a record each; both are posted to, so neither can answer 304."""
    names = ("invented_hour_and_persons", "invented_forecast", "invented_rolling", "nih_record")
    examples = [record(f"grants_gov/{name}.json")["data"] for name in names]
    records = make_copies(examples, GRANTS)
    for number, row in enumerate(records):
        row |= {"id": 500_000 + number, "opportunityNumber": f"PLAYED-{number}"}
        row["opportunityTitle"] = f"{row['opportunityTitle']} {number}"
        part = row.get("synopsis") or row["forecast"]
        name = "synopsisDesc" if "synopsis" in row else "forecastDesc"
        part[name] = f"{part.get(name, '')} Number {number}."
    by_id = {row["id"]: row for row in records}

    def search(request: SiteRequest) -> SiteReply:
        wanted = json.loads(request.body)
        start = wanted["startRecordNum"]
        hits = [_hit(row) for row in records[start : start + wanted["rows"]]]
        return _json({"errorcode": 0, "data": {"hitCount": len(records), "oppHits": hits}})

    def one(request: SiteRequest) -> SiteReply:
        found = by_id.get(json.loads(request.body)["opportunityId"])
        return _json({"errorcode": 0 if found else 1, "msg": "", "data": found})

    return {"/v1/api/search2": search, "/v1/api/fetchOpportunity": one}


def _hit(row: dict[str, Any]) -> dict[str, str]:
    return {
        "id": f"{row['id']}",
        "number": row["opportunityNumber"],
        "title": row["opportunityTitle"],
        "agencyCode": row["owningAgencyCode"],
        "openDate": "09/18/2026",
        "closeDate": "",
        "oppStatus": "posted" if "synopsis" in row else "forecasted",
        "docType": row["docType"],
    }


def nih_guide() -> Routes:
    """Active announcements a hundred at a time, a notice among them."""
    hits = make_copies(record("nih_guide/search.json")["data"]["hits"]["hits"], ANNOUNCED)
    for number, hit in enumerate(hits):
        source = hit["_source"]
        kind = re.sub(r"-\d{2}-\d{3}$", "", source["docnum"])
        source["docnum"] = f"{kind}-{27 + number // 100}-{number:03}"
        source["title"] = f"{source['title']} {number}"
        source["purpose"] = f"{source['purpose']} Number {number}."

    def search(request: SiteRequest) -> SiteReply:
        query = _query(request)
        start, rows = int(query["from"]), int(query["perpage"])
        part = hits[start : start + rows]
        return _json({"data": {"hits": {"total": {"value": len(hits)}, "hits": part}}})

    return {"/guide/api/data": search}


def gdp(key: str, addresses: list[str]) -> Route:
    """Calls of a council a hundred at a time, for who sends the key.

    The first of them are published at ``addresses``, the others nowhere yet.
    """
    rows = make_copies(record(f"{key}/gdp_answer.json"), IN_GDP)
    for number, row in enumerate(rows):
        row["diarienummer"] = f"2099-{number:05}"
        row["titel"] = f"{row['titel']} {number}"
        row["beskrivning"] = f"{row.get('beskrivning') or 'Påhittad.'} Nummer {number}."
        # some rows of the examples have no days; a healthy run has them mostly
        places = [{"webbadress": address} for address in addresses[number : number + 1]]
        row["publiceringsplatser"] = places
        row["stangningsdatum"] = row["stangningsdatum"] or f"{date(2099, 5, 1 + number % 28)}"

    def listed(request: SiteRequest) -> SiteReply:
        if request.headers.get("authorization") != KEY:
            return SiteReply(b'{"message": "Unauthorized"}', 401)
        start = int(_query(request)["offset"])
        part = rows[start : start + _GDP_MOST]
        headers = {"x-totalrecords": str(len(rows))}
        if start + len(part) < len(rows):
            inside = f"http://inside.example/utlysningar?limit=200&offset={start + len(part)}"
            headers["x-next"] = f"<{inside}>"
        return _json(part, **headers)

    return listed
