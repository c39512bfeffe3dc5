"""What the warehouse says: its refusals, an order as it tells of it, what is missing from one, and its invoices."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

REFUSED = {
    "out-of-stock": ("out_of_stock", "We have run out of this article."),
    "address-invalid": ("address_invalid", "We do not ship to this address."),
    "rejected": ("not_accepted", "We do not take this order."),
}


PARCEL = Decimal("4.00")
"""What it charges for a parcel."""


def refusal(code: str, reason: str) -> dict[str, str]:
    """Why it refuses."""
    return {"code": code, "reason": reason}


def shown(order: dict[str, Any]) -> dict[str, Any]:
    """An order as it is told of."""
    return {"id": order["id"], "reference": order["reference"], "status": order["status"]}


def missing(body: Any) -> str | None:
    """The first required field that is not there or is of the wrong type."""
    if not isinstance(body, dict):
        return "An order is a JSON object."
    for name in ("reference", "ship_to", "lines"):
        if not body.get(name):
            return f"{name} is required."
    for name in ("line1", "city", "country"):
        if not isinstance(body["ship_to"], dict) or not body["ship_to"].get(name):
            return f"ship_to.{name} is required."
    for line in body["lines"]:
        if not isinstance(line, dict) or not line.get("sku") or not isinstance(line.get("quantity"), int):
            return "Every line needs a sku and a whole quantity."
    return None


def no_amendment(wish: Any, order: dict[str, Any]) -> str | None:
    """Why a wish to change an order makes no sense: it changes nothing, or more than there is to change."""
    if not isinstance(wish, dict) or not wish.get("id"):
        return "A wish is a JSON object with an id."
    if not wish.get("ship_to") and not wish.get("lines"):
        return "Nothing is to change."
    if wish.get("ship_to") and not all(wish["ship_to"].get(name) for name in ("line1", "city", "country")):
        return "The address is not whole."
    ordered = {line["line_id"]: line["quantity"] for line in order.get("lines", [])}
    for line in wish.get("lines", []):
        if not 0 < line.get("quantity", 0) <= ordered.get(line.get("line_id"), 0):
            return "Only what was ordered can be fewer."
    return None


def invoice_of(number: str, orders: Sequence[dict[str, Any]], now: datetime) -> dict[str, Any]:
    """What is charged for orders: every article by its own cost, and each order's parcel."""
    lines = [line for order in orders for line in _charges(order)]
    total = sum((Decimal(line["amount"]) + Decimal(line["shipping"]) for line in lines), Decimal(0))
    return {
        "number": number,
        "issued_on": f"{now:%Y-%m-%d}",
        "currency": orders[0]["lines"][0]["currency"],
        "lines": lines,
        "total": str(total),
    }


def _charges(order: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "reference": order["reference"],
            "order": order["id"],
            "sku": line["sku"],
            "quantity": line["quantity"],
            "amount": str(Decimal(line["unit_cost"]) * line["quantity"]),
            "shipping": str(PARCEL if place == 0 else Decimal(0)),
        }
        for place, line in enumerate(order["lines"])
    ]
