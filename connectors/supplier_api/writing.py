"""Our words to a supplier's JSON, by the settings' field names. Pure."""

from typing import Any

from connectors.supplier_api.settings import Fields
from hub.sdk.commerce import Address, NewPurchaseOrder, PurchaseLine
from hub.sdk.paths import write_path


def write_order(order: NewPurchaseOrder, fields: Fields) -> dict[str, Any]:
    """The order as this supplier wants to read it."""
    body: dict[str, Any] = dict(fields.fixed)
    names = fields.order
    write_path(body, names.reference, order.reference)
    write_path(body, names.order_number, order.order_number)
    write_path(body, names.ship_to, write_address(order.ship_to, fields))
    write_path(body, names.lines, [write_line(line, fields) for line in order.lines])
    if order.shipping_method:
        write_path(body, names.shipping_method, order.shipping_method)
    if order.note:
        write_path(body, names.note, order.note)
    return body


def write_address(address: Address, fields: Fields) -> dict[str, Any]:
    """An address in the supplier's names."""
    body: dict[str, Any] = {}
    for ours in type(fields.address).model_fields:
        write_path(body, getattr(fields.address, ours), getattr(address, ours))
    return body


def write_line(line: PurchaseLine, fields: Fields) -> dict[str, Any]:
    """A line in the supplier's names."""
    names = fields.line
    body: dict[str, Any] = {}
    write_path(body, names.line_id, line.line_id)
    write_path(body, names.supplier_sku, line.supplier_sku)
    write_path(body, names.quantity, line.quantity)
    if line.title:
        write_path(body, names.title, line.title)
    if line.unit_cost is not None:
        write_path(body, names.unit_cost, str(line.unit_cost.amount))
        write_path(body, names.currency, line.unit_cost.currency)
    if line.properties:
        write_path(body, names.properties, line.properties)
    return body
