"""Looking for copies in a store: found once, renewed, and never against a person's word."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner, Result

from scrapers.call import Provenance
from service.cli.main import cli, run
from service.cli.render import render_matches
from service.context import EXAMPLES_SOURCE, Context
from service.domain.calls.duplicates.decisions import Relation
from service.domain.calls.duplicates.links import CallGroups, DecidedBy, LinkState
from service.domain.pilots.pilot import Pilot
from service.errors import InputError, NotFoundError
from service.jobs.find_duplicates import decide_link, find_links
from service.jobs.load_examples import remove_examples
from service.jobs.mail.digest_composer import Composer, DigestRecipient, DigestRules
from service.jobs.reindex import reindex
from service.settings import Settings
from service.store.calls import CallStore
from service.store.database import connect
from service.store.links import LinkReport, LinkStore
from service.store.tables import TableBase
from service.use_cases.match import match_text
from tests.service.domain.calls.duplicates.sample_pairs import LONG, NOW, OTHER, due, make
from tests.service.old_databases import older

pytestmark = pytest.mark.whole

ONE, TWO, THREE = "a:one", "b:two", "c:three"


@pytest.fixture
def stored(context: Context) -> Context:
    """Two copies of a call, another round of it, and a call of its own."""
    calls = [
        make(ONE),
        make(TWO, url="https://b.example/two"),
        make(THREE, "Care of heart failure at home 2027", deadlines=(due(20, 10),)),
        make("d:four", "Wind turbines at sea", texts={"en": OTHER}),
    ]
    context.calls.upsert(calls, NOW)
    return context


def relations(context: Context) -> list[tuple[str, str, Relation, LinkState]]:
    return [(link.a, link.b, link.relation, link.state) for link in context.links.all()]


def test_a_second_run_writes_nothing(stored: Context) -> None:
    assert find_links(stored) == LinkReport(new=3)
    first, runs = stored.links.all(), len(stored.runs.latest())
    assert [one[2] for one in relations(stored)] == [
        Relation.SAME,
        Relation.REISSUE,
        Relation.REISSUE,
    ]
    assert find_links(stored) == LinkReport(unchanged=3)
    assert (stored.links.all(), len(stored.runs.latest())) == (first, runs)
    groups = stored.links.groups()
    assert groups.copies(ONE) == (TWO,)
    stored.calls.upsert([make("e:five", "Soil", texts={"en": "Soil."})], NOW)
    assert find_links(stored) == LinkReport(unchanged=3)
    assert stored.links.groups().copies(ONE) == (TWO,)


def test_links_follow_the_calls(stored: Context) -> None:
    find_links(stored)
    stored.calls.upsert([make(TWO, deadlines=(due(1, 6),))], NOW)
    assert find_links(stored) == LinkReport(changed=2, unchanged=1)
    assert (ONE, TWO, Relation.REISSUE, LinkState.PROPOSED) in relations(stored)
    stored.calls.upsert([make(TWO, texts={"en": OTHER})], NOW)
    assert find_links(stored).removed == 2
    assert stored.links.groups().copies(ONE) == ()


def test_what_a_person_split_is_never_merged_again(stored: Context) -> None:
    find_links(stored)
    link = decide_link(stored, TWO, ONE, LinkState.SPLIT)
    assert (link.pair, link.decided_by, link.decided_at) == ((ONE, TWO), DecidedBy.PERSON, NOW)
    assert link.evidence
    assert stored.links.groups().copies(ONE) == ()
    stored.calls.upsert([make(TWO, texts={"en": LONG + " More."})], NOW)
    assert find_links(stored).kept == 1
    assert (ONE, TWO, Relation.SAME, LinkState.SPLIT) in relations(stored)
    assert stored.links.groups().copies(ONE) == ()


def test_what_a_person_merged_stays_merged(stored: Context) -> None:
    decide_link(stored, ONE, "d:four", LinkState.CONFIRMED)
    find_links(stored)
    stored.calls.upsert([make(ONE, deadlines=(due(1, 6),))], NOW)
    find_links(stored)
    assert stored.links.groups().copies("d:four") == (ONE,)
    found = stored.links.get("d:four", ONE)
    assert found is not None
    assert (found.state, found.decided_by) == (LinkState.CONFIRMED, DecidedBy.PERSON)


def test_a_person_can_take_their_word_back(stored: Context) -> None:
    for state, copies in [
        (LinkState.SPLIT, ()),
        (LinkState.CONFIRMED, (TWO,)),
        (LinkState.SPLIT, ()),
    ]:
        decide_link(stored, ONE, TWO, state)
        assert stored.links.groups().copies(ONE) == copies
    assert len(stored.links.all()) == 1


def test_only_stored_calls_and_only_two(stored: Context) -> None:
    with pytest.raises(NotFoundError, match="There is no call x:none"):
        decide_link(stored, ONE, "x:none", LinkState.SPLIT)
    with pytest.raises(InputError, match="given twice"):
        decide_link(stored, ONE, ONE, LinkState.CONFIRMED)
    assert stored.links.all() == ()
    assert stored.links.get(ONE, TWO) is None


def test_deleted_calls_take_their_links_with_them(context: Context) -> None:
    sample = [make(id_, provenance=Provenance(source=EXAMPLES_SOURCE)) for id_ in (ONE, TWO)]
    context.calls.upsert(sample, NOW)
    find_links(context)
    assert len(context.links.all()) == 1
    remove_examples(context)
    assert context.links.all() == ()
    assert context.links.groups().copies(ONE) == ()


def test_a_store_from_before_links_is_brought_up_to_date(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'old.sqlite'}"
    older(address, "0002")
    engine = connect(address)
    CallStore(engine).upsert([make(ONE), make(TWO)], NOW)
    stored = LinkStore(engine).decide((TWO, ONE), LinkState.CONFIRMED, (), NOW)
    assert stored.pair == (ONE, TWO)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = [str(one) for one in compare_metadata(context, TableBase.metadata)]
    assert [one for one in differences if "call_links" in one] == []


def test_a_match_shows_one_call_once(stored: Context) -> None:
    stored.calls.upsert([make(TWO, url="https://b.example/two", deadlines=(due(), due(9, 6)))], NOW)
    decide_link(stored, ONE, TWO, LinkState.CONFIRMED)
    reindex(stored)
    found = match_text(stored, "Care of heart failure at home", language="en")
    ids = [match.call.id for match in found.matches]
    assert TWO in ids
    assert ONE not in ids
    (copy,) = next(match.call.also for match in found.matches if match.call.id == TWO)
    assert (copy.id, copy.contradiction is not None) == (ONE, True)
    shown = " ".join(render_matches(found).split())
    assert f"also: A, {ONE} Another deadline is given there: 2026-04-20 14:00" in shown
    assert found.considered == 4


def test_a_mail_tells_two_copies_as_one(stored: Context) -> None:
    wind = "d:four"
    decide_link(stored, ONE, wind, LinkState.CONFIRMED)
    reindex(stored)
    pilot = Pilot(id="p", title="Care", text="Care of heart failure at home", language="en")

    def told(groups: CallGroups | None) -> dict[str, set[str]]:
        composer = Composer(stored.searcher(), stored.calls, NOW, DigestRules(0.0), groups=groups)
        digest = composer.digest(DigestRecipient(pilot))
        items = [*digest.items, *digest.brief]
        return {item.call_id: {copy.id for copy in item.match.call.also} for item in items}

    beside = told(stored.links.groups())
    assert (ONE in beside) != (wind in beside)
    lead = ONE if ONE in beside else wind
    assert beside[lead] == {ONE, wind} - {lead}
    apart = told(None)
    assert wind in apart
    assert not any(apart.values())


def command(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_links_are_listed_in_plain_words(stored: Context, here: Settings) -> None:
    shown = command("links").output
    assert f"{ONE} = {TWO}  (proposed by a machine, 2026-03-02)" in shown
    assert "The same call: 100 % of the words of the titles are common, 100 % of the " in shown
    assert f"{ONE} ~ {THREE}" in shown
    assert "    deadline: 2026-04-20 | 2026-10-20" in shown
    only = command("links", "--kind", "same", "--language", "sv").output
    assert THREE not in only
    assert "sista ansökningsdag är densamma" in only
    records = json.loads(command("links", THREE, "--json").output)
    assert [record["relation"] for record in records] == ["reissue", "reissue"]
    assert {"kind", "a", "b", "similarity"} == set(records[0]["evidence"][0])


def test_splitting_and_merging_by_command(stored: Context, here: Settings) -> None:
    command("links")
    assert command("split", TWO, ONE).output == f"Shown apart from now on: {ONE} and {TWO}.\n"
    assert f"{ONE} x {TWO}  (split by a person" in command("links").output
    assert command("merge", ONE, TWO).output == f"Shown as one call: {ONE}, {TWO}.\n"
    assert "a person has said so" in command("links", ONE).output
    command("split", ONE, "d:four")
    blocked = command("merge", TWO, "d:four")
    assert "so they stay apart" in blocked.stderr
    assert "a third call is the same as only one" in command("links", "d:four").output


def test_commands_say_what_is_wrong(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("links").output == "No two calls are linked.\n"
    assert run(["split", ONE, TWO]) == 1
    assert "There is no call a:one" in capsys.readouterr().err


def test_an_import_looks_for_copies(here: Settings) -> None:
    path = here.data.parent / "calls.jsonl"
    path.write_text("".join(make(id_).model_dump_json() + "\n" for id_ in (ONE, TWO)), "utf-8")
    assert (
        "Links between calls: 1 new, 0 changed, 0 gone."
        in command("import", "calls", str(path)).output
    )
    assert "Links" not in command("import", "calls", str(path)).output
