"""What is unsure of a date is still said where a call has steps."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from scrapers.call import Deadline, DeadlineKind
from scrapers.reading.dates import find_dates
from scrapers.reading.steps.stages import Step, Steps, stage_deadlines
from scrapers.remarks import Remark

ZONE = "Europe/Stockholm"
CHOICE = "Only those chosen after the outline are asked for a full application."
LOCAL = Remark.LOCAL_CLOCK.write()


def step(text: str, *, binds: bool | None = True, quote: str = "") -> Step:
    return Step("outline", next(find_dates(text, ZONE)), binds, quote=quote, row=text)


def closes(text: str) -> Deadline:
    at = datetime(2027, 5, 4, 14, tzinfo=ZoneInfo(ZONE))
    return Deadline(kind=DeadlineKind.FIXED, zone=ZONE, at=at, text=text)


def texts(main: Deadline, steps: Steps) -> list[str]:
    return [one.text for one in stage_deadlines((main,), steps, ZONE).deadlines]


def test_the_hour_of_a_step_and_of_the_application_keep_their_remarks() -> None:
    early = step("Outline: 3 March 2027 at 15:00 local time", quote="Send an outline first.")
    hour = f"Send an outline first. {LOCAL}"
    main = Remark.PRELIMINARY.write()
    assert texts(closes(main), Steps(early=(early,))) == [hour, main]
    assert texts(closes(main), Steps(early=(early,), choice=CHOICE)) == [hour, f"{CHOICE} {main}"]


def test_the_sentence_on_a_choice_replaces_the_funders_other_words() -> None:
    early = step("Outline: 3 March 2027")
    chosen = Steps(early=(early,), choice=CHOICE)
    assert texts(closes("Rounds close every May."), chosen) == ["", CHOICE]


def test_a_step_of_which_the_page_says_no_more_is_told_behind_another_remark() -> None:
    unsure = Steps(early=(step("Outline: 3 March 2027", binds=None),))
    note = Remark.EARLIER_STEP.before("Outline: 3 March 2027")
    main = Remark.PRELIMINARY.write()
    assert texts(closes(""), unsure) == [note]
    assert texts(closes(main), unsure) == [f"{main} {note}"]
    assert texts(closes("Rounds close every May."), unsure) == ["Rounds close every May."]
