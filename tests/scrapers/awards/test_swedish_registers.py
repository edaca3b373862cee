"""The Swedish registers without a common interface: Vinnova, Formas and SweCRIS."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from scrapers.award import Organisation
from tests.scrapers.awards.award_answers import EXAMPLES, read


def test_a_project_of_vinnova_names_its_round_first() -> None:
    (one, two), _ = read("vinnova", EXAMPLES / "vinnova" / "two_languages.json")
    assert one.id == "vinnova:2024-09101"
    assert one.caller == "vinnova"
    assert one.calls == ("2024-09001", "2024-09002", "2024-09003")
    assert set(one.titles) == set(one.texts) == {"sv", "en"}
    assert "Projektledare: [person]" in one.texts["sv"]
    assert "Färre återbesök" in one.texts["sv"]
    assert one.coordinator == Organisation(name="Exempelkliniken AB", country="SE")
    assert one.amount is not None
    assert (one.amount.amount, one.amount.currency) == (Decimal(1450000), "SEK")
    assert (one.start, one.end) == (date(2024, 9, 1), date(2026, 8, 31))
    assert set(two.titles) == {"sv"}, "x is no English"


def test_a_mark_and_a_wrong_charset_are_undone_in_names_and_texts() -> None:
    (award,), _ = read("vinnova", EXAMPLES / "vinnova" / "bom_and_damage.json")
    assert award.titles["sv"] == "Sårvård på håll för äldre i glesbygd"
    assert award.texts["sv"].startswith("Sjuksköterskor följer svårläkta sår")


def test_odd_values_are_named_and_cost_only_themselves() -> None:
    (award,), reading = read("vinnova", EXAMPLES / "vinnova" / "odd_values.json")
    assert award.calls == ("2021-09006",)
    assert [award.amount, award.end, award.coordinator] == [None, None, None]
    assert award.start == date(2021, 10, 1)
    assert (reading.rows, reading.lost) == (4, 2)
    assert reading.passed == {"round, call or programme": 1}
    said = "\n".join(message for _, message in reading.problems)
    for part in ("'ej fastställt'", "an end before the start", "'2021-9105'", "an object"):
        assert part in said


def test_formas_drops_who_is_a_person_by_number_and_keeps_the_call() -> None:
    (one, two), _ = read("formas", EXAMPLES / "formas" / "getall.json")
    assert one.calls == two.calls == ("2023-09011",)
    assert one.programme == "Hälsa i en hållbar stad"
    assert one.coordinator == Organisation(name="Exempel universitet", country="SE")
    assert two.coordinator is None
    assert two.texts["sv"].startswith("Huvudsökande: [person].")
    assert two.amount is not None
    assert two.amount.amount == 1_500_000


def test_swecris_reads_times_and_seconds_and_counts_repeats() -> None:
    (award,), reading = read("swecris", EXAMPLES / "swecris" / "with_people.json")
    assert (reading.rows, reading.repeated) == (2, 1)
    assert (award.start, award.end) == (date(2024, 1, 1), date(2026, 12, 31))
    assert award.funder == "Swedish Research Council"
    assert award.calls == ()
    (award,), _ = read("swecris", EXAMPLES / "swecris" / "export_seconds.json")
    assert (award.start, award.end) == (date(2022, 1, 1), date(2023, 12, 31))
    assert award.coordinator is None, "a personal number of twelve digits"


def test_real_rows_of_swecris(samples: Path) -> None:
    path = samples / "swecris" / "swecris_kth_sample60.json"
    found, reading = read("swecris", path)
    assert (reading.rows, reading.came, reading.lost) == (60, 60, 0)
    assert reading.problems == []
    assert reading.unread == {}
    first = found[0]
    assert first.funder == "Swedish Energy Agency"
    assert (first.start, first.end) == (date(2022, 12, 1), date(2026, 12, 31))
    assert sum(set(award.texts) == {"sv", "en"} for award in found) >= 50
    assert all(award.amount and award.coordinator for award in found)


def test_real_calls_are_no_awards(samples: Path) -> None:
    found, reading = read("vinnova", *sorted((samples / "vinnova").glob("*.json")))
    assert found == []
    assert reading.came == 0
    assert reading.rows == reading.lost + sum(reading.passed.values())
    found, reading = read("formas", *sorted((samples / "formas").glob("*.json")))
    assert found == []
    assert reading.rows == reading.lost > 0
