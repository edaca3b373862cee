from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.clock import featured_pilot, make_clock
from service.errors import InputError
from service.messages.render import english
from service.settings import ALL_SETTINGS, Settings


def test_defaults_are_the_tables() -> None:
    settings = Settings.from_env({})
    assert (settings.model, settings.clock, settings.host, settings.port) == (
        "bundled",
        "auto",
        "127.0.0.1",
        8000,
    )
    assert settings.database == f"sqlite:///{settings.data}/fundscout.sqlite"
    assert all(setting.help.endswith(".") for setting in ALL_SETTINGS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FUNDSCOUT_PORT", "eighty"),
        ("FUNDSCOUT_PORT", "70000"),
        ("FUNDSCOUT_SEARCHES", "0"),
        ("FUNDSCOUT_SEARCHES", "many"),
        ("FUNDSCOUT_QUEUE", "-1"),
        ("FUNDSCOUT_QUEUE", "9" * 100_000),
        ("FUNDSCOUT_CLOCK", "yesterday"),
        ("FUNDSCOUT_CLOCK", "2026-04-24T09:00"),
        ("FUNDSCOUT_LOG", "loud"),
        ("FUNDSCOUT_DIGEST_MIN_SCORE", "1.5"),
        ("FUNDSCOUT_DIGEST_MIN_SCORE", "nan"),
        ("FUNDSCOUT_DIGEST_MIN_SCORE", "high"),
        ("FUNDSCOUT_DIGEST_QUIET", "sometimes"),
        ("FUNDSCOUT_ACCESS", "open"),
        ("FUNDSCOUT_TRUSTED_HOSTS", "https://fundscout.example.org"),
        ("FUNDSCOUT_TRUSTED_HOSTS", "fundscout.example.org:443"),
        ("FUNDSCOUT_TRUSTED_HOSTS", "*"),
        ("FUNDSCOUT_PROXIES", "proxy.example.org"),
        ("FUNDSCOUT_PROXIES", "10.0.0.1/8"),
        ("FUNDSCOUT_SESSION_HOURS", "0"),
        ("FUNDSCOUT_SESSION_IDLE_MINUTES", "soon"),
        ("FUNDSCOUT_RATE", "-1"),
        ("FUNDSCOUT_RATE_SEARCHES", "many"),
        ("FUNDSCOUT_OIDC_ISSUER", "https://id.example.org"),
        ("FUNDSCOUT_CLOK", "auto"),
    ],
)
def test_a_wrong_or_unknown_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(InputError, match=name):
        Settings.from_env({name: value})


def test_a_blank_value_is_the_default_and_other_names_are_nothing_to_us() -> None:
    assert Settings.from_env({"FUNDSCOUT_PORT": " ", "PORT": "1"}).port == 8000


@pytest.mark.parametrize(
    "change",
    [
        {"FUNDSCOUT_OIDC_ISSUER": "http://id.example.org"},
        {"FUNDSCOUT_OIDC_ISSUER": "id.example.org"},
        {"FUNDSCOUT_OIDC_ROLE": "owner"},
    ],
)
def test_a_provider_is_asked_by_https_and_gives_a_role_there_is(change: dict[str, str]) -> None:
    whole = {
        "FUNDSCOUT_OIDC_ISSUER": "https://id.example.org",
        "FUNDSCOUT_OIDC_CLIENT": "fundscout",
        "FUNDSCOUT_OIDC_SECRET_FILE": "/etc/fundscout.oidc",
    }
    assert Settings.from_env(whole).access.provider is not None
    with pytest.raises(InputError, match=next(iter(change))):
        Settings.from_env(whole | change)


def test_a_password_is_not_shown() -> None:
    address = "postgresql+psycopg://fundscout:secret@db/fundscout"
    settings = Settings.from_env({"FUNDSCOUT_DATABASE": address})
    assert "secret" not in settings.database_without_password
    assert settings.database == address


def test_the_clock_stands_for_examples_alone_and_says_so(examples: Path) -> None:
    settings = Settings.from_env({"FUNDSCOUT_EXAMPLES": str(examples)})
    standing = make_clock(settings, only_examples=True)
    assert standing.now() == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert standing.note is not None
    assert "stands at 2026-03-02" in english(standing.note)
    running = make_clock(settings, only_examples=False)
    assert not running.note
    assert abs((running.now() - datetime.now(UTC)).total_seconds()) < 60


def test_the_clock_can_be_set(examples: Path) -> None:
    base = {"FUNDSCOUT_EXAMPLES": str(examples)}
    fixed = Settings.from_env(base | {"FUNDSCOUT_CLOCK": "2026-01-01T00:00Z"})
    assert make_clock(fixed, only_examples=True).now() == datetime(2026, 1, 1, tzinfo=UTC)
    system = Settings.from_env(base | {"FUNDSCOUT_CLOCK": "system"})
    assert not make_clock(system, only_examples=True).note
    always = Settings.from_env(base | {"FUNDSCOUT_CLOCK": "examples"})
    assert make_clock(always, only_examples=False).note


def test_examples_without_facts_say_what_to_set(tmp_path: Path) -> None:
    settings = Settings.from_env({"FUNDSCOUT_EXAMPLES": str(tmp_path)})
    with pytest.raises(InputError, match="FUNDSCOUT_EXAMPLES"):
        make_clock(settings, only_examples=True)
    with pytest.raises(InputError, match="featured_pilot"):
        featured_pilot(tmp_path)


@pytest.mark.parametrize("value", ["today", "2026-04-24T09:00"])
def test_a_wrong_date_of_the_examples_is_named(tmp_path: Path, value: str) -> None:
    (tmp_path / "examples.toml").write_text(f'clock = "{value}"\n')
    settings = Settings.from_env({"FUNDSCOUT_EXAMPLES": str(tmp_path)})
    with pytest.raises(InputError, match="clock of the examples"):
        make_clock(settings, only_examples=True)


def test_keys_are_read_and_never_repeated_in_an_error() -> None:
    assert Settings.from_env({"FUNDSCOUT_KEYS": "formas=a1, forte=b=2"}).keys == {
        "formas": "a1",
        "forte": "b=2",
    }
    with pytest.raises(InputError) as caught:
        Settings.from_env({"FUNDSCOUT_KEYS": "formas=a1,topsecret"})
    assert "part 2" in str(caught.value)
    assert "topsecret" not in str(caught.value)
