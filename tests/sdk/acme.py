"""A small supplier that keeps every rule, and the pieces that bad ones are made of."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, Field, SecretStr
from starlette.requests import Request

from hub.sdk import (
    Answer,
    Call,
    Checkable,
    Connector,
    Delivery,
    EffectKey,
    Event,
    Idempotent,
    Keyed,
    NotDone,
    Page,
    Read,
    Refused,
    Settings,
    Unreadable,
    action,
    poll,
    webhook,
)
from hub.sdk.commerce import Record
from hub.sdk.signing import Signature
from hub.sdk.testing import Sandbox, route

TOKEN = SecretStr("acme-token")
SIGNATURE = Signature()


class Parts(Record):
    """What to order."""

    reference: Annotated[str, EffectKey()]
    count: int = 1


class Placed(Record):
    """What became of it."""

    reference: str
    status: Literal["new", "done"]


class Shipped(Event):
    """Something left the house."""

    reference: str
    status: Literal["new", "done"]

    def key(self) -> str:
        return f"{self.reference}@{self.status}"


class AcmeSandbox(Sandbox):
    """Remembers orders by reference, shelves by name, and news in order."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[str] = []
        self.keys: set[str | None] = set()
        self.shelf: dict[str, int] = {}
        self.news: list[str] = []

    def settings(self) -> dict[str, Any]:
        return {"token": TOKEN.get_secret_value()}

    def unsettled(self) -> Mapping[str, Any]:
        return {"orders": self.orders, "shelf": self.shelf}

    def seed(self) -> None:
        self.news = [f"n-{number}" for number in range(5)]

    def sign(self, body: bytes, topic: str = "", headers: Mapping[str, str] | None = None) -> Delivery:
        return Delivery({SIGNATURE.header: SIGNATURE.of(TOKEN, body)}, body, self.now())

    def examples(self) -> Mapping[str, BaseModel]:
        parts = Parts(reference="r-1")
        return dict.fromkeys(("look", "shelve", "order_keyed", "order_checkable"), parts)

    def deliveries(self) -> Mapping[str, Any]:
        return {"": {"reference": "r-1", "status": "done"}}

    def statuses(self) -> Mapping[str, str]:
        return dict.fromkeys(("look", "shelve", "order_keyed", "order_checkable", "shipped"), "status")

    @route("POST", "/orders")
    async def order(self, request: Request) -> Any:
        """Take an order, once for each key where one is sent."""
        if self.take_refusal("sold-out"):
            return 422, {}
        wanted = await request.json()
        key = request.headers.get("idempotency-key")
        if key is None or key not in self.keys:
            self.keys.add(key)
            self._take(wanted["reference"])
        return 200, {"reference": wanted["reference"], "status": "new"}

    @route("GET", "/orders/{reference}")
    async def find(self, request: Request) -> Any:
        """One order."""
        if request.path_params["reference"] not in self.orders:
            return 404, {}
        return 200, {"reference": request.path_params["reference"], "status": "new"}

    @route("GET", "/news")
    async def tell(self, request: Request) -> Any:
        """Two pieces of news after the cursor."""
        after = int(request.query_params.get("after", "0"))
        return 200, {
            "news": self.news[after : after + 2],
            "next": after + 2,
            "more": after + 2 < len(self.news),
        }

    @route("GET", "/look")
    async def look(self, request: Request) -> Any:
        """Say something."""
        return 200, {"reference": "r-1", "status": "new"}

    @route("PUT", "/shelf")
    async def put(self, request: Request) -> Any:
        """Put something in its place."""
        wanted = await request.json()
        self.shelf[wanted["reference"]] = wanted["count"]
        self.changes += 1
        return 200, {"reference": wanted["reference"], "status": "new"}

    @route("POST", "/shelf")
    async def add(self, request: Request) -> Any:
        """Put one more on the shelf."""
        wanted = await request.json()
        self.shelf[wanted["reference"]] = self.shelf.get(wanted["reference"], 0) + 1
        self.changes += 1
        return 200, {"reference": wanted["reference"], "status": "new"}

    def _take(self, reference: str) -> None:
        self.orders.append(reference)
        self.changes += 1


class AcmeSettings(Settings):
    """A token."""

    token: Annotated[SecretStr, Field(min_length=1)]


class Acme(Connector[AcmeSettings]):
    """A supplier that keeps every rule."""

    name = "acme"
    title = "Acme"

    @classmethod
    def sandbox(cls) -> Sandbox:
        """Its double."""
        return AcmeSandbox()

    @action(Read())
    async def look(self, parts: Parts, call: Call) -> Placed:
        """What Acme says."""
        return read(await self.http(call).get("/look"), None)

    @action(Idempotent())
    async def shelve(self, parts: Parts, call: Call) -> Placed:
        """Put something in its place."""
        return read(await self.http(call).put("/shelf", json=parts.model_dump()), None)

    @action(Keyed(valid_for=timedelta(hours=1)), refusals=("sold-out",))
    async def order_keyed(self, parts: Parts, call: Call) -> Placed:
        """Order parts under a key."""
        headers = {"idempotency-key": call.key}
        return read(await self.http(call).post("/orders", json=parts.model_dump(), headers=headers))

    @action(Checkable(), refusals=("sold-out",))
    async def order_checkable(self, parts: Parts, call: Call) -> Placed:
        """Order parts that can be asked for."""
        return read(await self.http(call).post("/orders", json=parts.model_dump()))

    @order_checkable.lookup
    async def find(self, parts: Parts, call: Call) -> Placed | None:
        """The order, if there is one."""
        answer = await self.http(call).get(f"/orders/{parts.reference}")
        return None if answer.status_code == 404 else read(answer, None)

    def verify(self, delivery: Delivery) -> None:
        """Raise unless Acme signed it."""
        SIGNATURE.verify(delivery, [self.settings.token])

    @webhook()
    def shipped(self, delivery: Delivery) -> Shipped:
        """Parts left the house."""
        body = orjson.loads(delivery.body)
        return Shipped(reference=body["reference"], status=known(body["status"]))

    @poll(every=timedelta(minutes=5))
    async def news(self, cursor: str | None, call: Call) -> Page[Shipped]:
        """What happened since the cursor."""
        body = (await self.http(call).get("/news", params={"after": cursor or "0"})).json()
        events = [Shipped(reference=reference, status="done") for reference in body["news"]]
        return Page(events, str(body["next"]), body["more"])


def read(answer: Answer, refusal: str | None = "sold-out") -> Placed:
    """The answer, its refusals by the action's name for them, its status never guessed."""
    if answer.status_code in (400, 404, 410, 422):
        raise Refused(refusal) if refusal else NotDone()
    body = answer.raise_for_status().json()
    return Placed(reference=body["reference"], status=known(body["status"]))


def known(status: str) -> Any:
    """A status, if it is one of ours."""
    if status not in ("new", "done"):
        raise Unreadable("Acme says something new.")
    return status
