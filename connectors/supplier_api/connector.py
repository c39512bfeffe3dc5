"""The connector for suppliers with a JSON API: calls and verification; the settings say what things are called."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import orjson

from connectors.supplier_api import mapping
from connectors.supplier_api.auth import Credentials
from connectors.supplier_api.settings import Endpoint, SupplierSettings
from hub.sdk import (
    RECALLABLE_SUPPLIER,
    STOCK_SOURCE,
    SUPPLIER,
    Answer,
    Call,
    Client,
    Connector,
    Declared,
    Delivery,
    Idempotent,
    Kind,
    NotDone,
    PurchaseOrderChanged,
    Read,
    Refused,
    Unanswered,
    Unauthorised,
    Unreadable,
    Unverified,
    action,
    webhook,
)
from hub.sdk.commerce import (
    NewPurchaseOrder,
    PurchaseOrder,
    PurchaseOrderRef,
    Recall,
    StockLevels,
    StockQuestion,
)
from hub.sdk.paths import MISSING, read_json, read_path, read_text
from hub.sdk.testing import Sandbox


class SupplierApi(Connector[SupplierSettings]):
    """A supplier with a JSON API, described by settings."""

    name = "supplier_api"
    title = "Supplier with an API"
    level = 3
    capabilities = (SUPPLIER, STOCK_SOURCE, RECALLABLE_SUPPLIER)
    integration_depth = "webhook"

    def __init__(self, settings: SupplierSettings, client: Client, base_url: str | None = None) -> None:
        super().__init__(settings, client, base_url)
        self._credentials = Credentials(settings.auth)

    @classmethod
    def sandbox(cls) -> Sandbox:
        """A warehouse that remembers orders before it answers."""
        from connectors.supplier_api.sandbox import SupplierSandbox

        return SupplierSandbox()

    def declared_effect(self, step: Mapping[str, Any]) -> Kind:
        """What the supplier does with a repeat, as the merchant or the step declares it."""
        return self.settings.effect.resolve(step, has_lookup=self.settings.endpoints.find is not None)

    @action(Declared(), refusals=("out-of-stock", "address-invalid", "rejected"))
    async def create_purchase_order(self, order: NewPurchaseOrder, call: Call) -> PurchaseOrder:
        """Buy the lines of an order from the supplier."""
        body = orjson.dumps(mapping.write_order(order, self.settings.fields))
        headers = {"content-type": "application/json"}
        if self.settings.key_header:
            headers[self.settings.key_header] = call.key
        if signed := self.settings.sign_requests:
            timestamp = str(int(call.now.timestamp()))
            headers[signed.signature.header] = signed.signature.of(signed.secret, body, timestamp)
            if signed.signature.timestamp_header:
                headers[signed.signature.timestamp_header] = timestamp
        answer = await self._send(self.settings.endpoints.create, call, headers, body)
        if answer.status_code == 409:
            return await self._already_there(order, call)
        _raise_unless_taken(answer, self.settings)
        return self._read_taken(answer, order.reference)

    @create_purchase_order.lookup
    async def find_purchase_order(self, order: NewPurchaseOrder, call: Call) -> PurchaseOrder | None:
        """The purchase order that carries our reference, if the supplier has it."""
        endpoint = self.settings.endpoints.find
        if endpoint is None:
            raise Unanswered("The settings name no way to find an order at this supplier.")
        answer = await self._send(endpoint, call, {}, None, reference=order.reference)
        if answer.status_code in (404, 410):
            return None
        _raise_unless_read(answer)
        path = self.settings.fields.answer.found
        found = read_path(answer.json(), path)
        if found is MISSING:
            _raise_unless_empty(answer.json(), path)
            return None
        return self._read_standing(found, order.reference)

    # Idempotent: an order is stopped once however often that is asked, and asking again is how one learns of an answer
    # that was lost.
    @action(Idempotent(), refusals=("not-found", "too-late", "rejected"))
    async def cancel_purchase_order(self, order: PurchaseOrderRef, call: Call) -> Recall:
        """Ask the supplier to stop a purchase order; it is cancelled only once the supplier says so."""
        endpoint = self.settings.endpoints.cancel
        if endpoint is None:
            raise Refused("rejected", "The settings name no way to cancel at this supplier.")
        answer = await self._send(endpoint, call, {}, None, reference=order.reference)
        _raise_unless_taken(answer, self.settings, mapping.read_no)
        return mapping.read_recall(answer, order.reference, self.settings)

    @action(Read())
    async def get_stock(self, question: StockQuestion, call: Call) -> StockLevels:
        """How many of some articles the supplier has; articles it does not know are left out."""
        endpoint = self.settings.endpoints.stock
        if endpoint is None:
            raise NotDone("The settings name no way to ask this supplier for stock.")
        if "{sku}" not in endpoint.path:
            answer = await self._send(endpoint, call, {}, None, skus=",".join(question.skus))
            _raise_unless_read(answer)
            levels = mapping.read_stock(answer.json(), self.settings.fields, call.now)
        else:
            each = await asyncio.gather(*(self._send(endpoint, call, {}, None, sku=s) for s in question.skus))
            levels = []
            for answer in each:
                if answer.status_code != 404:
                    _raise_unless_read(answer)
                    levels += mapping.read_stock(answer.json(), self.settings.fields, call.now)
        wanted = set(question.skus)
        return StockLevels(levels=[level for level in levels if level.sku in wanted])

    async def probe(self, call: Call) -> str:
        """Ask for an order that cannot exist, or for what `endpoints.probe` names."""
        endpoint = self.settings.endpoints.probe or self.settings.endpoints.find
        if endpoint is None:
            raise LookupError("The settings name nothing harmless to ask this supplier.")
        answer = await self._send(endpoint, call, {}, None, reference="faros-probe")
        if answer.status_code != 404:
            _raise_unless_read(answer)
        return "The supplier answers and accepts the credential."

    def verify(self, delivery: Delivery) -> None:
        """Raise `Unverified` unless the supplier signed it with one of the secrets."""
        if self.settings.webhooks is None:
            raise Unverified("This supplier's settings have no webhook secret.")
        self.settings.webhooks.signature.verify(delivery, self.settings.webhooks.secrets)

    def delivery_key(self, delivery: Delivery) -> str:
        """The supplier's own id of the delivery where the settings name its header, else the body's hash."""
        name = self.settings.webhooks.delivery_header if self.settings.webhooks else ""
        return (delivery.header(name) if name else "") or delivery.body_hash()

    @webhook()
    def purchase_order_changed(self, delivery: Delivery) -> PurchaseOrderChanged:
        """The supplier says where a purchase order stands."""
        return mapping.read_change(read_json(delivery.body), self.settings)

    async def _send(
        self, endpoint: Endpoint, call: Call, headers: dict[str, str], body: bytes | None, **values: str
    ) -> Answer:
        http = self.http(call)
        path = endpoint.path
        for name, value in values.items():
            path = path.replace("{" + name + "}", quote(value, safe="," if name == "skus" else ""))
        headers |= await self._credentials.headers(http, call)
        answer = await http.request(
            endpoint.method, path, headers=headers, content=body, params=self._credentials.params()
        )
        if answer.status_code in (401, 403):
            self._credentials.forget()
        return answer

    async def _already_there(self, order: NewPurchaseOrder, call: Call) -> PurchaseOrder:
        """A 409: the supplier has this order already or is busy with it; only finding it makes it certain."""
        if self.settings.endpoints.find is None:
            raise Unanswered("The supplier calls the order a duplicate, and it cannot be looked up.")
        try:
            found: PurchaseOrder | None = await self.find_purchase_order(order, call)
        except (NotDone, Unauthorised) as error:
            # What is certain about the look-up is not certain about the order.
            raise Unanswered("The supplier calls the order a duplicate; looking it up failed.") from error
        if found is None:
            raise Unanswered("The supplier calls the order a duplicate but does not find it.")
        return found

    def _read_taken(self, answer: Answer, reference: str) -> PurchaseOrder:
        """A 2xx without a word on the status, where none is promised, says only that the order was received."""
        path = self.settings.fields.answer.status
        if not answer.content or not path:
            return _acknowledged(answer, reference, self.settings)
        body = answer.json()
        if answer.status_code == 202 and read_path(body, path) is MISSING:
            return _acknowledged(answer, reference, self.settings)
        return self._read_standing(body, reference)

    def _read_standing(self, body: Any, reference: str) -> PurchaseOrder:
        """An order that the supplier has rejected was not bought, whether it says so at once or when asked."""
        found = mapping.read_order(body, reference, self.settings)
        if found.status == "rejected":
            raise mapping.rejection(body, self.settings)
        return found


def _acknowledged(answer: Answer, reference: str, settings: SupplierSettings) -> PurchaseOrder:
    try:
        theirs = read_text(answer.json(), settings.fields.answer.id)
    except Unreadable:
        theirs = ""
    return PurchaseOrder(reference=reference, status="requested", supplier_reference=theirs)


def _raise_unless_taken(
    answer: Answer,
    settings: SupplierSettings,
    refusal: Callable[[Answer, SupplierSettings], Refused] = mapping.read_refusal,
) -> None:
    """A 4xx is a refusal in the supplier's words; a 5xx, a 408 or a redirect leaves open what happened."""
    status = answer.status_code
    if 400 <= status < 500 and status not in (401, 403, 408, 425, 429):
        raise refusal(answer, settings)
    if status == 425:
        raise NotDone("The supplier asks to try later.", retry_after=answer.retry_after())
    answer.raise_for_status()


def _raise_unless_read(answer: Answer) -> None:
    """Questions change nothing, so whatever is not an answer may be asked again."""
    try:
        answer.raise_for_status()
    except Refused as error:
        raise NotDone(f"The supplier answered {answer.status_code} to a question.") from error


def _raise_unless_empty(body: Any, path: str) -> None:
    """An empty list where the order would stand is a clear no; anything else is not understood."""
    parent, _, last = path.rpartition(".")
    if last.isdecimal() and isinstance(read_path(body, parent), list):
        return
    raise Unreadable(f"The look-up's answer has nothing at {path!r}.")
