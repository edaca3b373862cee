"""PDFs: paragraphs in reading order, and nothing of what stands on every page."""

from __future__ import annotations

import pytest

from scrapers.reading.files.file_text import FileFault, FileLimits, LeftOut, UnreadableFileError
from scrapers.reading.files.pdf import read_pdf
from tests.scrapers.reading.files.sample_files import Line, make_pdf, paragraphs, protect

LIMITS = FileLimits()
TITLE = Line(780, "Hemrehabilitering efter stroke", 20)


def fault_of(body: bytes, limits: FileLimits = LIMITS) -> FileFault:
    with pytest.raises(UnreadableFileError) as raised:
        read_pdf(body, limits)
    return raised.value.fault


def test_lines_of_a_page_are_paragraphs_again() -> None:
    body = make_pdf(
        [
            TITLE,
            *paragraphs(
                740,
                "Projektet prövar om rehabilitering kan ges i hemmet av ett team som\n"
                "möter patienten digitalt två gånger i veckan och på plats en gång i\n"
                "månaden.",
                "Vi mäter gångförmåga, självskattad hälsa och kostnad per patient under\n"
                "tolv månader.",
            ),
        ]
    )
    read = read_pdf(body, LIMITS)
    assert read.title == "Hemrehabilitering efter stroke"
    assert read.text.split("\n\n") == [
        "Hemrehabilitering efter stroke",
        (
            "Projektet prövar om rehabilitering kan ges i hemmet av ett team som möter patienten "
            "digitalt två gånger i veckan och på plats en gång i månaden."
        ),
        "Vi mäter gångförmåga, självskattad hälsa och kostnad per patient under tolv månader.",
    ]
    assert (read.pages, read.pages_read, dict(read.left_out)) == (1, 1, {})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("samverkan mellan region och kom-", "munerna i länet.", "kommunerna"),
        ("personal inom hälso-", "och sjukvård i länet.", "hälso- och sjukvård"),
        ("samples are kept in the EU-", "registered biobank here.", "EU-registered"),
        ("the long-term and the long-", "term effects are measured.", "long-term effects"),
        ("utrustning för fjärrmoni-", "torering av vikt.", "fjärrmonitorering"),
    ],
)
def test_words_broken_at_a_lines_end_are_whole(before: str, after: str, expected: str) -> None:
    first = f"Projektet bygger på en plattform och på {before}"
    read = read_pdf(make_pdf(paragraphs(700, f"{first}\n{after}")), LIMITS)
    assert expected in read.text


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    pages = [
        [
            Line(800, "Region Exempel   Dnr 2026-0417", 8),
            *paragraphs(700, f"Stycke nummer {name} säger något eget om genomförandet."),
            Line(40, f"Sida {number} av 4", 8),
        ]
        for number, name in enumerate(("ett", "två", "tre", "fyra"), 1)
    ]
    read = read_pdf(make_pdf(*pages), LIMITS)
    assert read.text.count("Region Exempel") == 1  # it may say what the document is
    assert "Sida" not in read.text
    assert read.text.count("Stycke nummer") == 4
    assert read.left_out == {LeftOut.REPEATED_LINES: 7}


def test_a_sentence_goes_on_over_a_page() -> None:
    first = paragraphs(90, "Målet är att färre äldre personer ska behöva läggas in och att de")
    second = paragraphs(780, "ska kunna bo kvar hemma.")
    read = read_pdf(make_pdf([*first, Line(30, "1", 9)], [*second, Line(30, "2", 9)]), LIMITS)
    assert read.text == (
        "Målet är att färre äldre personer ska behöva läggas in och att de ska kunna bo kvar hemma."
    )


def test_items_stay_on_lines_of_their_own() -> None:
    lines = [
        Line(700 - 14 * n, text)
        for n, text in enumerate(
            ["Partners", "• Region Exempel", "• Exempel kommun", "• Ett bolag som utvecklar"]
        )
    ]
    assert (
        "• Region Exempel\n• Exempel kommun\n• Ett bolag" in read_pdf(make_pdf(lines), LIMITS).text
    )


