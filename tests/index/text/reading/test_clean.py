"""Texts are read alike in whatever dress they come, and every character knows where it stood."""

from __future__ import annotations

import unicodedata

import pytest

from index.text.reading.clean import clean_text, visible_text
from index.text.reading.edited_text import Edit, EditedText
from index.text.sentences import Span

PLAIN = (
    "Digital uppföljning efter stroke\n\n"
    "Personer som haft stroke får efter utskrivningen sällan stöd av ett team. Vi prövar en app "
    "där patienten svarar på frågor om ork, tal och balans.\n\n"
    "En arbetsterapeut ser svaren och ändrar träningen tillsammans med patienten."
)


def _soft_hyphens(text: str) -> str:
    return "".join(c + "\u00ad" if c.isalpha() and n % 3 == 0 else c for n, c in enumerate(text))


def _word_html(text: str) -> str:
    paragraphs = "".join(
        f"<p class=MsoNormal style='margin-bottom:8.0pt'><span lang=SV\n"
        f" style='font-size:11.0pt'>{p.replace('ö', '&ouml;').replace('ä', '&#228;')}"
        "<o:p></o:p></span></p>\r\n"
        for p in text.split("\n\n")
    )
    return (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><title>Dokument1</title>"
        "<style>\n<!--\n p.MsoNormal {margin:0cm;}\n-->\n</style></head><body>"
        "<!--[if gte mso 9]><xml><w:View>Normal</w:View></xml><![endif]-->"
        f"<!--StartFragment-->{paragraphs}<!--EndFragment--></body></html>"
    )


