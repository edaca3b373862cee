"""The documentation's example of a file that was read."""

from __future__ import annotations

from scrapers.reading.files.file_text import FileKind, FileText, LeftOut
from service.api.sample import PILOT, PILOT_TEXT, dump
from service.use_cases.files.read_upload import FileReading

FILE_READING = dump(
    FileReading.of(
        FileText(
            FileKind.PDF,
            PILOT_TEXT,
            title=PILOT.title,
            pages=3,
            pages_read=3,
            left_out={LeftOut.REPEATED_LINES: 4},
        ),
        "pilot.pdf",
    )
)
