"""The warehouse's desk: where orders stand that were taken, what becomes of them, and what is charged for them."""

import json
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from connectors.supplier_api.sandbox_answers import invoice_of, no_amendment, refusal, shown
from hub.sdk import Delivery
from hub.sdk.signing import Signature
from hub.sdk.testing import Sandbox, route

TOKEN = "sandbox-token"
SECRET = SecretStr("sandbox-secret")
SIGNATURE = Signature(header="x-supplier-signature", prefix="sha256=")

OLD = "main:1000:warehouse:1"
"""The reference of an order from before, which waits to be sent; `orders` are those it has taken since."""

SEEN = f"{OLD}~1"
"""A wish to amend that order, which was granted before."""

ENDPOINTS = {
    "cancel": {"method": "POST", "path": "/purchase-orders/{reference}/cancel"},
    "amend": {"method": "POST", "path": "/purchase-orders/{reference}/amendments"},
    "amendment": {"path": "/purchase-orders/{reference}/amendments/{amendment}"},
    "invoices": {"path": "/invoices?after={cursor}"},
}
"""Where this desk is asked for what not every supplier can do."""

INVOICES_PAGE = 2


class SupplierDesk(Sandbox):
    """What a warehouse does with orders once it has them. It grants or refuses at once, or says later what became of a
    wish; and it charges for what it has taken, never for what it has not."""

    def __init__(self) -> None:
        super().__init__()
        self.stops_at_once = True
        """Whether it cancels when asked; otherwise it takes the wish, and says later by `say` what became of it."""
        self.amends_at_once = True
        """Whether it amends when asked; otherwise it takes the wish, and says later by `decide` what became of it."""
        self.amendments: dict[str, dict[str, Any]] = {
            SEEN: {"id": SEEN, "reference": OLD, "state": "accepted"}
        }
        """Wishes to change an order, by their ids."""
        self.invoices: list[dict[str, Any]] = []
        old = {"id": "S-000000", "reference": OLD, "status": "accepted"}
        self._by_reference: dict[str, dict[str, Any]] = {OLD: old}

    def sign(self, body: bytes, topic: str = "", headers: Mapping[str, str] | None = None) -> Delivery:
        """A webhook as this warehouse sends it."""
        signed = {SIGNATURE.header: SIGNATURE.of(SECRET, body), "content-type": "application/json"}
        return Delivery({**signed, **(headers or {})}, body, self.now())

    def begin(self, reference: str) -> Delivery:
        """Begin to make an order; gives the webhook that says so."""
        order = self._by_reference[reference]
        order["status"] = "in_production"
        told = {
            "id": order["id"], "reference": reference, "status": "in_production",
            "changed_at": self.now().isoformat(),
        }  # fmt: skip
        return self.sign(orjson.dumps(told))

    def ship(self, reference: str, tracking_number: str, carrier: str = "") -> Delivery:
        """Hand an order to a carrier; gives the webhook that says so."""
        parcel = {"tracking_number": tracking_number, "carrier": carrier}
        return self.say(reference, "shipped", parcel)

    def say(self, reference: str, status: str, *parcels: dict[str, Any], **more: Any) -> Delivery:
        """Say where an order stands, and which parcels of it there are; gives the webhook that does."""
        order = self._by_reference[reference]
        order["status"] = status
        told = {"id": order["id"], "reference": reference, "status": status, "parcels": list(parcels)}
        return self.sign(orjson.dumps({**told, "changed_at": self.now().isoformat(), **more}))

    def decide(self, amendment: str, state: str, reason: str = "") -> Delivery:
        """Grant or refuse a wish to amend an order; gives the webhook that says so."""
        wish = self.amendments[amendment]
        wish["state"] = state
        order = self._by_reference[wish["reference"]]
        if state == "accepted":
            _amend(order, wish)
        told = {**shown(order), "amendment": {"id": amendment, "state": state, "reason": reason}}
        return self.sign(orjson.dumps({**told, "changed_at": self.now().isoformat()}))

    def bill(self, *references: str, **changes: Any) -> dict[str, Any]:
        """Charge for orders that were taken, by their own costs and what a parcel costs here; `changes` are made to the
        invoice, for one that is wrong."""
        number = f"R-{len(self.invoices) + 1:06}"
        invoice = invoice_of(number, [self._by_reference[one] for one in references], self.now())
        self.invoices.append({**invoice, **changes})
        return self.invoices[-1]

    @route("POST", "/purchase-orders/{reference}/cancel")
    async def cancel(self, request: Request) -> Any:
        """Stop an order that has not left; asked again, it says where that stands."""
        if refused := self._unwelcome(request):
            return refused
        order = self._by_reference.get(request.path_params["reference"])
        if order is None:
            return 404, refusal("not_found", "We have no such order.")
        if order["status"] == "shipped" or self.take_refusal("too-late"):
            return 409, refusal("too_late", "It has left.")
        if self.take_refusal("rejected"):
            return 422, refusal("not_accepted", "We do not stop this order.")
        if "to_stop" not in order:
            order["to_stop"] = self.now().isoformat()
            self.changes += 1
        if self.stops_at_once:
            order["status"] = "cancelled"
        return (200 if order["status"] == "cancelled" else 202), shown(order)

    @route("POST", "/purchase-orders/{reference}/amendments")
    async def amend(self, request: Request) -> Any:
        """Change an order that has not left: its address, or fewer of an article. Each wish that comes is booked."""
        if refused := self._unwelcome(request):
            return refused
        order = self._by_reference.get(request.path_params["reference"])
        if order is None:
            return 404, refusal("not_found", "We have no such order.")
        if order["status"] in ("shipped", "cancelled") or self.take_refusal("too-late"):
            return 409, refusal("too_late", "It has left.")
        try:
            wish = json.loads(await request.body())
        except ValueError:
            return 400, refusal("malformed", "The body is not JSON.")
        if self.take_refusal("rejected"):
            return 422, refusal("not_accepted", "We do not change this order.")
        if problem := no_amendment(wish, order):
            return 422, refusal("not_accepted", problem)
        state = "accepted" if self.amends_at_once else "requested"
        times = self.amendments.get(wish["id"], {}).get("times", 0) + 1
        kept = {**wish, "reference": order["reference"], "state": state, "times": times}
        self.amendments[wish["id"]] = kept
        self.changes += 1
        if self.amends_at_once:
            _amend(order, kept)
        return (200 if self.amends_at_once else 202), _wish_shown(order, kept)

    @route("GET", "/purchase-orders/{reference}/amendments/{amendment}")
    async def amendment(self, request: Request) -> Any:
        """Where a wish to change an order stands."""
        if refused := self._unwelcome(request):
            return refused
        if self.take_refusal("cannot-say"):
            return 501, refusal("cannot_say", "Ask our desk.")
        wish = self.amendments.get(request.path_params["amendment"])
        if wish is None or wish["reference"] != request.path_params["reference"]:
            return 404, refusal("not_found", "We have no such amendment.")
        return 200, _wish_shown(self._by_reference[wish["reference"]], wish)

    @route("GET", "/invoices")
    async def list_invoices(self, request: Request) -> Any:
        """Invoices in the order of their issue, some at a time; `next` goes on after them."""
        if refused := self._unwelcome(request):
            return refused
        after = request.query_params.get("after") or "0"
        if not after.isdecimal() or int(after) > len(self.invoices):
            return 400, refusal("no_such_place", "`after` is the `next` of an answer of ours.")
        page = self.invoices[int(after) : int(after) + INVOICES_PAGE]
        return 200, {"invoices": page, "next": str(int(after) + len(page))}

    def _unwelcome(self, request: Request) -> Response | None:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return JSONResponse(refusal("unauthorised", "Who are you?"), 401)
        if self.take_refusal("429", "slow-down"):
            return JSONResponse(refusal("slow_down", "Too many requests."), 429, {"retry-after": "2"})
        return None


def _amend(order: dict[str, Any], wish: dict[str, Any]) -> None:
    """Do as was wished."""
    order.update({name: wish[name] for name in ("ship_to",) if name in wish})
    wanted = {line["line_id"]: line["quantity"] for line in wish.get("lines", [])}
    for line in order.get("lines", []):
        line["quantity"] = wanted.get(line["line_id"], line["quantity"])


def _wish_shown(order: dict[str, Any], wish: dict[str, Any]) -> dict[str, Any]:
    return {**shown(order), "amendment": {"id": wish["id"], "state": wish["state"]}}
