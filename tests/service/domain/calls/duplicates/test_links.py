"""What is shown as one: groups never rest on a chain, and a person has the last word."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapers.call import Deadline, DeadlineKind
from service.domain.calls.copies import choose_leads, list_copies, list_related_calls
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.explanation import explain_link, find_contradiction
from service.domain.calls.duplicates.links import CallGroups, LinkState
from service.messages.render import english
from tests.service.domain.calls.duplicates.sample_links import a_link
from tests.service.domain.calls.duplicates.sample_pairs import LONG, NOW, due, make


def test_a_chain_is_no_group() -> None:
    groups = CallGroups([a_link("x:a", "x:b", similarity=0.95), a_link("x:b", "x:c")])
    assert groups.group("x:b") == ("x:b", "x:c")
    assert groups.group("x:a") == ("x:a",)
    assert groups.copies("x:a") == ()
    assert [link.other("x:a") for link in groups.links("x:a")] == ["x:b"]


def test_calls_that_are_all_the_same_are_a_group() -> None:
    links = [a_link("x:a", "x:b"), a_link("x:b", "x:c"), a_link("x:a", "x:c", similarity=0.9)]
    for order in (links, links[::-1]):
        assert CallGroups(order).copies("x:b") == ("x:a", "x:c")


def test_two_groups_join_only_when_all_agree() -> None:
    pairs = [a_link("x:a", "x:b"), a_link("x:c", "x:d")]
    across = [a_link(f"x:{one}", f"x:{two}", similarity=0.9) for one in "ab" for two in "cd"]
    assert CallGroups([*pairs, *across[:3]]).group("x:a") == ("x:a", "x:b")
    assert CallGroups([*pairs, *across]).group("x:a") == ("x:a", "x:b", "x:c", "x:d")


def test_a_person_joins_what_the_machine_did_not_find() -> None:
    by_hand = a_link("x:b", "x:c", state=LinkState.CONFIRMED)
    assert CallGroups([a_link("x:a", "x:b"), by_hand]).group("x:c") == ("x:b", "x:c")
    both = [by_hand, a_link("x:a", "x:b", state=LinkState.CONFIRMED)]
    assert CallGroups(both).group("x:a") == ("x:a", "x:b", "x:c")


def test_nothing_joins_across_a_pair_that_a_person_split() -> None:
    apart = a_link("x:a", "x:c", state=LinkState.SPLIT)
    both = [
        a_link("x:a", "x:b", state=LinkState.CONFIRMED),
        a_link("x:b", "x:c", state=LinkState.CONFIRMED),
    ]
    groups = CallGroups([*both, apart])
    assert groups.group("x:a") == ("x:a", "x:b")
    assert groups.group("x:c") == ("x:c",)
    assert [link.other("x:c") for link in groups.links("x:c")] == ["x:b"]


def test_other_rounds_are_no_copies() -> None:
    groups = CallGroups([a_link("x:a", "x:b", Relation.REISSUE)])
    assert groups.copies("x:a") == ()
    assert groups.links("x:a")[0].relation is Relation.REISSUE


def test_which_copy_leads() -> None:
    dated, undated = make("x:a", texts={}), make("x:b", deadlines=(), url="https://b.example/b")
    groups = CallGroups([a_link("x:a", "x:b"), a_link("x:c", "x:d"), a_link("x:e", "x:f")])
    rich, poor = make("x:c", url="https://c.example/c"), make("x:d", funding=None)
    foreign = make("x:e", titles={"en": "Care"}, texts={"en": LONG})
    mine = make("x:f", titles={"sv": "Vård"}, texts={"sv": "Vård."})
    calls = {c.id: c for c in (dated, undated, rich, poor, foreign, mine, make("x:z"))}
    assert choose_leads(calls, calls, groups, NOW, "sv") == {"x:a", "x:c", "x:f", "x:z"}
    assert choose_leads(calls, calls, groups, NOW, "en") == {"x:a", "x:c", "x:e", "x:z"}
    late = datetime(2026, 5, 1, tzinfo=UTC)
    assert "x:b" in choose_leads(
        calls, calls, groups, late, "en"
    )  # no copy has a day to come: more facts
    admitted = {"x:b", "x:d"}
    assert choose_leads(admitted, calls, groups, NOW, "sv") == admitted


def test_a_longer_text_leads_among_equals() -> None:
    calls = {c.id: c for c in (make("x:a"), make("x:b", texts={"en": LONG + " More."}))}
    assert choose_leads(calls, calls, CallGroups([a_link("x:a", "x:b")]), NOW, "en") == {"x:b"}


def test_what_is_said_of_a_copy() -> None:
    one = make("x:a")
    other = make("x:b", url="https://b.example/b", deadlines=(due(4, 5),))
    (copy,) = list_copies(
        one, {"x:a": one, "x:b": other}, CallGroups([a_link("x:a", "x:b")]), NOW, "sv"
    )
    assert (copy.id, copy.funder, copy.url) == ("x:b", "X", "https://b.example/b")
    assert copy.next_deadline == due(4, 5)
    assert copy.why.en == "The same call: 100 % of the words of the titles are common."
    assert copy.contradiction is not None
    assert copy.contradiction.en == (
        "Another deadline is given there: 2026-05-04 14:00 (Europe/Stockholm). "
        "Ask the funder which one holds."
    )
    assert "2026-05-04 14:00" in copy.contradiction.sv


def test_a_copy_that_is_gone_is_not_named() -> None:
    one = make("x:a")
    groups = CallGroups([a_link("x:a", "x:b")])
    assert list_copies(one, {"x:a": one}, groups, NOW, "en") == ()
    assert list_related_calls(one, {"x:a": one}, groups, NOW, "en") == ()


def test_a_copy_joined_by_way_of_a_third_says_so() -> None:
    calls = {c.id: c for c in map(make, ("x:a", "x:b", "x:c"))}
    links = [a_link(x, "x:b", state=LinkState.CONFIRMED) for x in ("x:a", "x:c")]
    by_third = {
        c.id: c.why.en for c in list_copies(calls["x:a"], calls, CallGroups(links), NOW, "en")
    }
    assert by_third["x:b"] == "The same call: a person has said so."
    assert by_third["x:c"] == "The same call: a person has said so of a third copy."


def test_links_of_a_call_copies_first() -> None:
    calls = {c.id: c for c in map(make, ("x:a", "x:b", "x:c", "x:d"))}
    links = [
        a_link("x:a", "x:b", Relation.RELATED),
        a_link("x:a", "x:c", Relation.REISSUE),
        a_link("x:a", "x:d"),
    ]
    found = list_related_calls(calls["x:a"], calls, CallGroups(links), NOW, "en")
    assert [(one.id, one.shown_as_one) for one in found] == [
        ("x:d", True),
        ("x:c", False),
        ("x:b", False),
    ]
    assert found[1].why.sv.startswith("En annan omgång av samma utlysning: ")


def test_times_of_day_contradict_only_when_both_are_given() -> None:
    at_noon = make("x:a")
    later = make(
        "x:b", deadlines=(due().model_copy(update={"at": datetime(2026, 4, 20, 15, tzinfo=UTC)}),)
    )
    assert find_contradiction(at_noon, later) is not None
    day = due().model_copy(
        update={"at": datetime(2026, 4, 20, 21, 59, 59, tzinfo=UTC), "date_only": True}
    )
    assert find_contradiction(at_noon, make("x:c", deadlines=(day,))) is None
    rolling = Deadline(kind=DeadlineKind.ROLLING, zone="Europe/Stockholm")
    assert find_contradiction(at_noon, make("x:d", deadlines=(rolling,))) is None
    assert find_contradiction(at_noon, make("x:e", deadlines=(due(), due(9, 9)))) is not None


def test_a_share_is_never_rounded_up_to_all() -> None:
    assert "99 %" in english(explain_link(a_link("x:a", "x:b", similarity=0.999)))
