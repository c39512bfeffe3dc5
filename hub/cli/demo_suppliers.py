"""The demo's suppliers, one of each level: what each was sent, and how it speaks. Their books are their doubles'."""

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any, Protocol

from hub.assembly import Hub
from hub.cli.doubles import Doubles
from hub.sdk import Delivery
from hub.store.stock import Level, keep_levels

STORE = "main"
BY_API, BY_FILE, BY_MAIL = "harbour", "coastal", "elmwood"
CARRIER = "ups"
STOCK = "stock.csv"


class Supplier(Protocol):
    """What the outside world does at a supplier. What it says by webhook is given to be delivered; mails and files lie
    where the hub looks for them."""

    @property
    def name(self) -> str:
        """Its connection."""
        ...

    @property
    def way(self) -> str:
        """How it is reached."""
        ...

    def bought(self) -> Counter[str]:
        """How often each purchase is in its books, by reference."""
        ...

    def acknowledge(self) -> None:
        """Say of everything in its books that it is taken."""
        ...

    def ship(self, parcels: Mapping[str, str]) -> list[Delivery]:
        """Hand purchases to a carrier, by reference to tracking number, and say so."""
        ...

    def put_on_shelf(self, stock: Mapping[str, int]) -> None:
        """So many it has of each article from now on."""
        ...

    def sell_out(self) -> None:
        """It has nothing any more."""
        ...


@dataclass(frozen=True, slots=True)
class ByApi:
    """A warehouse with an API: it takes an order in its answer, and tells of parcels by webhook."""

    name: str
    double: Any
    way: str = "API"

    def bought(self) -> Counter[str]:
        """The orders in its books."""
        found: Counter[str] = self.double.bought()
        return found

    def acknowledge(self) -> None:
        """It has: by answering."""

    def ship(self, parcels: Mapping[str, str]) -> list[Delivery]:
        """A webhook for each parcel."""
        return [self.double.ship(reference, number, CARRIER) for reference, number in parcels.items()]

    def put_on_shelf(self, stock: Mapping[str, int]) -> None:
        """What it answers when it is asked."""
        self.double.stock.update(stock)

    def sell_out(self) -> None:
        """It says so when it is asked."""
        self.put_on_shelf(dict.fromkeys(self.double.stock, 0))


@dataclass(frozen=True, slots=True)
class ByFile:
    """A portal: an order is a file that is uploaded, and what it says lies there as files."""

    name: str
    double: Any
    way: str = "CSV portal"

    def bought(self) -> Counter[str]:
        """The orders it has booked."""
        found: Counter[str] = self.double.bought()
        return found

    def acknowledge(self) -> None:
        """A file of answers."""
        self.double.acknowledge(sorted(self.bought()))

    def ship(self, parcels: Mapping[str, str]) -> list[Delivery]:
        """A file of parcels."""
        if parcels:
            self.double.ship(parcels, CARRIER)
        return []

    def put_on_shelf(self, stock: Mapping[str, int]) -> None:
        """What its stock list says."""
        self.double.shelf.update(stock)

    def sell_out(self) -> None:
        """Its stock list says so."""
        self.put_on_shelf(dict.fromkeys(self.double.shelf, 0))


@dataclass(frozen=True, slots=True)
class ByMail:
    """A workshop that reads its mails and answers them; it tells no stock, so the merchant knows what it has."""

    name: str
    double: Any
    way: str = "e-mail"

    def bought(self) -> Counter[str]:
        """The orders among its mails."""
        found: Counter[str] = self.double.bought()
        return found

    def acknowledge(self) -> None:
        """An answer to each mail."""
        for reference in sorted(self.bought()):
            self.double.reply(reference, f"Thank you, we have received your order {reference}.\n\nEvelyn")

    def ship(self, parcels: Mapping[str, str]) -> list[Delivery]:
        """An answer to each mail, with the number."""
        for reference, number in parcels.items():
            said = f"Your order {reference} was shipped today with UPS, tracking number {number}.\n\nEvelyn"
            self.double.reply(reference, said)
        return []

    def put_on_shelf(self, stock: Mapping[str, int]) -> None:
        """Nobody hears of it."""

    def sell_out(self) -> None:
        """Nobody hears of it; what the merchant was told is soon too old to be believed."""


def suppliers(doubles: Doubles) -> tuple[Supplier, ...]:
    """The three of the demo."""
    return (
        ByApi(BY_API, doubles.double("supplier_api", BY_API)),
        ByFile(BY_FILE, doubles.double("supplier_csv", BY_FILE)),
        ByMail(BY_MAIL, doubles.double("supplier_email", BY_MAIL)),
    )


async def set_up(demo: Traversable, doubles: Doubles, hub: Hub) -> None:
    """Put the demo's stock onto the shelves, and what is only the merchant's to know into his hub: the passwords of his
    mail account, and what the supplier by mail has told him that it has."""
    stock: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in csv.DictReader(demo.joinpath(STOCK).read_text(encoding="utf-8").splitlines()):
        stock[row["supplier"]][row["supplier_sku"]] = int(row["available"])
    for supplier in suppliers(doubles):
        supplier.put_on_shelf(stock[supplier.name])
    now = hub.clock.now()
    told = [Level(BY_MAIL, article, units, now) for article, units in stock[BY_MAIL].items()]
    accounts = doubles.double("supplier_email", BY_MAIL).settings()
    async with hub.database.transaction() as connection:
        await keep_levels(connection, STORE, told, now)
        for server in ("smtp", "imap"):
            await hub.secrets.put(connection, f"{BY_MAIL}-{server}", accounts[server]["password"], now)
