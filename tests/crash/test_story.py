"""Order #8492 from checkout to recovery, while workers die in the middle of what they do."""

import asyncio
import os
import random
import signal
from importlib.resources import files
from pathlib import Path

import pytest

from hub.assembly import Hub, catalog_of
from hub.cli.order_8492 import TUESDAY, Order8492, Outcome
from hub.cli.performance import Wanted, perform
from hub.cli.stage import stage_for

PACK = files("flows").joinpath("faros")
SEED = 8492


class Assassin:
    """Kills the process of a worker that has a run in hand, each time at another moment of its work."""

    def __init__(self, hub: Hub, kills: int) -> None:
        self.hub, self.left = hub, kills
        self.hits = 0
        self._chance = random.Random(SEED)

    async def work(self) -> None:
        while self.left:
            await asyncio.sleep(self._chance.uniform(0.1, 2.0))
            pid = await self._busy()
            if pid is not None:
                os.kill(pid, signal.SIGKILL)
                self.left -= 1
                self.hits += 1

    async def _busy(self) -> int | None:
        """The process of a worker caught with a lease; looked for as fast as the database answers, until the story is
        over."""
        while True:
            async with self.hub.database.connection() as connection:
                owner = await connection.fetchval(
                    """select lease_owner from runs join workers w on w.id = lease_owner
                       where ended_at is null and w.alive_until > clock_timestamp() limit 1"""
                )
            if owner is not None:
                pid = int(owner.rsplit("-", 2)[1])
                return pid if Path(f"/proc/{pid}").exists() else None


async def play(folder: Path, kills: int) -> tuple[Outcome, int]:
    async with perform(
        folder, Wanted(PACK, PACK / "demo" / "order-8492", catalog_of(), begins=TUESDAY)
    ) as on:
        assassin = Assassin(on.hub, kills)
        hunting = asyncio.create_task(assassin.work())
        try:
            outcome = await Order8492(await stage_for(on), on.doubles, lambda moments: None).play()
        finally:
            hunting.cancel()
    return outcome, assassin.hits


def told(outcome: Outcome) -> list[str]:
    """What was done, by its key: the same whenever nothing is doubled or lost."""
    return sorted(moment.key.partition(":")[0] + ":" + moment.what for moment in outcome.moments)


@pytest.mark.slow
@pytest.mark.row(
    "S1-147", "S1-148", "S1-149", "S1-150", "S1-151", "S1-152", "S1-155", "S1-156", "S1-158", "S1-159"
)
@pytest.mark.row("S1-160", "S1-164", "S1-165", "S1-166", "S1-167", "S1-168", "S1-170")
async def test_the_story_is_told_to_the_minute_and_ends_in_recovery(tmp_path: Path) -> None:
    outcome, _ = await play(tmp_path, kills=0)

    at = {moment.key.partition(":")[0]: f"{moment.at:%a %H:%M}" for moment in reversed(outcome.moments)}
    assert outcome.outcome == "recovered" and outcome.twice == []
    assert (at["verify_address"], at["create_purchase_order"], at["add_tags"]) == (
        "Tue 10:15", "Tue 10:16", "Tue 10:16",
    )  # fmt: skip
    assert (at["track_parcel"], at["fulfil_order"]) == ("Thu 14:30", "Thu 14:30")
    assert (at["open_ticket"], at["case"], at["send_alert"]) == ("Sun 14:30", "Sun 14:30", "Sun 14:30")
    messages = [(f"{m.at:%a %H:%M}", m.what) for m in outcome.moments if m.key.startswith("send_message")]
    notices = [(at, what.split()[1]) for at, what in messages]
    assert notices[:4] == [
        ("Tue 10:17", "order-confirmed"), ("Tue 11:40", "fulfilment-started"), ("Thu 14:30", "tracking-added"),
        ("Sun 14:30", "delayed"),
    ]  # fmt: skip
    assert "expected " in messages[0][1]
    delayed = (
        "Hi Sarah, we noticed your pendant is taking a little longer than usual to update its tracking status. "
        "Our team is on it and will make sure it gets to you."
    )
    assert delayed in messages[3][1]
    ticket = next(m.what for m in outcome.moments if m.key.startswith("open_ticket"))
    assert all(said in ticket for said in ("8492", "1Z8492E10301202609", "no carrier scan; label created"))
    purchases = [m.what for m in outcome.moments if m.key.startswith("create_purchase_order")]
    assert len(purchases) == 2 and "PEND-ENG-SLV-001" in purchases[0] and "Replacement for" in purchases[1]
    assert ("Mon 09:20", "replacement-sent") in notices and notices[-1][1] == "delivered"


@pytest.mark.slow
async def test_workers_killed_at_ten_moments_change_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAROS_LEASE", "6")
    monkeypatch.setenv("FAROS_CALL", "2")
    undisturbed, _ = await play(tmp_path / "calm", kills=0)

    doubts, hits, stories = {"case", "decision"}, 0, 0
    while (
        hits < 10 and stories < 5
    ):  # A quick machine may be through with a story before the tenth worker is struck.
        outcome, struck = await play(tmp_path / f"storm-{stories}", kills=10 - hits)
        hits, stories = hits + struck, stories + 1

        assert struck, "no story is undisturbed"
        assert (outcome.outcome, outcome.twice) == ("recovered", [])
        calm, storm = (
            [w for w in told(o) if w.partition(":")[0] not in doubts] for o in (undisturbed, outcome)
        )
        assert storm == calm
    assert hits == 10, "each kill struck a worker at work"
