"""What the pages show and what they take, in plain fields: nothing here may say who the supplier is or where."""

from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, Field

from hub.fulfilment.ladder import Overlay, Rung
from hub.fulfilment.links import Purpose
from hub.sdk.commerce import Personal, Record
from hub.sdk.parcels import TrackingReason

LARGEST_LOGO = 60_000
"""Signs of a logo written into the page."""


def _known_zone(zone: str) -> str:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("pattern: a zone as in Europe/Berlin is wanted") from None
    return zone


class Brand(Record):
    """The shop as customers know it. `logo` is an image written out, or a path on this host; never another's address.

    `colour` is used as it is for decoration only; text in it is darkened or lightened until it can be read.
    """

    name: Annotated[str, Field(min_length=1, max_length=60)]
    logo: Annotated[
        str,
        Field(
            max_length=LARGEST_LOGO,
            pattern=r"^$|^/[a-z0-9][\w./-]*$|^data:image/(png|jpeg|gif|webp|svg\+xml);base64,[A-Za-z0-9+/]+=*$",
        ),
    ] = ""
    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#24527a"
    zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"
    email: Annotated[str, Field(pattern=r"^$|^[^\s@?&<>]+@[^\s@?&<>]+$")] = ""


class Item(Record):
    """Something that was bought."""

    title: str
    variant: str = ""
    quantity: Annotated[int, Field(gt=0)] = 1


class ParcelView(Record):
    """A parcel as its customer may see it. `carrier` and `tracking_number` are empty where the brand shows none.

    `known_since` is when the shop heard of the parcel; `overlay` and `reason` are the ladder's own words.
    """

    rung: Rung | None = None
    overlay: Overlay | None = None
    reason: TrackingReason = ""
    last_event_at: AwareDatetime | None = None
    known_since: AwareDatetime
    delivered_at: AwareDatetime | None = None
    expected_at: AwareDatetime | None = None
    carrier: str = ""
    tracking_number: str = ""
    items: list[Item] = []


class TrackingView(Record):
    """An order and its parcels; an order without any is still being prepared."""

    store: str
    order_number: str
    items: list[Item] = []
    parcels: list[ParcelView] = []


class AddressForm(Record):
    """An address as its customer wrote it. The country stays: postage was paid for it."""

    name: Annotated[str, Personal("name")] = ""
    line1: Annotated[str, Personal("address")] = ""
    line2: Annotated[str, Personal("address")] = ""
    city: Annotated[str, Personal("address")] = ""
    region: Annotated[str, Personal("address")] = ""
    postcode: Annotated[str, Personal("address")] = ""


class AddressView(Record):
    """A question about an order's address. `question` says what is missing, in words for the customer."""

    store: str
    order_number: str
    question: str
    address: AddressForm
    country: str
    needs_postcode: bool = True


Choice = Literal["similar", "refund"]


class ChoiceView(Record):
    """An article that cannot come, and what may come instead. `refund` is the amount as people read it."""

    store: str
    order_number: str
    item: Item
    similar: Item | None = None
    price_note: str = ""
    refund: str = ""


class SupplierLine(Record):
    """One article to ship, in the supplier's own terms."""

    sku: str
    title: str = ""
    quantity: Annotated[int, Field(gt=0)]


class SupplierView(Record):
    """A purchase order for its supplier. `ship_to` are the lines of the address, as they are written on a parcel."""

    store: str
    reference: str
    lines: list[SupplierLine]
    ship_to: Annotated[list[str], Personal("address")] = []
    is_accepted: bool = False


SupplierWord = Literal["accepted", "out-of-stock", "shipped"]


class SupplierAnswer(Record):
    """What a supplier says of a purchase order; a parcel's number and carrier come with `shipped` only."""

    answer: SupplierWord
    tracking_number: str = ""
    carrier: str = ""


class Done(Record):
    """An answer was taken: just now, or before where `again`."""

    store: str
    number: str
    purpose: Purpose
    answer: str = ""
    again: bool = False
