"""What a decision keeps of each line: who ships how much of it, and every candidate that was looked at. Pure."""

from dataclasses import dataclass
from typing import Any

from hub.fulfilment.assignment import reason
from hub.fulfilment.candidates import Candidate
from hub.fulfilment.decision import CandidateFigures, LineDecision, Share
from hub.fulfilment.dividing import Key
from hub.fulfilment.kits import kept_parts
from hub.fulfilment.policies import Policies
from hub.store.portions import Portion
from hub.store.replacements import Original


@dataclass(frozen=True, slots=True)
class Placed:
    """A share of a line with its portion, beside all shares and all candidates of that line."""

    share: Candidate
    portion: Portion
    shares: list[Candidate]
    candidates: list[Candidate]


def line_decision(placed: Placed, originals: dict[Key, Original], policies: Policies) -> LineDecision:
    """The decision on one share of a line; `originals` are what portions are bought in place of."""
    share, line = placed.share, placed.share.line
    original = originals.get((line.id, placed.portion.number))
    is_shared = share.figures.standing == "short"
    return LineDecision(
        line_id=line.id,
        portion=placed.portion.number,
        sku=line.sku,
        quantity=line.quantity,
        generation=placed.portion.generation,
        supplier=share.figures.supplier,
        reason=reason(share.figures, placed.candidates, policies),
        candidates=[_looked_at(c, placed) for c in placed.candidates],
        shares=[Share(supplier=c.figures.supplier, quantity=c.line.quantity) for c in placed.shares]
        if is_shared
        else [],
        replaces=original.reference if original else "",
    )


def kept_line(placed: Placed) -> dict[str, Any]:
    """The share as a line of its purchase is kept."""
    line, figures, number = placed.share.line, placed.share.figures, placed.portion.number
    parts = kept_parts(line, figures)
    return {
        "line_id": line.id,
        **({"portion": number} if number else {}),
        "sku": line.sku,
        "supplier_sku": figures.supplier_sku,
        "quantity": line.quantity,
        "unit_cost": figures.unit_cost.model_dump(mode="json") if figures.unit_cost else None,
        **({"parts": parts} if parts else {}),
    }


def _looked_at(c: Candidate, placed: Placed) -> CandidateFigures:
    """A candidate as the decision on a share keeps it."""
    f, chosen = c.figures, placed.share.figures
    if chosen.standing != "short":
        return f.model_copy(update={"standing": "chosen"}) if f.supplier == chosen.supplier else f
    if not f.share:
        return f
    ships = next((x.line.quantity for x in placed.shares if x.figures.supplier == f.supplier), 0)
    is_chosen = f.supplier == chosen.supplier
    return f.model_copy(
        update={
            "standing": "chosen" if is_chosen else "short",
            "why": f"{f.why} It ships {ships} of {c.line.quantity}." if ships else f.why,
        }
    )
