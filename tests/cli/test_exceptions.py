"""The table of exceptions and the table of stages, as the flows that come with the hub fill them."""

import json
from pathlib import Path

import pytest

from hub.flow.playbook import COLUMNS
from tests.cli.conftest import Shell

PACK = str(Path(__file__).parents[2] / "flows" / "faros")
SEEDS = {
    "out-of-stock": ("stock", "held", "no substitute", "24 hours"),
    "address": ("address api", "mail", "24 hours", "48 hours"),
    "stalled": ("polling", "customer is told", "carrier confirms", "5 days"),
    "fraud-review": ("fraud analysis", "flagged for review", "above the threshold", "2 hours"),
}
"""What detection, action, escalation and time must speak of."""


def test_the_table_is_what_the_flows_say(shell: Shell) -> None:
    told = json.loads(shell("exceptions", "--dir", PACK, "--json").stdout)

    by_type = {row["type"]: row for row in told}
    for type, words in SEEDS.items():
        row = by_type[type]
        for column, word in zip(COLUMNS[1:], words, strict=True):
            assert word in row[column].lower(), (type, column)
        assert row["steps"] and row["owner"]
    assert by_type["address"]["owner"] == "ops, support"
    assert by_type["acknowledged"]["name"] == "acknowledged (late)"


def test_people_see_five_columns(shell: Shell) -> None:
    shown = shell("exceptions", "--dir", PACK).stdout

    for column in ("type", "detection", "automatic action", "manual escalation trigger", "SLA"):
        assert column in shown
    assert "out-of-stock" in shown


@pytest.mark.row("S1-084")
def test_what_goes_wrong_in_every_shop_is_answered(shell: Shell) -> None:
    linted = shell("exceptions", "lint", "--dir", PACK)

    assert linted.exit_code == 0, linted.output
    assert "a trigger, an action, an escalation, an owner and a time" in linted.stderr


@pytest.mark.row("S1-084")
@pytest.mark.parametrize(("flow", "type"), [("stalled", "stalled"), ("out-of-stock", "out-of-stock")])
def test_a_shop_that_does_not_answer_one_of_them_is_told(shell: Shell, flow: str, type: str) -> None:
    shell("init", str(shell.folder))
    (shell.folder / "flows" / f"{flow}.yaml").unlink()

    linted = shell("exceptions", "lint", "--dir", str(shell.folder))

    assert linted.exit_code == 1
    assert f"No flow answers {type}:" in linted.stderr
    assert "1 thing is missing." in linted.stderr


def test_two_flows_that_describe_one_exception_are_told(shell: Shell) -> None:
    shell("init", str(shell.folder))
    text = (shell.folder / "flows" / "stalled.yaml").read_text()
    (shell.folder / "flows" / "again.yaml").write_text(text.replace("flow: stalled", "flow: stalled-again"))

    linted = shell("exceptions", "lint", "--dir", str(shell.folder), "--json")

    assert linted.exit_code == 1
    assert json.loads(linted.stdout) == ["stalled is described in stalled-again and stalled. Say it once."]


def test_a_folder_without_flows_has_no_table(tmp_path: Path, shell: Shell) -> None:
    refused = shell("exceptions", "--dir", str(tmp_path))

    assert refused.exit_code == 1
    assert "There are no flow files" in refused.stderr


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, marks=pytest.mark.row(id))
        for id, row in zip(
            ("S1-045", "S1-046", "S1-047", "S1-048", "S1-049"),
            (
                ("F", "Filter", "Validate order data", "Order created", "Bad address, OOS routing"),
                ("A", "Assign", "Match order to supplier", "Post-filter", "Wrong supplier, cost bleed"),
                ("R", "Route", "Send PO + tag order", "Post-assign", "Order never fulfilled"),
                (
                    "O",
                    "Observe",
                    "Monitor tracking + SLAs",
                    "Fulfillment confirmed",
                    "Silent delays, WISMO spike",
                ),
                ("S", "Solve", "Trigger exception workflow", "Anomaly detected", "Refunds, chargebacks"),
            ),
            strict=True,
        )
    ],
)
def test_the_stages_of_an_orders_way_can_be_read(shell: Shell, row: tuple[str, ...]) -> None:
    shown = json.loads(shell("docs", "faros", "--json").stdout)

    assert row in [tuple(stage.values()) for stage in shown]
    for word in row:
        assert word in shell("docs", "faros").stdout
