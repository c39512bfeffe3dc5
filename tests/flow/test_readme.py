"""The guide to flows is read by a test: every block is valid, every verb has its paragraph."""

import re
import textwrap
from pathlib import Path

import pytest

from hub.assembly import catalog_of
from hub.catalog.catalog import Catalog
from hub.catalog.plugins import Installed
from hub.flow.checker import check
from hub.flow.expression import compile_expression
from hub.flow.expression_parser import FUNCTIONS, MACROS
from hub.flow.step_reader import KEYS
from hub.fulfilment.actions import OWN_ACTIONS
from hub.sdk import CAPABILITIES
from tests.flow.trade import ResendRequested

GUIDE = (Path(__file__).parents[2] / "flows" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
FLOWS = [block for block in BLOCKS if block.startswith("format:")]
STEPS = [block for block in BLOCKS if not block.startswith("format:")]

AROUND = """\
format: 1
flow: around
title: Around an example
uses:
  shop: sales-channel
  address: address-verifier
  supplier:
    capability: supplier
    many: true
trigger:
  event: shop.order_paid
  key: ${event.number}
clocks:
  ship-by:
    due: 2 working days
steps:
  - step: read-it
    do: shop.get_order
    with:
      id: ${event.order_id}
    as: order
  - step: decide-it
    do: purchasing.assign
    with:
      order: ${order}
    as: decision
"""

OWN = {f"{action.noun}.{action.shape.name}": action for action in OWN_ACTIONS}
CATALOG = Catalog(Installed({}, (), {}, ()), OWN, {ResendRequested.event_name(): ResendRequested})


def told(text: str) -> list[str]:
    found = check(text, "flows/README.md", CATALOG, flows=["ask-a-person"])
    return [str(problem) for problem in found.errors]


@pytest.mark.parametrize("block", FLOWS)
def test_every_flow_of_the_guide_can_be_published(block: str) -> None:
    assert told(block) == []


@pytest.mark.parametrize("block", STEPS)
def test_every_step_of_the_guide_can_stand_in_a_flow(block: str) -> None:
    assert told(AROUND + textwrap.indent(block, "  ")) == []


def test_every_verb_has_its_paragraph_and_an_example() -> None:
    sections = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", GUIDE, re.DOTALL | re.MULTILINE))

    assert set(sections) == set(KEYS)
    assert [verb for verb in KEYS if f"  {verb}:" not in sections[verb]] == []
    assert [
        (v, k) for v, keys in KEYS.items() for k in keys if f"{k}:" not in GUIDE and f"`{k}`" not in GUIDE
    ] == []


def test_every_function_is_in_the_guide_and_every_example_is_an_expression() -> None:
    table = GUIDE.split("| to write | example |")[1].split("\n\n")[0]
    examples = [e for e in re.findall(r"`([^`]+)`", table) if "(" in e or "." in e.replace("..", "")]

    assert [f for f in (*FUNCTIONS, *MACROS) if f"{f}(" not in table] == []
    assert len(examples) > 15
    for example in examples:
        compile_expression(example)


def section(heading: str) -> str:
    """A part of the guide, down to the next heading of its level."""
    _, _, rest = GUIDE.partition(f"## {heading}\n")
    return rest.partition("\n## ")[0]


def words(cell: str) -> set[str]:
    return set(re.findall(r"`([\w.-]+)`", cell))


def test_every_event_of_the_hub_is_in_the_guide_with_its_fields() -> None:
    rows = re.findall(r"^\| `hub\.(\w+)` \| .* \| (.*) \|$", section("Events of the hub's own"), re.MULTILINE)

    told = {name: words(fields) for name, fields in rows}
    assert told == {name: set(event.model_fields) for name, event in catalog_of().own_events.items()}


def test_every_action_of_the_hub_is_in_the_guide_with_what_it_may_be_refused_with() -> None:
    rows = re.findall(
        r"^\| `(\w+\.\w+)` \| .* \| (.*?) ?\|$", section("Actions of the hub's own"), re.MULTILINE
    )

    told = {name: words(refusals) for name, refusals in rows}
    assert told == {name: set(action.shape.refusals) for name, action in OWN.items()}


def test_every_capability_is_in_the_guide() -> None:
    (listed,) = re.findall(r"a capability \(([^)]*)\)", GUIDE)

    assert words(listed) == set(CAPABILITIES)


def test_an_example_with_a_mistake_would_be_found() -> None:
    assert told(AROUND + "  - step: x\n    do: shop.get_ordr\n") != []
