"""From Shopify's words to the hub's. Pure; a word that is not in a table here is `Unreadable`, never
guessed."""

from collections.abc import Iterable, Mapping
from typing import Literal, TypeVar

from connectors.shopify.wire import (
    AddressNode,
    Assessment,
    CustomerNode,
    LineNode,
    MoneyBag,
    OrderNode,
    RiskNode,
)
from hub.sdk import Unreadable
from hub.sdk.commerce import (
    Address,
    Customer,
    Money,
    Order,
    OrderLine,
    PaymentStatus,
    Risk,
    RiskAdvice,
    RiskLevel,
)

T = TypeVar("T")

PAYMENT: dict[str, PaymentStatus] = {
    "PENDING": "pending",
    "AUTHORIZED": "authorised",
    "PARTIALLY_PAID": "partly_paid",
    "PAID": "paid",
    "PARTIALLY_REFUNDED": "partly_refunded",
    "REFUNDED": "refunded",
    "VOIDED": "voided",
    "EXPIRED": "expired",
}

ADVICE: dict[str, RiskAdvice] = {
    "ACCEPT": "accept",
    "INVESTIGATE": "investigate",
    "CANCEL": "cancel",
    "NONE": "none",
}

LEVEL: dict[str, RiskLevel] = {
    "NONE": "none",
    "PENDING": "pending",
    "LOW": "low",
    "MEDIUM": "medium",
    "HIGH": "high",
}

_SEVERITY: tuple[RiskLevel, ...] = ("none", "low", "medium", "pending", "high")
"""Of several assessments the gravest counts; one that has still to come outweighs all but a high one."""

HOLD_REASON: dict[Literal["address", "stock", "payment", "fraud", "other"], str] = {
    "address": "INCORRECT_ADDRESS",
    "stock": "INVENTORY_OUT_OF_STOCK",
    "payment": "AWAITING_PAYMENT",
    "fraud": "HIGH_RISK_OF_FRAUD",
    "other": "OTHER",
}


def known(table: Mapping[str, T], word: str | None, field: str) -> T:
    """Translate a status; one we do not know raises `Unreadable`."""
    if word is None or word not in table:
        raise Unreadable(f"Shopify's {field} is {word!r}, which this connector does not know.")
    return table[word]


def order_gid(order_id: str) -> str:
    """The global id of an order that we know by its number in URLs and webhooks."""
    return to_gid("Order", order_id)


def to_gid(kind: str, number: str) -> str:
    """A global id, from Shopify's word for the kind of thing and its number."""
    return f"gid://shopify/{kind}/{number}"


def to_id(gid: str) -> str:
    """The number in a global id."""
    return gid.rsplit("/", 1)[-1].split("?")[0]


def to_order(node: OrderNode, lines: Iterable[LineNode]) -> Order:
    """An order and all its lines, in the shop's currency. Lines that edits or refunds emptied are left
    out."""
    return Order(
        id=node.legacy_resource_id,
        number=to_number(node.name),
        channel="shopify",
        copy_of=(node.source_identifier or "").strip(),
        created_at=node.created_at,
        updated_at=node.updated_at,
        cancelled_at=node.cancelled_at,
        payment=known(PAYMENT, node.display_financial_status, "displayFinancialStatus"),
        total=_money(node.current_total_price_set),
        customer=_customer(node),
        ship_to=_address(node.shipping_address) if node.shipping_address else None,
        shipping_method=node.shipping_line.title if node.shipping_line else "",
        lines=[_line(line) for line in lines if line.current_quantity > 0],
        tags=list(node.tags),
        note=node.note or "",
        risk=to_risk(node.risk),
        is_test=node.test,
    )


def to_number(name: str) -> str:
    """What people call the order: its name without the leading #. Shops may choose any prefix, so the rest
    stays."""
    return name.strip().removeprefix("#")


def to_risk(node: RiskNode) -> Risk:
    """Shopify gives advice and levels, no score. Facts are given gravest first, as Shopify's own page
    does."""
    levels = [known(LEVEL, a.risk_level, "riskLevel") for a in node.assessments]
    level = max(levels, key=_SEVERITY.index, default="none")
    advice = known(ADVICE, node.recommendation, "risk recommendation")
    if advice == "none" and "pending" in levels:
        advice = "pending"
    return Risk(advice=advice, level=level, facts=_facts(node.assessments))


def _facts(assessments: Iterable[Assessment]) -> list[str]:
    order = {"NEGATIVE": 0, "NEUTRAL": 1, "POSITIVE": 2}
    facts = [f for a in assessments for f in a.facts]
    return [
        f.description for f in sorted(facts, key=lambda f: known(order, f.sentiment, "risk fact's sentiment"))
    ]


def _customer(node: OrderNode) -> Customer:
    """The order's own e-mail and telephone come before those of the customer's account, which may be
    older."""
    known_as = node.customer or CustomerNode(legacy_resource_id="")
    account_email = known_as.default_email_address.email_address if known_as.default_email_address else ""
    account = known_as.default_phone_number
    account_phone = account.phone_number if account else ""
    return Customer(
        id=known_as.legacy_resource_id,
        first_name=known_as.first_name or "",
        last_name=known_as.last_name or "",
        email=node.email or account_email,
        phone=node.phone or account_phone,
        # The yes is to the account's number; another one that was typed in at checkout has not said it.
        accepts_sms=account is not None
        and account.marketing_state == "SUBSCRIBED"
        and node.phone in (None, "", account_phone),
    )


def write_address(address: Address) -> dict[str, str]:
    """An address as Shopify takes it. Its names come in two parts; all but the last word is the first."""
    first, _, last = address.name.strip().rpartition(" ")
    return {
        "firstName": first,
        "lastName": last,
        "company": address.company,
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "provinceCode": address.region,
        "zip": address.postcode,
        "countryCode": address.country,
        "phone": address.phone,
    }


def _address(node: AddressNode) -> Address:
    if node.country_code_v2 is None:
        raise Unreadable("The order's shipping address has no country.")
    return Address(
        name=node.name or "",
        company=node.company or "",
        line1=node.address1 or "",
        line2=node.address2 or "",
        city=node.city or "",
        region=node.province_code or "",
        postcode=node.zip or "",
        country=node.country_code_v2,
        phone=node.phone or "",
    )


def _line(node: LineNode) -> OrderLine:
    return OrderLine(
        id=to_id(node.id),
        sku=(node.sku or "").strip(),
        title=node.title,
        variant=node.variant_title or "",
        category=node.product.product_type if node.product else "",
        quantity=node.current_quantity,
        unit_price=_money(node.discounted_unit_price_after_all_discounts_set),
        paid=_money(node.price_after_all_discounts_before_taxes_set),
        needs_shipping=node.requires_shipping,
        is_gift_card=node.is_gift_card,
        properties={a.key: a.value or "" for a in node.custom_attributes},
    )


def _money(bag: MoneyBag) -> Money:
    return Money(amount=bag.shop_money.amount, currency=bag.shop_money.currency_code)
