"""Whatever a shop, a customer or a supplier wrote is text on the page, and never more."""

import random
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest

from hub.fulfilment.links import Purpose
from hub.pages.views import Brand
from tests.pages.desk import MemoryDesk, address_view, order, parcel, purchase_view

Tokens = dict[Purpose, str]
MARKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "';--",
    "&lt;b&gt;",
    "</style><style>*{display:none}",
]


class Tags(HTMLParser):
    """Counts the tags of a page, and reads its text and fields."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.said += [value for name, value in attrs if name == "value" and value]
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.said.append(data.strip())


def hostile() -> Iterator[str]:
    """Three hundred strings that would like to be more than text."""
    chance = random.Random(300)
    for number in range(300):
        middle = "".join(chance.choice("<>&\"'`{}%#/\\=;()$\t é漢🜁\u0627") for _ in range(20))
        yield f"{MARKS[number % len(MARKS)]} {middle} {number}"


async def test_three_hundred_hostile_strings_are_shown_as_text(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    plain = Tags()
    plain.feed((await customer.get(f"/t/{tokens['tracking']}")).text)
    for text in hostile():
        desk.orders["8492"] = order(parcel(), number="8492", items=[{"title": text}, {"title": "b"}])
        seen = Tags()
        seen.feed((await customer.get(f"/t/{tokens['tracking']}")).text)
        assert [tag for tag in seen.tags if tag not in ("span",)] == [
            t for t in plain.tags if t not in ("span",)
        ]
        assert text.strip() in seen.said
        typed = await customer.post(f"/a/{tokens['address']}", data={"line1": text, "name": ""})
        kept = Tags()
        kept.feed(typed.text)
        assert (typed.status_code, "script" in kept.tags, kept.tags.count("img")) == (422, False, 1)
        assert " ".join(text.split()) in kept.said


async def test_hostile_text_in_every_other_field_is_text_too(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    for mark in MARKS:
        desk.addresses["8492"] = address_view(question=mark, country=mark, order_number=mark)
        desk.purchases["PO-8492-1"] = purchase_view(
            reference=mark, ship_to=[mark], lines=[{"sku": mark, "quantity": 1}]
        )
        for path in (f"/a/{tokens['address']}", f"/s/{tokens['supplier']}"):
            seen = Tags()
            seen.feed((await customer.get(path)).text)
            assert "script" not in seen.tags and seen.tags.count("style") == 1
            assert mark in seen.said


@pytest.mark.parametrize(
    "fields",
    [
        {"logo": "https://elsewhere.example/logo.png"},
        {"logo": "//elsewhere.example/logo.png"},
        {"logo": "data:text/html;base64,AAAA"},
        {"logo": "javascript:alert(1)"},
        {"colour": "red"},
        {"colour": "#fff;}*{display:none"},
        {"zone": "../../etc/passwd"},
        {"zone": "Moss/Ember"},
        {"email": "a@b.example?bcc=everybody@elsewhere.example"},
    ],
)
def test_a_brand_cannot_bring_anything_from_elsewhere(fields: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="pattern"):
        Brand.model_validate({"name": "X"} | fields)
