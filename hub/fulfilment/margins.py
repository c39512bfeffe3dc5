"""What is left of what a customer paid once an order is bought. Pure."""

from collections.abc import Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Annotated

from hub.fulfilment.plan import Chosen, cost_of, parcel_of
from hub.fulfilment.policies import SmallestMargin
from hub.sdk.commerce import Internal, Money, OrderLine, Record

_TENTH = Decimal("0.1")


class MarginLine(Record):
    """A line, in the generation that would be bought."""

    line_id: str
    generation: int


class Margin(Record):
    """What lines of an order would cost, articles and parcels, and what is paid for them without tax; `left` is the
    difference, and in `percent` of what is paid. What is not known is missing.

    `is_enough`: the store's policy `smallest_margin` lets them be bought; `reason` says the figures, or what is not
    known.
    """

    lines: list[MarginLine]
    suppliers: Annotated[list[str], Internal()]
    paid: Money | None = None
    cost: Money | None = None
    left: Money | None = None
    percent: Decimal | None = None
    is_enough: bool
    reason: Annotated[str, Internal()]


def margin_of(
    lines: Sequence[OrderLine],
    chosen: Chosen,
    generations: dict[str, int],
    currency: str,
    least: SmallestMargin,
) -> Margin:
    """What a plan leaves. A split's penalty and a supplier's risk are not counted: they are paid to nobody."""
    doubts = [*_doubts(lines, chosen, currency), *_uncomparable(least, currency)]
    cost, paid = _cost(lines, chosen), sum((line.paid.amount for line in lines if line.paid), Decimal(0))
    left = paid - cost
    of_these = [MarginLine(line_id=line.id, generation=generations.get(line.id, 0)) for line in lines]
    shares = [c for line in lines for c in chosen[line.id]]
    suppliers = sorted({c.figures.supplier for c in shares})
    is_priced = all(c.figures.unit_cost is not None for c in shares)
    if doubts:
        return Margin(
            lines=of_these,
            suppliers=suppliers,
            cost=Money(amount=cost, currency=currency) if is_priced else None,
            is_enough=least.unknown == "buy",
            reason=f"What it would leave is not known. {' '.join(doubts)}",
        )
    percent = (left * 100 / paid).quantize(_TENTH, ROUND_FLOOR) if paid else None
    share = "" if percent is None else f", {percent} %"
    return Margin(
        lines=of_these,
        suppliers=suppliers,
        paid=Money(amount=paid, currency=currency),
        cost=Money(amount=cost, currency=currency),
        left=Money(amount=left, currency=currency),
        percent=percent,
        is_enough=_reaches(left, paid, least),
        reason=f"It costs {cost} {currency} of {paid} paid, which leaves {left}{share}; at least {least} must be left.",
    )


def _cost(lines: Sequence[OrderLine], chosen: Chosen) -> Decimal:
    shares = [c for line in lines for c in chosen[line.id]]
    articles = sum((cost_of(c.figures) * c.line.quantity for c in shares), Decimal(0))
    return articles + sum({c.figures.supplier: parcel_of(c.figures) for c in shares}.values(), Decimal(0))


def _doubts(lines: Sequence[OrderLine], chosen: Chosen, currency: str) -> Iterator[str]:
    for line in lines:
        for c in chosen[line.id]:
            if c.figures.unit_cost is None:
                yield f"Nobody knows what {line.sku} costs at {c.figures.supplier}."
        if line.paid is None:
            yield f"The channel does not say what is paid for {line.sku}."
        elif line.paid.currency != currency:
            yield f"{line.sku} is paid in {line.paid.currency}, costs are in {currency}."


def _uncomparable(least: SmallestMargin, currency: str) -> Iterator[str]:
    if least.amount is not None and least.amount.currency != currency:
        yield f"The smallest margin is in {least.amount.currency}, costs are in {currency}."


def _reaches(left: Decimal, paid: Decimal, least: SmallestMargin) -> bool:
    # Multiplied, not divided: of what is paid with nothing there is no share.
    is_share_enough = least.percent is None or left * 100 >= least.percent * paid
    return is_share_enough and (least.amount is None or left >= least.amount.amount)
