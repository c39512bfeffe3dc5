"""The command line over a fresh database, in a merchant's folder."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hub.cli.command import app

FLOW = """\
format: 1
flow: look-again
title: Look at an address again a day after an order
uses:
  address: address-verifier
inputs:
  order: order
steps:
  - step: rest
    wait:
      for: 1 day
  - step: look
    do: address.verify_address
    with:
      address: ${order.ship_to}
"""


@dataclass
class Shell:
    """A person at a prompt."""

    folder: Path

    def __call__(self, *words: str, stdin: str | None = None) -> Result:
        """Type a command; its answer and how it ended."""
        return CliRunner().invoke(app, list(words), input=stdin, env={"COLUMNS": "200"})

    def begin(self) -> None:
        """A fresh project with one flow of its own; the reference pack has tests of its own."""
        assert self("init", str(self.folder)).exit_code == 0
        for path in (self.folder / "flows").iterdir():
            path.unlink()
        (self.folder / "flows" / "look-again.yaml").write_text(FLOW)
        hub = self.folder / "hub.yaml"
        text = re.sub(
            r"^roles:.*?\n\n",
            "roles:\n  address: address-1\n\n",
            hub.read_text(),
            flags=re.DOTALL | re.MULTILINE,
        )
        hub.write_text(text)

    def here(self, *words: str, stdin: str | None = None) -> Result:
        """Type a command about the folder; it must go well."""
        result = self(*words, "--dir", str(self.folder), stdin=stdin)
        assert result.exit_code == 0, result.output
        return result


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A prompt, and a folder that is not there yet."""
    return Shell(tmp_path / "shop")


@pytest.fixture
def shop(shell: Shell, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A prompt in a published project."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere")
    monkeypatch.setenv("FAROS_MASTER_KEY", "ab" * 32)
    monkeypatch.setenv("FAROS_SANDBOX_URL", "http://127.0.0.1:9")
    shell.begin()
    shell.here("apply")
    return shell
