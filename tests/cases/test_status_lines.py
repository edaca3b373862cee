"""A line that says only whether a call is open is no description of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.platforms.pages.badge import is_badge, says_closed
from scrapers.run import parse_files

PASSED = [
    "The submission deadline for this call has passed",
    "The application period is over.",
    "Ansökningstiden har gått ut.",
    "This call is now closed for applications",
    "Applications are no longer accepted.",
]
PASSED_UNSEEN = [
    "The call's application deadline has expired.",
    "Sista ansökningsdagen har passerat",
    "Det går inte längre att söka bidraget.",
    "Applications are now closed",
    "Utlysningen har stängt.",
    "The application window has now closed.",
]
WORDS = [
    "The deadline for reports has moved",
    "Ansökningstiden är tre månader",
    "Applications are read by three experts",
    "The period is three years",
]


@pytest.mark.parametrize("line", [*PASSED, *PASSED_UNSEEN])
def test_a_status_line_is_a_badge(line: str) -> None:
    assert is_badge(line)
    assert says_closed(line)


@pytest.mark.parametrize("line", WORDS)
def test_other_lines_are_none(line: str) -> None:
    assert not is_badge(line)


def test_a_page_is_not_described_by_its_status(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text(
        "URL: https://funding.nordforsk.org/nordforsk/call/call.jsp?cid=9901\n"
        "Call: Nordic networks for care at home\n"
        "The submission deadline for this call has passed\n"
        "Application deadline\n04.09.2025 13:00\n"
        "Who can apply?\nUniversities in the Nordic countries can apply.\n",
        "utf-8",
    )
    (call,) = parse_files("nordforsk", [page]).calls
    names = [section.name for sections in call.sections.values() for section in sections]
    assert "description" not in names
    assert "has passed" not in "".join(call.texts.values())
