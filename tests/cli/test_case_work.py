"""Working through a case at the prompt: whose it is, how late, what to do first, and then the decision."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from typer.testing import Result

from connectors.webhook.sandbox import SenderSandbox
from hub.store.configuration import ConnectionSpec
from tests.api.conftest import order
from tests.api.test_aftermath import sold
from tests.api.test_checklists import LOST
from tests.cli.conftest import Shell
from tests.floor import Floor, flow, open_floor, shop

Type = Callable[..., Awaitable[Result]]


@pytest.fixture(autouse=True)
def beside(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The prompt reaches the hub's database."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere")
    monkeypatch.setenv("FAROS_MASTER_KEY", "ab" * 32)


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    """A parcel that has fallen silent."""
    sender = SenderSandbox()
    async with open_floor(database_url, {"hooks": sender}) as floor:
        told = flow(floor.hub.catalog, LOST, {"hooks": ["hooks"]})
        hooks = ConnectionSpec("hooks", "main", "webhook", settings=sender.settings())
        await floor.publish(shop([told], hooks))
        await order(floor, sender, 1007)
        yield floor


@pytest.fixture
def typed(tmp_path: Path) -> Type:
    """A prompt beside the running hub."""
    shell = Shell(tmp_path)
    return lambda *words: asyncio.to_thread(shell, *words, "--dir", str(tmp_path))


async def test_the_list_says_whose_it_is_how_old_and_when_it_is_due(floor: Floor, typed: Type) -> None:
    await floor.let_pass(minutes=20)
    line = (await typed("case", "list")).stdout.splitlines()[1]
    assert "support" in line and "quiet-parcel" in line
    assert "20 min" in line and "in 100 min" in line

    await floor.let_pass(minutes=105)
    listed = (await typed("case", "list", "--owner", "support")).stdout
    assert "late by 5 min" in listed and "2 h" in listed
    assert "Nothing waits" in (await typed("case", "list", "--owner", "nobody")).stdout


async def test_a_choice_that_needs_the_list_is_taken_when_all_of_it_is_ticked(
    floor: Floor, typed: Type
) -> None:
    (case,) = json.loads((await typed("case", "list", "--json")).stdout)
    id = case["id"]
    shown = (await typed("case", "show", id)).stdout
    assert f"[ ] Ask the carrier    faros case tick {id} carrier" in shown
    assert "# It is lost; first the checklist" in shown
    assert "quiet-parcel, for support, opened 0 min ago, due in 2 h" in shown

    refused = await typed("case", "resolve", id, "lost")
    assert refused.exit_code == 1
    assert "First tick: carrier, supplier." in refused.stderr

    assert "still open: supplier" in (await typed("case", "tick", id, "carrier")).stderr
    ticked = json.loads((await typed("case", "tick", id, "supplier", "--json")).stdout)
    assert all(item["at"] for item in ticked["checklist"])
    assert "[x] Ask the supplier" in (await typed("case", "show", id)).stdout

    decided = await typed("case", "resolve", id, "lost", "--note", "Both say so", "--json")
    assert json.loads(decided.stdout)["choice"] == "lost"
    await floor.settle()
    ended = (await typed("case", "show", id)).stdout
    assert "lost by" in ended and "Both say so" in ended
    assert "It ended as recovered." in ended


async def test_an_item_that_is_not_there_is_named_with_those_that_are(floor: Floor, typed: Type) -> None:
    (case,) = json.loads((await typed("case", "list", "--json")).stdout)

    refused = await typed("case", "tick", case["id"], "customs")

    assert refused.exit_code == 1
    assert "The checklist has: carrier, supplier." in refused.stderr


async def test_an_order_is_shown_with_its_parcels_its_notices_and_its_promises(
    database_url: str, typed: Type
) -> None:
    async with sold(database_url) as floor:
        await floor.let_pass(days=3)

        shown = (await typed("order", "show", "8492")).stdout

    rows = [" ".join(line.split()) for line in shown.splitlines()]
    assert "9400111899223197428490 usps unknown" in rows
    assert "arrives buy running in 2 days" in rows
    assert any(row.startswith("tracking-added/1 sent 2026-11-23T09:") for row in rows)
    assert "oak.example" not in shown