@pytest.mark.parametrize(
    "dress",
    [
        _soft_hyphens,
        lambda text: "\ufeff" + text.replace(" ", " \u200b"),
        lambda text: text.replace("t", "t\u200d").replace(" ", "\u202f\u200e"),
        lambda text: "\u202a" + text.replace("\n\n", "\r\n\r\n") + "\u202c",
        lambda text: text.replace("\n\n", "\u2029"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
        lambda text: text.upper(),
        _word_html,
        lambda text: _word_html(text).replace("&", "&amp;").replace("<", "&lt;"),
        lambda text: text.replace("En ", "&nbsp;En ").replace("ä", "&auml;"),
        lambda text: "# " + text.replace("stroke får", "**stroke** _får_"),
        lambda text: "\n\n".join(f"\u2022\u00a0 {p}" for p in text.split("\n\n")),
        lambda text: text.replace("utskrivningen", "utskriv-\nningen").replace(
            "trä", "trä\u00ad\n"
        ),
        lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    ],
)
def test_the_same_text_is_read_alike(dress: object) -> None:
    assert callable(dress)
    assert clean_text(dress(PLAIN)).text == PLAIN


@pytest.mark.parametrize("width", [50, 72, 80])
def test_lines_of_a_page_are_paragraphs(width: int) -> None:
    paragraphs = PLAIN.split("\n\n")
    lines = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            if len(line) + 1 + len(word) > width:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        lines += [line, ""]
    assert clean_text("\n".join(lines)).text == PLAIN
    assert clean_text("\n".join(lines).upper()).text == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "Effekten är p < 0.05 och <5 % av dem, a <b and c> d, se <namn> och R&D; AT&T",
        "Kontakt <https://example.org> <mailto:a@example.org> a -> b --> c",
        "hälso- och sjukvård, in- och utskrivning, för-, grund- samt gymnasieskola",
        "KOL och COPD vid AMR, HIV-1 och EU:s MSCA-DN; HORIZON-HLTH-2027-01-TOOL-03",
        "AMR",
        "KOL COPD ICU",
        "Mål:\nMäta vikt\nMäta blodtryck\nRinga en sjuksköterska",
        "Syfte\nAtt förbättra vården av äldre personer som bor hemma med hjälp av kommunen",
        "See the projects ARAGORN, ISLANDR, EDAPHOS, SOILPROM and their results …",
        "snake_case och 3 * 4 * 5",
        "> 65 år gamla personer",
        "5 - 10 personer",
    ],
)
def test_what_is_no_dress_stays(text: str) -> None:
    assert clean_text(text).text == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("hälso-\noch sjukvård", "hälso- och sjukvård"),
        (
            "vård-\nsamverkan och vård för samverkan hos oss",
            "vårdsamverkan och vård för samverkan hos oss",
        ),
        ("ett EU-\nprojekt om e-\nhälsa", "ett EU-projekt om e-hälsa"),
        ("VÅRD-\nSAMVERKAN I HEMMET", "Vårdsamverkan i hemmet"),
        ("decision\u2011making", "decision-making"),
        ("PURPOSE: THE TEAMS OF SWEDEN MEET", "Purpose: The teams of Sweden meet"),
        ("COVID-\n19 among adults", "COVID-19 among adults"),
        (
            "It is self-managed. The self-\nmanaged care",
            "It is self-managed. The self-managed care",
        ),
        ("ERC GRANTS FOR HEALTH\nThe ERC pays.", "ERC grants for health\nThe ERC pays."),
        ("75-ÅRIGA MED KOL I HEMMET", "75-åriga med KOL i hemmet"),
        ("VI SKRIVER STORT. DET GÖR VI ALLTID!", "Vi skriver stort. Det gör vi alltid!"),
        ("&amp;lt;p&amp;gt;St&amp;amp;ouml;d&amp;lt;/p&amp;gt;", "Stöd"),
        ("<p>Första<p>Andra <b>ordet</b><br>Tredje", "Första\n\nAndra ordet\nTredje"),
        ("<div>Dosen &lt;5 mg</div>", "Dosen <5 mg"),
        ("<style>p {a:b}\n<p>Text", "Text"),
        ("\ufb01nansiering, \U0001d400\U0001d401 och H\u2082O", "finansiering, AB och H2O"),
        ("STOCKHOLM OCH KAROLINSKA PRÖVAR DNA", "Stockholm och Karolinska prövar DNA"),
        ("KARLSTADS ÄLDRE FÅR MER HJÄLP", "Karlstads äldre får mer hjälp"),
        (
            "HUMAN ATLAS OF CELLS (HAC) SHOWS MORE. THE HAC IS OPEN",
            "Human atlas of cells (HAC) shows more. The HAC is open",
        ),
        ("[webben](https://example.org/a_b) och `kod`", "webben och kod"),
    ],
)
def test_what_a_dress_is_and_what_not(text: str, read: str) -> None:
    assert clean_text(text).text == read


def test_a_title_as_long_as_the_lines_below_it_stays_a_title() -> None:
    title = "A title that is about as long as the lines of the text that follows it"
    body = "We try a service at home for people who had a stroke, and we measure\nhow they live."
    assert clean_text(f"{title}\n{body}").text == f"{title}\n{body.replace(chr(10), ' ')}"


PROSE = "We try a service at home for people who had a stroke, and we measure how they live now."


@pytest.mark.parametrize(
    "row",
    [
        f"17\tHelp after stroke\t{PROSE}\tNorth clinic",
        f"| 17 | Help after stroke | {PROSE} | North clinic |",
        f"<table><tr><td>17</td><td>Help after stroke</td><td>{PROSE}<td>North clinic</td></table>",
    ],
)
def test_a_row_with_prose_has_a_line_for_each_cell(row: str) -> None:
    assert clean_text(row).text == f"17\nHelp after stroke\n{PROSE}\nNorth clinic"


@pytest.mark.parametrize("row", ["Staff\t900 000\t950 000", "| Staff | 900 000 | 950 000 |"])
def test_a_row_of_numbers_stays_a_row(row: str) -> None:
    assert "\n" not in clean_text(row).text


