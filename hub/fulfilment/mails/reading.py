"""A supplier's or carrier's mail, read: what happened, to which orders, with which tracking numbers. Pure.

A wrong match is far worse than a question. What is found carries its confidence and the words it rests on; what does
not reach the confidence stated in `kinds`, `numbers` and `references` is left out, with the reason, for a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from hub.fulfilment.carrier_table import CARRIERS, linked_by
from hub.fulfilment.mails import numbers, references
from hub.fulfilment.mails.beside import values
from hub.fulfilment.mails.declared import Declared, declared
from hub.fulfilment.mails.history import Present, present
from hub.fulfilment.mails.kinds import Kind, told
from hub.fulfilment.mails.markup import from_html, parse
from hub.fulfilment.mails.numbers import Number
from hub.fulfilment.mails.opening import Body, Mail, TooMuch, open_mail
from hub.fulfilment.mails.page import Page, clean, from_text, joined
from hub.fulfilment.mails.pairs import paired
from hub.fulfilment.mails.references import Known
from hub.fulfilment.mails.suspicion import suspicions
from hub.fulfilment.mails.taking import takes
from hub.fulfilment.mails.trust import Gate, Trust, judge
from hub.fulfilment.mails.weighing import Findings, believed
from hub.sdk.commerce import Record


class Tracking(Record):
    """A tracking number. `carrier` is a short name of `carrier_table`, None in doubt; confidence is from 0 to 1."""

    number: str
    carrier: str | None
    confidence: float
    evidence: list[str] = []


class OrderReference(Record):
    """An order as the mail names it, or as we write it where we know it."""

    reference: str
    confidence: float
    evidence: list[str] = []


class Shipment(Record):
    """A parcel with its order; None where the mail does not say which of several it is."""

    order_reference: str | None
    tracking_number: str
    carrier: str | None


class LeftOut(Record):
    """What was seen and not taken, and why: the question for a person."""

    what: str
    why: str


SHUT = "attachments stay shut"
Form = Literal["letter", "report", "automatic", "unread"]
"""`report`: a mail server could not deliver what we sent. `unread`: it could not be opened."""


class MailReading(Record):
    """What a mail says, as far as it can be relied on. `takes_order`: it says that the order it is about was taken, and
    nothing else; `is_bulk`: it was sent to many."""

    form: Form = "letter"
    kind: Kind
    takes_order: bool = False
    is_bulk: bool = False
    confidence: float = 0.0
    evidence: list[str] = []
    orders: list[OrderReference] = []
    tracking_numbers: list[Tracking] = []
    shipments: list[Shipment] = []
    trust: Trust
    left_out: list[LeftOut] = []

    @property
    def order_references(self) -> list[str]:
        """The orders by their names alone."""
        return [one.reference for one in self.orders]


@dataclass(frozen=True, slots=True)
class _Letter:
    """All that one mail and the mails within it say."""

    present: Present
    markup: tuple[Declared, ...]


def read_mail(raw: bytes, known: Known | None = None, gate: Gate | None = None) -> MailReading:
    """Read one mail. Whatever cannot be opened is `other`, with the reason; nothing is raised for what is sent."""
    try:
        mail = open_mail(raw)
    except TooMuch as error:
        return unread(str(error))
    trust = judge(mail, gate)
    known = known or Known()
    form = _form(mail)
    if form != "letter":
        why = LeftOut(what="mail", why=_NO_LETTER[form])
        named = _named(references.from_headers(mail.headers, known))
        return MailReading(form=form, kind="other", orders=named, trust=trust, left_out=[why])
    letter = _letter(mail)
    found = _found(letter, known, mail)
    result = believed(found)
    left = [LeftOut(what=what, why=why) for what, why in result.left_out]
    return MailReading(
        kind=result.told.kind,
        takes_order=takes(result, found),
        is_bulk=found.is_bulk,
        confidence=result.told.confidence,
        evidence=list(result.told.evidence),
        orders=_named(result.orders),
        tracking_numbers=[_tracking(one) for one in result.numbers],
        shipments=[
            Shipment(order_reference=order, tracking_number=one.number, carrier=one.carrier)
            for order, one in paired(letter.present.page, result.orders, result.numbers)
        ],
        trust=trust,
        left_out=[*left, *(LeftOut(what=name, why=SHUT) for name in mail.attachments)],
    )


def unread(reason: str) -> MailReading:
    """The reading of a mail that could not be opened."""
    why = LeftOut(what="mail", why=reason)
    trust = Trust(trusted=False, reasons=[reason])
    return MailReading(form="unread", kind="other", trust=trust, left_out=[why])


_NO_LETTER: dict[Form, str] = {"report": "a report of a mail server", "automatic": "an automatic answer"}


def _form(mail: Mail) -> Form:
    """Bounces and absences quote our own mail; nothing in them is news of a parcel."""
    automatic = mail.first("auto-submitted").lower()
    if mail.is_report or any(address.startswith("mailer-daemon") for _, address in mail.senders()):
        return "report"
    if "auto-replied" in automatic or mail.first("x-autoreply") or mail.first("x-autorespond"):
        return "automatic"
    return "letter"


def _named(found: list[references.Reference]) -> list[OrderReference]:
    return [
        OrderReference(reference=one.text, confidence=one.confidence, evidence=list(one.evidence))
        for one in found
    ]


def _letter(mail: Mail) -> _Letter:
    pages: list[Page] = []
    markup: list[Declared] = []
    subjects: list[str] = [clean(mail.subject)]
    past: list[Page] = []
    is_reply = False
    for depth, (body, subject) in enumerate(_bodies(mail)):
        for page, things in _forms(body):
            now = present(page, subject)
            pages.append(now.page)
            past.append(now.past)
            subjects += [one for one in now.subjects if one not in subjects]
            is_reply = is_reply or (depth == 0 and now.is_reply)
            markup += things
    return _Letter(Present(joined(pages), tuple(subjects), joined(past), is_reply), tuple(markup))


def _bodies(mail: Mail) -> Iterator[tuple[Body, str]]:
    for body in mail.bodies or [Body()]:
        yield body, clean(mail.subject)
    for inner in mail.inner:
        yield from _bodies(inner)


def _forms(body: Body) -> Iterator[tuple[Page, list[Declared]]]:
    """The HTML and the plain form; a text often is in one of them alone."""
    if body.html:
        root = parse(body.html)
        yield from_html(root), declared(root)
    if body.plain or not body.html:
        yield from_text(body.plain), []


def _found(letter: _Letter, known: Known, mail: Mail) -> Findings:
    page, subjects = letter.present.page, letter.present.subjects
    beside = values(page)
    about = " ".join([*(name for name, _ in mail.senders()), *_carrier_writing(mail), *subjects])
    parcels = [*numbers.numbers(page, beside, about), *numbers.from_subjects(subjects)]
    orders = [
        *references.from_headers(mail.headers, known),
        *references.from_markup(letter.markup),
        *(one for subject in subjects for one in references.in_subject(subject)),
        *references.references(page, beside, known),
        *references.beside_numbers(page, {one.line for one in parcels if one.confidence >= numbers.SHOWN}),
    ]
    said = told(page, subjects, is_reply=letter.present.is_reply)
    if (said.hits or parcels) and not _is_bulk(mail):
        orders += references.repeated(subjects, beside)
    elsewhere = {one.text for one in beside if one.label == "elsewhere"}
    orders = [one for one in orders if one.text not in elsewhere or one.evidence != references.BY_SIGN]
    return Findings(
        told=said,
        orders=references.merged(orders),
        numbers=numbers.merged([*numbers.from_markup(letter.markup), *parcels]),
        states=[thing.state for thing in letter.markup if thing.state],
        present=letter.present,
        known=known,
        suspicions=suspicions(mail, page),
        is_bulk=_is_bulk(mail),
    )


def _carrier_writing(mail: Mail) -> list[str]:
    """The carrier from whose own domain it comes, by its name."""
    found = [linked_by(f"https://{address.rpartition('@')[2]}") for _, address in mail.senders()]
    return [CARRIERS[slug].name for slugs in found if len(slugs) == 1 for slug in slugs]


def _is_bulk(mail: Mail) -> bool:
    names = {name for name, _ in mail.headers}
    return bool(names & {"list-unsubscribe", "list-id"}) or mail.first("precedence").lower() in (
        "bulk",
        "list",
    )


def _tracking(one: Number) -> Tracking:
    return Tracking(
        number=one.number, carrier=one.carrier, confidence=one.confidence, evidence=list(one.evidence)
    )
