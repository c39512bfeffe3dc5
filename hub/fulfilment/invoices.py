"""The hub's own `invoices` actions: what a supplier charges, set against its purchases, and a person's word on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from hub.fulfilment.call import OwnCall
from hub.fulfilment.variance import ASKED_ABOUT, Charge, Expected, Reckoned, State, expected_of, reckon
from hub.sdk import InvoiceIssued, Refused
from hub.sdk.commerce import Internal, Money, Record
from hub.sdk.invoices import InvoiceLine, SupplierInvoice
from hub.store import invoices, variances
from hub.store.encoding import to_bytes
from hub.store.events import StoreEvent, tell
from hub.store.invoices import InvoiceNew, LineNew


class RecordInvoice(Record):
    """An invoice of the supplier that this run is about. `replace`: a person says that it counts instead of the one
    that is known under its number."""

    invoice: Annotated[SupplierInvoice, Internal()]
    replace: bool = False


class PurchaseCost(Record):
    """What a supplier charges for a purchase, on all invoices together, and what it was expected to cost. What cannot
    be reckoned, as across currencies, is missing."""

    reference: str
    order_number: str
    state: State
    expected: Money | None = None
    charged: Money | None = None
    variance: Money | None = None
    invoices: int


class UnplacedCharge(Record):
    """A charge that is about no purchase of this supplier: the names that it gives, and how much it is."""

    reference: str
    supplier_reference: Annotated[str, Internal()]
    amount: Money


class InvoiceRecorded(Record):
    """What an invoice says of each purchase that it names. `beyond` are those that a person decides: charged more than
    the store's `cost_tolerance` lets pass. One that is known already says nothing anew."""

    number: str
    is_new: bool
    purchases: list[PurchaseCost] = []
    beyond: list[PurchaseCost] = []
    unplaced: list[UnplacedCharge] = []


class JudgeVariance(Record):
    """A person's word on a purchase's variance, as he saw it."""

    reference: str
    variance: Money
    verdict: Literal["accepted", "disputed"]


class VarianceJudged(Record):
    """Whose variance was judged."""

    reference: str


class ReportInvoices(Record):
    """Invoices of the supplier whose file or mail this run is about."""

    invoices: Annotated[list[SupplierInvoice], Internal()]


class InvoicesReported(Record):
    """The numbers that were told of."""

    numbers: list[str]


async def record(asked: RecordInvoice, call: OwnCall) -> InvoiceRecorded:
    """Keep an invoice once, and set each of its lines against the purchase that it names."""
    said = asked.invoice
    if said.total is not None and said.total != said.charged:
        raise Refused(
            "does-not-add-up",
            f"Its charges come to {said.charged} {said.currency}, and its total says {said.total}.",
        )
    await invoices.take_turns(call.connection, call.store_id, call.source)
    known = await invoices.known(call.connection, call.store_id, call.source, said.number)
    touched: set[UUID] = set()
    if known is not None:
        if known.digest == said.digest():
            return InvoiceRecorded(number=said.number, is_new=False)
        if not asked.replace:
            raise Refused("changed", f"Invoice {said.number} is known already, with other figures.")
        touched = await invoices.forget(call.connection, known.id)
    lines = await _matched(said, call)
    owner = (call.store_id, call.source)
    new = InvoiceNew(uuid4(), owner, said.number, said.issued_on, said.currency, said.total, said.digest())
    await invoices.keep(call.connection, new, lines, call.now)
    touched |= {line.purchase_id for line in lines if line.purchase_id}
    found = await _reckon(touched, call)
    return InvoiceRecorded(
        number=said.number,
        is_new=True,
        purchases=found,
        beyond=[cost for cost in found if _is_beyond(cost, call)],
        unplaced=[_unplaced(line, said.currency) for line in lines if line.purchase_id is None],
    )


async def judge(asked: JudgeVariance, call: OwnCall) -> VarianceJudged:
    """Note that a person accepts or disputes what a purchase costs beyond what was expected."""
    purchase = (call.store_id, asked.reference)
    if not await variances.judge(call.connection, purchase, asked.variance.amount, asked.verdict, call.now):
        raise Refused(
            "changed", f"What is charged for {asked.reference} is no longer {asked.variance.amount} off."
        )
    return VarianceJudged(reference=asked.reference)


