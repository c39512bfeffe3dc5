"""What a supplier's mail means for our purchases: news that may be acted on, a question for a person, or nothing. Pure.

A wrong match is far worse than a question, so news is only what a proved sender says of one purchase of its own.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from hub.fulfilment.feed_changes import PurchaseChange
from hub.fulfilment.mails.reading import MailReading
from hub.sdk.commerce import Record
from hub.sdk.trade_events import Parcel

_PARCEL = ("shipped", "out_for_delivery", "delivered")
SURE = 0.7
"""A kind of news, a tracking number or an order of less confidence is a question."""

Meaning = Literal["news", "question", "nothing"]


class Verdict(Record):
    """What to do with a mail. `changes` are told of purchases; `question` is empty where nobody need be asked.

    `about` are the purchases that it speaks of, as we write them; `kind` is what a case about it is called.
    """

    changes: list[PurchaseChange] = []
    question: str = ""
    kind: Literal["supplier-mail", "mail-undelivered"] = "supplier-mail"
    about: list[str] = []

    @property
    def meaning(self) -> Meaning:
        """The whole in a word."""
        return "question" if self.question else "news" if self.changes else "nothing"


class Bought(Record):
    """A purchase that this supplier may say something of: its reference, its order's number, and how many lines."""

    reference: str
    order_number: str
    lines: int


def judge(reading: MailReading, bought: Sequence[Bought], files: Collection[str] = ()) -> Verdict:
    """What a mail means, given every purchase that this supplier may speak of. `files` says what the files mean that
    come with it and are read by themselves."""
    named = {text: _meant(text, bought) for text in reading.order_references}
    about = sorted({one.reference for found in named.values() for one in found})
    if reading.form == "automatic":
        return Verdict(about=about)
    if reading.form == "report":
        said = "A mail server reports that the mail about this purchase was not delivered."
        return Verdict(question=said if about else "", kind="mail-undelivered", about=about)
    if reading.form == "unread":
        return Verdict(question=f"A mail could not be read. {reading.left_out[0].why}")
    if not reading.trust.trusted:
        return _unproved(reading, about)
    if files and _is_cover(reading, about, files):
        return Verdict(about=about)
    return _news(reading, named, about)


def _is_cover(reading: MailReading, about: list[str], files: Collection[str]) -> bool:
    """Whether a mail says no more than its files do: `please find our stock list attached`."""
    if reading.kind == "other":
        return not about
    return reading.kind in _PARCEL and "tracking" in files and not reading.shipments


def _unproved(reading: MailReading, about: list[str]) -> Verdict:
    """Nothing is believed. A stranger's mail is a question only if it names a purchase of this supplier."""
    is_stranger = "the sender is not on the list" in reading.trust.reasons
    why = f"It is not proved that the supplier sent it: {'; '.join(reading.trust.reasons)}."
    if about:
        return Verdict(question=why, about=about)
    if is_stranger or (reading.kind == "other" and reading.is_bulk):
        return Verdict()
    return Verdict(question=why)


def _news(reading: MailReading, named: Mapping[str, Sequence[Bought]], about: list[str]) -> Verdict:
    if reading.kind in _PARCEL:
        return _parcels(reading, named, about)
    only = _only(named)
    if reading.kind == "out_of_stock" and only is not None and only.lines == 1:
        change = PurchaseChange(reference=only.reference, status="rejected", reason="out-of-stock")
        return Verdict(changes=[change], about=about)
    if reading.kind == "other" and reading.takes_order and only is not None:
        return Verdict(changes=[PurchaseChange(reference=only.reference, status="accepted")], about=about)
    if reading.kind == "other" and not about and reading.is_bulk:
        return Verdict()
    return Verdict(question=_question(reading, about), about=about)


def _question(reading: MailReading, about: list[str]) -> str:
    said = {
        "out_of_stock": "It says that something is not in stock, and not for certain what.",
        "exception": "It says that something went wrong with a parcel.",
    }.get(reading.kind, "It says something that a person should read.")
    named = f" It names {', '.join(about)}." if about else " It names no purchase of this supplier."
    left = "; ".join(f"{one.what}: {one.why}" for one in reading.left_out[:5])
    return f"{said}{named}{f' Left out: {left}.' if left else ''}"


def _parcels(reading: MailReading, named: Mapping[str, Sequence[Bought]], about: list[str]) -> Verdict:
    """Each parcel with its purchase; what is not certain is asked, what is certain is told."""
    sure = {one.number: one for one in reading.tracking_numbers if one.confidence >= SURE}
    strong = {one.reference for one in reading.orders if one.confidence >= SURE}
    found: dict[str, list[Parcel]] = {}
    open_questions: list[str] = []
    if reading.confidence < SURE or not reading.shipments:
        open_questions.append("It says that something was sent, and names no parcel for certain.")
    for shipment in reading.shipments if reading.confidence >= SURE else ():
        meant = named.get(shipment.order_reference or "", ())
        number = shipment.tracking_number
        if len(meant) != 1 or number not in sure or shipment.order_reference not in strong:
            open_questions.append(f"It is not certain to which purchase {number} belongs.")
            continue
        found.setdefault(meant[0].reference, []).append(
            Parcel(tracking_number=number, carrier=sure[number].carrier or "")
        )
    changes = [
        PurchaseChange(reference=reference, status="shipped", parcels=parcels)
        for reference, parcels in found.items()
    ]
    return Verdict(changes=changes, question=" ".join(dict.fromkeys(open_questions)), about=about)


def _only(named: Mapping[str, Sequence[Bought]]) -> Bought | None:
    """The one purchase that a mail is about."""
    found = {one.reference: one for many in named.values() for one in many}
    return (
        next(iter(found.values())) if len(found) == 1 and all(len(m) == 1 for m in named.values()) else None
    )


def _meant(text: str, bought: Sequence[Bought]) -> list[Bought]:
    """The purchases that a reference in a mail can mean: one by its own name, or all of an order."""
    exact = [one for one in bought if one.reference == text]
    return exact or list(_of_order(text, bought))


def _of_order(text: str, bought: Sequence[Bought]) -> Iterator[Bought]:
    plain = text.lstrip("#")
    return (one for one in bought if one.order_number.lstrip("#") == plain)
