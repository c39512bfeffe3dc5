"""What a customer may see of an order and its parcels: types of their own, filled field by field. Pure.

Nothing is copied wholesale, so a field that commerce gains tomorrow stays inside until somebody lists it here.
"""

from typing import Annotated

from pydantic import AwareDatetime, Field

from hub.fulfilment.wording import LocationPolicy, carrier_name, event_text, first_name, status_text
from hub.sdk.commerce import Address, Money, Order, OrderLine, Personal, Record
from hub.sdk.parcels import TrackedParcel

WEB_ADDRESS = r"^https?://[^\s\"'<>]+$"


class Brand(Record):
    """Who speaks. `site` is the shop's address, `sender` where answers go; `signature` ends every message."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    logo: str = ""
    colour: Annotated[
        str, Field(pattern=r"^#[0-9a-fA-F]{6}$", description="Of buttons and the bar on top")
    ] = "#1f2937"
    sender: str = ""
    support_email: str = ""
    site: Annotated[str, Field(pattern=WEB_ADDRESS)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    signature: Annotated[str, Field(max_length=120, description="Empty: Your <name> team")] = ""


class CustomerItem(Record):
    """One thing that was bought, as the shop calls it."""

    title: str
    quantity: int
    variant: str = ""


class CustomerOrder(Record):
    """An order as its buyer knows it."""

    number: str
    first_name: Annotated[str, Personal("name")] = ""
    items: list[CustomerItem]
    total: Money
    placed_at: AwareDatetime


class Offered(Record):
    """What a customer was told of an article that cannot be had, kept with the link on which they choose."""

    missing: CustomerItem
    similar: CustomerItem | None = None


class News(Record):
    """The last thing known of a parcel, in the hub's words."""

    text: str
    happened_at: AwareDatetime


class CustomerParcel(Record):
    """A parcel as its receiver may see it. `tracking_url` leads to the brand's own page.

    `carrier` may be empty; `expected` is the promised window as its text, such as `Thu 3 - Mon 7 Dec`.
    """

    tracking_number: str
    carrier: str = ""
    tracking_url: Annotated[str, Field(pattern=WEB_ADDRESS)]
    status: str
    news: News | None = None
    expected: str = ""


def customer_order(order: Order) -> CustomerOrder:
    """What is still to be delivered, by the names the shop sells it under."""
    return CustomerOrder(
        number=order.number,
        first_name=first_name(order.customer.first_name),
        items=[customer_item(line) for line in order.lines if line.quantity > 0],
        total=order.total,
        placed_at=order.created_at,
    )


def customer_item(line: OrderLine) -> CustomerItem:
    """One line without its SKU, which may be the supplier's."""
    return CustomerItem(title=line.title, quantity=line.quantity, variant=line.variant)


def customer_parcel(
    parcel: TrackedParcel,
    tracking_url: str,
    to: Address | None = None,
    expected: str = "",
    location: LocationPolicy = "none",
) -> CustomerParcel:
    """A parcel by its status alone; the carrier's words and places stay inside. `tracking_url` is the brand's page."""
    last = max(parcel.events, key=lambda event: event.happened_at, default=None)
    return CustomerParcel(
        tracking_number=parcel.tracking_number,
        carrier=carrier_name(parcel.carrier),
        tracking_url=tracking_url,
        status=status_text(parcel.status, parcel.reason),
        news=News(text=event_text(last, to, location), happened_at=last.happened_at) if last else None,
        expected=expected,
    )


def own_words(order: Order) -> list[str]:
    """What the customer typed in and may read again: name and address, even where a supplier's town is in it."""
    typed = [order.customer.first_name, order.customer.last_name]
    to = order.ship_to
    typed += [to.name, to.company, to.line1, to.line2, to.city] if to else []
    return [text for text in typed if text.strip()]
