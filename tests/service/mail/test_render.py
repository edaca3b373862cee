"""A digest as a message: both parts say the same, in the reader's language, and safely."""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from decimal import Decimal

import pytest
import regex
from bs4 import BeautifulSoup

from scrapers.call import DeadlineKind, Funding, Money
from scrapers.remarks import Remark, add_remarks
from service.domain.calls.sources import SourceState
from service.domain.eligibility.verdict import Verdict, make_gate
from service.domain.matching.result_groups import SimilarCall
from service.domain.notifications.digest import UnavailableSource
from service.domain.notifications.events import EventReason
from service.domain.notifications.selection import CallMark, DigestCandidate
from service.mail.digest_view import MailLinks, make_digest_view
from service.mail.plain_text import WIDTH
from service.mail.render import RenderedMail, render_digest
from service.mail.safe_text import isolate_direction, one_line
from service.messages.catalogue import languages
from service.messages.words import words
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
HOSTILE = (
    "<script>alert(1)</script>\u202egnp.exe\x07 \"><img src=x onerror=alert(2)> {t} 'a'\r\nBcc: x"
)


def told(*calls: object, language: str = "sv", **changed: object) -> RenderedMail:
    digest = a_digest(*calls).model_copy(update=changed)  # type: ignore[arg-type]  # calls
    return render_digest(digest, Person(language), links())


def body(message: RenderedMail) -> BeautifulSoup:
    return BeautifulSoup(message.html, "lxml")


def test_both_parts_say_what_why_how_much_and_by_when() -> None:
    message = told(a_call(deadlines=(due(5 * DAY),)))
    html = " ".join(body(message).get_text(" ").split())
    text = " ".join(message.text.split())
    for said in (html, text):
        said = said.replace("\N{NO-BREAK SPACE}", " ")  # noqa: PLW2901  the two write it alike
        for words_ in (
            "Hjärtsvikt hemma",
            "Vecka 10, 2026",
            "Utlysning vinnova:1",
            "Vinnova · Nationell",
            "Ny",
            "Stänger snart, sista påminnelsen",
            "Passar bra",
            "7 mars 2026",
            "07:00",
            "Europe/Stockholm",
            "5 dagar kvar",
            "3 000 000 SEK",
            "”Personer med hjärtsvikt mäter vikt hemma.”",
            "”Vården av hjärtsvikt ska flytta hem. Sök med en region.”",
            "Gemensamma ord: hjärtsvikt",
        ):
            assert words_ in said, words_


def test_conditions_are_named_when_met_and_quoted_when_not() -> None:
    digest = a_digest(a_call())
    (item,) = digest.items
    asked = (
        make_gate("applicants", Verdict.PASS, "pass", {"have": ("kind:government_county",)}),
        make_gate(
            "consortium",
            Verdict.FAIL,
            "fail",
            {"asked": ("parties:3",), "have": ("parties:1",)},
            quote="At least three <b>.",
        ),
        make_gate("amount", Verdict.UNKNOWN, "silent"),
        make_gate("profile", Verdict.UNKNOWN, "none"),
    )
    match = item.match.model_copy(update={"gates": asked})
    changed = digest.model_copy(
        update={"items": (item.model_copy(update={"match": match}),), "barred": 2}
    )
    message = render_digest(changed, Person(), links())
    for part in (body(message).get_text(), message.text):
        said = " ".join(part.split())
        assert "✓ Uppfyllda villkor: vem får söka" in said
        assert "”At least three <b>.”" in said
        assert "2 nya utlysningar som ligger nära i ämne är utelämnade" in said
        assert "Profil:" not in said
        assert make_gate("amount", Verdict.UNKNOWN, "silent").reason_in("sv") not in said


def test_a_call_that_is_nearly_the_same_is_a_line() -> None:
    digest = a_digest(a_call())
    (item,) = digest.items
    other = SimilarCall(
        id="vinnova:2", title="Omgång 2", score=0.6, next_deadline=due(90 * DAY), url=None
    )
    match = item.match.model_copy(update={"similar": (other,)})
    changed = digest.model_copy(update={"items": (item.model_copy(update={"match": match}),)})
    message = render_digest(changed, Person(), links())
    for part in (body(message).get_text(), message.text):
        assert "Nästan samma: Omgång 2 (31 maj 2026 kl. 08:00)" in " ".join(part.split())


def test_every_button_and_way_out_is_in_both_parts() -> None:
    message = told(a_call())
    addresses = {a["href"] for a in body(message)("a")}
    expected = {f"https://fundscout.example/{way}/vinnova:1" for way in "orna"}
    expected |= {f"https://fundscout.example/{way}" for way in ("mail", "stop", "stop-all")}
    assert addresses == expected
    assert expected <= set(message.text.splitlines()), "each on a line without an indent"


