"""The bodies of Shopify's webhooks about orders and parcels, in the shape of its old REST API."""

from decimal import Decimal
from typing import Any

from connectors.shopify.sandbox_records import ParcelRecord
from connectors.shopify.sandbox_state import LineSeed, OrderSeed

Body = dict[str, Any]


def order_body(order: OrderSeed) -> Body:
    """The same body for every topic about an order. Money is text, ids are numbers, tags are one text."""
    body = _names(order) | _state(order) | _contact(order) | _prices(order)
    body["line_items"] = [_line(x, order.currency) for x in order.lines]
    body["shipping_lines"] = _shipping(order)
    if order.customer is not None:
        body["customer"] = _customer(order)
    address = _address(order)
    return body | {"billing_address": address, "shipping_address": address}


def fulfilment_body(parcel: ParcelRecord, order: OrderSeed) -> Body:
    """The body of the topics about a parcel. Where it stands is null until a carrier or an app has told of it."""
    numbers = [t["number"] for t in parcel.tracking]
    links = [t["url"] for t in parcel.tracking if t["url"]]
    number = parcel.id.rsplit("/", 1)[-1]
    display = parcel.display()
    return {
        "id": int(number),
        "admin_graphql_api_id": parcel.id,
        "order_id": order.id,
        "name": f"{order.name}.1",
        "status": parcel.status.lower(),
        "service": "manual",
        "created_at": _time(parcel.created_at),
        "updated_at": _time(parcel.updated_at or parcel.created_at),
        "shipment_status": display.lower() if parcel.events or parcel.displayed else None,
        "tracking_company": next((t["company"] for t in parcel.tracking), None),
        "tracking_number": next(iter(numbers), None),
        "tracking_numbers": numbers,
        "tracking_url": next(iter(links), None),
        "tracking_urls": links,
        "location_id": None,
        "origin_address": {},
        "destination": _address(order),
        "receipt": {},
        "email": order.email or "",
        "line_items": [_line(x, order.currency) for x in order.lines if x.id in parcel.units],
    }


def _names(order: OrderSeed) -> Body:
    return {
        "id": order.id,
        "admin_graphql_api_id": f"gid://shopify/Order/{order.id}",
        "app_id": 580111,
        "name": order.name,
        "number": order.id % 100_000,
        "order_number": order.id % 100_000 + 1000,
        "confirmation_number": f"C{order.id % 10**8:08d}",
        "token": f"{order.id:032x}",
        "cart_token": None,
        "source_name": "web",
        "order_status_url": f"https://shop.example/orders/{order.id:032x}/authenticate",
        "tags": ", ".join(sorted(order.tags)),
    }


def _state(order: OrderSeed) -> Body:
    return {
        "created_at": _time(order.created_at),
        "processed_at": _time(order.created_at),
        "updated_at": _time(order.updated_at),
        "cancelled_at": _time(order.cancelled_at),
        "cancel_reason": "customer" if order.cancelled_at else None,
        "closed_at": None,
        "confirmed": True,
        "test": order.test,
        "financial_status": order.financial_status.lower(),
        "fulfillment_status": None,
        "fulfillments": [],
        "refunds": [],
        "payment_gateway_names": ["shopify_payments"],
    }


def _contact(order: OrderSeed) -> Body:
    return {
        "email": order.email or "",
        "contact_email": order.email,
        "phone": order.phone,
        "customer_locale": "en-US",
        "buyer_accepts_marketing": False,
        "note": order.note,
        "note_attributes": [],
    }


def _prices(order: OrderSeed) -> Body:
    body: Body = {
        "currency": order.currency,
        "presentment_currency": order.currency,
        "taxes_included": False,
        "tax_exempt": False,
        "duties_included": False,
        "discount_codes": [],
        "discount_applications": [],
        "tax_lines": [],
        "total_outstanding": "0.00",
        "total_tip_received": "0.00",
        "total_weight": 120 * sum(x.quantity for x in order.lines),
    }
    for name in ("subtotal_price", "total_line_items_price", "total_price"):
        body |= _both(name, order.total(), order.currency)
        body |= _both(f"current_{name}", order.total(), order.currency)
    for name in ("total_tax", "total_discounts", "current_total_tax", "current_total_discounts"):
        body |= _both(name, Decimal(0), order.currency)
    return body


def _line(line: LineSeed, currency: str) -> Body:
    return {
        "id": line.id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line.id}",
        "attributed_staffs": [],
        "quantity": line.quantity,
        "current_quantity": line.left(),
        "fulfillable_quantity": line.left(),
        "fulfillment_service": "manual",
        "fulfillment_status": None,
        "gift_card": line.gift_card,
        "grams": 120,
        "name": f"{line.title} - {line.variant}" if line.variant else line.title,
        "title": line.title,
        "variant_title": line.variant,
        "sku": line.sku,
        "vendor": "Glow",
        "product_id": line.id + 1,
        "product_exists": True,
        "variant_id": line.id + 2,
        "variant_inventory_management": "shopify",
        "properties": [{"name": k, "value": v} for k, v in line.properties.items()],
        "requires_shipping": line.requires_shipping,
        "taxable": True,
        "tax_lines": [],
        "duties": [],
        "discount_allocations": [],
        **_both("price", line.price, currency),
        **_both("total_discount", Decimal(0), currency),
    }


def _shipping(order: OrderSeed) -> list[Body]:
    if order.shipping_method is None:
        return []
    line = {
        "id": order.id + 3,
        "code": order.shipping_method,
        "title": order.shipping_method,
        "source": "shopify",
    }
    free = _both("price", Decimal(0), order.currency) | _both("discounted_price", Decimal(0), order.currency)
    return [line | free | {"carrier_identifier": None, "phone": None, "is_removed": False, "tax_lines": []}]


def _customer(order: OrderSeed) -> Body:
    given = order.customer
    assert given is not None
    return {
        "id": given.id,
        "admin_graphql_api_id": f"gid://shopify/Customer/{given.id}",
        "email": given.email or order.email,
        "phone": given.phone,
        "first_name": given.first_name,
        "last_name": given.last_name,
        "state": "disabled",
        "verified_email": True,
        "tax_exempt": False,
        "currency": order.currency,
        "created_at": _time(order.created_at),
        "updated_at": _time(order.updated_at),
    }


def _address(order: OrderSeed) -> Body | None:
    given = order.shipping_address
    if given is None:
        return None
    first, _, last = given.name.partition(" ")
    named = given.model_dump() | {"first_name": first, "last_name": last}
    return named | {"province": given.province_code, "country": given.country_code, "latitude": None}


def _both(name: str, amount: Decimal, currency: str) -> Body:
    text = f"{amount:.2f}"
    one = {"amount": text, "currency_code": currency}
    return {name: text, f"{name}_set": {"shop_money": one, "presentment_money": one}}


def _time(at: Any) -> str | None:
    """With an offset, not a Z."""
    return at.isoformat() if at else None
