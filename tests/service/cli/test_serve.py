"""`fundscout serve` where it cannot listen says so in one sentence, before anything is loaded."""

from __future__ import annotations

import socket

import pytest

from service.cli import serve
from service.cli.main import run
from service.context import Context
from service.domain.access.rights import AccountRole, Scope
from service.errors import InputError
from service.settings import Settings
from service.use_cases.access.keys import add_key, revoke_key
from service.use_cases.access.users import add_user, set_disabled
from service.use_cases.access.ways_in import check_way_in, proxy_warning


@pytest.fixture
def never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(_: Settings) -> None:
        pytest.fail("the store was opened though the port is taken")

    monkeypatch.setattr(serve, "open_context", opened)


@pytest.mark.usefixtures("never_opened", "here")
@pytest.mark.parametrize("by_option", [True, False])
def test_a_taken_port_is_one_plain_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, by_option: bool
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("FUNDSCOUT_PORT", str(port))
        status = run(["serve", "--port", str(port)] if by_option else ["serve"])
    assert status == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"fundscout: Port {port} of 127.0.0.1 is taken: something else listens there. "
        "Stop it, or set FUNDSCOUT_PORT to another port."
    )


@pytest.mark.usefixtures("never_opened", "here")
def test_an_address_of_another_machine_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FUNDSCOUT_HOST", "192.0.2.7")
    assert run(["serve"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "192.0.2.7 is no address to listen on here" in line
    assert "FUNDSCOUT_HOST" in line


def test_a_port_that_may_not_be_used_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(InputError, match=r"Port 80 .* FUNDSCOUT_PORT"):
        serve.check_free("127.0.0.1", 80)


def test_a_free_port_is_left_free(settings: Settings) -> None:
    with socket.create_server((settings.host, 0)) as other:
        port = other.getsockname()[1]
    serve.check_free(settings.host, port)
    with socket.create_server((settings.host, port)):
        pass


@pytest.fixture
def not_served(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the service would have listened, had its way in been found."""
    served: list[str] = []
    monkeypatch.setattr(serve, "check_free", lambda *_: None)
    monkeypatch.setattr(serve, "index_changes", lambda _: None)
    monkeypatch.setattr(serve, "_serve", lambda _, address: served.append(address))
    return served


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "environment",
    [
        {"FUNDSCOUT_HOST": "0.0.0.0"},  # noqa: S104  what is tried
        {"FUNDSCOUT_HOST": "192.0.2.7"},
        {"FUNDSCOUT_HOST": "::"},
        {"FUNDSCOUT_TRUSTED_HOSTS": "fundscout.example.org"},
        {"FUNDSCOUT_PROXIES": "127.0.0.1"},
    ],
)
def test_what_others_reach_does_not_start_without_a_way_in(
    environment: dict[str, str],
    not_served: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run(["serve"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "`fundscout keys add NAME`" in line
    assert "`fundscout users add NAME`" in line
    assert "FUNDSCOUT_ACCESS=public" in line
    assert not_served == []
    monkeypatch.setenv("FUNDSCOUT_ACCESS", "public")
    assert run(["serve"]) == 0
    monkeypatch.delenv("FUNDSCOUT_ACCESS")
    assert run(["keys", "add", "tool"]) == 0
    assert run(["serve"]) == 0
    assert len(not_served) == 2


@pytest.mark.usefixtures("here")
def test_this_machine_alone_is_asked_for_nothing(
    not_served: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["serve"]) == 0
    assert not_served == ["127.0.0.1:8000"]
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FUNDSCOUT_PUBLIC_URL", "https://fundscout.example.org")
    assert run(["serve"]) == 0
    assert "whoever comes through a proxy" in capsys.readouterr().err


def test_a_way_that_leads_in_no_more_is_none(context: Context) -> None:
    key = add_key(context, "tool", Scope.READ, None).key
    check_way_in(context, "192.0.2.7")
    revoke_key(context, key.id)
    with pytest.raises(InputError, match="no way in"):
        check_way_in(context, "192.0.2.7")
    add_user(context, "anna", AccountRole.READER)
    check_way_in(context, "192.0.2.7")
    set_disabled(context, "anna", disabled=True)
    with pytest.raises(InputError, match="no way in"):
        check_way_in(context, "192.0.2.7")
    check_way_in(context, "127.0.0.1")
    assert not proxy_warning(context, "127.0.0.1")


@pytest.mark.usefixtures("here")
def test_links_lead_to_the_port_that_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[Context] = []
    monkeypatch.setattr(serve, "index_changes", lambda _: None)
    monkeypatch.setattr(serve, "_serve", lambda context, _: served.append(context))
    monkeypatch.setenv("FUNDSCOUT_PORT", "8000")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    assert run(["serve", "--port", str(port)]) == 0
    (context,) = served
    assert context.settings.mail.public_url == f"http://127.0.0.1:{port}"
    context.calls._engine.dispose()
