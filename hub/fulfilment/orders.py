"""The hub's own `orders` actions: record, screen, note an address's verdict, cancel."""

import hashlib
from typing import Annotated, Literal
from uuid import UUID, uuid4

import orjson

from hub.fulfilment import copies
from hub.fulfilment.call import OwnCall
from hub.fulfilment.copies import BoughtAs
from hub.fulfilment.decision import AboutOrder
from hub.fulfilment.policies import Policies
from hub.fulfilment.screening import Screening, screen, shippable
from hub.sdk import Refused
from hub.sdk.commerce import Address, AddressVerdict, Internal, Order, Record
from hub.store import mirrors, notices, orders, purchases, shipments, stock
from hub.store.shipments import StoredShipment


class RecordedOrder(Record):
    """An order as the hub keeps it. `twin_of` is the number of a probable duplicate made minutes apart: a flag only.

    `bought_as` is another channel's copy of it that is bought in its place; `is_early_copy`: it was copied from an
    order that nobody has told us of yet. `reference` is our own name for it, which no order of another channel has.
    """

    order: Order
    reference: str
    is_new: bool
    is_cancelled: bool
    is_before_go_live: bool
    twin_of: str | None
    generation: int
    bought_as: BoughtAs | None = None
    is_early_copy: bool = False


class CheckedAddress(Record):
    """An order, freshly read, and what a verifier said of its shipping address."""

    order: Order
    verdict: AddressVerdict


class AddressNote(Record):
    """Whether goods may be sent there; if not, why, and what would have gone wrong."""

    ok: bool
    code: str
    reason: str
    risk: str = ""


class CancelOrder(Record):
    """Names an order by its channel's id."""

    order_id: str


class OpenPurchase(Record):
    """A purchase that was begun before the cancellation. `state` is that of its effect, `parcels` have left already."""

    supplier: Annotated[str, Internal()]
    reference: str
    state: str
    parcels: list[str] = []


class Cancellation(Record):
    """`cancelled`: nothing was bought, nothing will be. `bought`: ask these suppliers. `unknown`: the order was never
    seen; should it come, it is cancelled already. `copy`: only a copy of an order is cancelled that another channel has
    and has not cancelled; nothing is stopped. `questions` are what its customer was asked and need not answer."""

    state: Literal["cancelled", "bought", "unknown", "copy"]
    purchases: list[OpenPurchase] = []
    questions: list[str] = []


async def record(asked: AboutOrder, call: OwnCall) -> RecordedOrder:
    """Keep an order as it stands at its channel; an older reading never replaces a newer one."""
    order, connection = asked.order, call.connection
    await copies.take_turns(copies.names_of(order), call)
    stored = await orders.lock_or_insert(connection, order_key(order, call), uuid4())
    call.link_order(stored.id)
    is_new, twin = stored.recorded_at is None, stored.twin_of
    kin = await copies.kinship(order, stored, call)
    if stored.updated_at is None or stored.updated_at <= order.updated_at:
        snapshot = _snapshot(order, call)
        await orders.keep(connection, stored.id, snapshot, call.now)
        lines = [(line.id, line.sku, line.quantity) for line in shippable(order)]
        await orders.keep_lines(connection, call.store_id, stored.id, lines)
        if is_new and not kin.copies and _is_somebody(order):
            twin = await orders.find_twin(
                connection, call.store_id, stored.id, snapshot, call.policies.twin_window
            )
    if order.cancelled_at is not None:
        await orders.request_cancel(connection, stored.id, call.now)
    live_from = await orders.live_from(connection, call.source)
    generations = await orders.generations(connection, stored.id)
    return RecordedOrder(
        order=order,
        reference=str(stored.id),
        is_new=is_new,
        is_cancelled=order.cancelled_at is not None or stored.cancel_requested_at is not None,
        is_before_go_live=live_from is not None and order.created_at < live_from,
        twin_of=twin or kin.twin_of,
        generation=max(generations.values(), default=0),
        bought_as=kin.bought_as,
        is_early_copy=kin.is_early,
    )


async def screen_order(asked: AboutOrder, call: OwnCall) -> Screening:
    """Filter an order by the store's policies: everything that speaks against forwarding it, at once."""
    return screen(asked.order, call.policies)


async def note_address(checked: CheckedAddress, call: OwnCall) -> AddressNote:
    """Remember a verifier's word on exactly this address; without a good one nothing is bought."""
    order = checked.order
    stored = await orders.lock(call.connection, order_key(order, call))
    if stored is None:
        raise Refused("not-recorded", f"Order {order.number} was not recorded.")
    if order.ship_to is None:
        return AddressNote(ok=False, code="address-missing", reason="There is no shipping address.")
    note = judge_address(checked.verdict, call.policies)
    sealed = call.sealer.seal(address_digest(order.ship_to))
    await orders.keep_verdict(
        call.connection, stored.id, sealed, (checked.verdict.verdict, note.ok), call.now
    )
    return note


