"""Answers of the Commission's search, made of topics of our own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scrapers.call import Call
from scrapers.run import RunReport, parse_files

ID = "HORIZON-TEST-2027-01-CARE-07"
TOPIC_PAGE = "https://ec.europa.eu/info/funding-tenders/opportunities/portal/screen/opportunities/topic-details"


def topic(identifier: str | None = ID, language: str = "en", **more: Any) -> dict[str, Any]:
    """A result for a topic; a keyword replaces a name of its metadata, None takes it away."""
    metadata: dict[str, Any] = {
        "identifier": identifier,
        "title": "Care close to home" if language == "en" else "Vård nära hemmet",
        "type": "1",
        "status": "31094502",
        "language": language,
        "ccm2Id": "70001",
        "frameworkProgramme": "43108390",
        "DATASOURCE": "SEDIA",
        "url": f"{TOPIC_PAGE}/{identifier}",
        "deadlineModel": "single-stage",
        "startDate": "2026-11-10T00:00:00.000+0000",
        "deadlineDate": "2027-03-16T00:00:00.000+0000",
        **more,
    }
    reference = more.get("REFERENCE", f"70001TOPICS{language}")
    kept = {
        name: value if isinstance(value, list) else [value]
        for name, value in metadata.items()
        if value is not None
    }
    return {"reference": reference, "language": language, "metadata": kept}


def earlier_copy(identifier: str | None = ID, language: str = "en", **more: Any) -> dict[str, Any]:
    """The result that the portal's earlier system has for a topic: other dates, no text."""
    older = {
        "DATASOURCE": "SEDIA_PRD_CENTRICITY",
        "url": f"https://ec.europa.eu/info/funding-tenders/opportunities/data/topicDetails/{identifier}.json",
        "REFERENCE": "70001HORIZONInnovationActions1696377600000",
        "startDate": "2023-10-04T00:00:00.000+0000",
        "deadlineDate": "2024-02-07T17:00:00.000+0000",
        "keywords": '["Nursing","Care, at home"]',
    }
    return topic(identifier, language, **{**older, **more})


def steps(opens: str, *deadlines: str, model: str = "single-stage") -> str:
    """The ``actions`` of a topic."""
    step = {"plannedOpeningDate": opens, "deadlineDates": list(deadlines)}
    return json.dumps([{**step, "submissionProcedure": {"abbreviation": model}}])


def budget(**lines: list[dict[str, Any]]) -> str:
    """The ``budgetOverview`` of a call: lines by key."""
    return json.dumps({"budgetTopicActionMap": lines})


def line(identifier: str, amount: object, grants: int, most: int, least: int) -> dict[str, Any]:
    """A line of a call's budget table."""
    return {
        "action": f"{identifier} - HORIZON-RIA HORIZON Research and Innovation Actions",
        "expectedGrants": grants,
        "minContribution": least,
        "maxContribution": most,
        "budgetYearMap": {"2027": amount},
    }


def parse(folder: Path, *results: dict[str, Any]) -> RunReport:
    """Read an answer with ``results`` as `fundscout parse` does."""
    path = folder / "answer.json"
    path.write_text(json.dumps({"totalResults": len(results), "results": list(results)}), "utf-8")
    return parse_files("eu_portal", [path])


def only_call(folder: Path, *results: dict[str, Any]) -> Call:
    """The one call of an answer that is read whole."""
    report = parse(folder, *results)
    assert report.problems == ()
    (call,) = report.calls
    return call


def parts_of(call: Call, language: str = "en") -> dict[str, str]:
    """A call's text by section."""
    text = call.texts.get(language, "")
    return {s.name: text[s.start : s.end] for s in call.sections.get(language, ())}


def instants(call: Call) -> list[str]:
    """A call's deadlines on the clock of Brussels."""
    return [f"{deadline.local():%Y-%m-%d %H:%M}" for deadline in call.deadlines]