def test_what_has_no_address_is_not_shown() -> None:
    message = render_digest(a_digest(a_call()), Person(), MailLinks())
    assert not body(message)("a")
    assert "Relevant" not in message.html + message.text


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("sv", "1 utlysning för Hjärtsvikt hemma: Utlysning vinnova:1 (sista dag 1 maj)"),
        ("en", "1 call for Hjärtsvikt hemma: Call vinnova:1 (last day 1 May)"),
        ("fi", "1 call for Hjärtsvikt hemma: Call vinnova:1 (last day 1 May)"),
    ],
)
def test_the_subject_says_the_number_and_the_best_call(language: str, expected: str) -> None:
    assert told(a_call(), language=language).subject == expected


def test_the_best_call_is_named_though_another_hurries() -> None:
    best = DigestCandidate(((SEEN, a_call("a:best")),), 0.9)
    hurried = DigestCandidate(((SEEN, a_call("a:soon", deadlines=(due(DAY),))),), 0.6)
    digest = a_digest(best.call, hurried.call, chosen=pick(best, hurried))
    message = render_digest(digest, Person(), links())
    assert message.subject.startswith("2 utlysningar för Hjärtsvikt hemma: Utlysning a:best")
    headings = [h.get_text() for h in body(message)("h2")]
    assert headings == ["1 utlysning stänger snart", "1 ny utlysning"]


def test_a_change_says_from_what_to_what_in_both_languages() -> None:
    call = a_call()
    moved = call.model_copy(update={"deadlines": (due(68 * DAY),)})
    past = DigestCandidate(((SEEN, call), (NOW + DAY, moved)), 0.7)
    chosen = pick(past, told=keys(pick(call)), week=1)
    for language, sentence in {
        "sv": "från 2026-05-01 08:00 (Europe/Stockholm) till 2026-05-09 08:00",
        "en": "from 2026-05-01 08:00 (Europe/Stockholm) to 2026-05-09 08:00",
    }.items():
        message = render_digest(a_digest(moved, chosen=chosen), Person(language), links())
        assert sentence in " ".join(message.text.split())
        assert sentence in body(message).get_text()


def test_a_remark_of_ours_is_said_in_the_readers_language_and_never_quoted() -> None:
    text = add_remarks("Open until 2099.", Remark.FAR_YEAR.write(year="2099"))
    rolling = a_call(deadlines=(due(DAY, kind=DeadlineKind.ROLLING, at=None, text=text),))
    for language, said in {
        "sv": "”Open until 2099.” Källan anger en dag år 2099, vilket betyder",
        "en": "“Open until 2099.” The record has a day in the year 2099, which stands",
    }.items():
        message = told(rolling, language=language)
        for part in (message.text, body(message).get_text(" ")):
            assert said in " ".join(part.split())


def test_text_fits_in_72_columns_but_for_links() -> None:
    long = a_call(
        "a:long",
        titles={"sv": "Hjärtsvikt " * 45, "en": "x" * 500},
        funding=Funding(
            total=Money(amount=Decimal("12500000.50"), currency="EUR"),
            minimum=Money(amount=Decimal(2_000_000), currency="EUR"),
            maximum=Money(amount=Decimal(4_000_000), currency="EUR"),
            expected_awards=4,
        ),
    )
    for language in languages():
        for one in told(long, language=language).text.splitlines():
            assert len(one) <= WIDTH or one.strip().startswith("https://")


@pytest.mark.parametrize("language", languages())
def test_hostile_words_stay_words(language: str) -> None:
    call = a_call(
        "hostile:1",
        titles={"en": f"Heart {HOSTILE}"},
        texts={"en": f"Care {HOSTILE}."},
        funder=HOSTILE,
        programme=HOSTILE,
    )
    digest = a_digest(call).model_copy(
        update={
            "pilot_title": HOSTILE,
            "amiss": (
                UnavailableSource(key="x", name=HOSTILE, state=SourceState.FAILING, last_good=None),
            ),
        }
    )
    message = render_digest(digest, Person(language), links())
    assert "\n" not in message.subject
    assert "\r" not in message.subject
    page = body(message)
    assert not page(["script", "img", "link", "iframe", "form"])
    assert not [tag for tag in page.find_all() if any(name.startswith("on") for name in tag.attrs)]
    assert "<script>alert(1)</script>gnp.exe" in page.h3.get_text()  # type: ignore[union-attr]  # there
    for part in (message.subject, message.html, message.text, message.ics):
        hidden = {c for c in part if unicodedata.category(c) in ("Cc", "Cf")}
        assert hidden <= {"\n", "\r"}


