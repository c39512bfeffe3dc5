"""The connectors' README is true: its walk ends in a connector that keeps every rule."""

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.assembly import catalog_of
from hub.sdk import actions_of, webhooks_of
from hub.sdk.testing import standard

README = Path(__file__).parents[2] / "connectors" / "README.md"
BLOCK = re.compile(r"^`(\S+\.py)`\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder after the README's walk."""
    for name, text in BLOCK.findall(README.read_text()):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in ("globex", "test_globex")]:
        del sys.modules[name]


async def test_the_walk_ends_in_a_connector_that_keeps_every_rule(walked: Path) -> None:
    (globex,) = importlib.import_module("globex").hub_connectors()

    findings = (await standard.check_all(globex))[""]

    assert [f for f in findings if f.verdict in ("broken", "exempt")] == []
    assert {f.rule for f in findings if f.verdict == "kept"} >= {
        "keyed",
        "honest",
        "refusals",
        "deliveries",
        "statuses",
    }
    assert importlib.import_module("test_globex").TestGlobex.connector is globex
    assert list(webhooks_of(globex)) == ["purchase_order_changed"]


def test_every_rule_has_a_paragraph_in_its_order() -> None:
    _, _, rules = README.read_text().partition("## The standard tests")

    assert re.findall(r"^### (\w+)$", rules, re.MULTILINE) == list(standard.RULES)


def test_every_connector_of_this_folder_is_in_the_table() -> None:
    folders = {path.parent.name for path in README.parent.glob("*/connector.py")}

    table, _, _ = README.read_text().partition("## From an empty folder")
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == folders


def test_the_table_says_what_each_connector_plays_and_what_repeating_does() -> None:
    table, _, _ = README.read_text().partition("## From an empty folder")
    installed = catalog_of().installed.connectors

    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*?) ?\| (.*?) ?\|$", table, re.MULTILINE)
    for name, plays, kinds in rows:
        connector = installed[name]
        changing = {a.kind.name for a in actions_of(connector).values()} - {"read"}
        assert set(re.findall(r"`([\w-]+)`", plays)) == {c.name for c in connector.capabilities}, name
        assert set(filter(None, kinds.split(", "))) == changing, name
    assert {name for name, _, _ in rows} == set(installed)
