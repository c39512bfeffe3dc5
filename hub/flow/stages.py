"""The five stages of FAROS, and what a shop risks that leaves one out."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.flow.graph import Act, Graph

BUYS, TAGS = "create_purchase_order", "add_tags"


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of an order's way: what is done there, what begins it, and what happens where it is missing."""

    letter: str
    name: str
    action: str
    trigger: str
    risk: str


FAROS = (
    Stage("F", "Filter", "Validate order data", "Order created", "Bad address, OOS routing"),
    Stage("A", "Assign", "Match order to supplier", "Post-filter", "Wrong supplier, cost bleed"),
    Stage("R", "Route", "Send PO + tag order", "Post-assign", "Order never fulfilled"),
    Stage("O", "Observe", "Monitor tracking + SLAs", "Fulfillment confirmed", "Silent delays, WISMO spike"),
    Stage("S", "Solve", "Trigger exception workflow", "Anomaly detected", "Refunds, chargebacks"),
)
"""In their order. Observe begins with the purchase: until there is a parcel, the supplier is what is observed."""


def missing(graphs: Iterable[Graph]) -> list[Stage]:
    """The stages that none of these flows is of. Flows that name no stage at all are not of this kind."""
    taken = {letter for graph in graphs for letter in graph.stages.values()}
    return [stage for stage in FAROS if taken and stage.letter not in taken]


def is_untagged(graphs: Iterable[Graph]) -> bool:
    """Whether purchase orders leave and no order is tagged: half of Route is missing."""
    acts = {node.action for graph in graphs for node in graph.nodes.values() if isinstance(node, Act)}
    return BUYS in acts and TAGS not in acts
