"""The sandbox's orders as GraphQL nodes: dictionaries whose values may be functions of the arguments."""

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connectors.shopify.sandbox_records import EditRecord, ParcelEvent, ParcelRecord, RefundRecord
from connectors.shopify.sandbox_state import (
    OUR_APP,
    CustomerSeed,
    FulfilmentOrderState,
    LineSeed,
    OrderSeed,
    ShopState,
)

Node = dict[str, Any]

ACTIONS = {
    "OPEN": ("CREATE_FULFILLMENT", "HOLD", "MOVE", "REPORT_PROGRESS"),
    "SCHEDULED": ("HOLD", "MARK_AS_OPEN"),
    "ON_HOLD": ("RELEASE_HOLD",),
    "IN_PROGRESS": ("CREATE_FULFILLMENT", "MARK_AS_OPEN"),
}


def order_node(order: OrderSeed, state: ShopState) -> Node:
    """An order, with everything the connector's documents may ask."""
    lines = [
        _line(x, order.currency)
        | {"unfulfilledQuantity": sum(w.remaining for w in state.waiting(order.id, x.id))}
        for x in order.lines
    ]
    return {
        "__typename": "Order",
        "id": f"gid://shopify/Order/{order.id}",
        "legacyResourceId": str(order.id),
        "name": order.name,
        "createdAt": moment(order.created_at),
        "updatedAt": moment(order.updated_at),
        "cancelledAt": moment(order.cancelled_at),
        "test": order.test,
        "sourceIdentifier": order.source_identifier,
        "displayFinancialStatus": order.financial_status,
        "email": order.email,
        "phone": order.phone,
        "note": order.note,
        "tags": sorted(order.tags),
        "currentTotalPriceSet": money(order.total(), order.currency),
        "customer": order.customer and _customer(order.customer),
        "shippingAddress": _address(order),
        "shippingLine": order.shipping_method and {"title": order.shipping_method},
        "risk": _risk(order),
        "lineItems": connection(lambda: lines),
        "fulfillmentOrders": connection(lambda: [waiting_order_node(f) for f in state.fulfilment[order.id]]),
        "fulfillments": lambda given: [parcel_node(p) for p in state.parcels_of(order.id)][: given["first"]],
        "refunds": lambda given: [refund_node(r, order) for r in state.refunds[order.id]][: given["first"]],
        "merchantEditable": order.cancelled_at is None,
        "agreements": lambda given: connection(lambda: agreement_nodes(order, state, given["reverse"]))(
            given
        ),
    }


def _customer(customer: CustomerSeed) -> Node:
    number = customer.phone and {
        "phoneNumber": customer.phone,
        "marketingState": "SUBSCRIBED" if customer.accepts_sms else "NOT_SUBSCRIBED",
    }
    return {
        "id": f"gid://shopify/Customer/{customer.id}",
        "legacyResourceId": str(customer.id),
        "firstName": customer.first_name,
        "lastName": customer.last_name,
        "defaultEmailAddress": customer.email and {"emailAddress": customer.email},
        "defaultPhoneNumber": number,
    }


def fulfilment_node(part: FulfilmentOrderState) -> Node:
    """A fulfilment order."""
    return {
        "__typename": "FulfillmentOrder",
        "id": part.id,
        "status": part.status,
        "requestStatus": "UNSUBMITTED",
        "supportedActions": [{"action": a} for a in ACTIONS.get(part.status, ())],
        "assignedLocation": {"name": part.location},
        "fulfillmentHolds": [
            {
                "id": h.id,
                "handle": h.handle,
                "reason": h.reason,
                "reasonNotes": h.notes,
                "heldByRequestingApp": h.app == OUR_APP,
            }
            for h in part.holds
        ],
    }


def waiting_order_node(part: FulfilmentOrderState) -> Node:
    """A fulfilment order with its lines, which come in pages."""
    lines = [
        {
            "id": w.id,
            "totalQuantity": w.total,
            "remainingQuantity": w.remaining,
            "lineItem": {"id": f"gid://shopify/LineItem/{w.line}"},
        }
        for w in part.waiting
    ]
    return fulfilment_node(part) | {"lineItems": connection(lambda: lines)}


def parcel_node(parcel: ParcelRecord) -> Node:
    """A fulfilment, in Shopify's sense: what left together."""
    lines = [
        {"quantity": quantity, "lineItem": {"id": f"gid://shopify/LineItem/{line}"}}
        for line, quantity in parcel.units.items()
    ]
    return {
        "__typename": "Fulfillment",
        "id": parcel.id,
        "legacyResourceId": number(parcel.id),
        "status": parcel.status,
        "displayStatus": parcel.display(),
        "createdAt": moment(parcel.created_at),
        "updatedAt": moment(parcel.updated_at or parcel.created_at),
        "inTransitAt": moment(parcel.since("CARRIER_PICKED_UP", "IN_TRANSIT")),
        "deliveredAt": moment(parcel.since("DELIVERED")),
        "estimatedDeliveryAt": moment(parcel.expected_at),
        "trackingInfo": lambda given: parcel.tracking[: given["first"]],
        "fulfillmentLineItems": connection(lambda: lines),
        "events": connection(lambda: [event_node(e) for e in parcel.steps()]),
    }


