"""What is on record of an order: the decision with every candidate, the ledger, purchases, parcels, messages."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboard import parts
from dashboard.ask.orders import (
    Candidate,
    DecidedLine,
    Decision,
    Effect,
    Message,
    Order,
    Parcel,
    Purchase,
    Risk,
)
from dashboard.markup import Markup, join, tag

TIMES = "\N{MULTIPLICATION SIGN}"


def decision(made: Decision, zone: ZoneInfo, now: datetime) -> Markup:
    """Who ships what, and for each line every supplier that was looked at."""
    state = parts.chip("superseded") if made.superseded_at else parts.chip("in force", "good")
    head = tag("p", state, parts.moment(made.made_at, zone, now), tag("span", f" · rules {made.rules_version}",
               class_="f-quiet"))  # fmt: skip
    return join(head, *[_line(line) for line in made.lines])


def _line(line: DecidedLine) -> Markup:
    replaces = f" instead of {line.replaces}" if line.replaces else ""
    who = tag("strong", line.supplier) if line.supplier else tag("strong", "nobody", class_="f-late")
    head = tag(
        "p",
        tag("strong", f"{line.quantity} {TIMES} {line.sku}{replaces}"),
        " goes to ",
        who,
        f": {parts.words(line.reason)}",
        f" ({_shares(line)})" if line.shares else "",
    )
    rows = [_candidate(candidate) for candidate in line.candidates]
    columns = ["Supplier", "Standing", "Why", "Left", "Unit cost", "Shipping", "Zone", "Stock known"]
    if any(candidate.risk for candidate in line.candidates):
        columns.append("Broken promises")
        rows = [[*row, _risk(found.risk)] for row, found in zip(rows, line.candidates, strict=True)]
    return join(head, parts.table(columns, rows, numbers=(3, 4, 5)))


def _shares(line: DecidedLine) -> str:
    each = ", ".join(f"{share.quantity} at {share.supplier}" for share in line.shares)
    return f"{sum(share.quantity for share in line.shares)} are {each}"


def _candidate(found: Candidate) -> list[object]:
    left = "unknown" if found.available is None else f"{found.available}"
    threshold = f" (keeps {found.threshold})" if found.threshold else ""
    age = "" if found.age_seconds is None else f"{max(0, found.age_seconds) // 60} min old"
    return [
        tag("strong", found.supplier), parts.state_chip(found.standing), found.why, f"{left}{threshold}",
        found.unit_cost, found.shipping, parts.words(found.zone or ""), age,
    ]  # fmt: skip


def _risk(found: Risk | None) -> str:
    if found is None or found.unknown:
        return f"not counted: {found.unknown}" if found else ""
    broken = f"{found.late} late and {found.rejected} refused of {found.purchases}"
    return f"{broken}: {found.cost} more" if found.cost else broken


def ledger(effects: list[Effect], zone: ZoneInfo, now: datetime) -> Markup:
    """Every performance of an action, as the ledger has it."""
    rows = [
        [
            tag("strong", effect.connection), parts.words(effect.action), parts.words(str(effect.kind.get("name", ""))),
            join(parts.state_chip(effect.state), effect.refusal, " ", effect.reason),
            parts.moment(effect.settled_at or effect.intended_at, zone, now),
            effect.attempt, tag("span", effect.key, class_="f-mono f-quiet"),
        ]
        for effect in effects
    ]  # fmt: skip
    return parts.table(
        ["Connection", "Action", "Kind", "State", "Settled", "Tries", "Key"], rows, numbers=(5,)
    )


def purchase(found: Purchase) -> Markup:
    """A purchase order in a few lines."""
    lines = ", ".join(f"{line.get('quantity', 1)} {TIMES} {line.get('sku', '')}" for line in found.lines)
    return tag(
        "div",
        tag("p", tag("strong", found.supplier), " ", parts.state_chip(found.state)),
        parts.facts(
            {
                "Ours": tag("span", found.reference, class_="f-mono"),
                "Theirs": tag("span", found.supplier_reference, class_="f-mono")
                if found.supplier_reference
                else None,
                "Says": found.status and parts.words(found.status),
                "Lines": lines,
                "Why": found.reason,
            }
        ),
    )


def parcel(found: Parcel, zone: ZoneInfo, now: datetime) -> Markup:
    """A parcel in a few lines."""
    replaced = f"void; {found.replaced_by} goes instead" if found.replaced_by else "void"
    return tag(
        "div",
        tag("p", tag("strong", found.tracking_number or "no tracking yet", class_="f-mono"), " ",
            parts.state_chip(found.status)),
        parts.facts(
            {
                "Carrier": found.carrier,
                "From": found.supplier,
                "Last scan": parts.moment(found.last_scan_at, zone, now),
                "Delivered": parts.moment(found.delivered_at, zone, now) if found.delivered_at else None,
                "Void": replaced if found.voided_at else None,
                "Generation": f"{found.generation}, replaces an earlier parcel" if found.generation else None,
            }
        ),
    )  # fmt: skip


def customer(order: Order) -> Markup:
    """Who ordered, and where it goes."""
    body = order.body
    if body is None:
        return tag("p", "The customer's data has been erased.", class_="f-quiet")
    to = body.get("ship_to") or {}
    street = " ".join(str(to.get(part) or "") for part in ("line1", "line2")).strip()
    town = " ".join(str(to.get(part) or "") for part in ("city", "region", "postcode", "country")).strip()
    bought = [tag("div", _article(line)) for line in body.get("lines") or []]
    return parts.facts(
        {
            "Customer": to.get("name"),
            "E-mail": (body.get("customer") or {}).get("email"),
            "Goes to": ", ".join(part for part in (street, town) if part),
            "Address": order.verdict and parts.words(order.verdict),
            "Bought": join(*bought) if bought else None,
            "Note": body.get("note"),
        }
    )


def _article(line: dict[str, Any]) -> str:
    return f"{line.get('quantity', 1)} {TIMES} {line.get('title') or line.get('sku', '')}"


def message(found: Message, zone: ZoneInfo, now: datetime) -> Markup:
    """A message as the customer saw it, on each channel it went out on."""
    why = f" {parts.words(found.reason)}" if found.reason else ""
    head = [parts.chip(parts.words(found.notice)), parts.state_chip(found.state), why]
    when = parts.moment(found.sent_at or found.made_at, zone, now)
    texts = [
        tag(
            "div",
            tag("p", tag("strong", text.subject or "No subject"), f" by {text.channel}"),
            tag("pre", text.text),
        )
        for text in found.messages
    ]
    return tag("article", tag("div", *head, when, class_="f-small"), *texts, class_="f-message")
