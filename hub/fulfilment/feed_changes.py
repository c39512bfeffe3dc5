"""What suppliers' answers and parcels mean for our purchases. Pure: the purchases are given."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from hub.fulfilment.feeds.facts import Answer, Dispatch
from hub.fulfilment.feeds.words import LineStatus
from hub.fulfilment.kits import parts_of
from hub.sdk.commerce import PurchaseOrderStatus, Record
from hub.sdk.parcels import ShippedLine
from hub.sdk.trade_events import Parcel

_CLEAR: dict[LineStatus, PurchaseOrderStatus] = {
    "accepted": "accepted",
    "shipped": "accepted",
    "rejected": "rejected",
    "cancelled": "cancelled",
    "requested": "requested",
}
"""`shipped` without a parcel says no more than that it was taken."""

Lines = list[dict[str, Any]]
"""A purchase's lines, as the hub keeps them."""


class PurchaseChange(Record):
    """News of one purchase, as a supplier's own system would have told it."""

    reference: str
    supplier_reference: str = ""
    status: PurchaseOrderStatus
    parcels: list[Parcel] = []
    reason: str = ""


class UnclearAnswer(Record):
    """A purchase whose answer a person must read: part of it, later, or otherwise than ordered."""

    reference: str
    reason: str


def answers(facts: Iterable[Answer], purchases: Mapping[str, Lines]) -> list[PurchaseChange | UnclearAnswer]:
    """One word on each purchase that the file answers."""
    by_purchase: dict[str, list[Answer]] = defaultdict(list)
    for fact in facts:
        by_purchase[fact.order_reference].append(fact)
    return [_answer(reference, said, purchases[reference]) for reference, said in by_purchase.items()]


def _answer(reference: str, said: list[Answer], lines: Lines) -> PurchaseChange | UnclearAnswer:
    if short := next((why for answer in said if (why := _short(answer, lines))), ""):
        return UnclearAnswer(reference=reference, reason=short)
    statuses = {_CLEAR.get(answer.status) for answer in said}
    status = statuses.pop() if len(statuses) == 1 else None
    if status is None:
        words = ", ".join(f"{answer.sku or 'the order'} {answer.status}" for answer in said[:10])
        return UnclearAnswer(reference=reference, reason=f"The supplier answers: {words}.")
    asked = sum(len(parts_of(line)) for line in lines)
    if status != "requested" and len(said) < asked and all(answer.sku or answer.line_id for answer in said):
        return UnclearAnswer(
            reference=reference, reason=f"The supplier answers {len(said)} of {asked} lines."
        )
    return PurchaseChange(
        reference=reference,
        supplier_reference=next(
            (answer.supplier_reference for answer in said if answer.supplier_reference), ""
        ),
        status=status,
        reason=next((answer.reason for answer in said if answer.reason), ""),
    )


def _short(answer: Answer, lines: Lines) -> str:
    """Why fewer or more are taken than were ordered; empty if it is as ordered, or is not said."""
    line = _line_of(answer.sku, answer.line_id, lines)
    if line is None or answer.quantity is None or answer.status not in ("accepted", "shipped"):
        return ""
    ordered = _ordered(line, answer.sku)
    return (
        ""
        if answer.quantity == ordered
        else f"Of {answer.sku or 'a line'} it takes {answer.quantity}, not {ordered}."
    )


def parcels(facts: Iterable[Dispatch], purchases: Mapping[str, Lines]) -> list[PurchaseChange]:
    """The parcels of each purchase, with what is in them where the file says it."""
    by_purchase: dict[str, dict[str, tuple[str, list[ShippedLine]]]] = defaultdict(dict)
    theirs: dict[str, str] = {}
    for fact in facts:
        theirs.setdefault(fact.order_reference, fact.supplier_reference)
        contents = _contents(fact, purchases[fact.order_reference])
        for number in fact.tracking_numbers:
            _, packed = by_purchase[fact.order_reference].setdefault(number, (fact.carrier, []))
            packed += contents
    return [
        PurchaseChange(
            reference=reference,
            supplier_reference=theirs[reference],
            status="shipped",
            parcels=[
                Parcel(tracking_number=number, carrier=carrier, lines=packed)
                for number, (carrier, packed) in found.items()
            ],
        )
        for reference, found in by_purchase.items()
    ]


def _contents(fact: Dispatch, lines: Lines) -> list[ShippedLine]:
    """What is in a parcel; several parcels in one row leave open which of them holds what."""
    line = _line_of(fact.sku, fact.line_id, lines)
    if line is None or len(fact.tracking_numbers) > 1:
        return []
    quantity = _ordered(line, fact.sku) if fact.quantity is None else fact.quantity
    return [ShippedLine(line_id=line["line_id"], quantity=quantity)] if quantity > 0 else []


def _line_of(sku: str, line_id: str, lines: Lines) -> dict[str, Any] | None:
    """The one line that the file means."""
    found = [line for line in lines if line_id and line["line_id"] == line_id]
    found = found or [line for line in lines if sku and sku in (line["sku"], *_theirs(line))]
    return found[0] if len(found) == 1 else None


def _theirs(line: Mapping[str, Any]) -> list[str]:
    return [line["supplier_sku"], *(part["supplier_sku"] for part in parts_of(line))]


def _ordered(line: Mapping[str, Any], sku: str) -> int:
    """How many of its units a supplier was asked for: of the part that it names, else of the whole line."""
    named = [part for part in parts_of(line) if part["supplier_sku"] == sku] or parts_of(line)
    return sum(int(part["quantity"]) for part in named)
