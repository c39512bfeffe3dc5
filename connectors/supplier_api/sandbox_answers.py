"""What the warehouse says: its refusals, an order as it tells of it, and what is missing from one."""

from typing import Any

REFUSED = {
    "out-of-stock": ("out_of_stock", "We have run out of this article."),
    "address-invalid": ("address_invalid", "We do not ship to this address."),
    "rejected": ("not_accepted", "We do not take this order."),
}


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
