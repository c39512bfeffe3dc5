"""A stranger's flow with six mistakes: all of them are told, each with its line and what would be right."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.project.folder import FLOW, write

STRANGERS = """\
format: 1
flow: paid-order
title: A stranger's first flow
uses:
  shop: sales-chanel
  address: address-verifier
  supplier: supplier
trigger:
  event: address.order_paid
  key: ${event.number}
steps:
  - step: look
    do: address.verify_adress
    with:
      address: ${event.ship_to}
    as: verdict
  - step: rest
    wiat:
      for: 3 days
  - step: later
    wait:
      for: 3 dayz
  - step: buy
    do: supplier.create_purchase_order
    with:
      reference: ${event.reference}
"""


def test_six_planted_mistakes_are_all_told_with_line_and_remedy(tmp_path: Path, shell: Shell) -> None:
    path = tmp_path / "paid-order.yaml"
    path.write_text(STRANGERS)
    found = shell("flow", "check", str(path), "--json")
    assert found.exit_code == 1
    told = json.loads(found.stdout)
    by_line = {p["line"]: f"{p['message']} {p['hint']}" for p in told if not p["is_warning"]}
    assert 'Did you mean "sales-channel"?' in by_line[5]
    assert 'has no event "order_paid"' in by_line[9]
    assert 'Did you mean "verify_address"?' in by_line[13]
    assert 'Did you mean "wait"?' in by_line[17]
    assert "the unit is one of seconds, minutes" in by_line[22]
    assert "needs order_number, ship_to, lines" in by_line[26]
    assert "Traceback" not in found.output


RUNS = """\
format: 1
flow: first
title: Let another flow do it
inputs:
  order: order
steps:
  - step: pass-on
    run: second
    with:
      order: ${order}
"""


@pytest.mark.parametrize("named", [["first.yaml"], ["first.yaml", "second.yaml"], []])
def test_a_flow_that_runs_its_neighbour_is_checked_with_it(
    tmp_path: Path, shell: Shell, named: list[str]
) -> None:
    (tmp_path / "first.yaml").write_text(RUNS)
    second = RUNS.replace("flow: first", "flow: second").replace("run: second", "run: first")
    (tmp_path / "second.yaml").write_text(second)
    paths = [str(tmp_path / name) for name in named] or [str(tmp_path)]
    assert shell("flow", "check", *paths).exit_code == 0

    (tmp_path / "second.yaml").write_text(second.replace("order: order", "parcel: text"))

    refused = shell("flow", "check", *paths)
    assert refused.exit_code == 1
    assert "first.yaml:8" in refused.stderr
    assert ("second.yaml:10" in refused.stderr) is (named != ["first.yaml"])


def test_people_see_place_and_caret_without_colour_in_a_pipe(tmp_path: Path, shell: Shell) -> None:
    spoiled = FLOW.replace("for: 1 day", "for: 1 dya")
    found = shell("flow", "check", str(write(tmp_path, note=spoiled)))
    assert found.exit_code == 1
    assert re.search(r"note\.yaml:\d+  step rest\n    1 dya\n    \^ ", found.stderr)
    assert "1 mistake." in found.stderr
    assert "\x1b" not in found.stderr


def test_a_folder_is_checked_whole_and_published_whole_or_not_at_all(tmp_path: Path, shell: Shell) -> None:
    shell.folder = write(tmp_path, skus="sku,supplier,supplier_sku,unit_cost,currency\nA,nobody,,1,USD\n")
    refused = shell("apply", "--dir", str(shell.folder))
    assert refused.exit_code == 1
    assert "skus.csv:2" in refused.stderr
    assert "nothing was published" in refused.stderr
    assert not (shell.folder / ".faros").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["flow", "check", "nowhere.yaml"], "There is no nowhere.yaml."),
        (["flow", "graph", "nowhere.yaml"], "There is no nowhere.yaml."),
        (["apply", "--dir", "/nowhere"], "faros init"),
        (["connector", "new", "Bad Name"], "Write it like faros-globex."),
        (["secret", "set", "bad name"], "cannot be a secret's name"),
        (["connection", "go-live", "shop-1", "--from", "tomorrow"], "Write it like 2026-12-01T09:00+01:00."),
        (["connection", "go-live", "shop-1", "--from", "2026-12-01T09:00"], "does not say in which zone"),
    ],
)
def test_an_expected_failure_is_one_sentence_with_a_remedy(shell: Shell, words: list[str], told: str) -> None:
    refused = shell(*words)
    assert refused.exit_code == 1
    assert told in refused.stderr
    assert refused.stdout == ""
    assert "Traceback" not in refused.output


def test_a_flow_is_drawn(tmp_path: Path, shell: Shell) -> None:
    path = str(write(tmp_path) / "flows" / "note.yaml")
    assert "wait" in shell("flow", "graph", path).stdout
    assert shell("flow", "graph", path, "--mermaid").stdout.startswith("flowchart TD")
