"""Short ways to write a flow in a test."""

import textwrap

from hub.flow.checker import Checked, check
from hub.flow.graph import Graph
from tests.flow.trade import CATALOG

HEAD = """\
format: 1
flow: under-test
title: A flow under test
uses:
  shop: testshop
trigger:
  event: shop.order_placed
  key: ${event.number}
"""

READ = """\
- step: read
  do: shop.get_order
  with:
    number: ${event.number}
  as: order
"""


def flow(steps: str, head: str = HEAD) -> str:
    """A whole flow file with these steps after one that reads the order."""
    return f"{head}steps:\n" + textwrap.indent(READ + textwrap.dedent(steps).lstrip("\n"), "  ")


def checked(text: str) -> Checked:
    """The flow checked against the test trade."""
    return check(text, "flows/test.yaml", CATALOG, flows=["under-test", "other-flow", "out-of-stock"])


def compiled(steps: str, head: str = HEAD) -> Graph:
    """The graph of a flow that must be right."""
    found = checked(flow(steps, head))
    assert found.graph is not None, "\n".join(map(str, found.problems))
    return found.graph


def mistakes(steps: str, head: str = HEAD) -> str:
    """Everything that is wrong with a flow, as its author reads it."""
    found = checked(flow(steps, head))
    assert found.graph is None
    return "\n".join(str(problem) for problem in found.errors)
