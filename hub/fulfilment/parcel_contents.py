"""What is in a supplier's parcels, and which of them goes in place of another. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from hub.fulfilment.kits import begun_by
from hub.fulfilment.ladder import State
from hub.sdk import Parcel, Refused
from hub.sdk.parcels import ShippedLine
from hub.store.purchases import StoredPurchase
from hub.store.shipments import StoredShipment


@dataclass(frozen=True, slots=True)
class Place:
    """Where a parcel belongs among those of its purchase: what is in it, and which numbers it replaces."""

    lines: list[ShippedLine]
    replaces: list[StoredShipment]


def essence(number: str) -> str:
    """A tracking number without the spaces and hyphens that people write it with."""
    return "".join(c for c in number if c.isalnum()).upper()


def place(
    purchase: StoredPurchase,
    known: Sequence[StoredShipment],
    said: Sequence[Parcel],
    parcel: Parcel,
    said_at: datetime,
) -> Place:
    """Find a new parcel's contents: what its supplier says, else all that no other parcel of the purchase holds.

    Where other parcels hold it already, a number that the supplier does not name any more, and that no carrier has
    ever scanned, has been replaced. Raises `Refused` if more is said to be in it than was bought.
    """
    live = [s for s in known if s.voided_at is None]
    lines = _share(purchase, live, parcel)
    if lines is not None:
        return Place(lines, [])
    named = {essence(p.tracking_number) for p in said}
    replaced = [s for s in live if _may_be_replaced(s, parcel, named, said_at)]
    lines = _share(purchase, [s for s in live if s not in replaced], parcel) if replaced else None
    if lines:
        return Place(lines, replaced)
    if parcel.lines:
        raise Refused(
            "too-many", f"Purchase {purchase.reference} has not so much left as a parcel is said to hold."
        )
    return Place([], [])


def left_of(purchase: StoredPurchase, parcels: Iterable[StoredShipment]) -> dict[str, int]:
    """The units of a purchase that are in none of these parcels, by line."""
    left = {line["line_id"]: int(line["quantity"]) for line in purchase.lines}
    for parcel in parcels:
        for line in parcel.lines:
            left[line["line_id"]] = left.get(line["line_id"], 0) - int(line["quantity"])
    return left


def kits_in(purchase: StoredPurchase, parcels: Iterable[StoredShipment]) -> dict[str, int]:
    """The lines, in sold units, that a parcel which begins none of them can only hold more of: the purchase's kits,
    once all of it is in these parcels. Else nobody knows what is in it."""
    if any(count > 0 for count in left_of(purchase, parcels).values()):
        return {}
    return {kept["line_id"]: int(kept["quantity"]) for kept in purchase.lines if kept.get("parts")}


def _share(
    purchase: StoredPurchase, live: Sequence[StoredShipment], parcel: Parcel
) -> list[ShippedLine] | None:
    """None where there is not so much left; nothing where it holds only more of a kit that is on its way."""
    left = left_of(purchase, live)
    if not parcel.lines:
        rest = [ShippedLine(line_id=id, quantity=count) for id, count in left.items() if count > 0]
        return rest or None
    wanted: dict[str, int] = {}
    for line in parcel.lines:
        wanted[line.line_id] = wanted.get(line.line_id, 0) + line.quantity
    # Suppliers count what they send, and the shop what it sold.
    for kit in (kept for kept in purchase.lines if kept.get("parts") and kept["line_id"] in wanted):
        wanted[kit["line_id"]] = begun_by(wanted[kit["line_id"]], kit, left[kit["line_id"]])
    if any(left.get(id, 0) < count for id, count in wanted.items()):
        return None
    return [ShippedLine(line_id=id, quantity=count) for id, count in wanted.items() if count > 0]


def _may_be_replaced(old: StoredShipment, parcel: Parcel, named: set[str], said_at: datetime) -> bool:
    """What was said before the old number was heard of cannot be about its end."""
    state = State.model_validate(old.state)
    holds = {line["line_id"] for line in old.lines}
    is_about = not parcel.lines or any(line.line_id in holds for line in parcel.lines)
    is_unused = state.first_scan_at is None and old.over_at is None
    return is_unused and is_about and essence(old.tracking_number) not in named and said_at >= old.created_at
