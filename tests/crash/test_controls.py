"""The matrix has teeth: with one guard taken away, the part of it that this guard holds up turns red."""

from pathlib import Path

import pytest

from tests.crash.controls import CONTROLS, DEDUPE_OFF
from tests.crash.expected import EXPECTED, Case
from tests.crash.lane import open_lane

BOUGHT_TWICE = {
    "fence": Case("checked", "pause", "unsafe"),
    "kinds": Case("request_sent", "kill", "unsafe"),
    "intent": Case("request_sent", "kill", "unsafe"),
    "dedupe": Case("kick_sent", "kill", "unsafe"),
}
"""Without this guard, this cell of the matrix buys twice. The lock's own control is in `test_cancel_race.py`."""


@pytest.mark.parametrize("guard", BOUGHT_TWICE)
async def test_without_this_guard_an_order_is_bought_twice(
    guard: str, database_url: str, tmp_path: Path
) -> None:
    case = BOUGHT_TWICE[guard]
    async with open_lane(database_url, tmp_path, (guard,)) as lane:
        if guard == "dedupe":
            await lane.connection.execute(DEDUPE_OFF)
        order = await lane.play(case)
        assert EXPECTED[case].effects == 1
        assert lane.memory.count(order, "done") == 2


@pytest.mark.parametrize("guard", BOUGHT_TWICE)
async def test_with_it_the_same_cell_buys_once(guard: str, database_url: str, tmp_path: Path) -> None:
    async with open_lane(database_url, tmp_path) as lane:
        order = await lane.play(BOUGHT_TWICE[guard])
        assert lane.memory.count(order, "done") == 1


def test_every_guard_has_a_control() -> None:
    assert set(CONTROLS) == {*BOUGHT_TWICE, "lock"}
