"""Every file of the funders' real answers: how much each reader gets out of it, pinned."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.samples import SampleRow, reader_key, sample_row, sample_rows

READ = {
    # file: calls, awards, with deadline, with amount, with who may apply, languages
    "cordis/237915.xml": (0, 1, 0, 1, 0, "en"),
    "cordis/242990.xml": (0, 1, 0, 1, 0, "en"),
    "eu_sedia/api-debug-full.json": (1, 0, 1, 1, 1, "cs en sv"),
    "eu_sedia/eu_api_response.json": (1, 0, 1, 1, 1, "cs en sv"),
    "formas/page_gestaltad_livsmiljo_2023_sv.txt": (1, 0, 0, 1, 1, "sv"),
    "formas/page_utforska_2024_sv.txt": (1, 0, 1, 1, 1, "sv"),
    "forte/page_projektbidrag_2024_sv.txt": (1, 0, 1, 1, 1, "sv"),
    "grants_gov/extract_record_example.xml": (1, 0, 1, 0, 0, "en"),
    "grants_gov/fetchOpportunity_official_sample.json": (1, 0, 0, 0, 1, "en"),
    "grants_gov/search2_official_sample.json": (1, 0, 0, 0, 0, "en"),
    "nih/page_PAR-22-126.txt": (1, 0, 0, 0, 0, "en"),
    "other_funders/nordforsk_call_1324.txt": (1, 0, 1, 0, 1, "en"),
    "swecris/swecris_kth_sample60.json": (0, 60, 0, 60, 0, "en sv"),
    "tillvaxtverket/page_7138_smarta_energisystem_sv.txt": (1, 0, 0, 0, 1, "sv"),
    "ukri/page_dpfs_gap_fund.txt": (1, 0, 1, 0, 1, "en"),
    "vinnova/ansokningsomgang_official_example.json": (1, 0, 1, 1, 1, "sv"),
    "vinnova/dgate_fixture_2026-10-10.json": (1, 0, 1, 1, 0, "en sv"),
    "vinnova/page_ai_formagor_2023-01699_sv.txt": (1, 0, 0, 1, 1, "sv"),
    "vinnova/page_swelife_2023-01921_en.txt": (1, 0, 0, 1, 1, "en"),
    "vinnova/page_swelife_2023-01921_sv.txt": (1, 0, 0, 1, 1, "sv"),
    "vinnova/page_usa_uk_halsa_2024-00877_sv.txt": (1, 0, 0, 1, 1, "sv"),
    "vr/page_etableringsbidrag_2023-11-15_sv.txt": (1, 0, 1, 0, 1, "sv"),
    "vr/page_virus_2021_sv.txt": (1, 0, 1, 1, 1, "sv"),
}
REFUSED = {
    # folder or file: words of the reason why it brings nothing
    "energimyndigheten/": "another program's output",
    "eu_sedia/cordisdata_changelog": "expected totalResults and results",
    "eu_sedia/cordisdata_open": "packed with gzip",
    "eu_sedia/eu-api-topic-response": "10 news",
    "eu_sedia/eu-page-sample": "a page of HTML",
    "eu_sedia/haguirre": "a list came",
    "eu_sedia/nivard": "expected totalResults and results",
    "formas/abeltomy": "another program's output",
    "gdp/": "expected",
    "other_funders/eit_health": "kept by hand",
    "other_funders/hjart_lungfonden": "kept by hand",
    "other_funders/ihi": "of no funder or register",
    "other_funders/kks": "kept by hand",
    "simpler_grants/": "of no funder or register",
    "tillvaxtverket/abeltomy": "another program's output",
    "ukri/selectors": "expected links to calls",
    "ukri/summary_block": "expected links to calls",
    "vinnova/api_ansokningsomgangar": "a page of HTML",
}


def counts(one: SampleRow) -> tuple[int, int, int, int, int, str]:
    return one.calls, one.awards, one.deadline, one.amount, one.who, one.languages


def test_every_file_gives_what_it_gave_or_says_why_not(samples: Path) -> None:
    rows = {one.file: one for one in sample_rows(samples)}
    read = {name: counts(one) for name, one in rows.items() if one.calls or one.awards}
    assert read == READ
    for name, one in rows.items():
        if name not in READ:
            (words,) = (words for start, words in REFUSED.items() if name.startswith(start))
            assert words in one.why_not, name
            assert "\n" not in one.why_not


def test_a_folder_of_our_own(tmp_path: Path) -> None:
    (tmp_path / "ukri").mkdir()
    page = tmp_path / "ukri" / "page.txt"
    page.write_text("URL: https://www.ukri.org/opportunity/x-y/\n\nA call\n\nTotal fund: £2m\n")
    (tmp_path / "unheard_of").mkdir()
    (tmp_path / "unheard_of" / "a.txt").write_text("?")
    read, other = sample_rows(tmp_path)
    assert (read.reader, read.calls, read.amount, read.why_not) == ("ukri", 1, 1, "")
    assert (other.reader, other.why_not) == ("–", "of no funder or register that is read here")
    assert len(read.cells()) == 9


@pytest.mark.parametrize(
    ("file", "key"),
    [("nih/a.txt", "nih_guide"), ("other_funders/eit_health_x.txt", "eit_health"),
     ("other_funders/x.txt", ""), ("cordis/1.xml", "cordis")],
)  # fmt: skip
def test_the_reader_of_a_file(file: str, key: str) -> None:
    assert reader_key(Path(file)) == key


def test_what_is_kept_by_hand_says_where(tmp_path: Path) -> None:
    assert "kks.toml" in sample_row(tmp_path / "kks" / "plan.txt", "kks/plan.txt").why_not
