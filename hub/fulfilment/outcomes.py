"""The hub's own `cases.record_outcome`: what became of an exception, so that its cost can be counted by cause."""

from typing import Literal

from hub.fulfilment.call import OwnCall
from hub.fulfilment.root_causes import root_of
from hub.sdk.commerce import Record
from hub.store.cases import set_outcome
from hub.store.figures.outcomes import Noted, note, origin_of

Outcome = Literal[
    "recovered", "reshipped", "refunded", "cancelled", "substituted", "chargeback", "shipped-anyway"
]


class RecordOutcome(Record):
    """How the exception that this run was about ended."""

    outcome: Outcome


class OutcomeRecorded(Record):
    """How many cases of the run it was noted on."""

    cases: int


async def record(asked: RecordOutcome, call: OwnCall) -> OutcomeRecorded:
    """Note how it ended, on every case that this run has opened and for the figures of its root cause."""
    origin = await origin_of(call.connection, call.run_id)
    noted = Noted(root_of(origin.flow, origin.kinds), asked.outcome)
    await note(call.connection, call.store_id, call.run_id, noted, call.now)
    return OutcomeRecorded(cases=await set_outcome(call.connection, call.run_id, asked.outcome))
