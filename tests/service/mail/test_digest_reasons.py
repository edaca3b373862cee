"""Why a call, in both parts of a mail: quotations, projects paid before, when it usually opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from index.search.query import Query
from index.search.searcher import Searcher
from scrapers.call import Call
from service.context import Context
from service.domain.awards.similar_awards import AwardTie, PastAward, PastProject
from service.domain.calls.rounds import UsualMonths
from service.domain.eligibility.verdict import Verdict, make_gate
from service.domain.matching.match import Match, Part
from service.domain.matching.prior_activity import PriorActivity, PriorActivityIndex
from service.domain.pilots.pilot import Pilot
from service.jobs.mail.digest_composer import Composer, DigestRecipient, DigestRules
from service.jobs.mail.digest_setup import open_composer
from service.jobs.reindex import reindex, reindex_awards
from service.mail.plain_text import WIDTH
from service.mail.render import RenderedMail, render_digest
from service.use_cases.match import match_text
from tests.service import conftest
from tests.service.domain.awards.test_similar_awards import an_award
from tests.service.domain.calls.test_rounds import a_round
from tests.service.mail.sample_digests import Person, a_call, a_digest, links

AWARD = PastAward(
    id="vinnova:2024-1",
    title="Vågen som ringer",
    funder="Vinnova",
    coordinator="Exempelkliniken AB",
    year=2024,
    amount=Decimal(1_200_000),
    currency="SEK",
    url=None,
)
PAID = PastProject(award=AWARD, similarity=0.5, why=AwardTie.FUNDER)
USUALLY = UsualMonths(what="opens", months=(2,), years=(2023, 2024, 2025))


def told(language: str, **of_match: object) -> RenderedMail:
    """Render a mail of one call whose match says ``of_match``."""
    digest = a_digest(a_call())
    (item,) = digest.items
    match: Match = item.match.model_copy(update=of_match)
    changed = digest.model_copy(update={"items": (item.model_copy(update={"match": match}),)})
    return render_digest(changed, Person(language), links())


def parts(message: RenderedMail) -> tuple[str, str]:
    """Return the words of both parts on one line each, with plain spaces."""
    html = BeautifulSoup(message.html, "lxml").get_text(" ")
    return " ".join(html.split()), " ".join(message.text.split())


@pytest.mark.parametrize(
    ("language", "paid", "project", "usually"),
    [
        (
            "sv",
            "Finansiären har betalat ett liknande projekt:",
            "”Vågen som ringer” (Exempelkliniken AB, 1 200 000 SEK, 2024).",
            "Öppnar oftast i februari (2023, 2024, 2025).",
        ),
        (
            "en",
            "The funder has paid a project like it:",
            "“Vågen som ringer” (Exempelkliniken AB, 1,200,000 SEK, 2024).",
            "Usually opens in February (2023, 2024, 2025).",
        ),
    ],
)
def test_the_nearest_project_and_the_usual_month_are_a_line_each(
    language: str, paid: str, project: str, usually: str
) -> None:
    other = PAID.model_copy(update={"award": AWARD.model_copy(update={"title": "Annat"})})
    message = told(language, past=(PAID, other), usually=USUALLY)
    for said in parts(message):
        assert said.count(f"{paid} {project}") == said.count(usually) == 1
        assert "Annat" not in said
    assert all(
        word not in part for word in (paid, project, usually) for part in parts(told(language))
    )


def test_a_long_title_of_a_project_is_cut_and_its_facts_are_kept() -> None:
    long = AWARD.model_copy(update={"title": "Vågen som ringer " * 30})
    message = told("sv", past=(PAID.model_copy(update={"award": long}),))
    for said in parts(message):
        sentence = said.split("liknande projekt: ", 1)[1].split(" 2024).", 1)[0]
        assert sentence.endswith("…” (Exempelkliniken AB, 1 200 000 SEK,")
        assert len(sentence) < 160
    assert all(len(row) <= WIDTH or "https://" in row for row in message.text.splitlines())


@pytest.mark.parametrize(("language", "opened", "other"), [("sv", "”", "“"), ("en", "“", "„")])
def test_what_is_quoted_stands_in_the_readers_marks(language: str, opened: str, other: str) -> None:
    asked = make_gate(
        "consortium",
        Verdict.FAIL,
        "fail",
        {"asked": ("parties:3",), "have": ()},
        quote="At least 3.",
    )
    message = told(language, gates=(asked,), past=(PAID,))
    for said in parts(message):
        for quoted in ("At least 3.", "Vågen som ringer", a_call().texts["sv"]):
            assert f"{opened}{quoted}”" in said
        assert other not in said


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("sv", "Vi hittade ingen mening som ensam visar varför."),
        ("en", "We found no sentence that shows why on its own."),
    ],
)
def test_a_call_without_a_quotation_says_so(language: str, line: str) -> None:
    ranked = (Part(name="meaning", value=0.5, contribution=0.7),)
    for said in parts(told(language, evidence=(), parts=ranked)):
        assert line in said
    for said in parts(told(language)):
        assert line not in said


# in a language of which no words are known: hashes know no translation
PILOT = Pilot(id="p", title="Hjärta", text="Personer med hjärtsvikt i hemmet.", language="nl")


@pytest.fixture
def followed(context: Context) -> Context:
    """Return a store with a call whose rounds and awards are known, and one that is unlike."""
    opened = [
        a_round(
            f"vinnova:{y}-1", f"Hjärtsvikt i hemmet {y}", opens=f"{y}-02-03", closes=f"{y}-04-20"
        )
        for y in (2024, 2025, 2026)
    ]
    far = conftest.a_call("vinnova:2026-9", "Vindkraft till havs", text="Fundament i saltvatten.")
    context.calls.upsert([*opened, far], conftest.NOW - timedelta(days=4))
    context.awards.upsert([an_award()], conftest.NOW)
    reindex(context)
    reindex_awards(context)
    return context


def test_a_digest_tells_what_a_search_tells_of_the_past(followed: Context) -> None:
    with open_composer(followed) as made:
        digest = made.digest(DigestRecipient(PILOT))
    found = {item.call_id: item.match for item in digest.items}["vinnova:2026-1"]
    searched = {m.call.id: m for m in match_text(followed, PILOT.text, language="nl").matches}
    assert [one.award.id for one in found.past] == ["vinnova:2024-00001"]
    assert found.usually == UsualMonths(what="opens", months=(2,), years=(2024, 2025, 2026))
    same = searched["vinnova:2026-1"]
    assert (found.past, found.rounds, found.usually) == (same.past, same.rounds, same.usually)


@dataclass(frozen=True)
class Noted(PriorActivityIndex):
    """What is known of the past, and the calls that it was asked of."""

    asked: list[str] = field(default_factory=list)

    def for_calls(
        self, query: Query, calls: Sequence[Call], searcher: Searcher, now: datetime
    ) -> list[PriorActivity]:
        self.asked.extend(call.id for call in calls)
        return super().for_calls(query, calls, searcher, now)


def test_the_past_is_looked_up_for_the_calls_that_are_told_alone(followed: Context) -> None:
    scores = {m.call.id: m.score for m in match_text(followed, PILOT.text, language="nl").matches}
    assert len(scores) == 2
    known = Noted(followed.prior_activity().rounds, followed.similar_awards()[0])
    rules = DigestRules(minimum=scores["vinnova:2026-1"])
    made = Composer(followed.searcher(), followed.calls, conftest.NOW, rules, before=known)
    digest = made.digest(DigestRecipient(PILOT))
    assert [item.call_id for item in digest.items] == known.asked == ["vinnova:2026-1"]
