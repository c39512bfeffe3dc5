"""Reports of what customers ask: how many ask where their order is, why, what it costs, and whether we spoke first."""

from datetime import timedelta
from decimal import Decimal

from hub.fulfilment.costs import of_a_ticket, times
from hub.fulfilment.figures.figure import (
    Asked,
    Band,
    Figure,
    Said,
    banded,
    count,
    money,
    percent,
    tenth,
)
from hub.fulfilment.root_causes import CAUSES
from hub.store.database import Connection
from hub.store.figures import cohort, enquiries, exceptions
from hub.store.figures.cohort import Cohort
from hub.store.figures.enquiries import Tally

WISMO = "where-is-my-order"
BANDS = ((Decimal(30), "low"), (Decimal(40), "normal"), (Decimal(50), "high"))
"""Shares in percent up to which, the last word included, enquiries are so; above the last is a peak. 30 is normal."""
SAYS = "30 to 40 % is normal, above 50 % is a peak."

NO_DESK = "No ticket was ever kept: is a support desk connected, and the flow `enquiries` published?"
NO_TICKET = "No ticket came in the period."
NO_PRICE = "The store has not said what a ticket costs: enquiry_least and enquiry_most in `costs`."


async def asked_where(connection: Connection, asked: Asked) -> list[Figure]:
    """Tickets that ask where an order is: their share, what lay behind them, their cost, and how many there were
    before."""
    found = await enquiries.tally(connection, asked.cohort)
    all_of_them, wismo = _many(found), [t for t in found if t.topic == WISMO]
    asking = _many(wismo)
    nothing = NO_TICKET if await _is_heard(connection, asked) else NO_DESK
    of_what = "tickets in the period"
    share = percent(Said("wismo_share", "Ask where their order is", of_what), asking, all_of_them, nothing)
    because = Said("wismo_by_cause", "What lay behind it", "tickets that ask where an order is")
    return [
        _tickets("enquiries", "Tickets that customers began", all_of_them, nothing),
        _tickets("wismo", "Ask where their order is", asking, "" if all_of_them else nothing),
        banded(share, band_of(share.value)),
        *(count(because, t.count, "tickets", asking, cause=t.gap) for t in wismo),
        *_costs(asking, asked, "" if all_of_them else nothing),
        *await _compared(connection, asked),
    ]


def band_of(share: int | Decimal | None) -> Band:
    """How a share of enquiries in percent compares with other shops."""
    if share is not None and share < BANDS[0][0]:
        return Band(name="low", says=SAYS)
    name = next((name for limit, name in BANDS[1:] if share is not None and share <= limit), "peak")
    return Band(name=name, says=SAYS)


def _costs(asking: int, asked: Asked, nothing: str) -> list[Figure]:
    each = None if nothing else of_a_ticket(asked.policies.costs, asked.currency)
    named = (("wismo_cost_least", "They cost at least"), ("wismo_cost_most", "They cost at most"))
    return [
        money(
            Said(name, title, "tickets that ask where an order is"),
            times(asking, each[place]) if each else None, asking, nothing or NO_PRICE,
        )
        for place, (name, title) in enumerate(named)
    ]  # fmt: skip


async def _compared(connection: Connection, asked: Asked) -> list[Figure]:
    """For each hundred orders, in an earlier span of the same length and in this one."""
    now = asked.cohort
    before = Cohort(now.store_id, asked.against, asked.against + (now.until - now.since))
    rates = [await _per_hundred(connection, "before", before), await _per_hundred(connection, "after", now)]
    earlier, later = (rate.value for rate in rates)
    said = Said("wismo_reduction", "Fewer than before", "of the rate before")
    if not isinstance(earlier, Decimal) or not isinstance(later, Decimal) or earlier == 0:
        nothing = "There is nothing to compare with: no such ticket, or no order, in the span before."
        return [*rates, percent(said, 0, 0, nothing)]
    change = Figure(
        name=said.name, title=said.title, value=tenth((earlier - later) * 100 / earlier), unit="percent",
        of=rates[0].of, of_what=f"orders before, at {earlier} tickets per 100",
    )  # fmt: skip
    return [*rates, change]


async def _per_hundred(connection: Connection, name: str, span: Cohort) -> Figure:
    orders = await cohort.size(connection, span)
    asking = _many([t for t in await enquiries.tally(connection, span) if t.topic == WISMO])
    is_heard = await enquiries.are_kept(connection, span.store_id, span.until)
    is_known = is_heard and orders > 0
    return Figure(
        name="wismo_per_100_orders", title="Ask where their order is, of 100 orders", labels={"cohort": name},
        value=tenth(Decimal(asking) * 100 / orders) if is_known else None, unit="tickets per 100 orders",
        of=orders, of_what=f"orders first read from {_day(span)}",
        unknown="" if is_known else "No order was read then, or no ticket was kept.",
    )  # fmt: skip


async def spoke_first(connection: Connection, asked: Asked) -> list[Figure]:
    """Whether customers heard from us before they had to ask, and exceptions were seen before they told of them."""
    told = await exceptions.told_first(connection, asked.cohort)
    seen = await exceptions.seen_first(connection, asked.cohort, CAUSES)
    is_heard = await _is_heard(connection, asked)
    notices, troubles = "notices sent for orders of the period", "exceptions of orders of the period"
    return [
        _if(is_heard, percent(
            Said("proactive_ratio", "Told before their customer asked", notices),
            told.count, told.of, "No notice was sent.",
        )),
        _if(is_heard, percent(
            Said("detected_before_customer", "Seen before the customer wrote", troubles),
            seen.count, seen.of, "There was no exception.",
        )),
    ]  # fmt: skip


def _if(is_heard: bool, figure: Figure) -> Figure:
    """Who does not hear customers cannot say that they were silent."""
    if is_heard or figure.value is None:
        return figure
    return figure.model_copy(update={"value": None, "unknown": NO_DESK})


async def _is_heard(connection: Connection, asked: Asked) -> bool:
    return await enquiries.are_kept(connection, asked.cohort.store_id, asked.cohort.until)


def _tickets(name: str, title: str, many: int, nothing: str) -> Figure:
    """Nought only where tickets are kept at all."""
    is_known = bool(many) or not nothing or nothing == NO_TICKET
    return Figure(
        name=name, title=title, value=many if is_known else None, unit="tickets",
        unknown="" if is_known else nothing,
    )  # fmt: skip


def _many(found: list[Tally]) -> int:
    return sum(t.count for t in found)


def _day(span: Cohort) -> str:
    last = span.until - timedelta(microseconds=1)
    return f"{span.since.date().isoformat()} to {last.date().isoformat()}"