def test_a_bold_heading_of_the_same_size_stands_alone() -> None:
    lines = [
        Line(700, "Syfte", bold=True),
        Line(686, "Projektet ska visa om digital uppföljning av diabetes gör nytta för"),
        Line(672, "personer som bor långt från sin vårdcentral."),
    ]
    assert read_pdf(make_pdf(lines), LIMITS).text.split("\n\n")[0] == "Syfte"


def test_ligatures_and_blanks_are_plain() -> None:
    read = read_pdf(
        make_pdf([Line(700, "Budget:\xa01\xa0200\xa0000 kronor och ett flöde")]), LIMITS
    )
    assert read.text == "Budget: 1 200 000 kronor och ett flöde"


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [Line(700 - 13.75 * n, f"vänster rad {n} med så många ord") for n in range(3)]
    right = [line._replace(text=line.text.replace("vänster", "höger"), x=320) for line in left]
    text = read_pdf(make_pdf([*left, *right]), LIMITS).text
    assert text.index("vänster rad 2") < text.index("höger rad 0")


def test_of_many_pages_the_first_are_read_and_the_rest_told() -> None:
    pages = [[Line(700, f"Sidan handlar om ämnet {n} i planen.")] for n in range(500)]
    read = read_pdf(make_pdf(*pages), LIMITS)
    assert (read.pages, read.pages_read) == (500, 100)
    assert read.left_out[LeftOut.PAGES] == 400
    assert "ämnet 99 " in read.text
    assert "ämnet 100 " not in read.text


def test_when_the_time_for_pages_is_over_no_other_is_begun() -> None:
    pages = [[Line(700, f"Sidan {n} har en text.")] for n in range(5)]
    read = read_pdf(make_pdf(*pages), FileLimits(page_seconds=-1))
    assert (read.pages, read.pages_read, read.left_out[LeftOut.PAGES]) == (5, 1, 4)


def test_a_long_text_is_cut_and_told() -> None:
    pages = [paragraphs(800, *["En mening som upprepas på sidan och fyller den."] * 20)] * 3
    read = read_pdf(make_pdf(*pages), FileLimits(characters=1000))
    assert 800 <= len(read.text) <= 1000
    assert read.text.endswith(".")
    assert read.left_out[LeftOut.CHARACTERS] > 1000


def test_a_scanned_pdf_says_so_and_a_scanned_page_is_counted() -> None:
    assert fault_of(make_pdf([], [], picture=True)) is FileFault.SCANNED
    assert fault_of(make_pdf([], [])) is FileFault.NO_TEXT
    read = read_pdf(make_pdf([Line(700, "Bara första sidan har text.")], [], picture=True), LIMITS)
    assert read.left_out == {LeftOut.PAGES_WITHOUT_TEXT: 1}


def test_a_password_is_told_and_an_owners_alone_is_none() -> None:
    pdf = make_pdf([Line(700, "Den här texten får läsas av alla.")])
    assert fault_of(protect(pdf, "hemligt")) is FileFault.PROTECTED
    assert "får läsas" in read_pdf(protect(pdf, ""), LIMITS).text


@pytest.mark.parametrize(
    "body",
    [b"%PDF-1.7\n" + b"\x00\x01rubbish" * 50, b"%PDF-1.4\n%%EOF", make_pdf([TITLE])[:200]],
    ids=["rubbish", "nothing", "cut"],
)
def test_a_damaged_pdf_is_told(body: bytes) -> None:
    assert fault_of(body) in {FileFault.DAMAGED, FileFault.NO_TEXT}


def test_letters_without_meaning_are_told() -> None:
    assert fault_of(make_pdf([Line(700, "¤¦¬±¶¸" * 20)])) is FileFault.LETTERS
