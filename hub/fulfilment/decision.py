"""What an assignment says: who ships what, and every candidate with its figures and what spoke against it."""

from typing import Annotated, Literal

from pydantic import AwareDatetime

from hub.fulfilment.supplier import Zone
from hub.sdk.commerce import Internal, Money, Order, PurchaseLine, Record

Standing = Literal[
    "chosen",
    "possible",
    "barred-by-rule",
    "not-offered",
    "refused-before",
    "other-currency",
    "no-shipping-quote",
    "quarantined",
    "doubted-stock",
    "stock-unknown",
    "stale-stock",
    "low-stock",
    "oos",
    "short",
]
"""`short`: it has not enough for all of a line that is shared out, and could ship some."""


FoundBy = Literal["all-sets", "integer-program", "line-by-line"]
"""How suppliers were chosen: every allowed set was tried, HiGHS solved it, or (out of time) each line for itself."""


class Proof(Record):
    """Why nothing better was chosen, in the currency that costs were compared in.

    `cost` is articles, parcels, what broken promises are expected to cost, and the store's penalty for splitting.
    `bound`: no choice with the same preference can cost less; unknown where the search was stopped. `line_by_line`:
    what it costs to give each line to the supplier who is best for it alone; unknown where that leads nowhere.
    """

    found_by: FoundBy
    is_best: bool
    cost: Money
    bound: Money | None = None
    line_by_line: Money | None = None


class AboutOrder(Record):
    """An order, as freshly read from its channel."""

    order: Order


class Risk(Record):
    """Of a supplier's `purchases`, as of a moment, how many left late or were refused; `cost` is what that adds to a
    purchase. What is `unknown`, and why, adds nothing."""

    purchases: int = 0
    late: int = 0
    rejected: int = 0
    as_of: AwareDatetime | None = None
    cost: Money | None = None
    unknown: str = ""


class Part(Record):
    """One of the supplier's articles of which a pack or kit is made, `units` for each that is sold."""

    supplier_sku: Annotated[str, Internal()]
    units: int
    available: int | None = None
    as_of: AwareDatetime | None = None
    unit_cost: Money | None = None


class CandidateFigures(Record):
    """A supplier considered for a line. `available` is what is left after our own reservations; one whose cost nobody
    knows comes after all whose cost is known. `risk` is there where the store sets a price on broken promises.

    `share` is how many units it could ship of a line that it cannot ship whole; 0 where lines are not shared out.

    A pack or kit has `parts`; its own figures are then of what is sold: as many as the parts make, as old as the oldest
    figure of them, and what all of them cost."""

    supplier: Annotated[str, Internal()]
    supplier_sku: Annotated[str, Internal()]
    standing: Standing
    why: Annotated[str, Internal()] = ""
    available: int | None = None
    as_of: AwareDatetime | None = None
    age_seconds: int | None = None
    threshold: int
    unit_cost: Money | None = None
    shipping: Money | None = None
    fee: Money | None = None
    risk: Risk | None = None
    zone: Zone
    preference: int = 0
    share: int = 0
    parts: list[Part] = []


class Share(Record):
    """How many units of a line one supplier ships."""

    supplier: Annotated[str, Internal()]
    quantity: int


class LineDecision(Record):
    """One line's decision, or one portion's of it. `reason` is what decided: a rule, the policy, `only`,
    `fallback:oos(a)`, `risk(a)` where only its broken promises made `a` the dearer one, or `shared` where no supplier
    had enough: then `shares` are all that were decided together, and this is the one of `quantity` units.

    `replaces` is our reference of the purchase that it is bought in place of, if any.
    """

    line_id: str
    portion: int = 0
    sku: str
    quantity: int
    generation: int
    supplier: Annotated[str, Internal()]
    reason: str
    candidates: list[CandidateFigures]
    shares: list[Share] = []
    replaces: str = ""


class PlannedPurchase(Record):
    """What to buy from one supplier. `supplier` is the connection; `reference` names it for good."""

    supplier: Annotated[str, Internal()]
    reference: str
    lines: list[PurchaseLine]
    tags: list[str] = []


class Decision(Record):
    """The current assignment of an order. `purchases` are those still to be claimed; none if all is bought.

    `proof` is of the lines decided last; none on decisions of before there was one.
    """

    id: str
    rules_version: str
    purchases: list[PlannedPurchase]
    lines: list[LineDecision]
    tags: list[str] = []
    proof: Proof | None = None


class SupplierSkus(Record):
    """A supplier's connection, and which of its articles to ask about."""

    connection: Annotated[str, Internal()]
    skus: list[str]


class Candidates(Record):
    """The suppliers who sell something of an order."""

    suppliers: list[SupplierSkus]


class ClaimPurchase(Record):
    """A planned purchase, and the order freshly read."""

    order: Order
    purchase: PlannedPurchase


class Confirmed(Record):
    """A purchase order the supplier took, and by when it should have acknowledged it."""

    reference: str
    status: str
    acknowledge_by: AwareDatetime


class GiveBack(Record):
    """A purchase the supplier definitely refused, and why it may be assigned anew."""

    reference: str
    reason: str


class Released(Record):
    """The lines that may be assigned again, with their new generation."""

    reference: str
    lines: list[str]
    generation: int