async def report(asked: ReportInvoices, call: OwnCall) -> InvoicesReported:
    """Tell of invoices as the supplier's own system would; one that was told of before is no news."""
    events = [InvoiceIssued.of(invoice) for invoice in asked.invoices]
    await tell(call.connection, [_stored(event, call) for event in events], call.now)
    return InvoicesReported(numbers=[event.number for event in events])


def _stored(event: InvoiceIssued, call: OwnCall) -> StoreEvent:
    body = call.sealer.seal(to_bytes(event.model_dump()))
    name, key = event.event_name(), event.key()
    return StoreEvent(uuid4(), call.store_id, name, key, event.subject(), call.person_id, body, call.source)


async def _matched(said: SupplierInvoice, call: OwnCall) -> list[LineNew]:
    """The lines with the purchase that each names. What is charged on no line goes to the one purchase there is."""
    names = ([line.reference for line in said.lines], [line.supplier_reference for line in said.lines])
    ours, theirs = await invoices.named(call.connection, call.store_id, call.source, names)
    found = [_new(at, line, _meant(line, ours, theirs)) for at, line in enumerate(said.lines, 1)]
    if said.shipping or said.fees:
        about = {line.purchase_id for line in found}
        whole = InvoiceLine(shipping=said.shipping, fees=said.fees)
        found.append(_new(0, whole, about.pop() if len(about) == 1 else None))
    return found


def _meant(line: InvoiceLine, ours: Mapping[str, UUID], theirs: Mapping[str, UUID]) -> UUID | None:
    """The one purchase that a line names; two names that contradict each other name none."""
    by_ours, by_theirs = ours.get(line.reference), theirs.get(line.supplier_reference)
    if not line.reference:
        return by_theirs
    return None if by_theirs not in (None, by_ours) else by_ours


def _new(position: int, line: InvoiceLine, purchase_id: UUID | None) -> LineNew:
    return LineNew(position, purchase_id, **line.model_dump())


async def _reckon(ids: Iterable[UUID], call: OwnCall) -> list[PurchaseCost]:
    """What these purchases cost by all invoices together; kept."""
    wanted = sorted(ids)
    charges: defaultdict[UUID, list[Charge]] = defaultdict(list)
    for row in await invoices.charges_for(call.connection, wanted):
        line = InvoiceLine.model_validate({name: row[name] for name in InvoiceLine.model_fields})
        charges[row["purchase_id"]].append(Charge(row["number"], row["currency"], line))
    found = []
    for purchase in await invoices.purchases_about(call.connection, wanted):
        if purchase["id"] not in charges:
            await variances.forget(call.connection, purchase["id"])
            continue
        expected = expected_of(purchase, purchase["decided"])
        reckoned = reckon(expected, charges[purchase["id"]], call.policies.cost_tolerance)
        await _keep(purchase["id"], expected, reckoned, call)
        found.append(_told(purchase, expected, reckoned))
    return found


async def _keep(purchase_id: UUID, expected: Expected, reckoned: Reckoned, call: OwnCall) -> None:
    cost = variances.Cost(
        purchase_id=purchase_id,
        expected_currency=expected.currency,
        expected_articles=expected.articles,
        expected_parcel=expected.parcel,
        **asdict(reckoned),
    )
    await variances.keep(call.connection, call.store_id, cost, call.now)


def _told(purchase: Mapping[str, Any], expected: Expected, reckoned: Reckoned) -> PurchaseCost:
    total, currency = expected.total, expected.currency or reckoned.currency
    return PurchaseCost(
        reference=purchase["reference"],
        order_number=purchase["order_number"],
        state=reckoned.state,
        expected=_money(total, currency),
        charged=_money(reckoned.charged, reckoned.currency),
        variance=_money(reckoned.variance, reckoned.currency),
        invoices=reckoned.invoices,
    )


def _is_beyond(cost: PurchaseCost, call: OwnCall) -> bool:
    if cost.state not in ASKED_ABOUT or cost.variance is None or cost.expected is None:
        return False
    return cost.variance.amount > call.policies.cost_tolerance.of(cost.expected.amount)


def _unplaced(line: LineNew, currency: str) -> UnplacedCharge:
    amount = line.articles + line.shipping + line.fees
    return UnplacedCharge(
        reference=line.reference,
        supplier_reference=line.supplier_reference,
        amount=Money(amount=amount, currency=currency),
    )


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    return None if amount is None or currency is None else Money(amount=amount, currency=currency)
