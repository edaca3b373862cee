"""Whatever stands in any text of a digest, its mail shows words: no markup, no hidden letter."""

from __future__ import annotations

import ast
import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, cast

import pytest
from bs4 import BeautifulSoup
from pydantic import BaseModel

from scrapers.call import DeadlineKind, Funding
from service.domain.awards.similar_awards import AwardTie, PastAward, PastProject
from service.domain.calls.copies import CallCopy
from service.domain.calls.sources import SourceState
from service.domain.eligibility.verdict import Verdict, make_gate
from service.domain.matching.result_groups import SimilarCall
from service.domain.notifications.digest import Digest, UnavailableSource
from service.domain.notifications.selection import DigestCandidate
from service.mail.digest_view import CallLinks, MailLinks
from service.mail.render import RenderedMail, render_digest
from service.mail.safe_text import safe_link
from service.messages.catalogue import languages
from service.messages.message import verbatim
from service.messages.sentence import Sentence
from tests.service.mail.sample_digests import (
    NOW,
    SEEN,
    Person,
    a_call,
    a_digest,
    due,
    keys,
    links,
    pick,
)

DAY = timedelta(days=1)
MARK = "sentinel"
HOSTILE = f'{MARK} <script>alert(1)</script>\u202e\u200b\x07\u2028 "><img src=x>\r\nBcc: x'
FIRST_CALL = "first:1"

OUR_OWN = frozenset({"week", "zone", "name", "code", "values", "key", "currency"})
"""Fields with words of the program alone, by which texts are looked up; no source writes them."""

SHOWN = {
    "pilot_title",
    "match.call.titles.sv",
    "match.call.funder",
    "match.call.programme",
    "match.call.funding.text",
    "match.call.deadlines.0.text",
    "match.call.also.0.funder",
    "match.call.also.0.contradiction.sv",
    "match.evidence.0.pilot.text",
    "match.evidence.0.call.text",
    "match.evidence.0.call.section",
    "match.terms.0.pilot",
    "match.terms.0.call",
    "match.gates.1.quote",
    "match.similar.0.title",
    "match.past.0.award.title",
    "match.past.0.award.coordinator",
    "reasons.0.changes.0.sentence.sv",
    "amiss.0.name",
}
"""Texts of others that a Swedish mail shows, by the field that they come from."""


def full_digest() -> Digest:
    """Return a digest whose first call has every fact that is text; the second has a date."""
    old = a_call(FIRST_CALL)
    call = a_call(
        FIRST_CALL,
        titles={"sv": "Ny titel", "en": "New title"},
        programme="Programme",
        deadlines=(due(DAY, kind=DeadlineKind.ROLLING, at=None, text="all year"),),
        funding=Funding(text="as needed"),
    )
    versions = ((SEEN - 30 * DAY, old), (NOW - DAY, call))
    dated = a_call("second:1")
    chosen = pick(DigestCandidate(versions, 0.9), dated, told=keys(pick(old)), week=1)
    digest = a_digest(call, dated, chosen=chosen)
    item, second = digest.items
    award = PastAward(
        id="a:1",
        title="Vågen",
        funder="Vinnova",
        coordinator="Kliniken AB",
        year=2024,
        amount=Decimal(1),
        currency="SEK",
        url="https://example.org",
    )
    copy = CallCopy(
        id="b:1",
        funder="Portal",
        title="Copy",
        url="https://example.org",
        next_deadline=None,
        why=Sentence.of(verbatim("same")),
        contradiction=Sentence.of(verbatim("another day")),
    )
    match = item.match.model_copy(
        update={
            "call": item.match.call.model_copy(update={"also": (copy,)}),
            "gates": (
                make_gate("applicants", Verdict.PASS, "pass", {"have": ()}),
                make_gate(
                    "consortium", Verdict.FAIL, "fail", {"asked": (), "have": ()}, quote="Three."
                ),
            ),
            "past": (PastProject(award=award, similarity=0.5, why=AwardTie.FUNDER),),
            "similar": (
                SimilarCall(id="c:1", title="Round 2", score=0.6, next_deadline=None, url=None),
            ),
        }
    )
    source = UnavailableSource(key="x", name="X", state=SourceState.FAILING, last_good=None)
    return digest.model_copy(
        update={"items": (item.model_copy(update={"match": match}), second), "amiss": (source,)}
    )


def text_fields(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every text that is not one of our own words."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield path
        return
    steps: list[tuple[str | int, object]] = []
    if isinstance(value, BaseModel):
        steps = [(name, getattr(value, name)) for name in type(value).model_fields]
    elif isinstance(value, tuple):
        steps = list(enumerate(value))
    elif isinstance(value, dict):
        steps = list(value.items())
    for step, part in steps:
        if step not in OUR_OWN or (step == "name" and "amiss" in path):
            yield from text_fields(part, (*path, step))


def with_text(value: Any, path: tuple[str | int, ...], text: str) -> Any:
    """Return ``value`` with ``text`` at ``path``."""
    if not path:
        return text
    step, *rest = path
    if isinstance(value, BaseModel):
        name = cast("str", step)
        return value.model_copy(update={name: with_text(getattr(value, name), tuple(rest), text)})
    if isinstance(value, tuple):
        return tuple(
            with_text(part, tuple(rest), text) if place == step else part
            for place, part in enumerate(value)
        )
    return {**value, step: with_text(value[step], tuple(rest), text)}


def assert_harmless(message: RenderedMail) -> None:
    for part in (message.subject, message.html, message.text, message.ics):
        hidden = {c for c in part if unicodedata.category(c) in ("Cc", "Cf")}
        assert hidden <= {"\n", "\r"}
        assert "\u2028" not in part
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    lines = (*message.text.splitlines(), *message.ics.splitlines())
    assert not [line for line in lines if line.startswith("Bcc")]
    page = BeautifulSoup(message.html, "lxml")
    assert not page(["script", "img", "link", "iframe", "form"])
    assert not [tag for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)]


def short_name(path: tuple[str | int, ...]) -> str:
    return re.sub(r"^items\.0\.", "", ".".join(map(str, path)))


@pytest.mark.slow
@pytest.mark.parametrize("language", languages())
def test_no_text_of_a_digest_does_harm(language: str) -> None:
    digest = full_digest()
    fields = list(text_fields(digest))
    shown = set()
    for path in fields:
        message = render_digest(with_text(digest, path, HOSTILE), Person(language), links())
        assert_harmless(message)
        if MARK in message.html:
            assert MARK in message.text or path[-1] in ("lang", "language")
            shown.add(short_name(path))
    if language == "sv":
        assert shown >= SHOWN


def test_a_link_that_must_not_be_followed_is_in_no_part() -> None:
    for bad in ("javascript:alert(1)", "https://a.example/\r\nATTENDEE:x", "https://a.example/a b"):
        assert safe_link(bad) == ""
        ways = MailLinks(lambda _, url=bad: CallLinks(url, url, url, url), bad, bad, bad, bad)  # type: ignore[misc]  # a default is no argument
        call = a_call(url=None)
        message = render_digest(a_digest(call).model_copy(update={"more": 3}), Person(), ways)
        for part in (message.html, message.text, message.ics):
            assert "javascript:" not in part
            assert "a.example" not in part
    assert safe_link("https://a.example/å") == "https://a.example/å"
    assert safe_link(None) == ""


def test_only_one_module_makes_safe_texts() -> None:
    """The type holds what it says as long as no other module makes one by hand."""
    for path in Path("service").rglob("*.py"):
        if path.name == "safe_text.py":
            continue
        made = [
            node.func.id
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        assert not {"SafeText", "SafeLink"} & set(made), path
