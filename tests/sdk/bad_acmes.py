"""Suppliers that break one rule each; the rule's name comes with the class."""

import logging
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import orjson
from pydantic import SecretStr

from hub.sdk import (
    SUPPLIER,
    Call,
    Checkable,
    Delivery,
    Idempotent,
    Keyed,
    NotDone,
    Page,
    Read,
    Refused,
    Settings,
    Unverified,
    action,
    poll,
    webhook,
)
from hub.sdk.testing import Sandbox
from tests.sdk.acme import SIGNATURE, TOKEN, Acme, AcmeSandbox, Parts, Placed, Shipped, read

BAD: list[tuple[str, type[Acme]]] = []
"""Each bad supplier with the rule that must catch it."""


def breaks(rule: str) -> Any:
    """Note which rule a supplier breaks."""

    def note(supplier: type[Acme]) -> type[Acme]:
        BAD.append((rule, supplier))
        return supplier

    return note


class OptionalToken(Settings):
    token: SecretStr = TOKEN


@breaks("credentials")
class TakesNoCredential(Acme):
    @classmethod
    def settings_type(cls) -> type[Settings]:
        return OptionalToken


@breaks("credentials")
class LogsItsSecret(Acme):
    @action(Read())
    async def look(self, parts: Parts, call: Call) -> Placed:
        """What Acme says."""
        logging.getLogger("acme").debug("asking with %s", self.settings.token.get_secret_value())
        return read(await self.http(call).get("/look"), None)


@breaks("credentials")
class PutsItsSecretInErrors(Acme):
    @action(Read())
    async def look(self, parts: Parts, call: Call) -> Placed:
        """What Acme says."""
        answer = await self.http(call).get("/look")
        if answer.status_code == 401:
            raise NotDone(f"{self.settings.token.get_secret_value()} is wrong.")
        return read(answer, None)


@breaks("described")
class SaysNothingOfItsAction(Acme):
    @action(Read())
    async def look(self, parts: Parts, call: Call) -> Placed:
        return read(await self.http(call).get("/look"), None)


@breaks("described")
class HasNoExample(Acme):
    @action(Read())
    async def another(self, parts: Parts, call: Call) -> Placed:
        """What Acme says."""
        return read(await self.http(call).get("/look"), None)


@breaks("described")
class ClaimsARoleItCannotPlay(Acme):
    capabilities = (SUPPLIER,)


@breaks("reads")
class WritesWhenItReads(Acme):
    @action(Read())
    async def look(self, parts: Parts, call: Call) -> Placed:
        """What Acme says."""
        return read(await self.http(call).post("/shelf", json=parts.model_dump()), None)


@breaks("idempotent")
class AddsInsteadOfPutting(Acme):
    @action(Idempotent())
    async def shelve(self, parts: Parts, call: Call) -> Placed:
        """Put something in its place."""
        return read(await self.http(call).post("/shelf", json=parts.model_dump()), None)


@breaks("keyed")
class SendsNoKey(Acme):
    @action(Keyed(), refusals=("sold-out",))
    async def order_keyed(self, parts: Parts, call: Call) -> Placed:
        """Order parts under a key."""
        return read(await self.http(call).post("/orders", json={"reference": "mine"}))


@breaks("keyed")
class SendsTheKeyWhereNobodyLooks(Acme):
    @action(Keyed(), refusals=("sold-out",))
    async def order_keyed(self, parts: Parts, call: Call) -> Placed:
        """Order parts under a key."""
        headers = {"x-key": call.key}
        return read(await self.http(call).post("/orders", json=parts.model_dump(), headers=headers))


@breaks("keyed")
class SendsOneKeyForEverything(Acme):
    @action(Keyed(), refusals=("sold-out",))
    async def order_keyed(self, parts: Parts, call: Call) -> Placed:
        """Order parts under a key."""
        headers = {"idempotency-key": "always"}
        return read(await self.http(call).post("/orders", json=parts.model_dump(), headers=headers))


@breaks("checkable")
class FindsWhatWasNeverDone(Acme):
    @action(Checkable(), refusals=("sold-out",))
    async def order_checkable(self, parts: Parts, call: Call) -> Placed:
        """Order parts that can be asked for."""
        return read(await self.http(call).post("/orders", json=parts.model_dump()))

    @order_checkable.lookup
    async def find(self, parts: Parts, call: Call) -> Placed | None:
        """The order, always."""
        return Placed(reference=parts.reference, status="new")


@breaks("checkable")
class FindsNothing(Acme):
    @action(Checkable(), refusals=("sold-out",))
    async def order_checkable(self, parts: Parts, call: Call) -> Placed:
        """Order parts that can be asked for."""
        return read(await self.http(call).post("/orders", json=parts.model_dump()))

    @order_checkable.lookup
    async def find(self, parts: Parts, call: Call) -> Placed | None:
        """The order, never."""
        return None


