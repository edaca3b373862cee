"""The funders' real answers, where they are at hand: exact facts of chosen records."""

from __future__ import annotations

import gzip
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from scrapers.call import Call, DeadlineKind, Status
from scrapers.reading.parse import repair_encoding
from scrapers.run import RunReport, parse_files

TOPIC = "HORIZON-CL4-2025-04-DATA-03"


def only(report: RunReport) -> Call:
    assert report.problems == ()
    assert report.unread == {}
    assert len(report.calls) == 1
    return report.calls[0]


@pytest.mark.parametrize("name", ["api-debug-full.json", "eu_api_response.json"])
def test_a_real_topic_in_three_languages_is_one_call(samples: Path, name: str) -> None:
    report = parse_files("eu_portal", [samples / "eu_sedia" / name])
    call = only(report)
    assert report.skipped == {"news": 2}
    assert call.id == f"eu_portal:{TOPIC}"
    assert list(call.titles) == ["en", "cs", "sv"]
    assert call.titles["sv"].startswith("Programvaruteknik för AI")
    assert set(call.texts) == {"en", "cs", "sv"}
    for language in ("en", "cs", "sv"):
        names = [section.name for section in call.sections[language]]
        assert names == ["outcome", "scope", "conditions"]
        assert "<" not in call.texts[language]
    (deadline,) = call.deadlines
    assert deadline.kind is DeadlineKind.FIXED
    assert deadline.at == datetime(2025, 10, 2, 17, tzinfo=ZoneInfo("Europe/Brussels"))
    assert call.opens == datetime(2025, 6, 10, tzinfo=ZoneInfo("Europe/Brussels"))
    assert call.programme == "Horizon Europe"
    assert call.identifiers == (TOPIC, "HORIZON-CL4-2025-04")
    assert "Cloud Services" in call.keywords
    assert call.status(datetime(2025, 10, 2, 16, tzinfo=ZoneInfo("Europe/Brussels"))) is Status.OPEN


def test_a_real_topic_has_its_own_budget_and_not_its_neighbours(samples: Path) -> None:
    call = only(parse_files("eu_portal", [samples / "eu_sedia" / "api-debug-full.json"]))
    assert call.funding is not None
    assert call.funding.total is not None
    assert call.funding.minimum is not None
    assert call.funding.maximum is not None
    assert call.funding.total.amount == Decimal(15_000_000)
    assert call.funding.minimum.amount == Decimal(4_000_000)
    assert call.funding.maximum.amount == Decimal(6_000_000)
    assert call.funding.expected_awards == 3
    (limit,) = [fact for fact in call.eligibility if fact.kind == "country"]
    assert "Norway" in limit.value
    assert limit.quote in call.texts["en"]


def test_saved_answers_of_one_topic_are_merged_across_files(samples: Path) -> None:
    paths = [samples / "eu_sedia" / n for n in ("api-debug-full.json", "eu_api_response.json")]
    assert only(parse_files("eu_portal", paths)).id == f"eu_portal:{TOPIC}"


def test_a_real_answer_of_news_alone_has_no_calls(samples: Path) -> None:
    report = parse_files("eu_portal", [samples / "eu_sedia" / "eu-api-topic-response.json"])
    assert report.calls == ()
    assert report.skipped == {"news": 10}
    assert report.complete


def test_a_real_portal_page_is_no_answer(samples: Path) -> None:
    shell = samples / "eu_sedia" / "eu-page-sample.html"
    real = samples / "eu_sedia" / "api-debug-full.json"
    report = parse_files("eu_portal", [shell, real])
    assert len(report.calls) == 1
    assert not report.complete
    ((where, message),) = report.problems
    assert "eu-page-sample.html" in where
    assert "HTML" in message


def test_the_real_damage_of_another_project_is_mended(samples: Path) -> None:
    path = samples / "eu_sedia" / "cordisdata_open_2026-08.jsonl.gz"
    damaged = gzip.decompress(path.read_bytes()).decode("utf-8-sig")
    assert damaged.count("â€™") > 3000
    whole = repair_encoding(damaged)
    assert "â€™" not in whole
    assert "beneficiaries’ personnel costs" in whole
    assert sum(whole.count(trace) for trace in ("Ã¶", "Ã¼", "â€“", "â‚¬")) == 0


def test_a_real_round_with_its_call_and_programme(samples: Path) -> None:
    call = only(parse_files("vinnova", [samples / "vinnova" / "dgate_fixture_2026-10-10.json"]))
    assert call.id == "vinnova:2026-01503"
    assert set(call.titles) == {"sv", "en"}
    assert call.programme == "Innovationsprogrammet för civil-militära synergier"
    assert call.identifiers == ("2026-01503", "2024-01511", "2024-01502")
    (deadline,) = call.deadlines
    assert deadline.at is not None
    assert deadline.at.isoformat() == "2026-10-13T14:00:00+02:00"
    assert deadline.zone == "Europe/Stockholm"
    assert call.funding is not None
    assert call.funding.maximum is not None
    assert (call.funding.maximum.amount, call.funding.maximum.currency) == (
        Decimal(2_000_000),
        "SEK",
    )
    assert call.apply_url == "https://ansok.vinnova.se/utlysning/abc"


def test_a_real_old_round_whose_english_is_swedish(samples: Path) -> None:
    name = "ansokningsomgang_official_example.json"
    call = only(parse_files("vinnova", [samples / "vinnova" / name]))
    assert call.id == "vinnova:2016-04968"
    assert set(call.titles) == set(call.texts) == {"sv"}
    assert [section.name for section in call.sections["sv"]] == ["what", "who", "amount"]
    assert call.funding is not None
    assert call.funding.total is not None
    assert call.funding.total.amount == 50_000_000
    (deadline,) = call.deadlines
    assert deadline.at is not None
    assert deadline.at.isoformat() == "2017-03-02T14:00:00+01:00"


def test_the_real_documentation_page_is_no_list_of_rounds(samples: Path) -> None:
    name = "api_ansokningsomgangar_documentation_page.html"
    report = parse_files("vinnova", [samples / "vinnova" / name])
    assert report.calls == ()
    assert not report.complete
    assert "a page of HTML" in report.problems[0][1]


def test_real_grants_a_hit_and_a_record(samples: Path) -> None:
    names = ("search2_official_sample.json", "fetchOpportunity_official_sample.json")
    report = parse_files("grants_gov", [samples / "grants_gov" / name for name in names])
    assert [text for _, text in report.problems] == [
        f"left out {sum_} dollars, which stands for no sum" for sum_ in (10, 8)
    ]
    assert report.unread == {}
    hit, record = report.calls
    assert hit.id == "grants_gov:219999"
    assert hit.identifiers == ("TEST-ABC-20231011-OPP1", "93.223")
    assert hit.deadlines == ()
    assert record.id == "grants_gov:289999"
    assert record.funding is None
    assert [fact.value for fact in record.eligibility] == ["County governments", "not required"]
    assert record.opens == datetime(2023, 10, 11, tzinfo=ZoneInfo("America/New_York"))


def test_every_real_answer_is_read_or_refused_in_words(samples: Path) -> None:
    folders = {"vinnova": "vinnova", "eu_portal": "eu_sedia", "grants_gov": "grants_gov"}
    for key, folder in folders.items():
        for path in sorted((samples / folder).iterdir()):
            report = parse_files(key, [path])
            assert report.calls or report.problems or report.skipped, path
            for call in report.calls:
                assert Call.model_validate_json(call.model_dump_json()) == call
            for _, message in report.problems:
                assert "\n" not in message
                json.dumps(message)
