"""The grid: every case that is asked for, run once, in four lanes at a time."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from hub.embedded import Embedded
from hub.store.database import driver_arguments
from tests.conftest import sibling
from tests.crash.expected import EXPECTED, Case
from tests.crash.lane import Found, open_lane

LANES = 4


@dataclass(frozen=True, slots=True)
class Grid:
    """What was found in each case; a case that could not be run has its error."""

    found: dict[Case, Found | BaseException]
    seconds: float


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def grid(
    servers: Embedded, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Grid]:
    """All cases of this session, run side by side; each test then looks at its own."""
    asked = {value for item in request.session.items for value in _parameters(item)}
    cases = [case for case in EXPECTED if case in asked]
    found: dict[Case, Found | BaseException] = {}
    began = time.monotonic()
    waiting = list(reversed(cases))
    async with asyncio.TaskGroup() as group:
        for number in range(min(LANES, len(cases))):
            folder = tmp_path_factory.mktemp(f"lane-{number}")
            group.create_task(_lane(servers, folder, number, waiting, found))
    yield Grid(found, time.monotonic() - began)


def _parameters(item: pytest.Item) -> list[object]:
    """What a collected test is run with."""
    callspec = vars(item).get("callspec")
    return (
        [] if callspec is None else [value for value in callspec.params.values() if isinstance(value, Case)]
    )


async def _lane(
    servers: Embedded,
    folder: Path,
    number: int,
    waiting: list[Case],
    found: dict[Case, Found | BaseException],
) -> None:
    name = f"lane_{os.getpid()}_{number}"
    connection = await asyncpg.connect(**driver_arguments(servers.database_url))
    await connection.execute(f"create database {name} template template_faros strategy file_copy")
    async with open_lane(sibling(servers.database_url, name), folder) as lane:
        while waiting:
            case = waiting.pop()
            try:
                found[case] = await lane.run(case)
            except Exception as error:  # noqa: BLE001  the case's own test shows it
                found[case] = error
    await connection.execute(f"drop database if exists {name} with (force)")
    await connection.close()
