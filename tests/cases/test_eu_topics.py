"""Topics of the portal in every form: headings, footnotes, shared budgets, stamped hours."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.run import parse_files
from tests.cases.portal import ID, budget, instants, line, only_call, parts_of, steps, topic

PARTS = {"outcome": "Homes are safer.", "scope": "Test tools."}

HEADINGS_MENDED_BY = {
    "span": '<span class="topicdescriptionkind">Expected Outcome:</span><p>Homes are safer.</p>'
    '<span class="topicdescriptionkind">Scope:</span><p>Test tools.</p>',
    "paragraph": '<p class="topicdescriptionkind">Expected Outcome:</p><p>Homes are safer.</p>'
    '<p class="topicdescriptionkind">Scope:</p><p>Test tools.</p>',
    "heading": "<h3>Expected Outcome</h3><p>Homes are safer.</p><h3>Scope</h3><p>Test tools.</p>",
}
HEADINGS_UNSEEN = {
    "div with two classes": "<div class='part topicdescriptionkind'>ExpectedOutcome</div>Homes are "
    "safer.<div class='part topicdescriptionkind'>Scope</div>Test tools.",
    "bold within": '<p class="topicdescriptionkind"><strong>Expected&nbsp;Outcome</strong>:</p>'
    '<p>Homes are safer.</p><p class="topicdescriptionkind"><b>Scope</b>:</p><p>Test tools.</p>',
    "colon behind": '<p><span class="topicdescriptionkind">Expected Outcome</span>: Homes are '
    'safer.</p><p><span class="topicdescriptionkind">Scope</span>: Test tools.</p>',
    "bold paragraphs": "<p><strong>Expected Outcome:</strong></p><p>Homes are safer.</p>"
    "<p><strong><u>Scope:</u></strong></p><p>Test tools.</p>",
    "run in": "<p><b>Expected Outcome:</b> Homes are safer.</p><p><b>Scope:</b> Test tools.</p>",
    "plain lines": "Expected outcomes\nHomes are safer.\nScope:\nTest tools.",
    "escaped": "&lt;p class=&quot;topicdescriptionkind&quot;&gt;Expected Outcome:&lt;/p&gt;"
    "&lt;p&gt;Homes are safer.&lt;/p&gt;&lt;p class=&quot;topicdescriptionkind&quot;&gt;Scope:"
    "&lt;/p&gt;&lt;p&gt;Test tools.&lt;/p&gt;",
    "table": "<table><tr><th>Expected Outcome</th><td>Homes are safer.</td></tr>"
    "<tr><th><b>Scope:</b></th><td>Test tools.</td></tr></table>",
    "definitions": "<dl><dt>Expected Outcome</dt><dd>Homes are safer.</dd><dt>Scope</dt>"
    "<dd>Test tools.</dd></dl>",
    "capitals": '<P CLASS="TopicDescriptionKind">EXPECTED OUTCOME:</P><P>Homes are safer.</P>'
    '<P CLASS="TopicDescriptionKind">SCOPE:</P><P>Test tools.</P>',
}  # fmt: skip


@pytest.mark.parametrize("form", [*HEADINGS_MENDED_BY, *HEADINGS_UNSEEN])
def test_headings_are_found_on_any_tag(tmp_path: Path, form: str) -> None:
    html = {**HEADINGS_MENDED_BY, **HEADINGS_UNSEEN}[form]
    assert parts_of(only_call(tmp_path, topic(descriptionByte=html))) == PARTS


def test_words_within_a_sentence_are_no_heading(tmp_path: Path) -> None:
    html = "<p>The scope: see below.</p><p>Expected outcome of the action is a study.</p>"
    (name,) = parts_of(only_call(tmp_path, topic(descriptionByte=html)))
    assert name == "description"


@pytest.mark.parametrize("nothing", ["null", "NULL", "undefined", "&nbsp;", "n/a"])
def test_a_part_without_a_name_is_kept_and_its_marker_is_not(tmp_path: Path, nothing: str) -> None:
    html = (
        '<p class="topicdescriptionkind">Scope:</p><p>Test tools.</p>'
        f'<p class="topicdescriptionkind">{nothing}</p><p>Reach TRL 6.</p>'
    )
    call = only_call(tmp_path, topic(descriptionByte=html))
    assert parts_of(call) == {"scope": "Test tools.", "description": "Reach TRL 6."}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Test tools[[Tools of care.]].", "Test tools."),
        ("Test tools[[See [1].]] at home.", "Test tools at home."),
        ('Test tools[[<a href="https://example.org/x">here</a>]].', "Test tools."),
        ("Test[[one]] tools[[two]].", "Test tools."),
        ("Test tools [[unclosed.", "Test tools unclosed."),
        ("Test tools [1].", "Test tools [1]."),
    ],
)
def test_footnotes_leave_the_text(tmp_path: Path, written: str, read: str) -> None:
    html = f'<p class="topicdescriptionkind">Scope:</p><p>{written}</p>'
    assert parts_of(only_call(tmp_path, topic(descriptionByte=html)))["scope"] == read


def test_a_hundred_thousand_footnote_marks_end_in_time(tmp_path: Path) -> None:
    html = "[[" * 50_000 + "<p class=topicdescriptionkind>" * 5_000
    assert only_call(tmp_path, topic(descriptionByte=html)).titles


def test_a_translation_takes_the_english_names(tmp_path: Path) -> None:
    english = HEADINGS_MENDED_BY["paragraph"]
    czech = english.replace("Expected Outcome", "Očekávaný výsledek").replace("Scope", "Oblast")
    rows = topic(descriptionByte=english), topic(language="cs", descriptionByte=czech)
    call = only_call(tmp_path, *rows)
    assert list(parts_of(call, "cs")) == ["outcome", "scope"]


RULES = {
    "Participation is limited to legal entities established in Malta and Norway.": "country",
    "Legal entities established in China are not eligible to participate.": "country exclusion",
    "Entities established in Russia or Belarus may not take part.": "country exclusion",
    "Any legal entity established in Atlantis shall not be eligible.": "country exclusion",
    "Legal entities established in the African Union are eligible for Union funding.":
        "country addition",
    "Legal entities established in Canada are exceptionally eligible for funding.":
        "country addition",
    "Entities established in an eligible country but controlled from elsewhere may not take part.":
        "",
    "Legal entities established in China may not take part unless they give a guarantee.": "",
    "Costs of staff in Kenya are not eligible.": "",
    "Only legal entities established in Malta are eligible.": "country",
    "Legal entities not established in Malta are not eligible.": "",
    "Entities established outside Malta may not take part.": "",
    "None of the entities established in Malta may take part.": "",
}  # fmt: skip


@pytest.mark.parametrize("sentence", RULES)
def test_rules_on_countries_are_told_with_their_sentence(tmp_path: Path, sentence: str) -> None:
    html = f"<h4>Other conditions</h4><p>{sentence}</p>"
    call = only_call(tmp_path, topic(topicConditions=html))
    assert [fact.kind for fact in call.eligibility] == (
        [RULES[sentence]] if RULES[sentence] else []
    )
    assert all(fact.quote == sentence for fact in call.eligibility)


OTHER = "HORIZON-TEST-2027-01-CARE-09"


def pot(amount: object, grants: int, most: int = 4_000_000, of: str = ID) -> dict[str, object]:
    """A line of a budget table whose grants are all of one size."""
    return line(of, amount, grants, most, most)


POTS = {
    "one pot of two topics": (
        [pot("170000000", 1, 1_200_000), pot("170000000", 1, 20_000_000, OTHER)],
        None,
    ),
    "one pot, written as a number and as a text": (
        [pot(60_000_000, 2), pot("60000000", 3, 9_000_000, OTHER)],
        None,
    ),
    "two pots that are alike by chance": ([pot("8000000", 2), pot("8000000", 2, of=OTHER)], 8e6),
    "pots of their own": ([pot("8000000", 2), pot("9000000", 2, of=OTHER)], 8e6),
    "two kinds of action from one pot": ([pot("8000000", 2), pot("8000000", 1)], 8e6),
    "one pot, with a year of nothing": (
        [
            pot("70000000", 1),
            {**pot("", 1, of=OTHER), "budgetYearMap": {"2027": 70_000_000, "2028": 0}},
        ],
        None,
    ),
    "a pot that says nothing of grants": (
        [pot("70000000", 0, 0), pot("70000000", 1, 0, OTHER)],
        None,
    ),
}


@pytest.mark.parametrize("kind", POTS)
def test_a_pot_that_topics_share_is_no_topics_total(tmp_path: Path, kind: str) -> None:
    lines, total = POTS[kind]
    for order in (lines, lines[::-1]):
        call = only_call(tmp_path, topic(budgetOverview=budget(key=order)))
        found = call.funding.total if call.funding else None
        assert (found.amount if found else None) == total


def test_lines_under_several_keys_are_added(tmp_path: Path) -> None:
    table = budget(
        a=[line(ID, "1000000", 1, 1_000_000, 1)], b=[line(ID, "1000000", 1, 1_000_000, 1)]
    )
    call = only_call(tmp_path, topic(budgetOverview=table))
    assert call.funding is not None
    assert call.funding.total is not None
    assert call.funding.total.amount == 2_000_000


STAMPS_MENDED_BY = {
    "2027-03-16T00:00:00.000+0000": "2027-03-16 17:00",
    "2027-04-18T19:00:00.000+0200": "2027-04-18 17:00",
    "2027-11-23T23:00:00.000+0000": "2027-11-24 17:00",
}
STAMPS_UNSEEN = {
    "2027-02-18T18:00:00.000+0100": "2027-02-18 17:00",
    "2027-06-09T22:00:00.000+0000": "2027-06-10 17:00",
    "2027-02-18T16:00:00Z": "2027-02-18 17:00",
    "2027-06-18T15:00:00Z": "2027-06-18 17:00",
    "2027-02-18T00:00:00.000+0100": "2027-02-18 17:00",
    "2027-02-18T12:00:00.000-0500": "2027-02-18 17:00",
    "2027-02-18T17:00:00": "2027-02-18 17:00",
    "2027-02-18T23:59:59.000+0000": "2027-02-18 17:00",
    "2027-02-18T14:30:00.000+0000": "2027-02-18 14:30",
    "2027-04-18T19:00:00.000 0200": "2027-04-18 17:00",
    "2027-02-18T12:00:00.000 0500": "2027-02-18 17:00",
    "2027-02-18T13:30:00.000+0200": "2027-02-18 11:30",
}


@pytest.mark.parametrize("stamp", [*STAMPS_MENDED_BY, *STAMPS_UNSEEN])
def test_an_hour_is_the_portals_and_never_later(tmp_path: Path, stamp: str) -> None:
    call = only_call(tmp_path, topic(deadlineDate=stamp))
    assert instants(call) == [{**STAMPS_MENDED_BY, **STAMPS_UNSEEN}[stamp]]


@pytest.mark.parametrize(
    "stamp",
    ["2026-12-07T01:00:00.000+0100", "2026-12-06T23:00:00Z", "2026-12-07", "2026-12-07T00:00:00"],
)
def test_an_opening_is_a_day(tmp_path: Path, stamp: str) -> None:
    call = only_call(tmp_path, topic(startDate=stamp))
    assert call.opens is not None
    assert call.opens.isoformat() == "2026-12-07T00:00:00+01:00"


def test_two_stages_stay_in_order(tmp_path: Path) -> None:
    days = "2027-09-14", "2027-04-08"
    row = topic(deadlineModel="two-stage", actions=steps("2027-02-04", *days, model="two-stage"))
    call = only_call(tmp_path, row)
    assert instants(call) == ["2027-04-08 17:00", "2027-09-14 17:00"]
    assert [deadline.stage for deadline in call.deadlines] == [1, 2]


def test_a_stamp_that_is_none_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    rows = [topic(deadlineDate="in spring"), topic("HORIZON-TEST-2", ccm2Id="2")]
    path.write_text(json.dumps({"totalResults": 2, "results": rows}), "utf-8")
    report = parse_files("eu_portal", [path])
    assert len(report.calls) == 1
    assert "in spring" in report.problems[0][1]
