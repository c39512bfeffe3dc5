"""What other rules would have saved: the decisions of a period chosen again, by price or by region and with no rule.

A store begins with rules by SKU alone. Whether rules by region or by stock are worth their upkeep is answered from the
candidates that each decision recorded, with the stock, costs and shipping of that moment.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from hub.fulfilment.assignment import choose
from hub.fulfilment.candidates import STOCK_STANDINGS, Candidate
from hub.fulfilment.decision import CandidateFigures, LineDecision
from hub.fulfilment.figures.figure import Asked, Figure, Said, count, money
from hub.fulfilment.plan import plan_of
from hub.fulfilment.policies import Policies
from hub.sdk import Refused
from hub.sdk.commerce import Money, OrderLine
from hub.store.database import Connection
from hub.store.figures import decided

MOST = 2000
"""Decisions that are chosen again: what a report may take some seconds for."""

Instead = Literal["by-cost", "by-region"]
WAYS: dict[Instead, Literal["margin", "nearest"]] = {"by-cost": "margin", "by-region": "nearest"}
TITLES: dict[Instead, str] = {
    "by-cost": "Saved if every order went where it costs least",
    "by-region": "Saved if every order went to the nearest supplier",
}


@dataclass
class _Sums:
    compared: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """Decisions by currency."""
    saved: dict[tuple[Instead, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    changed: dict[tuple[Instead, str], int] = field(default_factory=lambda: defaultdict(int))
    fell_back: int = 0
    lines: int = 0


async def other_rules(connection: Connection, asked: Asked) -> list[Figure]:
    """What the period's orders would have cost by other rules, from the candidates that their decisions recorded."""
    recorded = await decided.newest(connection, asked.cohort, MOST)
    # In a thread: thousands of choices take seconds, and whoever else asks is not to wait for them.
    return await asyncio.to_thread(chosen_again, recorded, asked.policies)


def chosen_again(recorded: list[list[dict[str, Any]]], policies: Policies) -> list[Figure]:
    """The same of decisions' lines as they are kept. Pure."""
    sums = _Sums()
    for lines in recorded:
        _add(sums, [LineDecision.model_validate(line) for line in lines], policies)
    return list(_figures(sums))


def _add(sums: _Sums, lines: list[LineDecision], policies: Policies) -> None:
    sums.lines += len({line.line_id for line in lines})
    sums.fell_back += sum(_fell_back(line) for line in lines)
    paid = plan_of(
        (Candidate(_line(x), f) for x in lines for f in x.candidates if f.standing == "chosen"), policies
    )
    currency = _currency(lines)
    if currency is None or len(paid.chosen) < len(lines):
        # Whose costs are not all known is not compared by halves.
        return
    sums.compared[currency] += 1
    for instead, way in WAYS.items():
        other = policies.model_copy(update={"choose_by": way})
        try:
            found = choose({_line(x).id: list(_without_rules(x, currency)) for x in lines}, other)
        except Refused:
            continue
        moved = any(found.chosen[_line(x).id][0].figures.supplier != x.supplier for x in lines)
        sums.saved[instead, currency] += paid.cost - found.cost if moved else Decimal(0)
        sums.changed[instead, currency] += moved


def _without_rules(line: LineDecision, currency: str) -> Iterator[Candidate]:
    for f in line.candidates:
        has_it = f.standing in ("chosen", "possible") or (f.standing == "barred-by-rule" and _holds(f, line))
        # One that a rule shut out was never asked whether its costs can be compared.
        if has_it and _currencies(f) == {currency}:
            yield Candidate(_line(line), f.model_copy(update={"standing": "possible", "preference": 0}))


def _holds(f: CandidateFigures, line: LineDecision) -> bool:
    # A supplier that a rule shut out was not asked about its stock: what was known of it then must do.
    return f.available is not None and f.available - f.threshold >= line.quantity


def _fell_back(line: LineDecision) -> bool:
    return any(line.reason.startswith(f"fallback:{standing}(") for standing in STOCK_STANDINGS)


def _currency(lines: Iterable[LineDecision]) -> str | None:
    """The one currency of what was chosen; None if any cost is not known, or there are several."""
    found = {c for line in lines for f in line.candidates if f.standing == "chosen" for c in _currencies(f)}
    (only,) = found if len(found) == 1 else (None,)
    return only


def _currencies(f: CandidateFigures) -> set[str | None]:
    """Those of all that a supplier costs; None among them where something of it is not known."""
    needed = {amount.currency if amount else None for amount in (f.unit_cost, f.shipping)}
    return needed | ({f.fee.currency} if f.fee else set())


def _line(line: LineDecision) -> OrderLine:
    # What it was sold for is not in the decision, and nothing here asks: XXX is ISO 4217's word for no currency.
    nothing = Money(amount=Decimal(0), currency="XXX")
    id = f"{line.line_id}/{line.portion}" if line.portion else line.line_id
    return OrderLine(id=id, sku=line.sku, quantity=line.quantity, unit_price=nothing)


def _figures(sums: _Sums) -> Iterator[Figure]:
    nothing = "No order was decided in the period whose every cost is known."
    of_what = f"decided orders whose every cost is known, the newest {MOST} at most"
    for instead, title in TITLES.items():
        for currency, compared in sorted(sums.compared.items()):
            value = Money(amount=sums.saved[instead, currency], currency=currency)
            yield money(Said(f"saved_{instead.replace('-', '_')}", title, of_what), value, compared, "")
            moved = Said(f"moved_{instead.replace('-', '_')}", "Orders that would go elsewhere", of_what)
            yield count(moved, sums.changed[instead, currency], "orders", compared)
        if not sums.compared:
            yield money(Said(f"saved_{instead.replace('-', '_')}", title, of_what), None, 0, nothing)
    fallbacks = Said(
        "stock_fallbacks", "Lines that went to another supplier for want of stock", "decided lines"
    )
    found = count(fallbacks, sums.fell_back, "lines", sums.lines)
    yield found if sums.lines else found.model_copy(update={"value": None, "unknown": nothing})
