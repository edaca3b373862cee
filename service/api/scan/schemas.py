"""The queries of scans."""

from __future__ import annotations

from pydantic import Field

from service.http.queries import ScanQuery
from service.messages.sentence import Language


class ScanAnswerQuery(ScanQuery):
    """A subject to scan, and how much of it to answer with."""

    most: int = Field(
        default=100, ge=0, le=500, description="Calls that are listed at most; all are counted."
    )
    lang: Language = Field(default="en", description="Of titles, where calls have one in it.")


class ScanSheetQuery(ScanQuery):
    """A subject whose calls or months a spreadsheet has."""

    lang: Language = Field(default="en", description="Of headings, words and titles.")
