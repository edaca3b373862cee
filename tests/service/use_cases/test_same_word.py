"""One number, one meaning: every door gives a pilot and a call the same score and the same word."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from scrapers.call import Call
from service.app import create_app
from service.cli.main import run
from service.context import Context
from service.domain.matching.feedback import Judgement, Opinion
from service.domain.matching.fit import GOOD_SCORE, Fit
from service.domain.pilots.pilot import Pilot
from service.jobs.mail.digest_composer import Composer, DigestRecipient, DigestRules
from service.jobs.reindex import reindex
from service.settings import Settings
from service.use_cases.explain_call import explain_call
from service.use_cases.match import match_pilot
from service.use_cases.shortlist import shortlist_pilots
from tests.service.conftest import NOW, a_call

pytestmark = pytest.mark.whole

TOPICS = ("hjärtsvikt i hemmet", "fall hos äldre", "digital vårdplan", "stroke på sjukhus", "sömn")
WORDS = re.compile(r'class="fit-(\w+)"')


def some_calls() -> list[Call]:
    return [
        a_call(
            f"vinnova:2026-{n:03}",
            f"{TOPICS[n % 5].capitalize()} {n}",
            text=f"Utlysningen gäller {TOPICS[n % 5]} i region {n}. Projekt {n * n}.",
        )
        for n in range(30)
    ]


def some_pilots() -> list[Pilot]:
    return [
        Pilot(
            id=f"p{n}",
            title=f"Pilot {n}",
            text=TOPICS[n % 5] if n % 7 == 0 else f"{TOPICS[n % 5]}\nVi prövar det, försök {n}.",
            language="sv" if n % 2 else None,
        )
        for n in range(20)
    ]


@pytest.fixture
def judged(context: Context) -> Context:
    context.calls.upsert(some_calls(), NOW - timedelta(days=4))
    for pilot in some_pilots():
        context.pilots.add(pilot)
        n = int(pilot.id[1:])
        for call, verdict in ((n, Opinion.RELEVANT), (n + 5, Opinion.NOT_RELEVANT)):
            if n % 3:
                context.feedback.add(
                    Judgement(
                        pilot=pilot.id,
                        call=f"vinnova:2026-{call:03}",
                        verdict=verdict,
                        by="A",
                        at=NOW,
                    )
                )
    reindex(context)
    return context


def listed(context: Context, pilot: Pilot) -> dict[str, float]:
    matches = match_pilot(context, pilot.id, top=30, group=False).matches
    return {match.call.id: match.score for match in matches}


def test_every_door_says_the_same(
    judged: Context,
    here: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Context, "_load_model", lambda _: judged.encoder())
    client = create_app(judged).test_client()
    pilots = some_pilots()
    composer = Composer(judged.searcher(), judged.calls, NOW, DigestRules(0.0))
    recipients = [DigestRecipient.from_pilot(p, judged.feedback.opinions(p.id)) for p in pilots]
    digests = list(composer.digests(recipients))
    call_ids = ["vinnova:2026-003", "vinnova:2026-011"]
    meetings = {id_: shortlist_pilots(judged, id_, top=20) for id_ in call_ids}
    for pilot, digest in zip(pilots, digests, strict=True):
        scores = listed(judged, pilot)
        few = match_pilot(judged, pilot.id, top=3).matches
        answer = client.get(f"/api/v1/pilots/{pilot.id}/matches?top=30&group=false").json
        assert answer is not None
        told = {row["call"]["id"]: row for row in answer["matches"]}
        assert {id_: row["score"] for id_, row in told.items()} == scores
        assert {m.call.id: m.score for m in few} == {m.call.id: scores[m.call.id] for m in few}
        page = client.get(f"/pilots/{pilot.id}?top=30&group=false").text
        assert WORDS.findall(page) == [row["fit"] for row in answer["matches"]]
        capsys.readouterr()
        assert run(["match", "--pilot", pilot.id, "--json", "--top", "30", "--no-groups"]) == 0
        printed = json.loads(capsys.readouterr().out)["matches"]
        assert {row["call"]["id"]: (row["score"], row["fit"]) for row in printed} == {
            id_: (row["score"], row["fit"]) for id_, row in told.items()
        }
        for item in digest.items:
            assert item.match.score == scores[item.call_id], (pilot.id, item.call_id)
            assert item.match.fit == told[item.call_id]["fit"]
        for id_ in call_ids:
            pair = explain_call(judged, pilot.id, id_).match
            if id_ in scores:
                assert pair.score == scores[id_]
            met = [one for one in meetings[id_].pilots if one.id == pilot.id]
            assert [(one.score, one.fit) for one in met if id_ in scores] == [
                (scores[id_], Fit.from_score(scores[id_])) for _ in met if id_ in scores
            ]


def test_one_judgement_changes_scores_and_makes_no_call_good(judged: Context) -> None:
    pilot = some_pilots()[3]
    before = listed(judged, pilot)
    for id_ in sorted(before):
        judged.feedback.add(
            Judgement(pilot=pilot.id, call=id_, verdict=Opinion.NONE, by="A", at=NOW)
        )
    neutral = listed(judged, pilot)
    worst = min(neutral, key=neutral.__getitem__)
    judged.feedback.add(
        Judgement(pilot=pilot.id, call=worst, verdict=Opinion.RELEVANT, by="A", at=NOW)
    )
    after = listed(judged, pilot)
    assert after != neutral
    assert {id_ for id_, score in after.items() if score >= GOOD_SCORE} <= {
        id_ for id_, score in neutral.items() if score >= GOOD_SCORE
    }
