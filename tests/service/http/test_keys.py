"""Keys: shown once, kept as a hash; wrong, foreign, revoked, expired and rotated ones."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from service.cli.main import run
from service.context import Context
from service.domain.access import api_key
from service.domain.access.rights import Scope
from service.errors import UnauthorizedError
from service.settings import Settings
from service.use_cases.access import keys as use_cases
from tests.service.http.closed_service import ClosedService, close

WHERE = "/api/v1/calls"


@pytest.fixture
def service(own_context: Context) -> ClosedService:
    return close(own_context)


def status(client: FlaskClient, **headers: str) -> tuple[int, str]:
    answer = client.get(WHERE, headers={name.replace("_", "-"): v for name, v in headers.items()})
    return answer.status_code, (answer.get_json() or {}).get("detail", "")


def test_a_key_has_256_bits_and_is_kept_as_a_hash(context: Context) -> None:
    made = [use_cases.add_key(context, "tool", Scope.READ, None) for _ in range(20)]
    assert len({one.text for one in made}) == len({one.key.id for one in made}) == 20
    for one in made:
        assert re.fullmatch(r"fundscout_[0-9a-f]{12}_[\w-]{43}", one.text)
    assert api_key.SECRET_BYTES * 8 >= 256
    context.keys._engine.dispose()
    stored = b"".join(path.read_bytes() for path in context.settings.data.glob("fundscout.*"))
    assert made[0].key.hash.encode() in stored
    assert made[0].text.encode() not in stored
    assert made[0].text.split("_")[2].encode() not in stored


@pytest.mark.whole
def test_a_key_comes_in_either_header(service: ClosedService) -> None:
    key, client = service.keys["read"].text, service.visitor()
    assert status(client, Authorization=f"Bearer {key}")[0] == 200
    assert status(client, Authorization=f"bearer  {key} ")[0] == 200
    assert status(client, X_API_Key=key)[0] == 200
    assert status(client, X_API_Key=key, Authorization=f"Bearer {key}")[0] == 200
    other = service.keys["write"].text
    assert status(client, X_API_Key=key, Authorization=f"Bearer {other}") == (
        401,
        "Two different keys were sent: send one.",
    )
    assert status(client, Authorization=f"Basic {key}")[0] == 401
    assert client.get(f"{WHERE}?key={key}").status_code == 401


def altered(key: str) -> list[str]:
    """Return what is nearly a key, and what is none."""
    head, _, secret = key.rpartition("_")
    swapped = ("B" if secret[0] == "A" else "A") + secret[1:]
    return [
        f"{head}_{swapped}",
        key[:-1],
        f"{key}A",
        key.upper(),
        key.replace("fundscout", "otherscout"),
        f"fundscout_{'0' * 12}_{secret}",
        f"fundscout_{'a' * 12}_{'A' * 43}",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "'; DROP TABLE api_keys; --",
        "é" * 60,
        "x" * 8000,
    ]


@pytest.mark.whole
def test_wrong_and_foreign_keys_are_told_alike(service: ClosedService) -> None:
    answers = set()
    for text in altered(service.keys["admin"].text):
        sent = text.encode().decode("latin-1")
        answer = service.visitor().get(WHERE, headers={"X-API-Key": sent})
        told = {name: value for name, value in answer.get_json().items() if name != "request_id"}
        answers.add((answer.status_code, str(told), answer.headers["WWW-Authenticate"]))
        assert text not in answer.text
    assert len(answers) == 1
    ((code, body, challenge),) = answers
    assert code == 401
    assert "no key of this service" in body
    assert challenge == 'Bearer realm="fundscout", error="invalid_token"'


@pytest.mark.whole
def test_a_wrong_key_opens_nothing_even_where_all_is_open(client: FlaskClient) -> None:
    assert client.get(WHERE).status_code == 200
    assert client.get(WHERE, headers={"X-API-Key": "fundscout_x"}).status_code == 401


@pytest.mark.whole
def test_a_revoked_and_an_expired_key_are_told_to_their_holder_alone(
    service: ClosedService,
) -> None:
    context = service.context
    gone = use_cases.add_key(context, "gone", Scope.READ, None)
    short = use_cases.add_key(context, "short", Scope.READ, timedelta(days=1))
    assert status(service.with_key(gone.text))[0] == 200
    use_cases.revoke_key(context, gone.key.id)
    revoked_at = use_cases.find_key(context, gone.key.id).revoked_at
    use_cases.revoke_key(context, gone.text)
    assert use_cases.find_key(context, gone.key.id).revoked_at == revoked_at
    code, detail = status(service.with_key(gone.text))
    assert (code, "was revoked" in detail) == (401, True)
    guess = f"fundscout_{gone.key.id}_{'A' * 43}"
    assert "no key of this service" in status(service.with_key(guess))[1]
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1, seconds=1), tick=False):
        code, detail = status(service.with_key(short.text))
    assert (code, "has expired" in detail) == (401, True)
    assert status(service.with_key(short.text))[0] == 200


@pytest.mark.whole
def test_the_end_of_the_last_key_opens_nothing(own_context: Context) -> None:
    service = ClosedService(own_context, close(own_context).app)
    for user in own_context.users.all():
        own_context.users.remove(user.id)
    for key in own_context.keys.all():
        use_cases.revoke_key(own_context, key.id)
    assert service.visitor().get(WHERE).status_code == 401


@pytest.mark.whole
def test_a_rotated_key_and_its_successor_overlap(service: ClosedService) -> None:
    context = service.context
    old = use_cases.add_key(context, "sync", Scope.WRITE, timedelta(days=90))
    new = use_cases.rotate_key(context, old.key.id, timedelta(days=7))
    assert (new.key.name, new.key.scope) == ("sync", Scope.WRITE)
    assert new.text != old.text
    assert use_cases.find_key(context, old.key.id).successor == new.key.id
    for text in (old.text, new.text):
        assert status(service.with_key(text))[0] == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8), tick=False):
        assert status(service.with_key(old.text))[0] == 401
        assert status(service.with_key(new.text))[0] == 200
    with time_machine.travel(datetime.now(UTC) + timedelta(days=91), tick=False):
        assert status(service.with_key(new.text))[0] == 401


def test_a_rotation_lengthens_no_life(context: Context) -> None:
    old = use_cases.add_key(context, "sync", Scope.READ, timedelta(days=1))
    use_cases.rotate_key(context, old.key.id, timedelta(days=30))
    assert use_cases.find_key(context, old.key.id).expires_at == old.key.expires_at


def test_the_last_use_is_written_once_a_minute_at_most(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, written = use_cases.add_key(context, "tool", Scope.READ, None), []
    note_use = context.keys.note_use

    def note(key_id: str, now: datetime) -> None:
        written.append(now)
        note_use(key_id, now)

    monkeypatch.setattr(context.keys, "note_use", note)
    start = datetime(2026, 4, 1, tzinfo=UTC)
    for seconds in range(0, 120, 10):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            use_cases.check_key(context, made.text)
    assert written == [start, start + timedelta(minutes=1)]
    assert use_cases.find_key(context, made.key.id).last_used_at == written[-1]


def test_every_key_is_compared_by_hash_in_constant_time(
    context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown id, a wrong secret and a right key take the same way: one hash, one comparison."""
    made, compared = use_cases.add_key(context, "tool", Scope.READ, None), []
    compare = hmac.compare_digest

    def count(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return bool(compare(one, other))

    monkeypatch.setattr(hmac, "compare_digest", count)
    assert use_cases.check_key(context, made.text).id == made.key.id
    for text in altered(made.text):
        with pytest.raises(UnauthorizedError):
            use_cases.check_key(context, text)
    assert compared == [(64, 64)] * (1 + len(altered(made.text)))


@pytest.mark.whole
def test_the_command_shows_a_key_once_alone_on_its_output(
    here: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["keys"]) == 0
    assert "fundscout keys add NAME" in capsys.readouterr().out
    assert run(["keys", "add", "Caremap", "--scope", "write", "--days", "90"]) == 0
    shown = capsys.readouterr()
    key = shown.out.strip()
    assert api_key.key_id(key)
    assert key not in shown.err
    assert run(["keys", "list"]) == 0
    listed = capsys.readouterr().out
    assert re.search(r"write\s+active\s+Caremap\s+never used\s+until \d{4}", listed)
    assert key.rpartition("_")[2] not in listed
    assert run(["keys", "rotate", api_key.key_id(key), "--overlap", "0"]) == 0
    assert capsys.readouterr().out.strip() != key
    assert run(["keys", "revoke", key]) == 0
    assert "revoked" in capsys.readouterr().out
    assert run(["keys", "list", "--json"]) == 0
    assert '"state": "revoked"' in capsys.readouterr().out
    assert run(["keys", "rotate", api_key.key_id(key)]) == 1
    assert run(["keys", "revoke", "000000000000"]) == 1
    assert "There is no key 000000000000" in capsys.readouterr().err
    assert run(["keys", "add", "\x1b[31m"]) == 1
