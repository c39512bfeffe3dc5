"""An order's ledger told as a story: when, who, what. Each line is an effect, a case or a decision that is there."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hub.assembly import Hub
from hub.engine.world import Link
from hub.store import reading
from hub.store.encoding import from_bytes

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. `key` is what makes it one thing: an effect's key, a case's id."""

    at: datetime
    who: str
    what: str
    key: str

    def figures(self) -> dict[str, str]:
        """As `--json` gives it, to the minute and with its zone."""
        return {**asdict(self), "at": self.at.isoformat(timespec="minutes")}


async def moments_of(hub: Hub, number: str, zone: str) -> list[Moment]:
    """Everything that was done about an order so far, oldest first; reading is not doing."""
    async with hub.database.connection() as connection:
        orders = await reading.orders_numbered(connection, number, None)
        if not orders:
            return []
        trade = await reading.trade_of(connection, orders[0])
        runs = [run["id"] for run in trade["runs"]]
        effects = await reading.effects_of(connection, runs, orders[0]["id"])
        cases = await reading.cases_of(connection, runs, orders[0]["id"])
        boxes = await hub.vault.boxes(connection, {row["person_id"] for row in [*effects, *cases]})

    def opened(row: Any, column: str) -> Facts:
        sealed = row[column]
        found: Facts = from_bytes(boxes[row["person_id"]].open(sealed)) if sealed else {}
        return found

    names = {id: _name(link) for id, link in hub.world.links.items()}
    # What happened in the same moment stands as cause and effect: the question, the decision, what came of it.
    found = [*_cases(cases, opened), *_effects(effects, opened, names)]
    here = ZoneInfo(zone)
    return sorted((Moment(m.at.astimezone(here), m.who, m.what, m.key) for m in found), key=lambda m: m.at)


def _name(link: Link) -> str:
    """A service by its name, a supplier by its own."""
    connector = type(link.connector)
    return link.id if connector.level else connector.title


def _effects(
    rows: Iterable[Any], opened: Callable[[Any, str], Facts], names: Mapping[str, str]
) -> Iterable[Moment]:
    for row in rows:
        tell = TOLD.get(row["action"])
        if tell is None or row["state"] not in ("confirmed", "refused"):
            continue
        if row["state"] == "refused":
            what = f"refuses {row['action']}: {row['refusal']}"
        else:
            what = tell(opened(row, "request"), opened(row, "answer"))
        key = row["key"] if row["action"] != "verify_address" else str(row["id"])
        yield Moment(row["attempted_at"], names[row["connection_id"]], what, f"{row['action']}:{key}")


def _cases(rows: Iterable[Any], opened: Callable[[Any, str], Facts]) -> Iterable[Moment]:
    for row in rows:
        yield Moment(
            row["opened_at"], "hub", f"asks: {opened(row, 'body').get('title', '')}", f"case:{row['id']}"
        )
        for item in row["checklist"]:
            if item["at"]:
                at = datetime.fromisoformat(item["at"])
                yield Moment(at, item["by"], f"ticks: {item['label']}", f"tick:{row['id']}/{item['item']}")
        if row["resolved_at"] is not None:
            note = opened(row, "resolution").get("note", "")
            said = f"decides: {row['choice']}" + (f" ({note})" if note else "")
            yield Moment(row["resolved_at"], row["resolved_by"], said, f"decision:{row['id']}")


def _purchase(asked: Facts, answer: Facts) -> str:
    articles = ", ".join(f"{line['quantity']} x {line['sku']}" for line in asked["lines"])
    note = f"; {asked['note']}" if asked.get("note") else ""
    return f"takes purchase order {asked['reference']}: {articles}{note}"


def _message(asked: Facts, answer: Facts) -> str:
    facts = asked["properties"]
    window = f", expected {facts['expected']}" if facts.get("expected") else ""
    number = f", tracking number {facts['tracking_number']}" if facts.get("tracking_number") else ""
    opening = asked["text"].strip().split("\n\n")[0] if asked["notice"] == "delayed" else ""
    return f"sends {asked['notice']} by {asked['channel']}{window}{number}" + (
        f': "{opening}"' if opening else ""
    )


TOLD: dict[str, Callable[[Facts, Facts], str]] = {
    "verify_address": lambda asked, answer: f"says the address is {answer['verdict']}",
    "add_tags": lambda asked, answer: f"is tagged {', '.join(asked['tags'])}",
    "hold_order": lambda asked, answer: f"holds the order ({asked['reason']})",
    "release_order": lambda asked, answer: "lets the order go on",
    "create_purchase_order": _purchase,
    "send_message": _message,
    "track_parcel": lambda asked, answer: f"follows {asked['tracking_number']}: {answer['status']}",
    "fulfil_order": lambda asked, answer: f"shows tracking number {asked['tracking_number']}",
    "record_tracking": lambda asked, answer: f"shows {asked['status']}",
    "refund_order": lambda asked, answer: (
        f"refunds {answer['amount']['amount']} {answer['amount']['currency']}"
    ),
    "cancel_order": lambda asked, answer: "cancels the order",
    "open_ticket": lambda asked, answer: f"opens a ticket: {asked['body']}",
    "add_ticket_note": lambda asked, answer: f"notes: {asked['text']}",
    "close_ticket": lambda asked, answer: "closes the ticket",
    "send_alert": lambda asked, answer: f"alerts: {asked['title']}",
}
"""How each action is told, from what was asked and answered. What is not here only reads."""
