"""`faros demo` in a process of its own, as a stranger starts it: a week of orders at suppliers of every level."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
PATIENCE = 400
"""Seconds. It takes a quarter of them on a machine that does nothing else."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """Its figures, and what it says to a person."""
    to = tmp_path_factory.mktemp("demo") / "out.json"
    command = [sys.executable, "-m", "hub.cli", "demo", "--exit", "--json", str(to)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return json.loads(Path(to).read_text()), ended.stdout + ended.stderr


def test_of_eighty_orders_72_are_bought_and_8_are_held_whoever_supplies_them(
    demo: tuple[dict[str, Any], str],
) -> None:
    figures, _ = demo
    assert {name: figures[name] for name in ("orders", "purchase_orders", "held", "duplicates", "touchless")} == {
        "orders": 80, "purchase_orders": 72, "held": {"address": 6, "stock": 2}, "duplicates": 0, "touchless": 0.9,
    }  # fmt: skip


def test_a_supplier_of_each_level_gets_its_share_and_a_line_says_how_it_is_reached(
    demo: tuple[dict[str, Any], str],
) -> None:
    figures, said = demo
    assert figures["suppliers"] == {
        "harbour": {"by": "API", "purchase_orders": 43},
        "coastal": {"by": "CSV portal", "purchase_orders": 15},
        "elmwood": {"by": "e-mail", "purchase_orders": 14},
    }
    lines = [" ".join(line.split()) for line in said.splitlines()]
    for line in ("to harbour, by API 43", "to coastal, by CSV portal 15", "to elmwood, by e-mail 14"):
        assert line in lines


def test_parcels_of_every_supplier_arrive_and_three_that_fall_silent_are_seen_to(
    demo: tuple[dict[str, Any], str],
) -> None:
    week = demo[0]["week"]
    assert {name: week[name] for name in ("delivered", "stalled", "recovered", "replaced", "refunded", "twice")} == {
        "delivered": 71, "stalled": 3, "recovered": 2, "replaced": 1, "refunded": 1, "twice": 0,
    }  # fmt: skip
    assert 360 <= week["notices"] <= 372
