"""An address that cannot be listened on is named with what to do, before a model is loaded."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from cli import main
from models.errors import SettingsError
from triage.server.address import check_address


@pytest.fixture
def taken() -> object:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_port_that_is_in_use_is_named_with_another_one_and_how_to_choose_it(
    taken: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--home", str(tmp_path), "--port", str(taken)])
    assert ended.value.code == 2
    printed = capsys.readouterr().err
    assert f"port {taken} of 127.0.0.1 is in use" in printed
    assert f"--port {taken + 1}" in printed
    assert f"make run PORT={taken + 1}" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("host", ["no-such-host.invalid", "203.0.113.7"])
def test_an_address_of_another_machine_is_refused_in_words(host: str) -> None:
    with pytest.raises(SettingsError, match=f"of {host} cannot be listened on .*--host"):
        check_address(host, 0)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_an_address_that_is_free_stays_free(host: str) -> None:
    check_address(host, 0)
