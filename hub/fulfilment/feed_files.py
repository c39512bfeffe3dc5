"""The hub's own `feeds` action: read a supplier's file under its confirmed profile, and apply what may be applied."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AwareDatetime, Base64Bytes, Field

from hub.fulfilment import feed_changes
from hub.fulfilment.call import OwnCall
from hub.fulfilment.feed_changes import Lines, PurchaseChange, UnclearAnswer
from hub.fulfilment.feed_invoices import invoices_of
from hub.fulfilment.feeds.doubts import KnownCost, judge, supplier_number
from hub.fulfilment.feeds.facts import Answer, Article, Charged, Dispatch
from hub.fulfilment.feeds.faults import DoesNotFit, TooLarge
from hub.fulfilment.feeds.profile import Profile
from hub.fulfilment.feeds.reading import Reading, Rejected
from hub.fulfilment.feeds.reading import read as read_file
from hub.fulfilment.mails.attached import LARGEST, content_of
from hub.fulfilment.supplier import FileKind
from hub.sdk import Refused
from hub.sdk.commerce import Internal, Record
from hub.sdk.invoices import SupplierInvoice
from hub.store import purchases, stock

LISTED = 100
"""So many rows are named to a person; all are counted."""


class ReadFile(Record):
    """A supplier's file as it came. Without a profile, the one counts that hub.yaml has for files of this kind.

    Without a `connection` it is of the supplier whose file this run is about. With an `attachment` the content is a
    mail, and the file is the one at that place in it, as `mails.attachments` names it.
    """

    connection: Annotated[str, Internal()] = ""
    kind: FileKind | None = None
    profile: Profile | None = None
    content: Annotated[Base64Bytes, Internal()]
    attachment: Annotated[int, Field(ge=0)] | None = None
    received_at: AwareDatetime
    problem: Literal["", "too-large"] = ""


class AsideRow(Record):
    """A row that was not applied: the line of the file, and why."""

    line: int
    reason: str


class FileRead(Record):
    """What a file said. `applied` counts the articles whose stock is kept; `held` wait for a person, `rejected` cannot
    be taken. `changes` and `unclear` are news of purchases, and `invoices` what is charged, which the flow tells on."""

    rows: int
    applied: int = 0
    rejected_rows: int = 0
    rejected: list[AsideRow] = []
    held: list[AsideRow] = []
    warning: str = ""
    changes: list[PurchaseChange] = []
    unclear: list[UnclearAnswer] = []
    invoices: Annotated[list[SupplierInvoice], Internal()] = []


async def read(asked: ReadFile, call: OwnCall) -> FileRead:
    """Read a supplier's file and keep its stock; bad rows are put aside with their reasons, the rest is taken."""
    if asked.problem:
        raise Refused("does-not-fit", "The file is too large to be fetched.")
    profile, supplier = _profile(asked, call), asked.connection or call.source
    asked = asked.model_copy(update={"profile": profile, "connection": supplier})
    try:
        reading = read_file(_file(asked), profile)
    except (DoesNotFit, TooLarge) as fault:
        raise Refused("does-not-fit", str(fault)) from None
    match profile.kind:
        case "stock":
            return await _stock(asked, profile, reading, call)
        case "acknowledgements" | "tracking":
            return await _news(asked, reading, call)
        case "invoices":
            charged = [fact for fact in reading.facts if isinstance(fact, Charged)]
            return _told(reading, invoices=invoices_of(charged, reading))
        case _:
            said = "The profile is not one of stock, acknowledgements, tracking or invoices."
            raise Refused("does-not-fit", said)


def _file(asked: ReadFile) -> bytes:
    if asked.attachment is None:
        return asked.content
    content = content_of(asked.content, asked.attachment)
    if content is None or len(content) > LARGEST:
        raise Refused("does-not-fit", "The mail has no such file, or a larger one than is opened.")
    return content


