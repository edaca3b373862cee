"""Every text that is asked for stands in every language, and none stands unused."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable
from string import Formatter
from typing import Any

import pytest

from index.search.sections.kind import SectionKind
from scrapers.call import DeadlineKind, Level, Status
from scrapers.reading.files.file_text import FileFault, FileKind, LeftOut
from scrapers.remarks import Remark
from service.domain.access.api_key import KeyState
from service.domain.access.rights import AccountRole, Scope
from service.domain.awards.actors import ActorKind
from service.domain.awards.focus_areas import FocusAreaKey
from service.domain.awards.similar_awards import AwardTie
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.names.find_names import FoundKind
from service.domain.calls.project_stages import ProjectStage
from service.domain.eligibility.verdict import Verdict
from service.domain.matching.facets.order import MatchOrder
from service.domain.matching.feedback import DISMISSED_REASON, Opinion
from service.domain.matching.fit import Fit
from service.domain.notifications.events import ENDING_REASONS, EventReason
from service.domain.notifications.feed_link import FeedKind
from service.domain.notifications.recipient import Consent
from service.domain.notifications.webhook import MessageState
from service.domain.pilots.parties import COUNTED_PARTS
from service.messages.catalogue import SOURCE, catalogue, languages
from service.messages.render import CASES
from service.sheets import lists
from service.sheets.columns import Sheet
from tests.service.messages import keys

pytestmark = pytest.mark.slow

CONDITIONS = ("applicants", "country", "consortium", "amount", "share", "duration", "trl", "stage")
GATES = ("status", "deadline", "start", "invitation", "profile", *CONDITIONS)
SEARCH_FILTERS = (
    *(f"status {status}" for status in Status),
    "another funder",
    "another level",
    "another language",
    "deadline outside the window",
    "no amount stated",
    "an amount in another currency",
    "a smaller amount",
    "a larger amount",
    "an amount stated",
    "a condition that fails",
)
NAMED = tuple(ApplicantKind)
SAID = [one for one in Opinion if one is not Opinion.NONE]
SHEETS: list[Sheet[Any]] = [one for one in vars(lists).values() if isinstance(one, Sheet)]
QUANTITIES = (*COUNTED_PARTS, "months", "percent", "trl", "trlend")
DEAD = ("altered", "call", "consent", "expired", "mail", "pilot", "recipient")

WHOLE: dict[str, Iterable[str]] = {
    "actors.kind.{}": ActorKind,
    "admin.feeds.{}": ("ended", "kept", "resting"),
    "admin.key.{}": KeyState,
    "admin.message.{}": MessageState,
    "admin.role.{}": AccountRole,
    "admin.scope.{}": Scope,
    "amount.unstated.{}": ("keep", "leave", "only"),
    "chip.unstated.{}": ("leave", "only"),
    "facet.{}": ("amount", "applicant", "funder", "level", "month", "status"),
    "sort.{}": MatchOrder,
    "also.{}": ("reissue", "related"),
    "area.{}": FocusAreaKey,
    "attention.lost.{}": ("hard", "soft", "complaint", "failed"),
    "around.{}": [kind for kind in SectionKind if kind is not SectionKind.PROJECT],
    "change.{}{}": (
        "changed",
        "moved",
        "raised",
        "lowered",
        *(
            "".join(way)
            for way in itertools.product(["moved"], ["", ".hours"], [".later", ".earlier"])
        ),
    ),
    "deadline.kind.{}": DeadlineKind,
    "deadline.{}": ("rolling", "announced"),
    "feeds.kind.{}": FeedKind,
    "pilot.saved.{}": ("new", "changed", "archived", "back"),
    "pilot.{}.row": ("organisation", "partner"),
    "file.left.{}": LeftOut,
    "file.read.{}": FileKind,
    "problem.file.{}": FileFault,
    "field.{}": (
        *("funder", "level", "programme", "url", "apply_url", "identifiers", "keywords"),
        *("eligibility", "total", "maximum", "minimum", "expected_awards", "share_percent"),
        *("opens", "published", "closed_by"),
    ),
    "fit.{}": Fit,
    "gate.{}": (
        *GATES,
        *(f"{name}.{code}" for name in CONDITIONS for code in ("pass", "fail", "ask", "silent")),
        *(f"{name}.unsure" for name in CONDITIONS),
        *(f"{name}.barred" for name in ("applicants", "country")),
        *(f"{n}.contradictory" for n in ("amount", "share", "duration", "trl", "stage")),
        *("amount.currency", "invitation.fail", "profile.none", "start.pass", "start.fail"),
        *(f"status.{one}" for one in (*Status, "opens")),
        *(
            f"deadline.{one}"
            for one in ("days", "hours", "rolling", "announced", "past", "unknown")
        ),
    ),
    "index.{}": (
        *("vague", "too_long", "other_language", "older", "problem", "unusable"),
        *("missing", "damaged", "unwritten", "uncalibrated"),
        *("weak_model", "weak_english", "weak_swedish", "weak_across"),
        *("only_about", "only_mail", "no_project", "two_projects"),
    ),
    "judge.{}": SAID,
    "kind.one.{}": NAMED,
    "kind.{}": NAMED,
    "kinds.{}": NAMED,
    "letter.answered.{}": Consent,
    "letter.dead.{}": DEAD,
    "letter.dead.{}.title": DEAD,
    "letter.judge.{}": SAID,
    "level.{}": Level,
    "mail.ended.{}": ENDING_REASONS,
    "mail.section.{}": ("closing", "opened", "new", "changed", "forthcoming"),
    "mail.tag.{}": EventReason,
    "named.{}": FoundKind,
    "note.clock.{}": ("set", "examples"),
    "opening.among.{}": ("abroad", "other"),
    "opening.{}": (
        *(name for name in CONDITIONS if name != "consortium"),
        *("country.county", "consortium.one", "consortium.one.abroad", "consortium.one.other"),
        *("consortium.one.both", "consortium.more", "consortium.more.among", "start"),
    ),
    "place.{}": ("EU", "AC", "EEA", "NORDIC"),
    "quantity.money{}": ("", ".least", ".most"),
    "quantity.{}{}": [f"{one}{end}" for one in QUANTITIES for end in ("", ".least", ".most")],
    "reason.fit.{}": Fit,
    "reason.past.{}": AwardTie,
    "reason.usually.{}": ("opens", "closes"),
    "recipients.state.{}": Consent,
    "remark.{}": [one.name.lower() for one in Remark],
    "same.is.{}": Relation,
    "same.{}": ("identifier", "link", "title", "text", "meaning"),
    "same.{}{}": ("deadline", "deadline.differs", "amount", "amount.differs"),
    "sheet.of.{}": [one.name for one in SHEETS],
    "sheet.{}": {column.name for one in SHEETS for column in one.columns},
    "shortlist.fits.{}": Fit,
    "shortlist.{}{}": [f"{w}{end}" for w in ("meet", "perhaps", "short") for end in ("", ".alone")],
    "status.{}": Status,
    "verdict.is.{}": SAID,
    "verdict.{}": Verdict,
    "why_not.filter.{}": SEARCH_FILTERS,
    "why_not.{}": (
        *("unindexed", "vague", "filter", "dismissed", "excluded", "copy", "similar"),
        *("weak", "rank"),
    ),
    "without.{}": ("falls", "rises", "stays", "nothing"),
    "work.{}": ProjectStage,
    "{}.about.one": ("letter.stop", "letter.stopped"),
    "{}.about.all": ("letter.stop", "letter.stopped"),
    "{}.title": [f"letter.answered.{state}" for state in Consent],
}
"""Keys that are put together, and what is put in: each of them has a text."""

OPEN = {
    "country.{}": "countries that we call otherwise than Babel does",
    "error.{}": "the protocol's errors that people need other words for",
    "hidden.{}": "the reasons of filters",
    "left.{}": "the reasons of filters",
    "part.{}": "the signals that a score is made of",
    "part.{}.help": "what they are",
    "past.why.{}": "what ties a project to a call",
    "section.{}": "sections of calls; a funder's own name is shown as it is",
    "who.{}": "kinds of applicants; a funder's own word is shown as it is",
}
"""Keys that are looked up and need not be there."""

LEFT_OUT = {
    ("problem.address", "why"): "what is wrong with it is said in English only",
    ("problem.judgement", "pilot"): "the page is the pilot's",
    ("problem.recipient", "recipient"): "the page shows no ids",
}
"""Values that another language than English does without."""


PIECES = {
    "unindexed",
    "vague",
    "filter",
    "dismissed",
    "excluded",
    "weak",
    "rank",
    "letter.stop",
    "letter.stopped",
}
"""What is given to a function that puts a key together of it."""


def fields(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_there_are_texts_in_swedish_and_english() -> None:
    assert {"en", "sv"} <= set(languages())
    assert languages()[0] == SOURCE


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_text_with_the_same_values(language: str) -> None:
    source, other = catalogue(SOURCE), catalogue(language)
    assert set(other.texts) == set(source.texts)
    for key, texts in other.texts.items():
        assert all(text.strip() for text in texts), key
        left = {name for where, name in LEFT_OUT if where == key} if language != SOURCE else set()
        assert fields(texts) == fields(source.texts[key]) - left, key
        assert (len(texts) > 1) == (len(source.texts[key]) > 1), key
        cases = {case for text in texts for _, _, case, _ in Formatter().parse(text)}
        assert cases - {None} <= set(CASES), key


def test_a_reason_of_a_gate_is_said_otherwise_in_every_language() -> None:
    texts = [catalogue(language).texts for language in languages()]
    for key in texts[0]:
        room, _, code = key.partition(".")
        if room == "gate" and "." in code and not code.startswith("when."):
            assert len({there[key] for there in texts}) == len(texts), key


@pytest.mark.parametrize("language", languages())
def test_a_text_in_forms_is_counted(language: str) -> None:
    forms = catalogue(language)
    for key, texts in forms.texts.items():
        if len(texts) > 1:
            assert {forms.plural(count) for count in range(200)} <= set(range(len(texts))), key


def test_every_text_that_is_asked_for_is_there() -> None:
    there = set(catalogue(SOURCE).texts)
    asked = keys.asked() - PIECES
    assert len(asked) > 250
    assert asked <= there, sorted(asked - there)
    for skeleton, values in WHOLE.items():
        made = {_filled(skeleton, value) for value in values}
        assert made <= there, sorted(made - there)


@pytest.mark.slow
def test_every_key_that_is_put_together_is_listed_here() -> None:
    known = WHOLE.keys() | OPEN.keys()
    made = keys.made_for_messages()
    assert made <= known, sorted(made - known)
    used = keys.put_together() | {"left.{}", "part.{}", "past.why.{}", "who.{}"}
    assert known <= used, sorted(known - used)


def test_no_text_stands_unused() -> None:
    made = {_filled(skeleton, value) for skeleton, values in WHOLE.items() for value in values}
    used = keys.written() | made
    rest = set(catalogue(SOURCE).texts) - used
    known = tuple(skeleton.split("{}")[0] for skeleton in OPEN)
    unused = sorted(key for key in rest if not key.startswith(known))
    assert not unused


def test_every_filter_has_words_for_what_it_left_out() -> None:
    there = catalogue(SOURCE).texts
    assert {key for key in there if key.startswith("left.")} == {
        "left.all",
        "left.show",
        "left.title",
        f"left.{DISMISSED_REASON}",
        *(f"left.{reason}" for reason in SEARCH_FILTERS),
    }
    assert {f"past.why.{why}" for why in AwardTie} <= set(there)


def test_no_code_writes_a_sentence_by_hand() -> None:
    for path in keys.ROOT.rglob("*.py"):
        code = path.read_text("utf-8")
        if "import Sentence" in code and "messages.sentence" in code:
            calls = [n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call)]
            assert "Sentence" not in {ast.unparse(call.func) for call in calls}, path


def test_no_code_chooses_words_by_the_language() -> None:
    for path in keys.ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Compare):
                sides = {ast.unparse(side) for side in (node.left, *node.comparators)}
                assert not sides & {"'en'", "'sv'"}, f"{path}:{node.lineno}"


def _filled(skeleton: str, value: str) -> str:
    head, _, tail = skeleton.partition("{}")
    return f"{head}{value}{tail.replace('{}', '')}"
