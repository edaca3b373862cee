"""A step that only the text of a record names: the first stage, or a note where its day is not.

The record's own day is 15 April 2027. A case is what comes of it: stages, a note, or nothing.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.call import Call, Deadline, Level
from scrapers.run import parse_files
from service.jobs.imports.rows import RowDefaults, call_from_row

NOTE = "note"
ALONE = "fixed 2027-04-15"

MENDED_BY = {
    "This element has MANDATORY Notices of Intent, which are due in the portal by 02/19/2027.": (
        "two-stage 2027-02-19 | two-stage 2027-04-15"
    ),
    "Step-1 proposals are due February 3, 2027. Step-2 proposals cannot be submitted if a Step-1 "
    "proposal was not submitted.": "two-stage 2027-02-03 | two-stage 2027-04-15",
    "Step-1 proposals are due February 3, 2027. The Step-2 due date will be announced later.": (
        "two-stage 2027-02-03 | announced -"
    ),
    "Review has two stages: 1) concept proposal and 2) full proposal. This RFP is to solicit "
    "concept proposals for the first of them.": "two-stage 2027-04-15",
    "White papers are required before a full proposal; see the notice for when.": NOTE,
    "Optional Notices of Intent are requested by 02/19/2027.": ALONE,
    "The trial has an initial phase and, if successful, a second phase of five years.": ALONE,
    "Applications need three letters of support.": ALONE,
}
UNSEEN = {
    "Applicants must submit a letter of intent by February 12, 2027. Applications without one "
    "will not be reviewed.": "two-stage 2027-02-12 | two-stage 2027-04-15",
    "A pre-proposal is required. Pre-proposals are due March 1, 2027; full proposals are due "
    "April 15, 2027.": "two-stage 2027-03-01 | two-stage 2027-04-15",
    "Concept papers are due no later than 5:00 p.m. on January 29, 2027. Only applicants who are "
    "invited may submit a full application.": "two-stage 2027-01-29 | two-stage 2027-04-15",
    "This announcement requests white papers only, in a two-step process; those selected will be "
    "invited to submit a full proposal.": "two-stage 2027-04-15",
    "A mandatory preliminary application must be approved before the application is sent.": NOTE,
    "Those whose pre-applications are selected will be invited to submit a full application.": NOTE,
    "A letter of intent is encouraged but not required. It is due February 12, 2027.": ALONE,
    "LOIs are not binding and are requested by February 12, 2027.": ALONE,
    "White papers on the history of the program can be found on our site.": ALONE,
    "The Phase 1 clinical trial must be complete by February 12, 2027.": ALONE,
    "Projektskiss ska ha kommit in senast den 12 februari 2027. Utan skiss kan ni inte söka.": (
        "two-stage 2027-02-12 | two-stage 2027-04-15"
    ),
    "Utlysningen sker i två steg. Först lämnar ni en intresseanmälan.": NOTE,
}


def shown(deadlines: tuple[Deadline, ...]) -> str:
    if any("An earlier step binds" in one.text for one in deadlines):
        return NOTE if len(deadlines) == 1 else "several"
    return " | ".join(
        f"{one.kind} {f'{one.local():%Y-%m-%d}' if one.at else '-'}" for one in deadlines
    )


def imported(text: str) -> Call:
    row = {"id": "P-1", "title": "Instruments for care", "deadline": "2027-04-15", "text": text}
    return call_from_row(row, RowDefaults("Some agency", Level.INTERNATIONAL))


def of_grants_gov(text: str, folder: Path) -> Call:
    synopsis = {
        "synopsisDesc": f"<p>{text}</p>",
        "postingDateStr": "2026-11-02-00-00-00",
        "responseDateStr": "2027-04-15-00-00-00",
    }
    data = {
        "id": 360001,
        "opportunityNumber": "PLAYED-27-9",
        "opportunityTitle": "Instruments for care",
        "docType": "synopsis",
        "synopsis": synopsis,
    }
    path = folder / "grant.json"
    path.write_text(json.dumps({"errorcode": 0, "msg": "", "data": data}), "utf-8")
    (call,) = parse_files("grants_gov", [path]).calls
    return call


@pytest.mark.parametrize("text", [*MENDED_BY, *UNSEEN])
def test_a_step_of_the_text_of_a_row(text: str) -> None:
    expected = {**MENDED_BY, **UNSEEN}[text]
    deadlines = imported(text).deadlines
    assert shown(deadlines) == expected
    assert all(one.stage == number for number, one in enumerate(deadlines, 1) if one.stage)


@pytest.mark.parametrize("text", [one for one in (*MENDED_BY, *UNSEEN) if "ä" not in one])
def test_a_step_of_the_text_of_a_grant(text: str, tmp_path: Path) -> None:
    assert shown(of_grants_gov(text, tmp_path).deadlines) == {**MENDED_BY, **UNSEEN}[text]


def test_american_figures_have_the_month_first_and_are_told_as_written(tmp_path: Path) -> None:
    text = "Mandatory Notices of Intent are due by 2/11/2027."
    first, last = of_grants_gov(text, tmp_path).deadlines
    assert (f"{first.local():%Y-%m-%d}", first.text) == ("2027-02-11", text)
    assert (first.stage, last.stage) == (1, 2)
    assert shown(imported(text).deadlines) == NOTE


def test_a_step_with_several_days_is_noted_only() -> None:
    text = "White papers must be received by 1 February 2027. White papers are due 1 March 2027."
    assert shown(imported(text).deadlines) == NOTE