def _profile(asked: ReadFile, call: OwnCall) -> Profile:
    if asked.profile is not None:
        return asked.profile
    supplier = asked.connection or call.source
    spec = next((one for one in call.suppliers if one.connection == supplier), None)
    if spec is None or asked.kind not in spec.files:
        said = f"hub.yaml has no profile for files of {asked.kind} of this supplier, so nothing in them is guessed."
        raise Refused("no-profile", said)
    return spec.files[asked.kind]


async def _stock(asked: ReadFile, profile: Profile, reading: Reading, call: OwnCall) -> FileRead:
    listed = [fact for fact in reading.facts if isinstance(fact, Article)]
    before = await stock.levels_of(call.connection, call.store_id, asked.connection)
    known = {
        number: KnownCost(level.unit_cost, level.currency or "") if level.unit_cost is not None else None
        for number, level in before.items()
    }
    judged = judge(listed, known, is_full=bool(profile.is_full))
    levels = {
        **_levels(asked, profile.currency, judged.clear, before),
        **_gone(asked, judged.missing if not judged.shrinkage else ()),
    }
    applied = await stock.keep_levels(call.connection, call.store_id, list(levels.values()), call.now)
    held = [Rejected(one.article.line, one.reason) for one in judged.held]
    return _told(reading, applied=applied, held=_rows(held), warning=judged.shrinkage)


def _levels(
    asked: ReadFile, listed_in: str | None, articles: Iterable[Article], before: dict[str, stock.Level]
) -> dict[str, stock.Level]:
    """One figure for each article, over all its places; a list without prices leaves the price as it was."""
    found: dict[str, stock.Level] = {}
    for article in articles:
        if article.available is None:
            continue
        number = supplier_number(article)
        old, so_far = before.get(number), found.get(number)
        cost, currency = article.cost, article.currency or listed_in
        if cost is None or not currency:
            cost, currency = (old.unit_cost, old.currency) if old else (None, None)
        found[number] = stock.Level(
            supplier=asked.connection,
            supplier_sku=number,
            available=article.available + (so_far.available if so_far else 0),
            as_of=asked.received_at,
            unit_cost=cost,
            currency=currency,
        )
    return found


def _gone(asked: ReadFile, missing: Iterable[str]) -> dict[str, stock.Level]:
    return {number: stock.Level(asked.connection, number, 0, asked.received_at) for number in missing}


async def _news(asked: ReadFile, reading: Reading, call: OwnCall) -> FileRead:
    """News of this supplier's own purchases; a row about anybody else's is put aside."""
    bought: dict[str, Lines] = {}
    facts: list[Answer | Dispatch] = []
    for fact in reading.facts:
        if not isinstance(fact, (Answer, Dispatch)):
            continue
        reference = fact.order_reference
        if reference not in bought:
            found = await purchases.find(call.connection, call.store_id, reference) if reference else None
            if found is not None and found.supplier == asked.connection:
                bought[reference] = found.lines
        if reference in bought:
            facts.append(fact)
        else:
            reading.refuse(fact.line, "It names no purchase order that this supplier was given.")
    told = feed_changes.answers((fact for fact in facts if isinstance(fact, Answer)), bought)
    sent = feed_changes.parcels((fact for fact in facts if isinstance(fact, Dispatch)), bought)
    changes = [*(one for one in told if isinstance(one, PurchaseChange)), *sent]
    return _told(reading, changes=changes, unclear=[one for one in told if isinstance(one, UnclearAnswer)])


def _rows(aside: Iterable[Rejected]) -> list[AsideRow]:
    return [
        AsideRow(line=row.line, reason=row.reason) for row in sorted(aside, key=lambda row: row.line)[:LISTED]
    ]


def _told(reading: Reading, **found: object) -> FileRead:
    aside = {"rejected_rows": reading.refused, "rejected": _rows(reading.rejected)}
    return FileRead.model_validate({"rows": reading.total, **aside, **found})
