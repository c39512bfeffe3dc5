"""The hub's own `purchasing.without_number`: what somebody may have to type in by hand, in few words."""

from collections.abc import Iterator
from datetime import timedelta

from hub.fulfilment.call import OwnCall
from hub.fulfilment.policies import Policies
from hub.fulfilment.store_settings import Nothing
from hub.sdk.commerce import Record
from hub.store import tracking_gaps
from hub.store.tracking_gaps import Missing

LOOKED_BACK = timedelta(days=90)
"""What was bought before that and has no number will not get one."""
NAMED = 20
"""How many orders of a supplier a reminder names; the others are counted."""


class WithoutNumber(Record):
    """`count` purchases that suppliers took have no tracking number; `sentence` is empty where none is.

    `text` names their orders by supplier, and where numbers are pasted if the store says where its dashboard is.
    """

    count: int
    sentence: str
    text: str


async def look(asked: Nothing, call: OwnCall) -> WithoutNumber:
    """Say how many purchases still have no tracking number, and which."""
    found = await tracking_gaps.missing_by_supplier(
        call.connection, call.store_id, call.now - LOOKED_BACK, NAMED
    )
    count = sum(m.count for m in found)
    return WithoutNumber(
        count=count, sentence=sentence(count), text="\n".join([*_lines(found), *_place(call.policies)])
    )


def sentence(purchases: int) -> str:
    """What the reminder says, word for word; nothing where nothing is pending."""
    match purchases:
        case 0:
            return ""
        case 1:
            return "1 purchase has no tracking number yet"
        case many:
            return f"{many} purchases have no tracking number yet"


def _lines(found: list[Missing]) -> Iterator[str]:
    for supplier in found:
        left = supplier.count - len(supplier.first)
        more = f" and {left} more" if left else ""
        yield f"{supplier.supplier}: {', '.join(supplier.first)}{more}"


def _place(policies: Policies) -> Iterator[str]:
    if policies.dashboard_url:
        yield f"{policies.dashboard_url.rstrip('/')}/tracking"