def judge_address(verdict: AddressVerdict, policies: Policies) -> AddressNote:
    """What a verdict means for the order."""
    code, said = verdict.verdict, verdict.reason
    lost = "Undeliverable: shipped, returned, shipped again."
    match code:
        case "deliverable":
            return AddressNote(ok=True, code=code, reason=said)
        case "corrected":
            return AddressNote(
                ok=True, code=code, reason=said or "Deliverable; the verifier spells it differently."
            )
        case "missing_secondary":
            return AddressNote(
                ok=False, code="address", reason=_with("missing apartment/unit", said), risk=lost
            )
        case "undeliverable":
            return AddressNote(
                ok=False, code="address", reason=_with("undeliverable address", said), risk=lost
            )
        case "unverifiable":
            passes = policies.unverifiable == "pass"
            return AddressNote(
                ok=passes, code=code, reason=_with("could not be verified", said), risk="" if passes else lost
            )


async def cancel(asked: CancelOrder, call: OwnCall) -> Cancellation:
    """Stop an order from being bought. Works before the order was ever seen; buying and this meet on its row."""
    key = orders.OrderKey(call.store_id, call.source, asked.order_id)
    await copies.take_turns(await mirrors.names_of(call.connection, key), call)
    stored = await orders.lock_or_insert(call.connection, key, uuid4())
    call.link_order(stored.id)
    family = await mirrors.family(call.connection, stored.id)
    if copies.is_only_copy(stored.id, family):
        if stored.mirrors is not None:
            await orders.request_cancel(call.connection, stored.id, call.now)
        return Cancellation(state="copy")
    begun: list[purchases.Begun] = []
    parcels: list[StoredShipment] = []
    questions: list[str] = []
    for one in family:
        await orders.request_cancel(call.connection, one.id, call.now)
        of_it = await purchases.begun(call.connection, one.id)
        await _drop_unsent(one.id, {p.id for p in of_it}, call)
        begun += of_it
        parcels += await shipments.of_order(call.connection, one.id)
        questions += await notices.open_questions(call.connection, one.id, call.now)
    if stored.recorded_at is None:
        return Cancellation(state="unknown")
    found = [_open(p, parcels) for p in begun]
    return Cancellation(state="bought" if found else "cancelled", purchases=found, questions=questions)


def _open(purchase: purchases.Begun, parcels: list[StoredShipment]) -> OpenPurchase:
    left = [p.tracking_number for p in parcels if p.purchase_id == purchase.id and p.voided_at is None]
    return OpenPurchase(
        supplier=purchase.supplier, reference=purchase.reference, state=purchase.effect_state, parcels=left
    )


async def _drop_unsent(order_id: UUID, begun: set[UUID], call: OwnCall) -> None:
    plans = await purchases.purchases_of(call.connection, order_id)
    unsent = [p.id for p in plans if p.state in ("planned", "claimed") and p.id not in begun]
    await purchases.drop(call.connection, unsent, call.now)
    await stock.settle_reservations(call.connection, unsent, "released", call.now)


def order_key(order: Order, call: OwnCall) -> orders.OrderKey:
    """Where an order of this call's source is kept."""
    return orders.OrderKey(call.store_id, call.source, order.id)


def address_digest(address: Address) -> bytes:
    """Equal only for the same address, letter by letter. It is sealed before it is kept."""
    return hashlib.sha256(orjson.dumps(address.model_dump(), option=orjson.OPT_SORT_KEYS)).digest()


def order_digest(order: Order) -> bytes:
    """What a decision depends on: lines, their texts and the total. Sealed before it is kept."""
    lines = sorted(
        (line.id, line.sku, line.quantity, sorted(line.properties.items())) for line in shippable(order)
    )
    content = [lines, str(order.total.amount.normalize()), order.total.currency]
    return hashlib.sha256(orjson.dumps(content)).digest()


def _with(what: str, said: str) -> str:
    return f"{what}: {said}" if said else what


def _is_somebody(order: Order) -> bool:
    # Orders without any customer all belong to "nobody"; they are not each other's twins.
    return bool(order.customer.id or order.customer.email or order.customer.phone)


def _snapshot(order: Order, call: OwnCall) -> orders.Snapshot:
    items = sorted((line.sku or line.title, line.variant, line.quantity) for line in order.lines)
    return orders.Snapshot(
        number=order.number,
        person_id=call.person_id,
        items_hash=hashlib.sha256(orjson.dumps(items)).hexdigest(),
        payment=order.payment,
        total=order.total.amount,
        currency=order.total.currency,
        body=call.sealer.seal(order.model_dump_json().encode()),
        created_at=order.created_at,
        updated_at=order.updated_at,
        copy_of=copies.original_of(order),
    )
