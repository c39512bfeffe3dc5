"""What is wrong with a store's templates, found before a customer would find it. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import get_args

from minijinja import Environment, TemplateError

from hub.flow.noting import did_you_mean
from hub.fulfilment.customer_view import Brand, CustomerItem, CustomerOrder, CustomerParcel, News
from hub.fulfilment.notice_view import NOTICES, Change, Choice, Discount, Notice, NoticeView, names, variables
from hub.fulfilment.rendering import Rendered, Templates, Unrenderable, built_in
from hub.sdk.commerce import Money, Record
from hub.sdk.messages import Channel

NEVER = re.compile(
    r"\b(suppliers?|manufacturers?|vendors?|warehouses?|factory|factories|purchases?|purchase_orders?|supplier_\w+)\b",
    re.IGNORECASE,
)
"""Words that no expression of a template may hold; in the text itself they are the merchant's to write."""

GIVEN = frozenset({"frame", "kit"})
"""Which frame and which building blocks, by channel."""

_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


class Fault(Record):
    """One thing to mend, in one file."""

    file: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.message}"


def lint(own: Mapping[str, str] | None = None) -> list[Fault]:
    """Every fault of a merchant's templates together with ours: names nobody knows, names no customer may see, facts
    taken for granted, a message that the brand does not sign."""
    templates = Templates(own)
    found = [fault for file, source in sorted(templates.sources.items()) for fault in _named(file, source)]
    found += [fault for file in own or () for fault in _misplaced(file)]
    for notice in NOTICES:
        found += _tried(templates, notice)
    return list(dict.fromkeys(found))


def _named(file: str, source: str) -> Iterator[Fault]:
    """The names that a file's expressions hold."""
    said = " ".join(_EXPRESSION.findall(source))
    for word in sorted({found[0] for found in NEVER.finditer(said)}):
        yield Fault(file=file, message=f"It names `{word}`, which no customer may see.")
    try:
        asked = Environment(pycompat=False).undeclared_variables_in_str(source, nested=True)
    except TemplateError as error:
        yield Fault(file=file, message=f"It cannot be read: line {error.line}.")
        return
    known = sorted(names(variables(full_view())) | GIVEN)
    for name in sorted(asked.difference(known)):
        if not NEVER.search(name):
            yield Fault(file=file, message=f"There is no `{name}`. {did_you_mean(name, known)}".strip())


def _misplaced(file: str) -> Iterator[Fault]:
    if file not in built_in():
        yield Fault(
            file=file,
            message=f"Nothing is rendered from it. {did_you_mean(file, sorted(built_in()))}".strip(),
        )


def _tried(templates: Templates, notice: Notice) -> Iterator[Fault]:
    """Render it with everything there is to say, and with no more than is sure."""
    for channel in get_args(Channel):
        for view in (full_view(), bare_view()):
            try:
                rendered = templates.render(notice, channel, view)
            except Unrenderable as error:
                yield Fault(file=f"{notice}.jinja", message=str(error))
            else:
                yield from _unsigned(notice, channel, rendered, view.brand)
                yield from _silent(notice, channel, rendered, view.brand)


def _unsigned(notice: Notice, channel: Channel, rendered: Rendered, brand: Brand) -> Iterator[Fault]:
    """A text message is signed by the brand's name, a mail by its signature, in both its forms."""
    parts = {"text": rendered.text, "html": rendered.html} if channel == "email" else {"sms": rendered.text}
    signature = brand.signature if channel == "email" else brand.name
    for part, text in parts.items():
        if signature not in text:
            yield Fault(file=f"{notice}.jinja", message=f"Its {part} does not carry the brand's signature.")


def _silent(notice: Notice, channel: Channel, rendered: Rendered, brand: Brand) -> Iterator[Fault]:
    """A block that is missing leaves nothing but what the frame says."""
    parts = {"subject": rendered.subject} if channel == "email" else {"sms": rendered.text}
    if channel == "email":
        parts["body"] = rendered.text.partition(brand.signature)[0]
    for part, text in parts.items():
        if text.strip() in ("", f"{brand.name}:"):
            yield Fault(file=f"{notice}.jinja", message=f"Its {part} says nothing.")


_URL = "https://shop.example/t/" + "x" * 43
_MOMENT = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)
_MONEY = Money(amount=Decimal("89.00"), currency="USD")
_ITEM = CustomerItem(title="Custom-Engraved Pendant", quantity=1, variant="Gold")
_BRAND = Brand(name="Sample Brand", site="https://shop.example", signature="Signed by the Sample Brand")


def full_view() -> NoticeView:
    """An invented order of which everything is known."""
    parcel = CustomerParcel(
        tracking_number="9400111899223197428490",
        carrier="USPS",
        tracking_url=_URL,
        status="On its way",
        news=News(text="On its way", happened_at=_MOMENT),
        expected="Thu 3 - Mon 7 Dec",
    )
    order = CustomerOrder(number="#8492", first_name="Sarah", items=[_ITEM], total=_MONEY, placed_at=_MOMENT)
    return NoticeView(
        brand=_BRAND.model_copy(update={"support_email": "hello@shop.example"}),
        order=order,
        parcel=parcel,
        page_url=_URL,
        answer_url=_URL,
        address=["Sarah Miller", "12 Elm Street", "New York, NY 10001"],
        choice=Choice(missing=_ITEM.title, similar=_ITEM, similar_url=_URL, refund_url=_URL, until=_MOMENT),
        change=Change(before=_ITEM.title, after="Engraved Bar Necklace", owed=_MONEY),
        refund=_MONEY,
        review_url=_URL,
        discount=Discount(offer="10% off", code="THANKS", until=_MOMENT),
    )


def bare_view() -> NoticeView:
    """The same where nothing is known that may be unknown."""
    full = full_view()
    parcel = CustomerParcel(tracking_number="1", tracking_url=_URL, status="Waiting for the first update")
    return full.model_copy(
        update={
            "brand": _BRAND,
            "order": full.order.model_copy(update={"first_name": "", "items": [_ITEM, _ITEM]}),
            "parcel": parcel,
            "page_url": "",
            "choice": Choice(missing=_ITEM.title, refund_url=_URL),
            "change": Change(before=_ITEM.title, after="Engraved Bar Necklace"),
            "discount": Discount(offer="10% off", code="THANKS"),
        }
    )
