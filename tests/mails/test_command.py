"""`faros mail read`: any mail can be tried, without a hub."""

import json
from pathlib import Path

from typer.testing import CliRunner

from hub.cli.command import app
from tests.mails.letters import UPS, letter


def write(folder: Path) -> Path:
    path = folder / "mail.eml"
    headers = "Authentication-Results: mx.shop.example; dmarc=pass header.from=sun.example\n"
    path.write_bytes(letter(f"Order 8492 has shipped.\nTracking number: {UPS}", headers=headers))
    return path


def ask(*words: str) -> dict[str, object]:
    done = CliRunner().invoke(app, ["mail", "read", *words, "--json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_it_prints_what_the_mail_says(tmp_path: Path) -> None:
    found = ask(str(write(tmp_path)))
    assert list(found) == ["kind", "order_references", "tracking_numbers", "trusted", "shipments"]
    assert found["kind"] == "shipped"
    assert found["order_references"] == ["8492"]
    assert found["tracking_numbers"] == [{"number": UPS, "carrier": "ups", "confidence": 0.95}]
    assert found["trusted"] is False


def test_it_trusts_whom_our_server_proves_and_we_allow(tmp_path: Path) -> None:
    path = str(write(tmp_path))
    assert ask(path, "--authserv-id", "mx.shop.example", "--allow", "sun.example")["trusted"] is True
    assert ask(path, "--authserv-id", "mx.shop.example", "--allow", "moon.example")["trusted"] is False


def test_it_takes_only_orders_it_is_told_of(tmp_path: Path) -> None:
    assert ask(str(write(tmp_path)), "--order", "1003")["order_references"] == []


def test_it_says_what_it_rests_on(tmp_path: Path) -> None:
    assert "why" in ask(str(write(tmp_path)), "--why")


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["mail", "read", str(tmp_path / "none.eml")])
    assert done.exit_code == 1
