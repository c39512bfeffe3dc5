"""A merchant's own words for the mail with a purchase order, held to saying everything that an order says. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from minijinja import Environment, TemplateError
from pydantic import BaseModel, ConfigDict, Field, model_validator

from connectors.supplier_email.parts import House, as_text, parts_of
from hub.sdk import Refused
from hub.sdk.commerce import Address, NewPurchaseOrder, PurchaseLine

FUEL = 50_000
"""Steps that one mail may take; an order of a hundred lines takes a fifth of it."""
_ENVIRONMENT = Environment(
    fuel=FUEL, undefined_behavior="strict", auto_escape_callback=lambda _: False, debug=False, pycompat=False
)


@dataclass(frozen=True, slots=True)
class Words:
    """A mail as a template makes it."""

    subject: str
    text: str


class MailTemplate(BaseModel):
    """Subject and text of the mail, as templates (Jinja).

    The whole parts of an order are `purchase`, `address`, `articles` and `answer`. One by one there are `reference`,
    `order_number`, `shop`, `shipping_method`, `instructions`, `note`, `signature`, `answer_url`, the fields of
    `ship_to`, and of each of the `lines`: `title`, `supplier_sku`, `sku`, `quantity`, and its `wishes`, each with
    `name` and `value`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: Annotated[str, Field(min_length=1, max_length=500)]
    text: Annotated[str, Field(min_length=1, max_length=20_000)]

    @model_validator(mode="after")
    def _says_everything(self) -> "MailTemplate":
        try:
            said = self.render(_PROOF, _HOUSE)
        except Refused as refused:
            raise ValueError(refused.reason) from None
        if lacking := [name for name, value in _needed() if not _says(said.text, value)]:
            raise ValueError(
                f"The text leaves out {', '.join(lacking)}; the supplier would ship without knowing it."
            )
        if EXAMPLE.reference not in said.subject:
            raise ValueError("The subject leaves out reference, by which answers are known.")
        return self

    def render(self, order: NewPurchaseOrder, house: House) -> Words:
        """The mail about an order; `Refused` says where the template is wrong, and quotes nothing of the order."""
        values = _values(order, house)
        return Words(
            " ".join(_said("subject", self.subject, values).split()), _said("text", self.text, values)
        )


def _said(noun: str, source: str, values: dict[str, Any]) -> str:
    try:
        return str(_ENVIRONMENT.render_str(source, **values)).strip() + "\n"
    except TemplateError as error:
        # Its message may quote what it was rendering; its kind and line do not.
        raise Refused("rejected", f"The {noun} of the template, line {error.line}: {error.kind}.") from None


def _values(order: NewPurchaseOrder, house: House) -> dict[str, Any]:
    """What a template may name. Each value is on one line, so that none can pose as another field."""
    purchase, address, *lines, answer = [as_text(part) for part in parts_of(order, house)]
    articles = [line.model_dump(include={"title", "supplier_sku", "sku", "quantity"}) for line in order.lines]
    wishes = [
        [{"name": name, "value": value} for name, value in sorted(line.properties.items()) if name[:1] != "_"]
        for line in order.lines
    ]
    found = {
        **order.model_dump(include={"reference", "order_number", "shipping_method", "note", "answer_url"}),
        "shop": house.shop,
        "instructions": house.instructions,
        "signature": house.signature or house.shop,
        "ship_to": order.ship_to.model_dump(include=set(_ADDRESS)),
        "lines": [{**line, "wishes": wished} for line, wished in zip(articles, wishes, strict=True)],
    }
    blocks = {"purchase": purchase, "address": address, "articles": "\n\n".join(lines), "answer": answer}
    return {**_on_one_line(found), **blocks}


def _on_one_line(value: Any) -> Any:
    match value:
        case str():
            return " ".join(value.splitlines())
        case dict():
            return {name: _on_one_line(one) for name, one in value.items()}
        case list():
            return [_on_one_line(one) for one in value]
    return value


def _says(text: str, value: str) -> bool:
    """Whether a value stands there as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


def _needed() -> Iterator[tuple[str, str]]:
    """Everything that a supplier has to be told, as the proof says it."""
    for name in ("reference", "order_number", "shipping_method", "note", "answer_url"):
        yield name, getattr(EXAMPLE, name)
    for name in _ADDRESS:
        yield f"ship_to.{name}", getattr(EXAMPLE.ship_to, name)
    for line in _PROOF.lines:
        yield "supplier_sku", line.supplier_sku
        yield "quantity", str(line.quantity)
        for value in line.properties.values():
            yield "wishes", value


_ADDRESS = ("name", "company", "line1", "line2", "city", "region", "postcode", "country", "phone")
_HOUSE = House("Example Shop", "Send it without invoice.", "Example Shop")
EXAMPLE = NewPurchaseOrder(
    reference="EXAMPLE-1-abc234",
    order_number="5521",
    ship_to=Address(
        name="Ada Example",
        company="Example Works",
        line1="12 Sample Street",
        line2="Apt 7F",
        city="Springfield",
        region="IL",
        postcode="62704",
        country="US",
        phone="+1 217 555 0142",
    ),
    shipping_method="Express",
    lines=[
        PurchaseLine(line_id="1", sku="PEND-1", supplier_sku="EX-4471", title="Pendant", quantity=2,
                     properties={"Engraving": "For Sam"}),
        PurchaseLine(line_id="2", sku="RING-2", supplier_sku="EX-9902", title="Ring", quantity=1),
    ],
    note="Leave it with the neighbour.",
    answer_url="https://track.example/s/example",
)  # fmt: skip
"""An order of which every field is there and says something of its own: for tests and previews."""
_PROOF = EXAMPLE.model_copy(
    update={"lines": [line.model_copy(update={"quantity": line.quantity + 860}) for line in EXAMPLE.lines]}
)
"""The same with quantities that stand nowhere else, so that it is seen whether a text says them."""
