"""What a living worker must not forget when a step fails, or when the database's answer to a grant is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest

from connectors.webhook.sandbox import SenderSandbox
from hub.store.cases import resolve_case
from hub.store.configuration import ConnectionSpec
from hub.store.database import Connection, Database
from tests.crash.expected import Case
from tests.crash.lane import open_lane, start
from tests.crash.worker_process import Part
from tests.floor import Floor, flow, open_floor, shop

TWO_WORDS = """
format: 1
flow: two-words
title: Wait for the second word

uses:
  door: webhook

trigger:
  event: door.received
  key: ${event.body.order}
  when: event.body.word == "first"

steps:
  - step: second
    wait:
      event: door.received
      match:
        key_value: ${event.body.order}-second
      timeout: 3 days
    as: second
    on_timeout:
      - step: nothing
        stop: Nothing came
  - step: note
    set:
      result: ${second.body.text}
"""


class Struck(RuntimeError):
    """A fault nobody thought of."""


class Fuse:
    """Fails the next claimed run once it is lit."""

    is_lit = False

    async def __call__(self, point: str) -> None:
        if self.is_lit and point == "claimed":
            self.is_lit = False
            raise Struck


@asynccontextmanager
async def floor_of(database_url: str, fuse: Fuse) -> AsyncIterator[tuple[Floor, SenderSandbox]]:
    door = SenderSandbox()
    async with open_floor(database_url, {"door": door}, reached=fuse) as floor:
        spec = ConnectionSpec("door", "main", "webhook", "sandbox", "http://door.test")
        await floor.publish(shop([flow(floor.hub.catalog, TWO_WORDS, {"door": ["door"]})], spec))
        yield floor, door


async def say(floor: Floor, door: SenderSandbox, id: str, word: str) -> None:
    body = {"id": id, "order": "7", "word": word, "text": "hello"}
    await floor.deliver("door", door.sign(orjson.dumps(body)))


async def test_an_event_is_not_lost_when_the_step_it_woke_fails(database_url: str) -> None:
    fuse = Fuse()
    async with floor_of(database_url, fuse) as (floor, door):
        await say(floor, door, "7", "first")
        await floor.settle()
        fuse.is_lit = True
        await say(floor, door, "7-second", "second")
        await floor.settle()
        assert not fuse.is_lit, "the fault never struck"

        await floor.let_pass(minutes=5)

        (run,) = await floor.runs()
        assert run["ended_at"] is not None
        assert (await floor.names(run["id"]))["result"] == "hello"


LEASED = "select count(*) from runs where lease_owner is not null"


@pytest.fixture
def silence(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """While it holds something, the answer to the first commit that grants a lease is lost."""
    real, armed = Database.transaction, list[str]()

    @asynccontextmanager
    async def transaction(database: Database) -> AsyncIterator[Connection]:
        async with real(database) as connection:
            yield connection
        if armed and await database.pool.fetchval(LEASED):
            armed.clear()
            raise ConnectionResetError

    monkeypatch.setattr(Database, "transaction", transaction)
    return armed


async def test_a_new_run_is_driven_although_the_answer_to_its_grant_was_lost(
    silence: list[str], database_url: str
) -> None:
    async with floor_of(database_url, Fuse()) as (floor, door):
        await say(floor, door, "7", "first")
        silence.append("armed")
        await floor.settle()
        assert not silence, "no answer was lost"
        await floor.settle()
        (token,) = await floor.rows("select state from tokens")
        assert token["state"] == "waiting"
        assert (await floor.runs())[0]["lease_owner"] is None


async def test_a_woken_run_is_driven_although_the_answer_to_its_grant_was_lost(
    silence: list[str], database_url: str
) -> None:
    async with floor_of(database_url, Fuse()) as (floor, door):
        await say(floor, door, "7", "first")
        await floor.settle()
        await say(floor, door, "7-second", "second")
        silence.append("armed")
        await floor.settle()
        assert not silence, "no answer was lost"
        await floor.settle()
        (run,) = await floor.runs()
        assert run["ended_at"] is not None


async def test_a_fact_that_came_late_outweighs_the_person_who_says_send_it_again(
    database_url: str, tmp_path: Path
) -> None:
    async with open_lane(database_url, tmp_path) as lane:
        order = await lane.play(Case("connected", "pause", "unsafe"))
        async with lane.hub.database.transaction() as connection:
            case = await connection.fetchrow("select * from cases where state = 'open'")
            box = await lane.hub.vault.box(connection, case["person_id"])
            said = ("send-again", "ada", box.seal(orjson.dumps({"note": "", "answer": None})))
            await resolve_case(connection, case["id"], case["version"], said, lane.hub.clock.now())
        worker = start(Part(database_url, str(tmp_path), "work", "after"))
        await lane.settle(order)
        worker.terminate()
        worker.join(5)
        assert lane.memory.count(order, "done") == 1
        assert await lane.connection.fetchval("select count(*) from runs where ended_at is not null") == 1
