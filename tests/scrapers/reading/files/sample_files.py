"""Files as people send them, made here: PDFs line by line, and Word files part by part."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import NamedTuple

import docx
from pypdf import PdfReader, PdfWriter

WIDTH, HEIGHT = 595, 842


class Line(NamedTuple):
    """A line of a page: its place in points from the lower left, its size, and its text."""

    y: float
    text: str
    size: float = 11
    x: float = 72
    bold: bool = False


def paragraphs(top: float, *texts: str, size: float = 11) -> list[Line]:
    """Return lines of paragraphs below ``top``; a line end is one of the page."""
    lines: list[Line] = []
    y = top
    for text in texts:
        for line in text.split("\n"):
            lines.append(Line(y, line, size))
            y -= size * 1.25
        y -= size
    return lines


def make_pdf(*pages: Iterable[Line], picture: bool = False) -> bytes:
    """Return a PDF of these pages; with ``picture`` each has a picture as a scanner makes it."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    fonts = [
        add(b"<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>" % name)
        for name in (b"Helvetica", b"Helvetica-Bold")
    ]
    image = add(
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 /Length 1 >>\nstream\n\x00\nendstream"
    )
    tree = len(objects) + 1
    objects.append(b"")
    kids = []
    for page in pages:
        content = "".join(
            f"BT /F{1 + line.bold} {line.size} Tf 1 0 0 1 {line.x} {line.y} Tm "
            f"({_escape(line.text)}) Tj ET\n"
            for line in page
        ) + ("q 500 0 0 700 40 40 cm /I1 Do Q\n" if picture else "")
        packed = zlib.compress(content.encode("cp1252"))
        stream = add(
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed)
        )
        kids.append(
            add(
                f"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents "
                f"{stream} 0 R /Resources << /Font << /F1 {fonts[0]} 0 R /F2 {fonts[1]} 0 R >> "
                f"/XObject << {f'/I1 {image} 0 R' if picture else ''} >> >> >>".encode()
            )
        )
    listed = " ".join(f"{kid} 0 R" for kid in kids)
    objects[tree - 1] = f"<< /Type /Pages /Kids [{listed}] /Count {len(kids)} >>".encode()
    root = add(f"<< /Type /Catalog /Pages {tree} 0 R >>".encode())
    return _file(objects, root)


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: list[bytes], root: int) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        root,
        start,
    )
    return bytes(out)


def protect(pdf: bytes, password: str, owner: str = "owner") -> bytes:
    """Return ``pdf`` locked by ``password``; an empty one leaves it open to readers."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    writer.encrypt(password, owner, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def save(document: docx.document.Document) -> bytes:
    """Return a Word document as a file."""
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def with_parts(word: bytes, changes: Mapping[str, bytes]) -> bytes:
    """Return a Word file with some parts added or replaced."""
    out = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(word)) as before,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            if name not in changes:
                after.writestr(name, before.read(name))
        for name, body in changes.items():
            after.writestr(name, body)
    return out.getvalue()


def part(word: bytes, name: str) -> bytes:
    """Return one part of a Word file."""
    with zipfile.ZipFile(BytesIO(word)) as archive:
        return archive.read(name)
