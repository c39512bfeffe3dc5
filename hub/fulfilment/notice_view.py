"""The facts of one notice, and the variables a template may name for them. Pure."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AwareDatetime, Field

from hub.fulfilment.customer_view import WEB_ADDRESS, Brand, CustomerItem, CustomerOrder, CustomerParcel
from hub.fulfilment.wording import day_text, money_text, product_word
from hub.sdk.commerce import Money, Personal, Record

Notice = Literal[
    "order-confirmed",
    "fulfilment-started",
    "tracking-added",
    "in-transit",
    "out-for-delivery",
    "delivered",
    "follow-up-review",
    "follow-up-discount",
    "address-needed",
    "out-of-stock-choice",
    "item-changed",
    "delayed",
    "replacement-sent",
    "refunded",
    "cancelled",
    "delivery-problem",
    "available-for-pickup",
]
NOTICES: tuple[Notice, ...] = get_args(Notice)

OptionalLink = Annotated[str, Field(pattern=rf"^$|{WEB_ADDRESS}")]
Link = Annotated[str, Field(pattern=WEB_ADDRESS)]


class Choice(Record):
    """What is sold out, and the two ways out of it. Without `similar` only the refund is offered."""

    missing: str
    similar: CustomerItem | None = None
    similar_url: OptionalLink = ""
    refund_url: Link
    until: AwareDatetime | None = None


class Change(Record):
    """What the customer gets instead of what. `owed` is what comes back because the new item costs less."""

    before: str
    after: str
    owed: Money | None = None


class Discount(Record):
    """A thank-you: `offer` is such as `10% off`."""

    offer: Annotated[str, Field(min_length=1, max_length=40)]
    code: Annotated[str, Field(min_length=1, max_length=40)]
    until: AwareDatetime | None = None


class NoticeView(Record):
    """All that a notice may tell. What a template names and is not given stops the rendering.

    `page_url` is the brand's page of this order, `answer_url` the one-time link on which the customer answers.
    `order_id` and `skus` are for services that start flows of their own; no template can name them.
    """

    brand: Brand
    order: CustomerOrder
    order_id: str = ""
    skus: list[str] = []
    parcel: CustomerParcel | None = None
    expected: str = ""
    page_url: OptionalLink = ""
    answer_url: OptionalLink = ""
    address: Annotated[list[str], Personal("address")] = []
    choice: Choice | None = None
    change: Change | None = None
    refund: Money | None = None
    review_url: OptionalLink = ""
    discount: Discount | None = None


def variables(view: NoticeView) -> dict[str, Any]:
    """Every variable there is, each a text, a number or made of those. What there is none of is None or empty."""
    order, parcel = view.order, view.parcel
    each = [item.title for item in order.items for _ in range(min(item.quantity, 2))]
    return {
        "brand": _brand(view.brand),
        "greeting": f"Hi {order.first_name}" if order.first_name else "Hi there",
        "product": product_word(each),
        "order": {
            "number": order.number,
            "lines": [_item(item) for item in order.items],
            "total": money_text(order.total),
            "placed_on": day_text(order.placed_at),
        },
        "parcel": parcel and {
            "tracking_number": parcel.tracking_number,
            "carrier": parcel.carrier,
            "tracking_url": parcel.tracking_url,
            "status": parcel.status,
            "news": parcel.news.text if parcel.news else "",
            "news_on": day_text(parcel.news.happened_at) if parcel.news else "",
        },
        "expected": view.expected or (parcel.expected if parcel else ""),
        "page_url": view.page_url,
        "answer_url": view.answer_url or None,
        "address": view.address or None,
        "choice": view.choice and _choice(view.choice),
        "change": view.change and _change(view.change),
        "refund": view.refund and money_text(view.refund),
        "review_url": view.review_url or None,
        "discount": view.discount and _discount(view.discount),
    }  # fmt: skip


def names(values: Mapping[str, Any], prefix: str = "") -> set[str]:
    """Every variable as a template writes it, such as `brand.name`."""
    found: set[str] = set()
    for name, value in values.items():
        found.add(f"{prefix}{name}")
        found |= names(value, f"{prefix}{name}.") if isinstance(value, Mapping) else set()
    return found


def _brand(brand: Brand) -> dict[str, str]:
    host = urlsplit(brand.site).hostname or ""
    return {
        "name": brand.name,
        "logo": brand.logo if _is_its_own(brand.logo, host) else "",
        "colour": brand.colour,
        "ink": _ink(brand.colour),
        "site": brand.site,
        "host": host.removeprefix("www."),
        "support_email": brand.support_email,
        "signature": brand.signature or f"Your {brand.name} team",
        "language": brand.language,
    }


def _is_its_own(logo: str, host: str) -> bool:
    """Whether the picture comes with the mail or from the brand's own site: no stranger learns who opens a mail."""
    if logo.startswith(("cid:", "data:image/")):
        return True
    parts = urlsplit(logo)
    domain = host.removeprefix("www.")
    return parts.scheme == "https" and f".{parts.hostname}".endswith(f".{domain}")


def _ink(colour: str) -> str:
    """Black or white, whichever is easier to read on the colour (the WCAG's relative luminance)."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def _item(item: CustomerItem) -> dict[str, Any]:
    return {"title": item.title, "variant": item.variant, "quantity": item.quantity}


def _choice(choice: Choice) -> dict[str, Any]:
    return {
        "missing": choice.missing,
        "similar": choice.similar and choice.similar_url and _item(choice.similar),
        "similar_url": choice.similar_url,
        "refund_url": choice.refund_url,
        "until": day_text(choice.until) if choice.until else "",
    }


def _change(change: Change) -> dict[str, str]:
    owed = money_text(change.owed) if change.owed else ""
    return {"before": change.before, "after": change.after, "owed": owed}


def _discount(discount: Discount) -> dict[str, str]:
    until = day_text(discount.until) if discount.until else ""
    return {"offer": discount.offer, "code": discount.code, "until": until}
