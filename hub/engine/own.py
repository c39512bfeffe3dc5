"""The hub's own actions: run inside the step's own commit, on its open transaction."""

from dataclasses import replace
from uuid import UUID

from pydantic import BaseModel, ValidationError

from hub.catalog.own import OwnAction
from hub.engine import resume
from hub.engine.draft import Draft
from hub.engine.effects import faults
from hub.engine.engine import Engine
from hub.engine.intend import hold
from hub.fulfilment.call import OwnCall
from hub.model import case as cases
from hub.model.moves import Perform
from hub.sdk import Refused
from hub.store.committer import LeaseLost
from hub.store.database import Connection
from hub.store.runs import hold_row


async def perform_own(engine: Engine, draft: Draft, move: Perform, connection: Connection) -> None:
    """Run the action and move its token. A refusal undoes what the action wrote, and takes the step's own block."""
    if not await hold_row(connection, draft.run.id, draft.leased.serial):
        raise LeaseLost
    token = draft.token(move.token)
    assert token is not None
    own = engine.world.catalog.own[f"{move.role}.{move.action}"]
    try:
        request = own.shape.input_type.model_validate(move.inputs)
    except ValidationError as error:
        hold(
            draft, token, cases.STEP_FAILED, f"{move.role}.{move.action} cannot be asked so: {faults(error)}."
        )
        return
    try:
        async with connection.transaction():
            output = await _call(engine, draft, own, request, connection)
    except Refused as error:
        try:
            resumed = resume.refused(draft.program, draft.run, token, error.code, error.reason)
        except LookupError:
            hold(draft, token, error.code, error.reason)
            return
    else:
        resumed = resume.answered(draft.program, draft.run, token, output.model_dump())
    draft.run = resumed.run
    draft.note(resumed.entries)


async def _call(
    engine: Engine, draft: Draft, own: OwnAction, request: BaseModel, connection: Connection
) -> BaseModel:
    config = engine.world.stores[draft.run.store_id]

    def link_order(order_id: UUID) -> None:
        draft.run = replace(draft.run, order_id=order_id)

    call = OwnCall(
        connection=connection,
        store_id=draft.run.store_id,
        run_id=draft.run.id,
        person_id=draft.leased.box.id,
        source=draft.run.source,
        now=draft.unit.now,
        sealer=draft.leased.box,
        link_order=link_order,
        policies=config.policies,
        suppliers=list(config.suppliers),
        rules=list(config.rules),
        calendar=draft.program.calendar,
        roles=draft.program.roles,
        settings=config.settings,
        templates=config.templates,
    )
    return await own.function(request, call)
