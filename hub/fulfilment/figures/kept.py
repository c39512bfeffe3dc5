"""The report of promises: of those whose time ran out, how many were kept, by stage, by supplier and by carrier."""

from collections.abc import Iterable

from hub.flow.stages import FAROS
from hub.fulfilment.figures.figure import Asked, Figure, Said, percent
from hub.store.database import Connection
from hub.store.figures import promises
from hub.store.figures.promises import Promised

NO_PROMISE = "No promise ran out in the period."
OVER = "promises whose time ran out in the period"
_STAGES = {stage.letter: stage.name for stage in FAROS}
_UNNAMED = "not named"
"""A carrier that nobody named."""


async def on_time(connection: Connection, asked: Asked) -> list[Figure]:
    """Promises that were kept, of those whose time ran out, and parcels that arrived without standing still."""
    found = await promises.promised(connection, asked.cohort)
    carried = await promises.carried(connection, asked.cohort)
    all_of_them = Said("on_time", "Kept in time", OVER)
    stages = Said("on_time_by_stage", "Kept in time, by stage", OVER)
    suppliers = Said("on_time_by_supplier", "Kept in time, by supplier", f"{OVER}, about its purchases")
    carriers = Said("on_time_by_carrier", "Arrived without standing still", "parcels of orders of the period, "
                    "whose way is over")  # fmt: skip
    return [
        percent(all_of_them, sum(p.kept for p in found), sum(p.of for p in found), NO_PROMISE),
        *(_share(stages, of, stage=_STAGES[letter]) for letter, of in _by_stage(found)),
        *(_share(suppliers, of, supplier=name) for name, of in _by_supplier(found)),
        *(percent(carriers, c.steady, c.of, "", carrier=c.carrier or _UNNAMED) for c in carried),
    ]


def _by_stage(found: Iterable[Promised]) -> list[tuple[str, list[Promised]]]:
    """In the order of the stages; promises of flows that name none are only in the whole."""
    every = list(found)
    by_stage = [(letter, [p for p in every if p.stage == letter]) for letter in _STAGES]
    return [(letter, of) for letter, of in by_stage if of]


def _by_supplier(found: Iterable[Promised]) -> list[tuple[str, list[Promised]]]:
    """By name, for a reader who looks for one."""
    every = list(found)
    names = sorted({p.supplier for p in every if p.supplier})
    return [(name, [p for p in every if p.supplier == name]) for name in names]


def _share(said: Said, of: list[Promised], **labels: str) -> Figure:
    return percent(said, sum(p.kept for p in of), sum(p.of for p in of), NO_PROMISE, **labels)