def test_a_title_of_500_letters_is_cut_at_a_letter_in_every_part() -> None:
    family = "👩\u200d👩\u200d👧"
    message = told(a_call(titles={"sv": family * 500}))
    assert len(regex.findall(r"\X", message.subject)) < 130
    assert family + " …" in message.subject
    assert family + " …" in body(message).h3.get_text()  # type: ignore[union-attr]  # there
    assert "\u200d …" not in message.text


def test_a_title_in_arabic_turns_nothing_around_it() -> None:
    message = told(a_call(titles={"en": "صحة القلب 2026"}))
    assert "\u2068صحة القلب 2026\u2069" in message.subject
    assert "1. \u2068صحة القلب 2026\u2069" in message.text
    assert "صحة القلب 2026" in body(message).h3.bdi.get_text()  # type: ignore[union-attr]  # there


def test_a_letter_under_a_heap_of_marks_is_cleared() -> None:
    assert len(one_line("z" + "\u0301" * 400)) <= 8
    assert one_line("a\u00adb\ufeff\U000e0041c\u2028d\ud800") == "abc d"
    assert one_line("  10\u00a0000  SEK ") == "10\u00a0000 SEK"
    assert isolate_direction(one_line("plain")) == "plain"


def test_a_title_of_nothing_that_shows_is_its_id() -> None:
    message = told(a_call("a:hidden", titles={"sv": "\u202e\u200b\ufeff"}))
    assert body(message).h3.get_text() == "a:hidden"  # type: ignore[union-attr]  # there


def test_a_week_without_a_call_is_one_line() -> None:
    message = render_digest(a_digest(), Person("en"), links())
    assert message.subject == "Nothing new for Hjärtsvikt hemma"
    assert "No new call that fits: 412 calls were compared with the pilot." in message.text
    assert not body(message)("h3")
    assert message.ics == ""


def test_sources_that_failed_are_named_so_that_silence_is_not_mistaken() -> None:
    amiss = (
        UnavailableSource(
            key="a", name="Vinnova", state=SourceState.FAILING, last_good=NOW - 9 * DAY
        ),
        UnavailableSource(key="b", name="Forte", state=SourceState.STALE, last_good=NOW - 20 * DAY),
        UnavailableSource(key="c", name="Formas", state=SourceState.FAILING, last_good=None),
    )
    message = told(a_call(), amiss=amiss)
    assert [li.get_text() for li in body(message)("li")] == [
        "Vinnova: den senaste läsningen hölls tillbaka; utlysningarna är från 21 februari 2026",
        "Forte: läst senast 10 februari 2026",
        "Formas: har inte kunnat läsas än",
    ]
    assert "- Forte: läst senast 10 februari 2026" in message.text


def test_the_eleventh_call_is_a_line_or_a_number() -> None:
    calls = [a_call(f"a:{n:02}", deadlines=(due(DAY),)) for n in range(11)]
    waiting = a_call("b:1")
    chosen = pick(*calls, waiting)
    message = render_digest(a_digest(*calls, waiting, chosen=chosen), Person(), links())
    page = body(message)
    assert len(page("h3")) == 10
    assert "1 utlysning till stänger före nästa brev" in page.get_text()
    assert page.find("a", href="https://fundscout.example/o/a:10")
    assert "1 utlysning till passar och väntar till nästa brev." in page.get_text()
    assert page.find("a", href="https://fundscout.example/all")
    assert "https://fundscout.example/all" in message.text
    assert message.subject.startswith("11 utlysningar")
    assert message.ics.count("BEGIN:VEVENT") == 11


def test_styles_stand_in_the_tags_and_darkness_is_provided_for() -> None:
    message = told(a_call())
    page = body(message)
    for tag in page.find_all(["p", "h1", "h2", "h3", "a", "blockquote"]):
        assert tag.get("style"), tag
    (style,) = page("style")
    assert set(re.findall(r"@media \(([^)]+)\)", style.get_text())) == {
        "prefers-color-scheme: dark"
    }
    assert page.find("meta", attrs={"name": "color-scheme", "content": "light dark"})
    assert not re.search(r"(?:src|background|url)\s*[=(]", message.html.split("</style>")[-1])
    assert all(table.get("role") == "presentation" for table in page("table"))


@pytest.mark.parametrize("language", languages())
def test_there_are_words_for_every_reason(language: str) -> None:
    assert all(words(language)(f"mail.tag.{reason}") for reason in EventReason)


def test_a_relevant_call_below_the_threshold_is_shown_with_its_score() -> None:
    low = DigestCandidate(((SEEN, a_call()),), 0.2)
    chosen = pick(low, marks={"vinnova:1": CallMark.RELEVANT})
    view = make_digest_view(a_digest(low.call, chosen=chosen), Person("en"), links())
    assert [call.id for section in view.sections for call in section.calls] == ["vinnova:1"]
