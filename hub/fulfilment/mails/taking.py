"""Whether a mail says that an order was taken, and nothing else: then a promise to answer is kept. Pure."""

from hub.fulfilment.mails.weighing import Belief, Findings, is_ours
from hub.fulfilment.mails.words import fold, said, says

_AGAINST = (
    "not",
    "if",
    "cancelled",
    "out_of_stock",
    "waiting",
    "returning",
    "restock",
    "asking",
    "money",
    "exception",
)
"""With one of these it may say something else too, which a person reads."""
_LINES = 60


def takes(belief: Belief, found: Findings) -> bool:
    """Only of a mail about one order, by a reference that nobody writes by chance, with no parcel and no other news."""
    if belief.told.kind != "other" or found.told.hits or belief.numbers or len(belief.orders) != 1:
        return False
    text = fold("\n".join([found.present.subjects[0], *(line.text for line in found.present.page[:_LINES])]))
    languages = {one.language for one in said(text, "taken")}
    # `No` denies in Spanish, and counts in English: a guard is one of its own language.
    is_denied = any(one.language in languages for one in said(text, "not"))
    is_plain = "?" not in text and not is_denied and not says(text, *_AGAINST)
    return bool(languages) and is_ours(belief.orders[0]) and is_plain
