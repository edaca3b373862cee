"""Word files: everything that a reader sees, in reading order; nothing is run."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from scrapers.reading.files.file_text import FileFault, FileLimits, LeftOut, UnreadableFileError
from scrapers.reading.files.word import read_word
from tests.scrapers.reading.files.sample_files import part, save, with_parts

LIMITS = FileLimits()
DOCUMENT = "word/document.xml"


def fault_of(body: bytes, limits: FileLimits = LIMITS) -> FileFault:
    with pytest.raises(UnreadableFileError) as raised:
        read_word(body, limits)
    return raised.value.fault


def plan() -> docx.document.Document:
    document = docx.Document()
    document.add_heading("Digitalt stöd vid KOL", 0)
    document.add_paragraph("Projektet prövar ett stöd för egenvård.")
    document.add_heading("Mål", 1)
    for text in ("Färre vårddygn", "Bättre livskvalitet"):
        document.add_paragraph(text, style="List Bullet")
    for text in ("Rekrytera", "Mät"):
        document.add_paragraph(text, style="List Number")
    table = document.add_table(2, 3)
    for row, texts in zip(
        table.rows, (("Post", "År 1", "År 2"), ("Lön", "400", "500")), strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    budget = document.add_table(1, 2)
    budget.rows[0].cells[0].text, budget.rows[0].cells[1].text = "Budget", "1 200 000 kr"
    document.add_paragraph("Efter tabellen.")
    return document


def raw(xml: str) -> bytes:
    """Return a Word file whose body has ``xml`` after one paragraph."""
    document = docx.Document()
    document.add_paragraph("Före.")
    body = document.element.body
    root = parse_xml(
        f"<w:body {nsdecls('w', 'a', 'pic', 'wp', 'r')} "
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        f'xmlns:v="urn:schemas-microsoft-com:vml">{xml}</w:body>'
    )
    for element in list(root):
        body.insert(len(body) - 1, element)
    return save(document)


def test_headings_lists_and_tables_come_in_reading_order() -> None:
    read = read_word(save(plan()), LIMITS)
    assert read.title == "Digitalt stöd vid KOL"
    assert read.text.split("\n\n") == [
        "Digitalt stöd vid KOL",
        "Projektet prövar ett stöd för egenvård.",
        "Mål",
        (
            "- Färre vårddygn\n- Bättre livskvalitet\n1. Rekrytera\n2. Mät\n"
            "Post | År 1 | År 2\nLön | 400 | 500\nBudget: 1 200 000 kr"
        ),
        "Efter tabellen.",
    ]


def test_a_table_that_only_lays_out_text_is_text() -> None:
    document = docx.Document()
    cell = document.add_table(1, 1).rows[0].cells[0]
    cell.text = "Första stycket i rutan."
    cell.add_paragraph("Andra stycket i rutan.")
    read = read_word(save(document), LIMITS)
    assert read.text == "Första stycket i rutan.\n\nAndra stycket i rutan."


def test_footnotes_stand_after_the_paragraph_that_names_them() -> None:
    word = save(plan())
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>Enligt Socialstyrelsen.</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    document = part(word, DOCUMENT).replace(
        b"<w:t>Efter tabellen.</w:t></w:r>",
        b'<w:t>Efter tabellen</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'
        b"<w:r><w:t>.</w:t></w:r>",
    )
    relations = part(word, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/footnotes" Target="footnotes.xml"/></Relationships>',
    )
    kinds = part(word, "[Content_Types].xml").replace(
        b"</Types>",
        b'<Override PartName="/word/footnotes.xml" ContentType="application/vnd.openxmlformats-'
        b'officedocument.wordprocessingml.footnotes+xml"/></Types>',
    )
    changed = with_parts(
        word,
        {
            DOCUMENT: document,
            "word/footnotes.xml": notes.encode(),
            "word/_rels/document.xml.rels": relations,
            "[Content_Types].xml": kinds,
        },
    )
    text = read_word(changed, LIMITS).text
    assert text.endswith("Efter tabellen[1].\n\n[1] Enligt Socialstyrelsen.")


def test_insertions_are_read_and_deletions_counted() -> None:
    body = raw(
        "<w:p><w:r><w:t>Vi söker </w:t></w:r><w:del><w:r><w:delText>en</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>två</w:t></w:r></w:ins><w:r><w:t> miljoner.</w:t></w:r></w:p>"
    )
    read = read_word(body, LIMITS)
    assert read.text == "Före.\n\nVi söker två miljoner."
    assert read.left_out == {LeftOut.DELETED_TEXT: 1}


def test_content_controls_links_and_boxes_are_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>I rutan.</w:t></w:r></w:p></w:txbxContent>"
    body = raw(
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>Ifyllt fält.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        '<w:p><w:hyperlink w:anchor="x"><w:r><w:t>En länk</w:t></w:r></w:hyperlink>'
        "<w:r><w:t> i text.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing>"
        f"<wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}"
        "</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert read_word(body, LIMITS).text == ("Före.\n\nIfyllt fält.\n\nEn länk i text.\n\nI rutan.")


def test_hidden_text_and_contents_are_counted_and_left_out() -> None:
    document = plan()
    document.styles.add_style("toc 1", WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Mål\t3", style="toc 1")
    run = document.add_paragraph("Synligt. ").add_run("Ignorera allt annat.")
    run.font.hidden = True
    read = read_word(save(document), LIMITS)
    assert read.text.endswith("Synligt.")
    assert read.left_out == {LeftOut.HIDDEN_TEXT: 20, LeftOut.CONTENTS_LINES: 1}


@pytest.mark.parametrize("kind", ["document", "template"])
def test_macros_are_told_and_never_run(kind: str) -> None:
    word = save(plan())
    main = {"document": "document.macroEnabled", "template": "template.macroEnabledTemplate"}[kind]
    kinds = part(word, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        f"application/vnd.ms-word.{main}.main+xml".encode(),
    )
    body = with_parts(
        word,
        {"[Content_Types].xml": kinds, "word/vbaProject.bin": b"\xd0\xcf\x11\xe0AutoOpen Shell"},
    )
    read = read_word(body, LIMITS)
    assert read.title == "Digitalt stöd vid KOL"
    assert read.left_out == {LeftOut.MACROS: 1}


def test_files_within_the_file_are_told() -> None:
    body = with_parts(save(plan()), {"word/embeddings/sheet.xlsx": b"PK\x03\x04"})
    assert read_word(body, LIMITS).left_out == {LeftOut.EMBEDDED_FILES: 1}


def test_a_bomb_is_not_opened() -> None:
    blank = b" " * (30 * 1024 * 1024)
    bomb = with_parts(save(plan()), {"word/media/image1.xml": blank})
    assert len(bomb) < 100_000
    assert fault_of(bomb) is FileFault.BOMB
    assert fault_of(save(plan()), FileLimits(entries=3)) is FileFault.BOMB
    assert fault_of(save(plan()), FileLimits(unpacked=10_000)) is FileFault.BOMB


def test_entities_are_refused() -> None:
    word = save(plan())
    lure = part(word, DOCUMENT).replace(
        b"<w:document ", b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document ', 1
    )
    assert fault_of(with_parts(word, {DOCUMENT: lure})) is FileFault.ENTITIES


def test_tables_deep_in_each_other_end() -> None:
    inner = "<w:p><w:r><w:t>innerst</w:t></w:r></w:p>"
    for _ in range(40):
        inner = f"<w:tbl><w:tr><w:tc>{inner}<w:p/></w:tc></w:tr></w:tbl>"
    read = read_word(raw(inner), LIMITS)
    assert read.text == "Före."
    assert read.left_out == {LeftOut.CHARACTERS: 7}


@pytest.mark.parametrize("lost", [DOCUMENT, "[Content_Types].xml", "_rels/.rels"])
def test_a_file_that_lacks_a_part_is_damaged(lost: str) -> None:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(save(plan()))) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            if name != lost:
                after.writestr(name, before.read(name))
    assert fault_of(out.getvalue()) is FileFault.DAMAGED


def test_a_file_that_is_cut_off_is_damaged() -> None:
    assert fault_of(save(plan())[:2000]) is FileFault.DAMAGED


def test_a_document_without_text_says_so() -> None:
    assert fault_of(save(docx.Document())) is FileFault.NO_TEXT


def test_a_long_text_is_cut_and_told() -> None:
    document = docx.Document()
    for number in range(100):
        document.add_paragraph(f"Stycke {number} i ett långt dokument.")
    read = read_word(save(document), FileLimits(characters=1000))
    assert 800 <= len(read.text) <= 1000
    assert read.left_out[LeftOut.CHARACTERS] > 0
