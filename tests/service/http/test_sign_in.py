"""People sign in: sessions, what expires, what is throttled, and what a form loses: nothing."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
import time_machine
from argon2 import PasswordHasher
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service import throttle
from service.app import create_app
from service.cli.main import run
from service.context import Context
from service.domain.access.rights import AccountRole
from service.domain.access.user import name_key
from service.errors import ConflictError, InputError
from service.messages.words import words
from service.settings import Settings
from service.use_cases.access import passwords, users
from service.use_cases.access import sign_in as use_cases
from tests.service.http.closed_service import PHRASE
from tests.service.web.html_outline import outline

pytestmark = pytest.mark.whole

WRONG = "wrong horse battery"
ANNA = "Anna.Å@example.org"
OWN = {"Sec-Fetch-Site": "same-origin"}
EN = words("en")


@pytest.fixture
def anna(own_context: Context, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser of Anna, who may sign in; the hash is a quick one here."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    users.add_user(own_context, ANNA, AccountRole.EDITOR, PHRASE)
    return create_app(own_context).test_client()


def send(client: FlaskClient, **fields: str) -> TestResponse:
    values = {"name": ANNA, "password": PHRASE} | fields
    return client.post("/sign-in", data=values, headers=OWN)


def open_again(client: FlaskClient, context: Context) -> None:
    """Sign Anna in without her password."""
    client.set_cookie("fundscout", use_cases._open_session(context, context.users.all()[0]).token)


def cookie_of(answer: TestResponse) -> dict[str, Any]:
    read = SimpleCookie(answer.headers["Set-Cookie"])
    (morsel,) = read.values()
    return {"name": morsel.key, "value": morsel.value} | dict(morsel.items())


def test_signing_in_opens_what_it_came_from_and_signing_out_closes_it(
    anna: FlaskClient, own_context: Context
) -> None:
    assert anna.get("/pilots/heart?top=25").status_code == 401
    page = outline(anna.get("/pilots/heart?top=25").text)
    fields = {one["name"]: one.get("value", "") for one in page.all("input") if "name" in one}
    assert fields["next"] == "/pilots/heart?top=25"
    answer = send(anna, next=fields["next"], name="anna.å@EXAMPLE.org")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pilots/heart?top=25")
    shown = anna.get("/pilots?lang=en").text
    assert ANNA in shown
    assert EN("sign_out") in shown
    token = cookie_of(answer)["value"]
    assert anna.post("/sign-out", headers=OWN).status_code == 303
    assert anna.get("/pilots").status_code == 401
    anna.set_cookie("fundscout", token)
    assert anna.get("/pilots").status_code == 401, "the session itself is over, not its cookie"
    assert own_context.users.all()[0].signed_in_at is not None


def test_the_cookie_is_for_this_service_alone(anna: FlaskClient) -> None:
    local = cookie_of(send(anna))
    assert local["name"] == "fundscout"
    assert (local["httponly"], local["samesite"], local["path"]) == (True, "Lax", "/")
    assert (local["secure"], local["domain"]) == ("", "")
    values = {"name": ANNA, "password": PHRASE}
    secure = cookie_of(
        anna.post("/sign-in", data=values, headers=OWN, base_url="https://localhost")
    )
    assert secure["name"] == "__Host-fundscout"
    assert secure["secure"] is True
    assert len(secure["value"]) >= 43


def test_a_token_is_kept_as_a_hash_and_new_at_each_sign_in(
    anna: FlaskClient, own_context: Context
) -> None:
    anna.set_cookie("fundscout", "planted")
    tokens = {cookie_of(send(anna))["value"] for _ in range(3)}
    assert len(tokens | {"planted"}) == 4
    own_context.users._engine.dispose()
    stored = b"".join(p.read_bytes() for p in own_context.settings.data.glob("fundscout.sqlite*"))
    assert not [token for token in tokens if token.encode() in stored]
    assert PHRASE.encode() not in stored


def test_without_https_nobody_else_sends_a_password(
    own_context: Context, anna: FlaskClient
) -> None:
    assert own_context.users.all()
    there = {"base_url": "http://127.0.0.2"}
    answer = anna.post("/sign-in", data={"name": ANNA, "password": PHRASE}, headers=OWN, **there)
    assert answer.status_code == 400, "a name that nobody has set"


@pytest.mark.parametrize("fields", [{"password": "wrong horse battery"}, {"name": "nobody"}, {}])
def test_wrong_names_and_passwords_are_told_alike(
    anna: FlaskClient, own_context: Context, fields: dict[str, str]
) -> None:
    if not fields:
        users.set_disabled(own_context, ANNA, disabled=True)
    answer = send(anna, **fields, next="/pilots")
    page = outline(answer.text)
    assert answer.status_code == 401
    assert EN("problem.sign_in") in page.text
    assert "Set-Cookie" not in answer.headers
    said = [one.get("value", "") for one in page.all("input")]
    assert PHRASE not in said
    assert fields.get("password") not in said
    assert "/pilots" in said


def test_each_wrong_sign_in_hashes_once(
    anna: FlaskClient, own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown name, one that is kept out and one without a password take as long as others."""
    users.add_user(own_context, "by provider", AccountRole.READER)
    verified = []
    verify = PasswordHasher.verify

    def count(self: PasswordHasher, kept: str, password: str) -> bool:
        verified.append(kept)
        return verify(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", count)
    for name in (ANNA, "nobody", "by provider"):
        assert send(anna, name=name, password=WRONG).status_code == 401
    assert len(verified) == 3
    assert verified[1] == verified[2] == passwords._OF_NOBODY


def test_wrong_passwords_of_one_address_must_wait_and_others_need_not(
    anna: FlaskClient, own_context: Context
) -> None:
    assert own_context.users.all()
    for _ in range(throttle.SIGN_INS_BY_CLIENT):
        assert send(anna, password=WRONG).status_code == 401
    refused = send(anna)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 600
    assert EN("problem.sign_in.often") in outline(refused.text).text
    anna.environ_base["REMOTE_ADDR"] = "127.0.0.9"
    assert send(anna).status_code == 303


def test_one_name_cannot_be_guessed_from_everywhere(
    own_context: Context, anna: FlaskClient
) -> None:
    for _ in range(throttle.SIGN_INS_BY_NAME):
        own_context.throttles.sign_ins_by_name.count(name_key(ANNA))
    assert send(anna).status_code == 429
    assert send(anna, name="other").status_code == 401


def test_a_session_ends_when_idle_and_at_its_end(anna: FlaskClient, own_context: Context) -> None:
    access, start = own_context.settings.access, datetime(2026, 4, 1, 8, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        send(anna)
        for _ in range(10):
            clock.shift(access.session_idle - timedelta(seconds=1))
            if datetime.now(UTC) >= start + access.session_lifetime:
                break
            assert anna.get("/pilots").status_code == 200
        assert anna.get("/pilots").status_code == 401, "no use makes it longer than it is"
    with time_machine.travel(start, tick=False) as clock:
        send(anna)
        clock.shift(access.session_idle)
        assert anna.get("/pilots").status_code == 401
    assert own_context.web_sessions.of_user(own_context.users.all()[0].id) == []


def test_what_happens_to_an_account_ends_its_sessions(
    anna: FlaskClient, own_context: Context
) -> None:
    send(anna)
    users.set_role(own_context, ANNA, AccountRole.READER)
    assert anna.get("/pilots").status_code == 200
    assert anna.post("/pilots/heart/exclude", data={"exclude": "x"}, headers=OWN).status_code == 403
    for end in (
        lambda: users.set_password(own_context, ANNA, "another long password"),
        lambda: users.end_sessions(own_context, ANNA),
        lambda: users.set_disabled(own_context, ANNA, disabled=True),
    ):
        open_again(anna, own_context)
        assert anna.get("/pilots").status_code == 200
        end()
        assert anna.get("/pilots").status_code == 401
    users.set_disabled(own_context, ANNA, disabled=False)
    open_again(anna, own_context)
    users.add_user(own_context, "left", AccountRole.ADMIN)
    users.remove_user(own_context, ANNA)
    assert anna.get("/pilots").status_code == 401


TYPED = 'En lång text\r\nmed två rader, <b>å</b> & "citat"'


def test_a_form_that_comes_when_the_session_is_over_loses_nothing(
    anna: FlaskClient, own_context: Context
) -> None:
    send(anna)
    use_cases.sign_out(own_context, str(anna.get_cookie("fundscout").value))  # type: ignore[union-attr]
    where = "/pilots/heart/exclude?lang=en"
    answer = anna.post(where, data={"exclude": TYPED, "more": ["1", "2"]}, headers=OWN)
    assert answer.status_code == 401
    page = outline(answer.text)
    assert EN("sign_in.kept") in page.text
    assert own_context.pilots.get("heart").exclude == ()  # type: ignore[union-attr]
    kept = next(one["value"] for one in page.all("input") if one.get("name") == "kept")
    wrong = send(anna, kept=kept, password=WRONG)
    again = next(o["value"] for o in outline(wrong.text).all("input") if o.get("name") == "kept")
    assert again == kept
    resumed = send(anna, kept=again)
    assert resumed.status_code == 200
    assert cookie_of(resumed)["value"]
    form = outline(resumed.text).all("form")[-1]
    assert (form["action"], form["method"]) == (where, "post")
    assert '<textarea name="exclude" hidden>\n' in resumed.text
    fields = json.loads(kept)["fields"]
    assert fields == [["exclude", TYPED], ["more", "1"], ["more", "2"]]
    assert "&lt;b&gt;å&lt;/b&gt; &amp;" in resumed.text
    done = anna.post(form["action"], data={"exclude": "lång text"}, headers=OWN)
    assert done.status_code == 303
    assert own_context.pilots.get("heart").exclude == ("lång text",)  # type: ignore[union-attr]


def test_files_of_a_kept_form_are_named(anna: FlaskClient) -> None:
    data = {"text": "x", "file": (io.BytesIO(b"%PDF"), "pilot.pdf")}
    answer = anna.post("/", data=data, content_type="multipart/form-data", headers=OWN)
    assert answer.status_code == 401
    page = outline(answer.text)
    assert "pilot.pdf" in page.text
    assert page.all("form")[-1]["enctype"] == "multipart/form-data"


@pytest.mark.parametrize(
    "next_",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/a\nSet-Cookie: x=1",
        "/sign-out",
        "evil",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(anna: FlaskClient, next_: str) -> None:
    assert send(anna, next=next_).headers["Location"] == "/"
    kept = json.dumps({"action": next_, "fields": [], "multipart": False, "files": []})
    assert outline(send(anna, kept=kept).text).all("form")[-1]["action"] == "/"


@pytest.mark.parametrize("kept", ["{", "[]", "7", '{"fields": [1]}', '{"action": 1}', "[" * 9000])
def test_a_kept_form_that_was_altered_is_none(anna: FlaskClient, kept: str) -> None:
    assert send(anna, kept=kept).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_no_other_sites_page_signs_in_out_or_changes_anything(
    anna: FlaskClient, own_context: Context, headers: dict[str, str]
) -> None:
    values = {"name": ANNA, "password": PHRASE}
    assert anna.post("/sign-in", data=values, headers=headers).status_code == 403
    send(anna)
    forms = ("/sign-out", "/pilots/heart/feedback", "/pilots/heart/exclude", "/pilots/heart/delete")
    for address in forms:
        assert anna.post(address, headers=headers).status_code == 403
    body = {"id": "x", "title": "x", "text": "x"}
    assert anna.post("/api/v1/pilots", json=body, headers=headers).status_code == 403
    assert anna.delete("/api/v1/pilots/heart", headers=headers).status_code == 403
    assert own_context.pilots.get("heart") is not None
    assert anna.get("/pilots", headers=headers).status_code == 200


def test_no_other_sites_page_deletes_where_all_is_open(own_client: FlaskClient) -> None:
    strange = {"Sec-Fetch-Site": "cross-site"}
    assert own_client.delete("/api/v1/pilots/heart", headers=strange).status_code == 403
    assert own_client.get("/api/v1/pilots/heart").status_code == 200


@pytest.mark.parametrize("password", ["short", "x" * 1001, "aaaaaaaaaaaaaaaa", ANNA.upper(), ""])
def test_a_poor_password_is_refused(context: Context, password: str) -> None:
    users.add_user(context, ANNA, AccountRole.READER)
    with pytest.raises(InputError, match="password"):
        users.set_password(context, ANNA, password)


def test_a_name_is_taken_in_any_capitals(context: Context) -> None:
    users.add_user(context, ANNA, AccountRole.READER)
    with pytest.raises(ConflictError, match="already"):
        users.add_user(context, ANNA.upper(), AccountRole.READER)


def test_a_weaker_hash_is_made_anew_when_its_person_comes(
    anna: FlaskClient, own_context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = own_context.users.all()[0].password_hash
    stronger = PasswordHasher(time_cost=2, memory_cost=128, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", stronger)
    assert send(anna).status_code == 303
    after = own_context.users.all()[0].password_hash
    assert after != before
    assert "m=128,t=2" in after
    assert PasswordHasher().type.name == "ID", "Argon2id"


def test_the_command_adds_changes_and_removes_people(
    here: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(*arguments: str, line: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(line))
        code = run(["users", *arguments])
        shown = capsys.readouterr()
        assert not line or line.strip() not in shown.out + shown.err
        return code, shown.out, shown.err

    assert "fundscout users add NAME" in typed()[1]
    assert typed("add", ANNA, "--role", "admin", line="a long pass phrase\n")[0] == 0
    assert typed("add", "bo", line="short\n")[0] == 1
    assert typed("add", "cilla", "--provider")[1].count("by the provider") == 1
    assert "admin  may sign in" in typed("list")[1]
    assert '"has_password": true' in typed("list", "--json")[1]
    assert "reader" in typed("role", ANNA, "reader")[1]
    assert "disabled" in typed("disable", ANNA)[1]
    assert "may sign in" in typed("enable", ANNA)[1]
    assert typed("password", ANNA, line="another pass phrase\n")[0] == 0
    assert "Ended 0 sessions" in typed("sign-out", ANNA)[1]
    assert typed("remove", "nobody")[0] == 1
    assert typed("remove", "cilla")[2] == ""
    assert "all is open again" in typed("remove", ANNA)[2]