@breaks("checkable")
class HasNobodyToAsk(Acme):
    @action(Checkable(), refusals=("sold-out",))
    async def order_checkable(self, parts: Parts, call: Call) -> Placed:
        """Order parts that can be asked for."""
        return read(await self.http(call).post("/orders", json=parts.model_dump()))


@breaks("honest")
class CallsA500NotDone(Acme):
    @action(Keyed(), refusals=("sold-out",))
    async def order_keyed(self, parts: Parts, call: Call) -> Placed:
        """Order parts under a key."""
        headers = {"idempotency-key": call.key}
        answer = await self.http(call).post("/orders", json=parts.model_dump(), headers=headers)
        if answer.status_code >= 500:
            raise NotDone()
        return read(answer)


@breaks("refusals")
class RefusesWithoutSayingSo(Acme):
    @action(Read())
    async def look(self, parts: Parts, call: Call) -> Placed:
        """What Acme says."""
        return read((await self.http(call).get("/look")).raise_for_status(), None)


@breaks("refusals")
class DeclaresWhatNeverComes(Acme):
    @action(Keyed(), refusals=("sold-out", "too-heavy"))
    async def order_keyed(self, parts: Parts, call: Call) -> Placed:
        """Order parts under a key."""
        headers = {"idempotency-key": call.key}
        return read(await self.http(call).post("/orders", json=parts.model_dump(), headers=headers))


@breaks("refusals")
class RefusesAfterActing(Acme):
    @action(Keyed(), refusals=("sold-out",))
    async def order_keyed(self, parts: Parts, call: Call) -> Placed:
        """Order parts under a key."""
        await self.http(call).post("/shelf", json=parts.model_dump())
        headers = {"idempotency-key": call.key}
        answer = await self.http(call).post("/orders", json=parts.model_dump(), headers=headers)
        if answer.status_code == 422:
            raise Refused("sold-out")
        return read(answer)


@breaks("deadline")
class TakesItsTime(Acme):
    @action(Read())
    async def look(self, parts: Parts, call: Call) -> Placed:
        """What Acme says."""
        longer = replace(call, deadline=call.deadline + 60)
        return read(await self.http(longer).get("/look"), None)


@breaks("deliveries")
class TakesAnyDelivery(Acme):
    def verify(self, delivery: Delivery) -> None:
        """Nothing is looked at."""


@breaks("deliveries")
class TakesAnySignature(Acme):
    def verify(self, delivery: Delivery) -> None:
        """Only whether there is a signature."""
        if not delivery.header(SIGNATURE.header):
            raise Unverified()


class Reworded(Shipped):
    def key(self) -> str:
        return uuid.uuid4().hex


@breaks("deliveries")
class NeverTellsTheSameTwice(Acme):
    @webhook()
    def shipped(self, delivery: Delivery) -> Reworded:
        """Parts left the house."""
        return Reworded.model_validate(orjson.loads(delivery.body))


@breaks("polls")
class RepeatsNews(Acme):
    @poll(every=Acme.news.__faros_poll__)  # type: ignore[attr-defined]  # what @poll notes
    async def news(self, cursor: str | None, call: Call) -> Page[Shipped]:
        """What happened since the cursor."""
        page = await Acme.news(self, cursor, call)
        return Page(page.events, str(int(page.cursor or 0) - 1), page.more)


@breaks("polls")
class LosesNews(Acme):
    @poll(every=Acme.news.__faros_poll__)  # type: ignore[attr-defined]  # what @poll notes
    async def news(self, cursor: str | None, call: Call) -> Page[Shipped]:
        """What happened since the cursor."""
        page = await Acme.news(self, cursor, call)
        return Page(page.events, page.cursor, False)


@breaks("statuses")
class GuessesAtAStatus(Acme):
    @action(Read())
    async def look(self, parts: Parts, call: Call) -> Placed:
        """What Acme says."""
        body = (await self.http(call).get("/look")).json()
        return Placed(reference="r-1", status="done" if body["status"] == "done" else "new")


@breaks("statuses")
class GuessesAtADeliverysStatus(Acme):
    @webhook()
    def shipped(self, delivery: Delivery) -> Shipped:
        """Parts left the house."""
        return Shipped(reference="r-1", status="done")


class SilentSandbox(AcmeSandbox):
    def statuses(self) -> Mapping[str, str]:
        return {}


@breaks("statuses")
class DoesNotSayWhereItsStatusIs(Acme):
    @classmethod
    def sandbox(cls) -> Sandbox:
        return SilentSandbox()
