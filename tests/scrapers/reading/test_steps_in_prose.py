"""Two steps told in sentences: the first is open to all, and only some are asked for the second.

Of the fifteen texts below five were read right before the readers were mended by their kind.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrapers.call import Deadline, DeadlineKind
from scrapers.reading.steps.stages import StagedDeadlines, read_steps, stage_deadlines

ZONE = "Europe/Stockholm"
DEADLINE = Deadline(
    kind=DeadlineKind.FIXED, zone=ZONE, at=datetime(2027, 3, 3, 13, tzinfo=UTC), date_only=False
)


def _read(text: str) -> StagedDeadlines:
    return stage_deadlines((DEADLINE,), read_steps(text.split("\n"), ZONE), ZONE)


@pytest.mark.parametrize(
    "text",
    [
        (
            "Beredningen görs i två steg. Efter en första bedömning uppmanas ett urval sökande att "
            "komma in med en utförlig ansökan."
        ),
        (
            "Vi bedömer ansökningarna i två steg, och ett urval ombeds att lämna en fullständig "
            "ansökan."
        ),
        (
            "De som prioriteras i första bedömningen uppmanas att skicka in en mer omfattande "
            "ansökan."
        ),
        (
            "Applications are read in two stages, and a selection of applicants is asked for an "
            "extended proposal."
        ),
        (
            "After the first assessment the panel calls on some applicants to hand in a complete "
            "proposal."
        ),
        "A short list of teams will be asked to hand in a full proposal.",
    ],
)
def test_the_day_is_that_of_the_first_of_two_steps(text: str) -> None:
    read = _read(text)
    assert (read.deadlines[0].kind, read.deadlines[0].stage) == (DeadlineKind.TWO_STAGE, 1)
    assert not read.invited_only


@pytest.mark.parametrize(
    "text",
    [
        (
            "Utlysningen har två steg, där steg 1 är en intresseanmälan och steg 2 är öppet för "
            "inbjudna."
        ),
        "I steg 1 kan alla söka och i steg 2 bara de som bjudits in.",
        "Stage 1 is open now, and stage 2 is only for invited applicants.",
        "Anyone may take step one; in step two only invited teams can apply.",
        "Fas ett är öppen för forskare, men fas två får bara inbjudna söka.",
        "Phase 1 takes outlines from all, and phase 2 is limited to invited teams.",
    ],
)
def test_a_second_step_for_those_invited_shuts_nobody_out_of_the_first(text: str) -> None:
    assert not _read(text).invited_only


@pytest.mark.parametrize(
    "text",
    [
        "Stage 1 is closed, and stage 2 is only open to invited applicants.",
        "Steg 1 har stängt, och i steg 2 kan bara inbjudna söka.",
        "Endast inbjudna kan söka.",
    ],
)
def test_where_the_first_step_is_over_only_the_invited_may_apply(text: str) -> None:
    assert _read(text).invited_only
