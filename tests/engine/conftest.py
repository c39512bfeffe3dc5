"""A floor with a signed webhook, a service behind plain HTTP, and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson
import pytest

from connectors.http.sandbox import EchoSandbox
from connectors.webhook.sandbox import SenderSandbox
from hub.store.configuration import ConnectionSpec
from tests.floor import Floor, flow, open_floor, shop


@dataclass
class Bench:
    """A floor on which one flow runs."""

    floor: Floor
    service: EchoSandbox
    door: SenderSandbox

    async def publish(self, text: str, **roles: list[str]) -> None:
        bound = {"door": ["door"], "service": ["service"], **roles}
        await self.floor.publish(
            shop(
                [flow(self.floor.hub.catalog, text, bound)],
                ConnectionSpec("door", "main", "webhook", "sandbox"),
                ConnectionSpec("service", "main", "http", "sandbox", "http://service.test"),
            )
        )

    async def order(self, number: int | str, **fields: object) -> None:
        body = orjson.dumps(
            {"id": number, "email": f"buyer{number}@example.com", "name": f"#{number}", **fields}
        )
        await self.floor.deliver("door", self.door.sign(body))
        await self.floor.settle()


@pytest.fixture
async def bench(database_url: str) -> AsyncIterator[Bench]:
    service, door = EchoSandbox(), SenderSandbox()
    async with open_floor(database_url, {"service": service, "door": door}) as floor:
        yield Bench(floor, service, door)