def event_node(event: ParcelEvent) -> Node:
    """A step of a parcel's way."""
    city, province, country = event.place
    return {
        "id": event.id,
        "status": event.status,
        "happenedAt": moment(event.happened_at),
        "message": event.message,
        "city": city,
        "province": province,
        "country": country,
    }


def refund_node(refund: RefundRecord, order: OrderSeed) -> Node:
    """A refund with its transactions."""
    parts = [
        {
            "id": gid,
            "kind": "REFUND",
            "status": refund.status,
            "amountSet": money(amount, order.currency),
            "parentTransaction": {"id": parent},
        }
        for gid, parent, amount in refund.parts
    ]
    return {"id": refund.id, "note": refund.note, "transactions": connection(lambda: parts)}


def agreement_nodes(order: OrderSeed, state: ShopState, newest_first: bool) -> list[Node]:
    """The purchase and the edits of an order."""
    edits = [_edit_node(e, order) for e in state.edits[order.id]]
    bought = {"__typename": "OrderAgreement", "reason": "ORDER", "happenedAt": moment(order.created_at)}
    return [bought, *edits][:: -1 if newest_first else 1]


def user_error(field: list[str], message: str) -> Node:
    """A refusal in a mutation's answer."""
    return {"field": field, "message": message}


def number(gid: str) -> str:
    """The number in a global id."""
    return gid.rsplit("/", 1)[-1]


def connection(items: Callable[[], Sequence[Node]]) -> Callable[[Node], Node]:
    """A paged list: `first` and `after` choose the page; a cursor is opaque, as Shopify's are."""

    def page(arguments: Node) -> Node:
        start = 0
        if after := arguments.get("after"):
            start = int(base64.b64decode(after)) + 1
        everything = items()
        nodes = everything[start : start + arguments.get("first", 50)]
        last = start + len(nodes) - 1
        return {
            "nodes": list(nodes),
            "pageInfo": {
                "hasNextPage": last + 1 < len(everything),
                "hasPreviousPage": start > 0,
                "startCursor": base64.b64encode(str(start).encode()).decode() if nodes else None,
                "endCursor": base64.b64encode(str(last).encode()).decode() if nodes else None,
            },
        }

    return page


def found_orders(state: ShopState, query: str) -> list[OrderSeed]:
    """Search as far as the connector uses it: bounds on `updated_at`, in order of it."""
    terms = [t for t in re.split(r"\s+(?:AND\s+)?", query.strip()) if t]
    orders: Iterable[OrderSeed] = state.orders.values()
    for term in terms:
        found = re.fullmatch(r"updated_at:(>=|<)'([^']+)'", term)
        if not found:
            raise ValueError(f"The sandbox cannot search for {term}.")
        bound = datetime.fromisoformat(found[2])
        later = found[1] == ">="
        orders = [o for o in orders if o.updated_at and (o.updated_at >= bound) == later]
    return sorted(orders, key=lambda o: (o.updated_at or o.created_at, o.id))


def money(amount: Decimal, currency: str) -> Node:
    """An amount, in a shop that sells in its own currency."""
    one = {"amount": f"{amount:.2f}", "currencyCode": currency}
    return {"shopMoney": one, "presentmentMoney": one}


def moment(at: datetime | None) -> str | None:
    """A moment in UTC with a Z, as Shopify's GraphQL writes it."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _edit_node(edit: EditRecord, order: OrderSeed) -> Node:
    sales = [
        {
            "__typename": "ProductSale",
            "id": sale.id,
            "actionType": "ORDER" if sale.quantity > 0 else "RETURN",
            "quantity": sale.quantity,
            "totalAmount": money(sale.amount, order.currency),
            "lineItem": _line(line, order.currency),
        }
        for sale in edit.sales
        if (line := order.line(sale.line))
    ]
    return {
        "__typename": "OrderEditAgreement",
        "id": edit.id,
        "reason": "ORDER_EDIT",
        "happenedAt": moment(edit.happened_at),
        "sales": connection(lambda: sales),
    }


def _line(line: LineSeed, currency: str) -> Node:
    return {
        "id": f"gid://shopify/LineItem/{line.id}",
        "sku": line.sku,
        "title": line.title,
        "variantTitle": line.variant,
        "quantity": line.quantity,
        "currentQuantity": line.left(),
        "requiresShipping": line.requires_shipping,
        "isGiftCard": line.gift_card,
        "customAttributes": [{"key": k, "value": v} for k, v in line.properties.items()],
        "discountedUnitPriceAfterAllDiscountsSet": money(line.price, currency),
        "priceAfterAllDiscountsBeforeTaxesSet": money((line.price - line.tax) * line.left(), currency),
        "product": {"productType": line.product_type},
    }


def _address(order: OrderSeed) -> Node | None:
    given = order.shipping_address
    if given is None:
        return None
    return {
        "name": given.name,
        "company": given.company,
        "address1": given.address1,
        "address2": given.address2,
        "city": given.city,
        "provinceCode": given.province_code,
        "zip": given.zip,
        "countryCodeV2": given.country_code,
        "phone": given.phone,
        "validationResultSummary": None,
    }


def _risk(order: OrderSeed) -> Node:
    return {
        "recommendation": order.recommendation,
        "assessments": [
            {"riskLevel": a.level, "facts": [{"sentiment": s, "description": d} for s, d in a.facts]}
            for a in order.assessments
        ],
    }
