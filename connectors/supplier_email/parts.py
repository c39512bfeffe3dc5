"""What a purchase order says, field by field, whatever it is written as. Pure."""

from dataclasses import dataclass

from hub.sdk.commerce import NewPurchaseOrder, PurchaseLine

NOTHING = "-"
"""What stands in place of a value that is not there, so that every order has the same lines."""


@dataclass(frozen=True, slots=True)
class House:
    """Who orders: the shop's name, what it asks of every parcel, and how it signs."""

    shop: str
    instructions: str
    signature: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the order: its title, and what it says as (label, value)."""

    title: str
    rows: tuple[tuple[str, str], ...]


def parts_of(order: NewPurchaseOrder, house: House) -> list[Part]:
    """Every part, in the order in which they stand."""
    return [
        _head(order, house),
        _address(order),
        *(_line(number, len(order.lines), line) for number, line in enumerate(order.lines, 1)),
        _answer(order, house),
    ]


def _head(order: NewPurchaseOrder, house: House) -> Part:
    return _part(
        "Purchase order",
        ("Purchase order number", order.reference),
        ("Order number", order.order_number),
        ("From", house.shop),
        ("Lines", str(len(order.lines))),
        ("Shipping method", order.shipping_method),
        ("Instructions", house.instructions),
        ("Note", order.note),
    )


def _address(order: NewPurchaseOrder) -> Part:
    to = order.ship_to
    return _part(
        "Ship to",
        ("Name", to.name),
        ("Company", to.company),
        ("Address 1", to.line1),
        ("Address 2", to.line2),
        ("City", to.city),
        ("Region", to.region),
        ("Postcode", to.postcode),
        ("Country", to.country),
        ("Phone", to.phone),
    )


def _answer(order: NewPurchaseOrder, house: House) -> Part:
    return _part(
        "Your answer",
        ("By link", order.answer_url),
        (
            "By mail",
            f"Answer this mail, quote {order.reference}, and name carrier and tracking number of each parcel.",
        ),
        ("Regards", house.signature or house.shop),
    )


def _line(number: int, count: int, line: PurchaseLine) -> Part:
    cost = f"{line.unit_cost.amount:f} {line.unit_cost.currency}" if line.unit_cost else ""
    wishes = [(name, value) for name, value in sorted(line.properties.items()) if not name.startswith("_")]
    return _part(
        f"Line {number} of {count}",
        ("Product", line.title),
        ("Your SKU", line.supplier_sku),
        ("Our SKU", line.sku),
        ("Quantity", str(line.quantity)),
        ("Unit cost", cost),
        *((f"Wish: {name}", value) for name, value in wishes),
    )


def _part(title: str, *rows: tuple[str, str]) -> Part:
    return Part(title, tuple((_plain(label), _plain(value) or NOTHING) for label, value in rows))


def _plain(value: str) -> str:
    """A value on one line, so that a name with a line break in it cannot pose as another field."""
    return " ".join(value.splitlines()).strip() if value.splitlines() != [value] else value


def as_text(part: Part) -> str:
    """A part as lines of text."""
    return "\n".join([part.title.upper(), *(f"{label}: {value}" for label, value in part.rows)])
