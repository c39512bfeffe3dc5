"""How long the choice of suppliers takes for a large order: twelve lines that each of eight suppliers sells."""

import statistics
import time
from decimal import Decimal
from random import Random

from hub.fulfilment.assignment import choose
from hub.fulfilment.candidates import Candidate
from hub.fulfilment.decision import CandidateFigures
from hub.fulfilment.plan import Possible
from hub.fulfilment.policies import Policies
from hub.sdk.commerce import Money, OrderLine

LINES, SUPPLIERS = 12, 8
MOST_MS = 50
"""What the median may be at most."""


def measure(markets: int = 100) -> dict[str, float]:
    """Milliseconds for one order, as a median: where every set of suppliers is tried, and by the integer program, where
    several lines want the same few units."""
    return {
        found_by: statistics.median(
            _milliseconds(_market(Random(n), units), found_by) for n in range(markets)
        )
        for found_by, units in (("all-sets", 99), ("integer-program", 5))
    }


def _milliseconds(possible: Possible, found_by: str) -> float:
    began = time.perf_counter()
    choice = choose(possible, Policies(split_penalty=Decimal(1)))
    taken = (time.perf_counter() - began) * 1000
    if choice.found_by != found_by or not choice.is_best:
        raise AssertionError(f"It was found by {choice.found_by}, and should have been by {found_by}.")
    return round(taken, 2)


def _market(chance: Random, units: int) -> Possible:
    """Each supplier has the same article under two of the store's SKUs, so many units of it."""
    return {
        f"line-{row}": [_candidate(row, f"s{n}", units, chance) for n in range(SUPPLIERS)]
        for row in range(LINES)
    }


def _candidate(row: int, supplier: str, units: int, chance: Random) -> Candidate:
    line = OrderLine(id=f"line-{row}", sku=f"SKU-{row}", quantity=row % 3 + 2, unit_price=_usd(50))
    figures = CandidateFigures(
        supplier=supplier,
        supplier_sku=f"{supplier}-{row // 2}",
        standing="possible",
        available=units,
        threshold=0,
        unit_cost=_usd(chance.randint(500, 2500), 100),
        shipping=_usd(Random(supplier).randint(300, 900), 100),
        zone="same-country",
    )
    return Candidate(line, figures)


def _usd(amount: int, over: int = 1) -> Money:
    return Money(amount=Decimal(amount) / over, currency="USD")
