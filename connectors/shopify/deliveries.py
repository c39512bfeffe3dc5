"""Shopify's webhooks: was it really Shopify, and what does it say. Bodies keep the shape of the old REST
API."""

from typing import TypeVar

from pydantic import AwareDatetime, ValidationError

from connectors.shopify.carriers import to_carrier
from connectors.shopify.fulfilment import has_left, plain_number
from connectors.shopify.mapping import to_number
from connectors.shopify.settings import ShopifySettings
from connectors.shopify.standings import read_standing
from connectors.shopify.wire import Snake
from hub.sdk import (
    Delivery,
    OrderCancelled,
    OrderChanged,
    OrderPaid,
    OrderRiskChanged,
    TrackingUpdated,
    Unreadable,
    Unverified,
)
from hub.sdk.parcels import TrackedParcel
from hub.sdk.signing import Signature

SIGNATURE = Signature(scheme="hmac-sha256-base64", header="x-shopify-hmac-sha256")
"""Base64 of HMAC-SHA256 over the raw body, keyed with the app's client secret. The texts are compared, not
decoded."""

E = TypeVar("E", OrderPaid, OrderChanged, OrderCancelled)
B = TypeVar("B", bound=Snake)


class CustomerBody(Snake):
    """Who; an int64."""

    id: int


class OrderBody(Snake):
    """As much of an order's webhook as names it: the order itself is read again, since deliveries come in any
    order."""

    id: int
    name: str
    created_at: AwareDatetime
    updated_at: AwareDatetime
    email: str | None = None
    customer: CustomerBody | None = None


class RiskBody(Snake):
    """The body of orders/risk_assessment_changed, which does not hold the advice: the order has to be read
    again."""

    order_id: int
    risk_level: str | None = None
    created_at: AwareDatetime


class FulfilmentBody(Snake):
    """As much of fulfillments/update as names a parcel and says where it stands. `shipment_status` is null until a
    carrier or an app has told of it; no field tells since when it is what it is."""

    status: str
    updated_at: AwareDatetime
    shipment_status: str | None = None
    tracking_company: str | None = None
    tracking_number: str | None = None
    tracking_numbers: list[str] = []


def verify(delivery: Delivery, settings: ShopifySettings) -> None:
    """Raise `Unverified` unless one of the secrets signed the body, for this shop."""
    SIGNATURE.verify(delivery, settings.signing_secrets)
    domain = delivery.header("x-shopify-shop-domain").strip().lower()
    # An app's secret is the same in every shop that installed it, so a good signature may still be another
    # shop's.
    if domain and domain != settings.domain:
        raise Unverified("The delivery is signed, but comes from another shop.")


def to_order_event(delivery: Delivery, event: type[E]) -> E:
    """Read an order's webhook into one of the order events."""
    body = _read(delivery, OrderBody)
    return event(
        order_id=str(body.id),
        number=to_number(body.name),
        updated_at=body.updated_at,
        created_at=body.created_at,
        customer=body.email or (str(body.customer.id) if body.customer else ""),
    )


def to_risk_event(delivery: Delivery) -> OrderRiskChanged:
    """Read a risk webhook. The level is passed on as it is: a hint, since several providers may differ."""
    body = _read(delivery, RiskBody)
    return OrderRiskChanged(
        order_id=str(body.order_id), level=(body.risk_level or "").lower(), assessed_at=body.created_at
    )


def to_tracking_events(delivery: Delivery) -> list[TrackingUpdated]:
    """Read a parcel's webhook. Nothing is said of one that is not on its way or that nobody has told of, nor of several
    parcels under one status: it may be either's."""
    body = _read(delivery, FulfilmentBody)
    written = [*body.tracking_numbers, body.tracking_number or ""]
    numbers = {plain_number(number) for number in written} - {""}
    if body.shipment_status is None or len(numbers) != 1 or not has_left(body.status.upper()):
        return []
    [number] = numbers
    standing = read_standing(body.shipment_status.upper())
    parcel = TrackedParcel(
        tracking_number=number,
        carrier=to_carrier(body.tracking_company or ""),
        status=standing.status,
        reason=standing.reason,
        is_whole=False,
    )
    return [TrackingUpdated(tracking_number=number, parcel=parcel, changed_at=body.updated_at)]


def _read(delivery: Delivery, model: type[B]) -> B:
    try:
        return model.model_validate_json(delivery.body)
    except ValidationError as error:
        places = ", ".join(".".join(str(p) for p in e["loc"]) for e in error.errors()[:5])
        raise Unreadable(f"The webhook is not as expected at {places or 'its top'}.") from None
