"""Changing a purchase that was sent: what is asked of a supplier, and what it says to that."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from hub.sdk.commerce import Address, Internal, PurchaseLine, Record
from hub.sdk.effects import EffectKey

AmendmentState = Literal["requested", "amended", "refused"]
"""`requested`: the supplier was told so, and has not said yes. Only `amended` is its word that it does as asked."""


class AmendPurchase(Record):
    """Another address for a purchase order, or fewer of its articles. `amendment` names the wish for good.

    `lines` say how many are wanted of those that change; a line that is not named stays as it is.
    """

    reference: Annotated[str, Field(min_length=1, max_length=120)]
    amendment: Annotated[str, EffectKey(), Field(min_length=1, max_length=140)]
    ship_to: Address | None = None
    lines: list[PurchaseLine] = []

    @model_validator(mode="after")
    def _changes_something(self) -> "AmendPurchase":
        if self.ship_to is None and not self.lines:
            raise ValueError("an amendment changes the address or the quantity of a line")
        return self


class AmendmentRef(Record):
    """Names one amendment of a purchase order."""

    reference: str
    amendment: str


class Amendment(Record):
    """Where an amendment stands, by its supplier's word."""

    reference: str
    amendment: str
    state: AmendmentState
    reason: Annotated[str, Internal()] = ""
