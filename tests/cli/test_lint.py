"""`faros flow lint`: stricter than the check, on a file, a folder of flows and a whole project."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

TAGS = """\
format: 1
flow: tag-all
title: Tag every paid order
uses:
  shop: sales-channel
trigger:
  event: shop.order_paid
  key: ${event.order_id}
steps:
  - step: tag
    do: shop.add_tags
    with:
      id: ${event.order_id}
      tags: [seen]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tag-all.yaml"
    path.write_text(TAGS)
    return path


@pytest.mark.row("S1-006")
def test_a_flow_without_a_way_to_fail_fails_by_the_step(shell: Shell, file: Path) -> None:
    assert shell("flow", "check", str(file)).exit_code == 0

    refused = shell("flow", "lint", str(file))

    assert refused.exit_code == 1
    assert "tag-all.yaml:10  step tag" in refused.stderr
    assert "E-NO-FAILURE-PATH" in refused.stderr and "1 mistake." in refused.stderr


@pytest.mark.row("S1-006")
def test_a_machine_reads_code_step_and_line(shell: Shell, file: Path) -> None:
    (problem,) = json.loads(shell("flow", "lint", str(file.parent), "--json").stdout)["problems"]

    assert (problem["code"], problem["step"], problem["line"]) == ("E-NO-FAILURE-PATH", "tag", 10)


@pytest.mark.row("S1-008", "S2-036")
def test_a_new_project_leaves_nothing_to_chance(shell: Shell) -> None:
    shell("init", str(shell.folder), "--pack", "faros")

    clean = shell("flow", "lint", str(shell.folder))

    assert clean.exit_code == 0, clean.output
    assert "Nothing is left to chance." in clean.stderr and "Store main: overlap=1." in clean.stderr


def test_a_project_with_a_mistake_hears_of_that_first(shell: Shell) -> None:
    shell("init", str(shell.folder))
    hub = shell.folder / "hub.yaml"
    hub.write_text(hub.read_text().replace("zone: America/New_York  ", "zone: America/Atlantis  "))

    refused = shell("flow", "lint", str(shell.folder))

    assert refused.exit_code == 1 and 'There is no time zone "America/Atlantis".' in refused.stderr


def test_a_folder_that_is_not_there_is_said(shell: Shell) -> None:
    refused = shell("flow", "lint", str(shell.folder))

    assert refused.exit_code == 1 and "There is no" in refused.stderr
