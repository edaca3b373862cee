"""`fundscout serve` where it cannot listen says so in one sentence, before anything is loaded."""

from __future__ import annotations

import socket

import pytest

from service.cli import serve
from service.cli.main import run
from service.errors import InputError
from service.settings import Settings


@pytest.fixture
def never_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened() -> None:
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
