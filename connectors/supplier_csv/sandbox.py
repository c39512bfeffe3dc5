"""A double of a supplier's portal: orders are uploaded as CSV, and its own files are fetched."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from hub.sdk.commerce import Address, NewPurchaseOrder, PurchaseLine
from hub.sdk.purchase_files import Batch, ExportColumn, ExportProfile, OrderBatch, write_orders
from hub.sdk.testing import Fault, Sandbox, route

TOKEN = "portal-sandbox"
EXAMPLE = "1001-1"
"""The order of the examples, which lies aside from the beginning."""
Promise = Literal["unsafe", "keyed", "checkable"]
COLUMNS = {
    "po_number": "reference", "sku": "supplier_sku", "qty": "quantity", "ship_name": "ship_name",
    "ship_address_1": "ship_address1", "ship_address_2": "ship_address2", "ship_city": "ship_city",
    "ship_zip": "ship_postcode", "ship_country": "ship_country",
}  # fmt: skip
"""Its columns, and what we put there."""
STOCK = "sku,stock,price,currency\nA1,5,12.50,EUR\nA2,0,3.99,EUR\n"


class PortalSandbox(Sandbox):
    """A portal. `orders` are the lines it has booked, by file; it refuses what no supplier could read.

    `files` are its own files by name. With a `shelf`, articles and how many there are, its stock list is written anew
    whenever it is asked for, and what is booked is taken off the shelf.

    `promise`: a `keyed` one books no order number twice; a `checkable` one keeps each file under its name, where it can
    be read again; an `unsafe` one books whatever comes. What lies aside, under a name that begins with a point, is
    given back and booked by none of them.
    """

    def __init__(self, promise: Promise = "unsafe") -> None:
        super().__init__()
        self.promise = promise
        self.orders: dict[str, list[dict[str, str]]] = {}
        self.files: dict[str, bytes] = {"stock.csv": STOCK.encode()}
        self.shelf: dict[str, int] = {}
        self._kept: dict[str, bytes] = {}
        self._aside: dict[str, bytes] = {f".{EXAMPLE}.csv.pending": _example_file()}
        self._booked: set[str] = set()

    def settings(self) -> dict[str, Any]:
        """An account there."""
        columns = [{"name": name, "holds": holds} for name, holds in COLUMNS.items()]
        return {
            "transport": {"type": "http", "token": TOKEN, "is_readable": True},
            "orders": {"path": "orders", "profile": {"columns": columns}},
            "inboxes": [
                {"kind": "stock", "path": "stock.csv"},
                {"kind": "acknowledgements", "path": "acknowledgements.csv"},
                {"kind": "tracking", "path": "tracking.csv"},
                {"kind": "invoices", "path": "invoices.csv"},
            ],
            "effect": self.promise,
        }

    def reset(self) -> None:
        """Forget everything."""
        self.__init__(self.promise)  # type: ignore[misc]  # a double forgets by starting over

    def variants(self) -> Mapping[str, Callable[[], Sandbox]]:
        """Portals that keep different promises."""
        return {
            "unsafe": PortalSandbox,
            "keyed": lambda: PortalSandbox("keyed"),
            "checkable": lambda: PortalSandbox("checkable"),
        }

    def unsettled(self) -> Mapping[str, Any]:
        """How many orders it has booked, which references more than once, and what is left on the shelf."""
        twice = sorted(reference for reference, times in self.bought().items() if times > 1)
        return {"orders": len(self.orders), "bought_twice": twice, "stock": self.shelf}

    def bought(self) -> Counter[str]:
        """How often each reference was booked: once for each file that names it."""
        return Counter(one for rows in self.orders.values() for one in {row["po_number"] for row in rows})

    def acknowledge(self, references: Iterable[str]) -> None:
        """Write today's file of answers: these orders are taken."""
        self._write("acknowledgements.csv", ("po_number", "status"), ((one, "ok") for one in references))

    def ship(self, parcels: Mapping[str, str], carrier: str) -> None:
        """Write today's file of parcels: what is in these orders has left, under these numbers."""
        rows = ((reference, number, carrier) for reference, number in parcels.items())
        self._write("tracking.csv", ("po_number", "tracking_number", "carrier"), rows)

    def bill(
        self, number: str, costs: Mapping[str, str], parcel: str = "4.00", currency: str = "USD"
    ) -> None:
        """Write today's file of invoices: what the articles of these orders cost, and a parcel for each. It charges
        nothing for what it has not booked."""
        if strangers := sorted(set(costs) - set(self.bought())):
            raise ValueError(f"Nothing was booked as {', '.join(strangers)}.")
        day = f"{self.now():%Y-%m-%d}"
        rows = ((number, day, reference, cost, parcel, currency) for reference, cost in costs.items())
        self._write("invoices.csv", ("invoice", "date", "po_number", "goods", "freight", "currency"), rows)

    def examples(self) -> Mapping[str, BaseModel]:
        """One input for each action."""
        order = _example()
        return {
            "create_purchase_order": order,
            "send_batch": OrderBatch(batch="20260403-1700", references=[EXAMPLE]),
        }

    def provocations(self) -> Mapping[str, Mapping[str, BaseModel]]:
        """A batch with an order that was never laid aside."""
        lost = OrderBatch(batch="20260403-1700", references=["1009-1"])
        return {"send_batch": {"incomplete": lost}}

    def exempt(self) -> Mapping[str, str]:
        """What files cannot keep."""
        return {
            "statuses": "An upload is answered by the HTTP status alone; statuses come in files, which the hub reads."
        }

    def seed(self) -> None:
        """A parcel has left, and it is written in the file of parcels."""
        self.files["tracking.csv"] = b"po_number,tracking_number,carrier\n1001-1,1Z999AA10123456784,UPS\n"

    @route("PUT", "/orders/{name}")
    async def take(self, request: Request) -> Any:
        """Take an order's file."""
        content = await request.body()
        name = request.path_params["name"]
        if name.startswith("."):
            return self._unwelcome(request) or self._lay_aside(name, content)
        if problem := self._unwelcome(request) or self._unreadable(request, name, content):
            return problem
        if request.headers.get("if-none-match") == "*" and name in self._kept:
            return Response("It is there already.", 412)
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        key = rows[0]["po_number"] if len({row["po_number"] for row in rows}) == 1 else name
        key = name if name.startswith("orders_") else key
        if self.promise == "keyed" and key in self._booked:
            return Response(status_code=200)
        self._booked.add(key)
        self.orders[f"{name}/{len(self.orders)}"] = rows
        for row in rows:
            if row["sku"] in self.shelf:
                self.shelf[row["sku"]] -= int(row["qty"])
        if self.promise == "checkable":
            self._kept[name] = content
        self.changes += 1
        return Response(status_code=201)

    @route("GET", "/orders/{name}")
    async def give_back(self, request: Request) -> Any:
        """A file that was uploaded."""
        name = request.path_params["name"]
        kept = self._kept.get(name, self._aside.get(name))
        return self._unwelcome(request) or (_file(kept) if kept is not None else Response(status_code=404))

    @route("GET", "/{name}")
    async def give(self, request: Request) -> Any:
        """The newest file of a kind."""
        if self.shelf:
            # The day stands in each row, as portals write it: what is as before is said anew each day.
            rows = ((sku, str(left), f"{self.now():%Y-%m-%d}") for sku, left in sorted(self.shelf.items()))
            self._write("stock.csv", ("sku", "stock", "updated"), rows)
        found = self.files.get(request.path_params["name"])
        return self._unwelcome(request) or (_file(found) if found is not None else Response(status_code=404))

    def _write(self, name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
        written = io.StringIO(newline="")
        csv.writer(written).writerows([columns, *rows])
        self.files[name] = written.getvalue().encode()

    def _take_fault(self, path: str) -> Fault | None:
        """Misbehave when a file is put in its place, not while one is looked up that lies aside."""
        return None if "/." in path else super()._take_fault(path)

    def _lay_aside(self, name: str, content: bytes) -> Response:
        if self._aside.setdefault(name, content) != content:
            return Response("It is there already.", 412)
        self.changes += 1
        return Response(status_code=201)

    def _unwelcome(self, request: Request) -> Response | None:
        is_known = request.headers.get("authorization") == f"Bearer {TOKEN}"
        return None if is_known else Response("Who is there?", 401, {"www-authenticate": "Bearer"})

    def _unreadable(self, request: Request, name: str, content: bytes) -> Response | None:
        """What an importer of orders would say of this file."""
        if self.take_refusal("slow-down"):
            return Response(status_code=429)
        if self.take_refusal("rejected"):
            return Response("We do not ship there.", 422)
        if request.headers.get("content-type", "").partition(";")[0] != "text/csv":
            return Response("Send text/csv.", 415)
        if not re.fullmatch(r"[\w.-]+\.csv", name):
            return Response("The name of the file is not one.", 400)
        return _mistake(content)


def _mistake(content: bytes) -> Response | None:
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return Response("This is not CSV in UTF-8.", 400)
    if not rows or list(rows[0]) != list(COLUMNS):
        return Response(f"The columns are {', '.join(COLUMNS)}.", 422)
    for row in rows:
        if None in row.values() or not row["qty"].isdecimal() or not (row["po_number"] and row["sku"]):
            return Response("A line lacks its order, its article or its quantity.", 422)
    return None


def _example() -> NewPurchaseOrder:
    line = PurchaseLine(line_id="1", sku="LAMP", supplier_sku="A1", title="Lamp", quantity=2)
    to = Address(
        name="Ann Lee", line1="Strasse 5", line2="Apt 4B", city="Bonn", postcode="05113", country="DE"
    )
    return NewPurchaseOrder(reference=EXAMPLE, order_number="1001", ship_to=to, lines=[line])


def _example_file() -> bytes:
    """The example's order, as it lies aside."""
    columns = tuple(
        ExportColumn.model_validate({"name": name, "holds": holds}) for name, holds in COLUMNS.items()
    )
    batch = Batch(ordered_on=date(2026, 4, 3), orders=(_example(),))
    return b"".join(write_orders(batch, ExportProfile(columns=columns)))


def _file(content: bytes) -> Response:
    return Response(content, media_type="text/csv")
