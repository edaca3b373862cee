"""Calls open to any subject: kept when stored, shown apart, never twice, and only if wanted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from scrapers.call import Call
from service.app import create_app
from service.cli.main import run
from service.context import Context
from service.domain.calls.applicant_kinds import ApplicantKind
from service.domain.matching.filters import Filters
from service.domain.matching.match import MatchList
from service.domain.matching.other_calls.any_subject import MOST_SHOWN
from service.domain.notifications.events import EventReason
from service.domain.pilots.pilot import Pilot
from service.domain.pilots.profile import Party, Profile
from service.jobs.mail.digest_composer import Composer, DigestRecipient, DigestRules
from service.jobs.reindex import reindex
from service.mail.digest_view import MailLinks
from service.mail.render import render_digest
from service.settings import Settings
from service.store import database
from service.store.call_facts.tables import CallConditionsRow
from service.use_cases.conditions import read_conditions_aside
from service.use_cases.match import match_text
from tests.service.conftest import NOW, a_call
from tests.service.old_databases import older

WISH = "Hjärtsvikt i hemmet\nPersoner med hjärtsvikt mäter vikt och blodtryck i hemmet."
COMPANY = Profile(organisations=(Party(kind=ApplicantKind.SMALL_COMPANY),), country="SE")
FOR_COMPANIES = "Små och medelstora företag i Sverige kan söka."
FOR_SCHOOLS = "Endast universitet och högskolor kan söka."


def cheque(place: str, text: str = FOR_COMPANIES, *, day: int = 20) -> Call:
    return a_call(f"vinnova:check-{place}", f"Innovationscheck {place}", day=day, text=text)


def fill(context: Context, calls: Sequence[Call]) -> None:
    context.calls.upsert([a_call(), *calls], NOW - timedelta(days=40))
    reindex(context)


def matched(context: Context, profile: Profile | None = COMPANY, top: int = 1) -> MatchList:
    return match_text(context, WISH, profile=profile, top=top, group=False)


def shown(listed: MatchList) -> list[str]:
    return [one.call.id for one in listed.any_subject.calls]


def test_it_is_shown_beside_the_matches_and_never_twice(context: Context) -> None:
    fill(context, [cheque("Skåne")])
    assert shown(matched(context)) == ["vinnova:check-Skåne"]
    both = matched(context, top=2)
    assert {match.call.id for match in both.matches} == {a_call().id, "vinnova:check-Skåne"}
    assert shown(both) == []


def test_what_is_known_to_fail_is_left_out_and_what_is_not_known_is_said(context: Context) -> None:
    fill(context, [cheque("Skåne"), cheque("Halland", FOR_SCHOOLS), cheque("Kalmar", "Sök i vår.")])
    listed = matched(context)
    assert shown(listed) == ["vinnova:check-Skåne", "vinnova:check-Kalmar"], "the best fit first"
    known, unknown = listed.any_subject.calls
    assert "met" in {reason.about for reason in known.reasons}
    assert {reason.about for reason in unknown.reasons} & {"unknown", "silent"}
    assert unknown.by_name
    assert unknown.says.text == "Innovationscheck Kalmar"


def test_of_the_same_fit_the_next_deadline_comes_first_and_the_rest_is_counted(
    context: Context,
) -> None:
    places = ["Blekinge", "Dalarna", "Gotland", "Halland", "Kalmar", "Skåne", "Uppsala"]
    texts = [f"{FOR_COMPANIES} Checken gäller {place} och räcker till {n} möten."
             for n, place in enumerate(places)]  # fmt: skip
    fill(
        context,
        [cheque(p, t, day=27 - n) for n, (p, t) in enumerate(zip(places, texts, strict=True))],
    )
    listed = matched(context).any_subject
    days = [one.call.next_deadline.at for one in listed.calls if one.call.next_deadline]
    assert len(listed.calls) <= MOST_SHOWN
    assert days == sorted(days, key=str)
    assert listed.more == len(places) - len(listed.calls)


def test_filters_judgements_and_the_profile_keep_it_away(context: Context) -> None:
    fill(context, [cheque("Skåne")])
    other = Filters(funders=("formas",))
    assert match_text(context, WISH, profile=COMPANY, filters=other).any_subject.calls == ()
    unwanted = COMPANY.model_copy(update={"any_subject": False})
    assert shown(matched(context, unwanted)) == []
    assert not Profile(any_subject=False).organisations
    assert Profile(any_subject=False).is_empty


def test_page_api_and_terminal_show_it(
    context: Context,
    here: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fill(context, [cheque("Skåne")])
    client = create_app(context).test_client()
    asked = {"text": WISH, "top": 1, "profile": COMPANY.model_dump(mode="json")}
    answer = client.post("/api/v1/match", json=asked).json
    assert answer is not None
    assert [one["call"]["id"] for one in answer["any_subject"]["calls"]] == ["vinnova:check-Skåne"]
    page = client.post(
        "/?lang=sv",
        data={"text": WISH, "top": "1", "kind": "for_profit_small_business"},
        follow_redirects=True,
    )
    assert "Öppna för alla ämnen" in page.text
    assert "Innovationscheck Skåne" in page.text
    monkeypatch.setattr(Context, "_load_model", lambda _: context.encoder())
    file = here.data / "wish.txt"
    file.write_text(WISH, "utf-8")
    assert run(["match", "--text", str(file), "--top", "1"]) == 0
    assert "Open to any subject\n  * Innovationscheck Skåne" in capsys.readouterr().out


def test_a_store_of_the_version_before_is_filled_without_anybody(
    settings: Settings, context: Context
) -> None:
    fill(context, [cheque("Skåne")])
    context.calls._engine.dispose()
    older(settings.database, "0009")
    opened = Context.open(settings, context.encoder)
    with Session(opened.calls._engine) as session:
        session.execute(update(CallConditionsRow).values(method="of the version before"))
        session.commit()
    assert opened.calls.any_subject_calls().ids == set()
    read_conditions_aside(opened).join(60)
    assert set(opened.calls.any_subject_calls().ids) == {"vinnova:check-Skåne"}
    assert database.newest_revision() >= "0010"
    opened.calls._engine.dispose()


def compose(context: Context, recipient: DigestRecipient, days: int = 0) -> Composer:
    assert recipient
    return Composer(
        context.searcher(), context.calls, NOW + timedelta(days=days), DigestRules(0.999)
    )


def a_pilot(profile: Profile | None = COMPANY) -> Pilot:
    return Pilot(id="hemma", title="Hjärtsvikt hemma", text=WISH, language="sv", profile=profile)


def test_the_mail_tells_it_once_and_again_when_it_closes(context: Context) -> None:
    fill(context, [cheque("Skåne", day=20), cheque("Halland", FOR_SCHOOLS)])
    recipient = DigestRecipient(a_pilot())
    first = compose(context, recipient).digest(recipient)
    assert [one.call_id for one in first.any_subject.items] == ["vinnova:check-Skåne"]
    assert first.send
    mail = render_digest(first, type("Reader", (), {"language": "sv"})(), MailLinks())
    assert "ÖPPNA FÖR ALLA ÄMNEN" in mail.text
    assert "Innovationscheck Skåne" in mail.html
    told = DigestRecipient(a_pilot(), frozenset(first.keys), NOW)
    second = compose(context, told, 7).digest(told)
    assert second.any_subject.items == ()
    assert not second.send
    later = compose(context, told, 42).digest(told)
    (again,) = later.any_subject.items
    assert {event.reason for event in again.reasons} <= {
        EventReason.CLOSING_14,
        EventReason.CLOSING_3,
    }


@pytest.mark.parametrize(
    "profile", [None, Profile(), COMPANY.model_copy(update={"any_subject": False})]
)
def test_no_mail_has_it_for_a_pilot_that_says_nothing_or_does_not_want_it(
    context: Context, profile: Profile | None
) -> None:
    fill(context, [cheque("Skåne")])
    recipient = DigestRecipient(a_pilot(profile))
    assert compose(context, recipient).digest(recipient).any_subject.items == ()
