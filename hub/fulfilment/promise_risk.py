"""What a supplier's broken promises are worth: the share of purchases that leave late or are refused, at a price."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from hub.fulfilment.decision import Risk
from hub.fulfilment.policies import PromiseRisk
from hub.sdk.commerce import Money
from hub.store import risks
from hub.store.database import Connection
from hub.store.risks import Kept, Weighing

SPAN = timedelta(days=90)
"""How far back a supplier's purchases say something of its next one."""
EVERY = timedelta(days=1)
"""How often that is reckoned anew: it reads months of purchases, and one day changes little."""
NOT_THEIRS = ("address-invalid",)
"""Refusals that are no broken promise of the supplier's."""
_CENT = Decimal("0.01")


async def weigh(connection: Connection, store_id: str, suppliers: Sequence[str], now: datetime) -> None:
    """Reckon each supplier's figures anew, if a day has passed since they were reckoned."""
    if await risks.are_due(connection, store_id, suppliers, now - EVERY):
        await risks.weigh(connection, store_id, suppliers, Weighing(now - SPAN, now, NOT_THEIRS))


def risk_of(kept: Kept | None, terms: PromiseRisk, currency: str) -> Risk | None:
    """What to expect of a supplier's next purchase; None where the store sets no price on it."""
    price = terms.price
    if price is None:
        return None
    if kept is None:
        return Risk(unknown="Its purchases were not weighed yet.")
    said = Risk(purchases=kept.purchases, late=kept.late, rejected=kept.rejected, as_of=kept.as_of)
    if kept.purchases < terms.least_purchases:
        why = f"{kept.purchases} purchases say too little, {terms.least_purchases} are needed."
    elif price.currency != currency:
        why = f"A broken promise has its price in {price.currency}, costs are in {currency}."
    else:
        broken = Decimal(kept.late + kept.rejected) / kept.purchases
        cost = Money(amount=(broken * price.amount).quantize(_CENT), currency=currency)
        return said.model_copy(update={"cost": cost})
    return said.model_copy(update={"unknown": why})
