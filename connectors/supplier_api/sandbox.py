"""A warehouse with a JSON API: it remembers every order before it answers, and can be told to misbehave."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

import orjson
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from connectors.supplier_api.sandbox_answers import REFUSED, missing, refusal, shown
from connectors.supplier_api.sandbox_desk import ENDPOINTS, OLD, SECRET, SEEN, SIGNATURE, TOKEN, SupplierDesk
from connectors.supplier_api.settings import Fields
from connectors.supplier_api.writing import write_order
from hub.sdk.amendments import AmendmentRef, AmendPurchase
from hub.sdk.commerce import Address, Money, NewPurchaseOrder, PurchaseLine, PurchaseOrderRef, StockQuestion
from hub.sdk.testing import Sandbox, route

Promise = Literal["keyed", "checkable", "unsafe"]


class SupplierSandbox(SupplierDesk):
    """A warehouse. `promise` is what it does with a repeat: remembers the key, can be asked, or simply ships again.

    `orders` only ever grows, and grows before an answer is sent. With a `ledger` each order is also a line in that
    file, so that another process can count what was really bought after this one is killed.
    """

    def __init__(self, promise: Promise = "unsafe", ledger: Path | None = None) -> None:
        super().__init__()
        self.promise: Promise = promise
        self.ledger = ledger
        self.orders: list[dict[str, Any]] = []
        self.stock: dict[str, int] = {"MUG-11": 1000, "NECKLACE-GOLD": 1000, "CAP-BLUE": 1000}
        self.endless = False
        """Stock does not run down, and unknown articles are on the shelf: for benchmarks."""
        self.late_accept = False
        self.numbered = "S-{:06}"
        """Answers 202 and decides later, as suppliers with a queue do."""
        self.refuses_repeats = False
        """Answers 409 to a reference it has already; otherwise a repeat without a known key is bought again."""
        self._by_key: dict[str, dict[str, Any]] = {}

    def settings(self) -> dict[str, Any]:
        """A bearer token, the plain shape, and this warehouse's own promise."""
        settings: dict[str, Any] = {
            "auth": {"type": "bearer", "token": TOKEN},
            "effect": {"kind": self.promise, "settles_in": "1 minute"},
            "webhooks": {"secrets": [SECRET.get_secret_value()], "signature": SIGNATURE.model_dump()},
        }
        settings["endpoints"] = ENDPOINTS | ({"find": None} if self.promise == "unsafe" else {})
        return settings

    def reset(self) -> None:
        """Forget everything but what kind of warehouse this is."""
        self.__init__(self.promise, self.ledger)  # type: ignore[misc]  # a double forgets by starting over

    def unsettled(self) -> Mapping[str, Any]:
        """Orders taken, how many references were bought more than once, what is left on the shelf, what is to stop,
        and how many wishes to amend one there are."""
        counts = self.bought()
        twice = sorted(reference for reference, times in counts.items() if times > 1)
        to_stop = sorted(reference for reference, order in self._by_reference.items() if "to_stop" in order)
        return {
            "orders": len(self.orders), "bought_twice": twice, "stock": self.stock, "to_stop": to_stop,
            "amendments": len(self.amendments),
        }  # fmt: skip

    def bought(self) -> Counter[str]:
        """How often each reference was bought."""
        return Counter(order["reference"] for order in self.orders)

    # What the standard tests need to know.

    def variants(self) -> Mapping[str, Callable[[], Sandbox]]:
        """A warehouse for each promise."""
        return {promise: partial(SupplierSandbox, promise) for promise in get_args(Promise)}

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        return {
            "create_purchase_order": example_order(),
            "cancel_purchase_order": PurchaseOrderRef(reference=OLD),
            "amend_purchase_order": example_amendment(),
            "get_amendment": AmendmentRef(reference=OLD, amendment=SEEN),
            "get_stock": StockQuestion(skus=["MUG-11", "NO-SUCH"]),
        }

    def deliveries(self) -> Mapping[str, Any]:
        """One webhook body for each topic."""
        return {
            "": {
                "id": "S-000001",
                "reference": "main:1001:warehouse:1",
                "status": "shipped",
                "parcels": [{"tracking_number": "1Z999AA10123456784", "carrier": "UPS"}],
                "changed_at": "2026-03-02T15:04:05Z",
            }
        }

    def statuses(self) -> Mapping[str, str]:
        """Where a status stands on the wire, by action or webhook method."""
        told = ("create_purchase_order", "cancel_purchase_order", "purchase_order_changed")
        amended = dict.fromkeys(("amend_purchase_order", "get_amendment"), "amendment.state")
        return dict.fromkeys(told, "status") | amended

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """It stops and amends no order that it does not have."""
        nowhere = "main:1:warehouse:1"
        return {
            "cancel_purchase_order": {"not-found": PurchaseOrderRef(reference=nowhere)},
            "amend_purchase_order": {"not-found": example_amendment(nowhere)},
            "get_amendment": {"not-found": AmendmentRef(reference=nowhere, amendment=f"{nowhere}~1")},
        }

    def seed(self) -> None:
        """Three orders are taken and charged, two of them on one invoice."""
        for number in (1, 2, 3):
            self._take(mapped(example_order(f"main:100{number}:warehouse:1")), str(number))
        self.bill("main:1001:warehouse:1", "main:1002:warehouse:1")
        self.bill("main:1003:warehouse:1")

    # The API.

    @route("POST", "/purchase-orders")
    async def create(self, request: Request) -> Any:
        """Take an order."""
        if refused := self._unwelcome(request):
            return refused
        try:
            body = json.loads(await request.body())
        except ValueError:
            return 400, refusal("malformed", "The body is not JSON.")
        key = request.headers.get("idempotency-key", "")
        if self.promise == "keyed" and key in self._by_key:
            return 200, shown(self._by_key[key])
        if problem := missing(body):
            return 422, refusal("missing_field", problem)
        if problem_code := self._refusal(body):
            code, reason = REFUSED.get(problem_code, (problem_code, f"We refuse: {problem_code}."))
            return 422, refusal(code, reason)
        if self.take_refusal("rejected-in-body"):
            # What some suppliers do: all is well by the status line, and the body says otherwise.
            return 200, {"reference": body["reference"], "status": "rejected", "reason": "Not this one."}
        if self.refuses_repeats and body["reference"] in self._by_reference:
            return 409, refusal("duplicate", "We have this order already.")
        order = self._take(body, key)
        return (202 if self.late_accept else 201), shown(order)

    @route("GET", "/purchase-orders")
    async def list_orders(self, request: Request) -> Any:
        """Every order taken, oldest first."""
        return self._unwelcome(request) or (200, {"orders": [shown(order) for order in self.orders]})

    @route("GET", "/purchase-orders/{reference}")
    async def find(self, request: Request) -> Any:
        """One order by the buyer's reference."""
        if refused := self._unwelcome(request):
            return refused
        if self.promise == "unsafe":
            return 405, refusal("no_such_question", "This warehouse cannot be asked.")
        order = self._by_reference.get(request.path_params["reference"])
        return (200, shown(order)) if order else (404, refusal("not_found", "We have no such order."))

    @route("GET", "/stock")
    async def levels(self, request: Request) -> Any:
        """Stock of the articles asked for; unknown ones are left out."""
        if refused := self._unwelcome(request):
            return refused
        wanted = request.query_params.get("skus", "").split(",")
        known = [sku for sku in wanted if sku in self.stock]
        levels = [
            {"sku": sku, "available": self.stock[sku], "as_of": self.now().isoformat()} for sku in known
        ]
        return 200, {"levels": levels}

    # Behind the counter.

    def _refusal(self, body: dict[str, Any]) -> str | None:
        if told := self.take_refusal(*REFUSED):
            return told
        wanted: Counter[str] = Counter()
        for line in body["lines"]:
            if line["quantity"] <= 0:
                return "zero_quantity"
            wanted[line["sku"]] += line["quantity"]
        if self.endless:
            return None
        if any(sku not in self.stock for sku in wanted):
            return "unknown_sku"
        return "out-of-stock" if any(self.stock[s] < n for s, n in wanted.items()) else None

    def _take(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        status = "requested" if self.late_accept else "accepted"
        order = {**body, "id": self.numbered.format(len(self.orders) + 1), "status": status, "key": key}
        order["taken_at"] = self.now().isoformat()
        self.orders.append(order)
        self.changes += 1
        self._by_key[key] = order
        self._by_reference[body["reference"]] = order
        if not self.endless:
            for line in body["lines"]:
                self.stock[line["sku"]] -= line["quantity"]
        if self.ledger is not None:
            with self.ledger.open("ab") as file:
                file.write(orjson.dumps(order) + b"\n")
        return order

    def _controls(self) -> list[Route]:
        async def orders(request: Request) -> Response:
            return Response(orjson.dumps(self.orders), media_type="application/json")

        async def behave(request: Request) -> Response:
            wanted = await request.json()
            self.stock.update(wanted.get("stock", {}))
            self.endless = wanted.get("endless", self.endless)
            self.late_accept = wanted.get("late_accept", self.late_accept)
            self.refuses_repeats = wanted.get("refuses_repeats", self.refuses_repeats)
            self.promise = wanted.get("promise", self.promise)
            return JSONResponse({"stock": self.stock, "promise": self.promise})

        return [
            *super()._controls(),
            Route("/_sandbox/orders", orders, methods=["GET"]),
            Route("/_sandbox/behaviour", behave, methods=["POST"]),
        ]


def example_amendment(reference: str = OLD) -> AmendPurchase:
    """A wish for another address, as the hub would send it."""
    home = Address(line1="2 Example Street", city="New York", region="NY", postcode="10001", country="US")
    return AmendPurchase(reference=reference, amendment=f"{reference}~2", ship_to=home)


def mapped(order: NewPurchaseOrder) -> dict[str, Any]:
    """An order in this warehouse's own words."""
    return write_order(order, Fields())


def example_order(reference: str = "main:1001:warehouse:1", quantity: int = 2) -> NewPurchaseOrder:
    """An order for mugs, as the hub would send it."""
    return NewPurchaseOrder(
        reference=reference,
        order_number="1001",
        ship_to=Address(
            name="Ada Sample",
            line1="1 Example Street",
            city="New York",
            region="NY",
            postcode="10001",
            country="US",
        ),
        lines=[
            PurchaseLine(
                line_id="1",
                sku="MUG",
                supplier_sku="MUG-11",
                quantity=quantity,
                unit_cost=Money.model_validate({"amount": "4.20", "currency": "USD"}),
            )
        ],
    )