def test_the_head_of_each_page_is_no_part_of_its_text() -> None:
    head = "North Health Board, plan for the years 2027 to 2029, page {}"
    lines = [
        "We try a service at home for people who had a stroke and need help, and",
        "we measure how they live and how often they are ill after that. A nurse",
        "calls them each day.",
    ]
    others = [
        "Three clinics in the north take part for two years, and the work is led",
        "by a hospital that has done this before. What it costs is compared with",
        "care as usual.",
    ]
    text = "\n".join([head.format(1), *lines, head.format(2), *others])
    bodies = " ".join(lines), " ".join(others)
    read = clean_text(text).text
    assert read == f"{head.format(1)}\n{bodies[0]}\n{head.format(2)}\n{bodies[1]}"


def test_a_text_that_stands_there_twice_is_no_head_of_a_page() -> None:
    lines = [
        "We try a service at home for people who had a stroke and need help, and",
        "we measure how they live and how often they are ill after that. A nurse",
        "calls them each day.",
    ]
    body = " ".join(lines)
    assert clean_text("\n".join(["Once", *lines, "", *lines])).text == f"Once\n{body}\n\n{body}"


@pytest.mark.parametrize("text", ["<!-- -->", "\u00ad\u200b", "<style>x</style>", "", " \n "])
def test_a_text_of_nothing_does_no_harm(text: str) -> None:
    read = clean_text(text)
    assert read.given == text
    assert read.given_span(Span(0, len(read.text))).end <= len(text)


@pytest.mark.parametrize("dress", [_soft_hyphens, _word_html, lambda text: text])
def test_a_quotation_is_where_it_was(dress: object) -> None:
    assert callable(dress)
    given = dress(PLAIN)
    read = clean_text(given)
    start = read.text.index("patienten svarar")
    span = read.given_span(Span(start, start + len("patienten svarar")))
    assert clean_text(given[span.start : span.end]).text == "patienten svarar"
    assert read.edited_span(span) == Span(start, start + len("patienten svarar"))


def test_edits_keep_the_places_of_what_they_replace() -> None:
    once = EditedText.unedited("h&auml;lsa <b>").edit([Edit(1, 7, "ä"), Edit(11, 14, "")])
    twice = once.edit([Edit(0, 5, "HÄLSA")])
    assert twice.text == "HÄLSA "
    assert twice.given_span(Span(0, 2)) == Span(0, 7)
    assert twice.given_span(Span(2, 2)) == Span(7, 7)
    assert twice.given_span(Span(6, 6)) == Span(14, 14)
    assert twice.edited_span(Span(3, 4)) == Span(1, 2)


@pytest.mark.parametrize(
    "piece",
    [
        *("<", "<!--", "<a ", "<style>", "&amp;", "&", "a-\n", "\u00ad", "e\u0301", "\u0301", "["),
        *("*", "_", "`", "> ", "# ", "A ", "- ", "\n", " ", '<a b="', "<p>", "\u00ac", "](", "|-"),
    ],
)
def test_an_endless_text_is_read_in_bounded_steps(piece: str) -> None:
    long, longer = (clean_text(piece * count) for count in (1_000, 20_000))
    assert len(long.text) <= 1_000 * len(piece) * 2
    assert len(longer.text) <= 20_000 * len(piece) * 2


def test_a_quotation_is_shown_as_it_was_written_but_for_what_nobody_sees() -> None:
    assert (
        visible_text("F&ouml;re </span><b>MÖTET</b> i\u00ad\u00a0h\u00adast") == "Före MÖTET i hast"
    )
    assert visible_text("- *Vi* m\u00e4ter CO\u2082") == "- *Vi* mäter CO\u2082"
    assert visible_text("\u00ad") == "\u00ad"


def test_a_hidden_hyphen_at_the_end_of_a_heading_breaks_no_word() -> None:
    assert (
        clean_text("Stöd efter stroke\u00ad\nPersoner får").text
        == "Stöd efter stroke\nPersoner får"
    )
