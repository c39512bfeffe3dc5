"""The connector for suppliers with a JSON API: calls and verification; the settings say what things are called."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import orjson

from connectors.supplier_api import amendments, invoices, mapping
from connectors.supplier_api.answers import (
    acknowledged,
    raise_unless_empty,
    raise_unless_read,
    raise_unless_taken,
)
from connectors.supplier_api.auth import Credentials
from connectors.supplier_api.settings import Endpoint, SupplierSettings
from connectors.supplier_api.writing import write_order
from hub.sdk import (
    AMENDABLE_SUPPLIER,
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
    InvoiceIssued,
    Kind,
    NotDone,
    Page,
    PurchaseOrderChanged,
    Read,
    Refused,
    Unanswered,
    Unauthorised,
    Unsafe,
    Unverified,
    action,
    poll,
    webhook,
)
from hub.sdk.amendments import Amendment, AmendmentRef, AmendPurchase
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
    capabilities = (SUPPLIER, STOCK_SOURCE, RECALLABLE_SUPPLIER, AMENDABLE_SUPPLIER)
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
        body = orjson.dumps(write_order(order, self.settings.fields))
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
        raise_unless_taken(answer, self.settings)
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
        raise_unless_read(answer)
        path = self.settings.fields.answer.found
        found = read_path(answer.json(), path)
        if found is MISSING:
            raise_unless_empty(answer.json(), path)
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
        raise_unless_taken(answer, self.settings, mapping.read_no)
        return mapping.read_recall(answer, order.reference, self.settings)

    # Unsafe: nobody promises what becomes of a wish that comes twice. It may be booked, and charged, as two.
    @action(Unsafe(), refusals=("not-found", "too-late", "rejected"))
    async def amend_purchase_order(self, wanted: AmendPurchase, call: Call) -> Amendment:
        """Ask the supplier for another address, or fewer of an article; amended only once it says so."""
        endpoint = self.settings.endpoints.amend
        if endpoint is None:
            raise Refused("rejected", "The settings name no way to amend an order at this supplier.")
        body = orjson.dumps(amendments.write_amendment(wanted, self.settings.fields))
        headers = {"content-type": "application/json"}
        answer = await self._send(endpoint, call, headers, body, reference=wanted.reference)
        raise_unless_taken(answer, self.settings, mapping.read_no)
        ref = AmendmentRef(reference=wanted.reference, amendment=wanted.amendment)
        found = amendments.read_amendment(answer, ref, self.settings)
        if found.state == "refused":
            raise amendments.refusal_of(found)
        return found

    @action(Read(), refusals=("not-found", "cannot-say"))
    async def get_amendment(self, asked: AmendmentRef, call: Call) -> Amendment:
        """Where an amendment stands, by the supplier's word."""
        endpoint = self.settings.endpoints.amendment
        if endpoint is None:
            raise Refused("cannot-say", "The settings name no way to ask this supplier what became of it.")
        names = {"reference": asked.reference, "amendment": asked.amendment}
        answer = await self._send(endpoint, call, {}, None, **names)
        if answer.status_code in (404, 410):
            raise Refused("not-found", "The supplier has no such amendment.")
        if answer.status_code in (405, 501):
            raise Refused("cannot-say", "The supplier does not tell what became of it.")
        raise_unless_read(answer)
        return amendments.read_amendment(answer, asked, self.settings)

    @poll(every=timedelta(hours=1))
    async def invoice_issued(self, cursor: str | None, call: Call) -> Page[InvoiceIssued]:
        """Invoices that the supplier has issued since the last look, where it can be asked for them."""
        endpoint = self.settings.endpoints.invoices
        if endpoint is None:
            return Page([], cursor)
        answer = await self._send(endpoint, call, {}, None, cursor=cursor or "")
        raise_unless_read(answer)
        found = invoices.read_invoices(answer.json(), self.settings.fields.invoice)
        after = read_text(answer.json(), self.settings.fields.invoice.next) or cursor
        return Page(found, after, more=bool(found) and after != cursor)

    @action(Read())
    async def get_stock(self, question: StockQuestion, call: Call) -> StockLevels:
        """How many of some articles the supplier has; articles it does not know are left out."""
        endpoint = self.settings.endpoints.stock
        if endpoint is None:
            raise NotDone("The settings name no way to ask this supplier for stock.")
        if "{sku}" not in endpoint.path:
            answer = await self._send(endpoint, call, {}, None, skus=",".join(question.skus))
            raise_unless_read(answer)
            levels = mapping.read_stock(answer.json(), self.settings.fields, call.now)
        else:
            each = await asyncio.gather(*(self._send(endpoint, call, {}, None, sku=s) for s in question.skus))
            levels = []
            for answer in each:
                if answer.status_code != 404:
                    raise_unless_read(answer)
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
            raise_unless_read(answer)
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
            return acknowledged(answer, reference, self.settings)
        body = answer.json()
        if answer.status_code == 202 and read_path(body, path) is MISSING:
            return acknowledged(answer, reference, self.settings)
        return self._read_standing(body, reference)

    def _read_standing(self, body: Any, reference: str) -> PurchaseOrder:
        """An order that the supplier has rejected was not bought, whether it says so at once or when asked."""
        found = mapping.read_order(body, reference, self.settings)
        if found.status == "rejected":
            raise mapping.rejection(body, self.settings)
        return found
