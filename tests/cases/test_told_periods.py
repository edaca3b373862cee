"""When a call opens and closes by one sentence, on the pages of every Swedish funder."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.run import parse_files

ADDRESSES = {
    "formas": "https://formas.se/soka-finansiering/alla-utlysningar/utlysningar/2026-11-05-te.html",
    "tillvaxtverket": "https://tillvaxtverket.se/sok/utlysningar/te.91234.html",
    "energimyndigheten": "https://www.energimyndigheten.se/utlysningar/te/",
}
FEBRUARY = ("2027-02-01", "2027-02-28")
SENTENCES: dict[str, tuple[str, str]] = {
    "Utlysningen är öppen 1–28 februari 2027.": FEBRUARY,
    "Utlysningen är öppen för företag 1–28 februari 2027.": FEBRUARY,
    "Du kan söka 1–28 februari 2027.": FEBRUARY,
    "Ansökningsperioden är 1-28 februari 2027.": FEBRUARY,
    "Under perioden 1–28 februari 2027 är utlysningen öppen.": FEBRUARY,
    "You can apply 1-28 February 2027.": FEBRUARY,
    "Utlysningen öppnar 1 februari och stänger 28 februari 2027.": FEBRUARY,
    "Öppnar 1 februari, stänger 28 februari 2027 kl. 14": FEBRUARY,
    "The call opens on 1 February at 9:00 and closes on 28 February 2027 at 14:00.": FEBRUARY,
    "Utlysningen öppnar den 1 februari. Sista dag att söka är 28 februari 2027.": (
        "",
        "2027-02-28",
    ),
    "Utlysningen är öppen omgång 2-28 februari 2027.": ("", ""),
    "Webbinarium 1–28 februari 2027.": ("", ""),
    "Ansök om att få visa upp er på mässan i Lund 1–28 februari 2027.": ("", ""),
    "Kommuner kan ansöka om bidrag för att ge råd under 1 mars 2027–31 maj 2028.": ("", ""),
}


@pytest.mark.parametrize("funder", ADDRESSES)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_tells_the_period(sentence: str, funder: str, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(f"URL: {ADDRESSES[funder]}\n\nTe\n\nVi ger te.\n\n{sentence}\n", "utf-8")
    (call,) = parse_files(funder, [page]).calls
    opens = f"{call.opens:%Y-%m-%d}" if call.opens else ""
    days = [f"{one.local():%Y-%m-%d}" for one in call.deadlines if one.at]
    assert (opens, *days) == (SENTENCES[sentence] if SENTENCES[sentence][1] else ("",))
