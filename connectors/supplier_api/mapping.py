"""A supplier's JSON in our words, by the settings' field names. Pure; unknown statuses raise."""

from datetime import datetime
from typing import Any

from connectors.supplier_api.amendments import read_news
from connectors.supplier_api.settings import AnswerFields, Fields, Refusal, SupplierSettings
from connectors.supplier_api.values import read_decimal, read_moment, read_money
from hub.sdk import Answer, Parcel, PurchaseOrderChanged, Refused, Unreadable
from hub.sdk.commerce import (
    PurchaseOrder,
    PurchaseOrderStatus,
    Recall,
    StockLevel,
)
from hub.sdk.parcels import ShippedLine
from hub.sdk.paths import MISSING, read_path, read_text


def read_order(body: Any, reference: str, settings: SupplierSettings) -> PurchaseOrder:
    """The supplier's answer about one order; raises `Unreadable` if it is about another one."""
    names = settings.fields.answer
    theirs = read_text(body, names.reference)
    if theirs and theirs != reference:
        raise Unreadable("The supplier answered about another order than was asked about.")
    return PurchaseOrder(
        reference=reference,
        supplier_reference=read_text(body, names.id),
        status=read_status(body, settings),
        cost=read_money(body, names.cost, names.currency),
        reason=read_text(body, names.reason),
    )


def read_status(body: Any, settings: SupplierSettings) -> PurchaseOrderStatus:
    """The supplier's word for the state, in ours; a supplier that gives none has only received the order."""
    path = settings.fields.answer.status
    if not path:
        return "requested"
    word = read_text(body, path)
    if word not in settings.statuses:
        raise Unreadable(f"The supplier's status {word!r} is not among `statuses`.")
    return settings.statuses[word]


def read_recall(answer: Answer, reference: str, settings: SupplierSettings) -> Recall:
    """What a supplier says to being asked to stop an order. Only its word for cancelled, or for never having taken it,
    says that nothing is sent; anything else that is no refusal says that it was told."""
    path = settings.fields.answer.status
    body = answer.json() if answer.content else {}
    said = read_order(body, reference, settings) if path and read_path(body, path) is not MISSING else None
    if said is not None and said.status == "shipped":
        raise Refused("too-late", said.reason or "It has left.")
    is_over = said is not None and said.status in ("cancelled", "rejected")
    return Recall(
        reference=reference,
        state="cancelled" if is_over else "requested",
        reason=said.reason if said is not None else "",
    )


def read_no(answer: Answer, settings: SupplierSettings) -> Refused:
    """Why a supplier does not stop an order: it has none of this reference, it is too late (a 409), or else."""
    why = read_refusal(answer, settings).reason
    if answer.status_code in (404, 410):
        return Refused("not-found", why)
    return Refused("too-late" if answer.status_code == 409 else "rejected", why)


def read_refusal(answer: Answer, settings: SupplierSettings) -> Refused:
    """What a 4xx means: the first rule that fits, else simply that the order was rejected."""
    try:
        body = answer.json()
    except Unreadable:
        body = {}
    names = settings.fields.answer
    code, reason = _plain(body, names.code), _plain(body, names.reason)
    for rule in settings.refusals:
        if _fits(rule, answer.status_code, code):
            return Refused(rule.means, reason or code)
    return Refused("rejected", reason or code or f"The supplier answered {answer.status_code}.")


def rejection(body: Any, settings: SupplierSettings) -> Refused:
    """The refusal in a 2xx whose body says that the order was rejected."""
    names = settings.fields.answer
    code, reason = _plain(body, names.code), _plain(body, names.reason)
    for rule in settings.refusals:
        if rule.code is not None and rule.status is None and rule.code == code:
            return Refused(rule.means, reason or code)
    return Refused("rejected", reason or code)


def read_change(body: Any, settings: SupplierSettings) -> PurchaseOrderChanged:
    """A webhook about an order."""
    names = settings.fields.answer
    reference = read_text(body, names.reference)
    if not reference:
        raise Unreadable(f"The delivery has no {names.reference!r}, so nobody can tell which order it means.")
    parcels = read_path(body, names.parcels) if names.parcels else MISSING
    if parcels is MISSING or parcels is None:
        parcels = []
    if not isinstance(parcels, list):
        raise Unreadable(f"{names.parcels!r} is not a list.")
    news = read_news(body, reference, settings)
    return PurchaseOrderChanged(
        reference=reference,
        supplier_reference=read_text(body, names.id),
        status=read_status(body, settings),
        parcels=[_read_parcel(p, settings) for p in parcels],
        reason=read_text(body, names.reason),
        amendment=news.amendment if news else None,
        amended=news.state if news else None,
        amended_because=news.reason if news else "",
        changed_at=read_moment(read_text(body, names.changed_at)),
    )


def read_stock(body: Any, fields: Fields, now: datetime) -> list[StockLevel]:
    """Stock of the articles in an answer; half an article is not in stock, so numbers are rounded down."""
    names = fields.stock
    items = read_path(body, names.items) if names.items else [body]
    if not isinstance(items, list):
        raise Unreadable(f"{names.items!r} is not a list of articles.")
    levels = []
    for item in items:
        sku, available = read_text(item, names.sku), read_decimal(read_text(item, names.available))
        if not sku or available is None:
            raise Unreadable(f"An article without {names.sku!r} or {names.available!r}.")
        cost = read_money(item, names.unit_cost, names.currency)
        as_of = read_moment(read_text(item, names.as_of)) or now
        levels.append(StockLevel(sku=sku, available=int(available), as_of=as_of, unit_cost=cost))
    return levels


def _fits(rule: Refusal, status: int, code: str) -> bool:
    said = rule.status is not None or rule.code is not None
    return said and rule.status in (None, status) and rule.code in (None, code)


def _plain(body: Any, path: str) -> str:
    """A word from a refusal's body; the refusal is certain, so a strange word must not put it in doubt."""
    found = read_path(body, path) if path else None
    return found[:200] if isinstance(found, str) else ""


def _read_parcel(body: Any, settings: SupplierSettings) -> Parcel:
    names = settings.fields.answer
    number = read_text(body, names.tracking_number)
    if not number:
        raise Unreadable(f"A parcel without {names.tracking_number!r}.")
    found = read_path(body, names.lines) if names.lines else MISSING
    if found is MISSING or found is None:
        found = []
    if not isinstance(found, list):
        raise Unreadable(f"A parcel whose {names.lines!r} is not a list.")
    return Parcel(
        tracking_number=number,
        carrier=read_text(body, names.carrier),
        lines=[_read_shipped(line, names) for line in found],
    )


def _read_shipped(body: Any, names: AnswerFields) -> ShippedLine:
    """What is in a parcel; half of a line that cannot be read is not taken for all of it."""
    line_id, quantity = read_text(body, names.line_id), read_decimal(read_text(body, names.quantity))
    if not line_id or quantity is None or quantity != int(quantity) or quantity <= 0:
        raise Unreadable(f"A parcel's line without {names.line_id!r} or a whole {names.quantity!r}.")
    return ShippedLine(line_id=line_id, quantity=int(quantity))
