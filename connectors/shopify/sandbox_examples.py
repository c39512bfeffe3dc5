"""An input for each of Shopify's actions."""

from collections.abc import Mapping

from pydantic import BaseModel

from hub.sdk.commerce import AddNote, HoldOrder, OrderRef, ReleaseOrder, TagOrder


def examples(order_id: str) -> Mapping[str, BaseModel]:
    """Inputs about one order, which the sandbox answers with success."""
    return {
        "get_order": OrderRef(id=order_id),
        "get_fulfilment": OrderRef(id=order_id),
        "add_tags": TagOrder(id=order_id, tags=["faros-assigned"]),
        "add_note": AddNote(id=order_id, text="Waits for the customer's answer."),
        "hold_order": HoldOrder(
            id=order_id, handle="faros-address", reason="address", note="No such street."
        ),
        "release_order": ReleaseOrder(id=order_id, handle="faros-address"),
    }
