"""The hub's own `cases` actions: what people are told of cases, in few words and without a customer's data."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Annotated

from pydantic import AwareDatetime, Field

from hub.fulfilment.call import OwnCall
from hub.fulfilment.events import WINDOW
from hub.fulfilment.policies import Policies
from hub.sdk.commerce import Record
from hub.store import attention
from hub.store.attention import Listed, Waiting

NAMED = 3
"""How many cases an alert names; the others are counted."""
LISTED = 20
"""How many orders a digest links to; the others are counted."""
TITLE = 200
"""The longest title of an alert."""


class TallyCases(Record):
    """Cases of one kind that were opened within the five minutes that began at `window`."""

    kind: Annotated[str, Field(min_length=1)]
    window: AwareDatetime


class CasesTally(Record):
    """How many there are. `title` names the first of them, `text` where each is found, `url` where the first is."""

    count: int
    title: str
    text: str
    url: str


class AttentionAsked(Record):
    """Everything of the store that is open now."""


class KindCount(Record):
    """How many orders wait for a decision of one kind."""

    kind: str
    count: int


class Attention(Record):
    """`count` orders wait for a person, and `others` are cases about no order.

    `sentence` is empty where no order waits. `links` has one for each order listed, by kind: the address of its case,
    or the case's id where the store has no `dashboard_url`. `text` says the same for people to read.
    """

    count: int
    others: int
    sentence: str
    kinds: list[KindCount]
    links: list[str]
    text: str


async def tally(asked: TallyCases, call: OwnCall) -> CasesTally:
    """Count the cases of one kind that were opened within one window, and name the first."""
    since, until = asked.window, asked.window + WINDOW
    found = await attention.opened_between(call.connection, call.store_id, asked.kind, since, until, NAMED)
    names = ", ".join(case.subject or "no order" for case in found.first)
    title = f"{asked.kind}: {names}" if names else asked.kind
    text = [*_lines(found.first, call.policies), *_more(found)]
    return CasesTally(
        count=found.count,
        title=f"{title} {_and_more(found)}".strip()[:TITLE],
        text="\n".join(text),
        url=_url(found.first[0], call.policies) if found.first else "",
    )


async def look(asked: AttentionAsked, call: OwnCall) -> Attention:
    """Say how many orders need a person now, each with where to decide it."""
    orders = await attention.open_orders(call.connection, call.store_id, LISTED)
    others = await attention.open_others(call.connection, call.store_id, LISTED)
    kinds = await attention.open_kinds(call.connection, call.store_id)
    text = [*_by_kind(orders, call.policies), *_other_things(orders, others, call.policies)]
    return Attention(
        count=orders.count,
        others=others.count,
        sentence=sentence(orders.count),
        kinds=[KindCount(kind=kind, count=count) for kind, count in kinds],
        links=[_url(case, call.policies) or str(case.id) for case in orders.first],
        text="\n".join(text),
    )


def sentence(orders: int) -> str:
    """What the digest says, word for word; nothing where no order waits."""
    match orders:
        case 0:
            return ""
        case 1:
            return "1 order needs your attention today"
        case many:
            return f"{many} orders need your attention today"


def _by_kind(orders: Listed, policies: Policies) -> Iterator[str]:
    for kind, cases in groupby(orders.first, key=lambda case: case.kind):
        yield f"{kind}:"
        yield from _lines(list(cases), policies)
    yield from _more(orders)


def _other_things(orders: Listed, others: Listed, policies: Policies) -> Iterator[str]:
    if not others.count:
        return
    things = "1 other thing" if others.count == 1 else f"{others.count} other things"
    yield f"and {things}:" if orders.count else f"{things}:"
    yield from (f"{_place(case, policies)} {case.kind}" for case in others.first)
    yield from _more(others)


def _lines(cases: Sequence[Waiting], policies: Policies) -> Iterator[str]:
    for case in cases:
        yield f"{case.subject or 'no order'} {_place(case, policies)}"


def _more(found: Listed) -> Iterator[str]:
    if said := _and_more(found):
        yield said


def _and_more(found: Listed) -> str:
    left = found.count - len(found.first)
    return f"and {left} more" if left else ""


def _place(case: Waiting, policies: Policies) -> str:
    return _url(case, policies) or f"case {case.id}"


def _url(case: Waiting, policies: Policies) -> str:
    """Where people decide a case; empty where the store does not say where its dashboard is."""
    return f"{policies.dashboard_url.rstrip('/')}/exception?case={case.id}" if policies.dashboard_url else ""
