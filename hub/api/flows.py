"""Flows: what is published, drawing them, checking a text, and publishing one by itself."""

import asyncio
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.api import rules, simulation
from hub.api.access import Admin, HubHere, Viewer, scope
from hub.api.problems import Declined, WrongField, declined, problem
from hub.assembly import Hub
from hub.engine.publishing import FlowSpec
from hub.engine.single_flow import BY_API, OwnedByFile, Version, WrongRoles, publish_flow
from hub.flow.checker import Checked, check
from hub.flow.drawing import as_mermaid
from hub.flow.graph import from_json
from hub.flow.reader import Problem
from hub.store import audit, reading

router = APIRouter(tags=["flows"])
router.include_router(simulation.router)
router.include_router(rules.router)

LONGEST = 60_000


class FlowListed(BaseModel):
    """A flow of a store, at its newest version."""

    store: str
    flow: str
    version: int
    is_active: bool = Field(description="It starts new runs.")
    is_owned_by_file: bool = Field(description="It is published from a project folder, and changed there.")
    roles: dict[str, list[str]] = Field(description="Role to the connections it is bound to.")
    published_at: datetime
    published_by: str
    open_runs: int
    manual_steps: int = Field(
        description="Steps at which a person is asked; each has its choices and its time."
    )


class VersionShown(FlowListed):
    """One version of a flow, with its text."""

    id: UUID
    title: str
    text: str
    mermaid: str = Field(description="The flow as a Mermaid flowchart.")


class FlowText(BaseModel):
    """A flow file's text."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=LONGEST)


class MistakeShown(BaseModel):
    """Something wrong in a flow file, or doubtful."""

    line: int
    column: int
    message: str
    hint: str
    code: str
    step: str
    excerpt: str
    caret: int | None = None
    is_warning: bool


class CheckedShown(BaseModel):
    """What was found in a flow file."""

    is_valid: bool
    problems: list[MistakeShown]
    mermaid: str | None = Field(None, description="The flow as a chart, if it is valid.")


class VersionWanted(FlowText):
    """A flow to publish by itself."""

    store: str = Field(max_length=100)
    roles: dict[str, list[str]] = Field(description="Role to the connections it is bound to.")


class Published(BaseModel):
    """The version that now starts new runs."""

    flow: str
    version: int | None = Field(description="Absent if the same was published already.")


@router.get("/flows", summary="List flows")
async def list_flows(
    hub: HubHere, caller: Viewer, store: Annotated[str | None, Query(max_length=100)] = None
) -> list[FlowListed]:
    """Every flow that was ever published, at its newest version."""
    async with hub.database.connection() as connection:
        rows = await reading.list_flows(connection, scope(caller, store))
    return [_listed(row) for row in rows]


@router.post("/flows/check", summary="Check a flow's text")
async def check_flow(hub: HubHere, caller: Viewer, wanted: FlowText) -> CheckedShown:
    """Everything that can be known to be wrong with a flow before it runs, all at once. Nothing is published."""
    checked = await _check(hub, wanted.text)
    return CheckedShown(
        is_valid=not checked.errors,
        problems=[_mistake(p) for p in checked.problems],
        mermaid=as_mermaid(checked.graph) if checked.graph else None,
    )


@router.get("/flows/{name}", summary="Show a flow")
async def show_flow(
    hub: HubHere, caller: Viewer, name: str, store: Annotated[str | None, Query(max_length=100)] = None
) -> list[VersionShown]:
    """Every version of a flow in every store, newest first."""
    async with hub.database.connection() as connection:
        rows = await reading.versions_of(connection, name, scope(caller, store))
    if not rows:
        raise declined(404, "no-such-flow", "There is no flow of this name.")
    shown = []
    for row in rows:
        graph = from_json(row["graph"])
        shown.append(
            VersionShown(
                **_listed(row).model_dump(),
                id=row["id"],
                title=graph.title,
                text=row["text"],
                mermaid=as_mermaid(graph),
            )
        )
    return shown


@router.post("/flows/{name}/versions", summary="Publish a flow by itself", status_code=201)
async def publish_version(
    request: Request,
    response: Response,
    hub: HubHere,
    caller: Admin,
    name: Annotated[str, Path(max_length=100)],
    wanted: VersionWanted,
) -> Published:
    """Publish one flow. One that comes from a project folder is changed there: it is answered with 409."""
    scope(caller, wanted.store)
    checked = await _check(hub, wanted.text)
    if checked.graph is None:
        fields = [
            WrongField(field=f"text:{p.place.line}", message=f"{p.message} {p.hint}") for p in checked.errors
        ]
        raise Declined(problem(422, "flow-not-valid", "The flow has mistakes.", fields=fields))
    if checked.graph.flow != name:
        raise declined(422, "other-flow", f"The text is of the flow {checked.graph.flow!r}.")
    try:
        version = await _publish(
            hub, FlowSpec(wanted.store, wanted.text, checked.graph, wanted.roles), caller.name
        )
    except OwnedByFile as error:
        raise declined(409, "owned-by-file", str(error)) from None
    except WrongRoles as error:
        wrong = [WrongField(field=f"roles.{role}", message=said) for role, said in error.wrong.items()]
        raise Declined(problem(422, "wrong-roles", str(error), fields=wrong)) from None
    if not version.is_new:
        response.status_code = 200
    await hub.refresh()
    request.app.state.bell.strike()
    return Published(flow=name, version=version.number)


async def _publish(hub: Hub, spec: FlowSpec, by: str) -> Version:
    now = hub.clock.now()
    async with hub.database.transaction() as connection:
        version = await publish_flow(connection, hub.world, spec, by, now)
        if version.is_new:
            detail = {"flow": spec.graph.flow, "version": version.number}
            await audit.note(connection, by, "flow published", detail, now, spec.store_id)
        return version


async def _check(hub: Hub, text: str) -> Checked:
    # In a thread: a large file takes tens of milliseconds, and deliveries are waiting.
    return await asyncio.to_thread(check, text, "flow.yaml", hub.catalog)


def _mistake(found: Problem) -> MistakeShown:
    return MistakeShown(
        line=found.place.line,
        column=found.place.column,
        message=found.message,
        hint=found.hint,
        code=found.code,
        step=found.step,
        excerpt=found.excerpt,
        caret=found.caret,
        is_warning=found.is_warning,
    )


def _listed(row: dict[str, object]) -> FlowListed:
    owned = not str(row["published_by"]).startswith(BY_API)
    return FlowListed.model_validate(
        {**row, "store": row["store_id"], "version": row["number"], "is_owned_by_file": owned}
    )
