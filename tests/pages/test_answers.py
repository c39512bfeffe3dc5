"""A link is answered once, by POST: an address, a choice, a purchase. Typing is kept, mistakes stand beside fields."""

import asyncio
import re

import httpx
import pytest

from hub.fulfilment.links import PATHS, Purpose
from hub.pages.views import AddressForm, SupplierAnswer
from tests.pages.desk import MemoryDesk, choice_view

Tokens = dict[Purpose, str]
FIELDS: dict[Purpose, list[str]] = {
    "address": ["name", "line1", "line2", "city", "region", "postcode"],
    "choice": ["similar", "refund"],
    "supplier": ["accepted", "out-of-stock", "shipped", "tracking_number", "carrier"],
}
ADDRESS = {
    "name": "Ada Sample",
    "line1": "200 Example Ave",
    "line2": "Apt 4B",
    "city": "New York",
    "region": "NY",
    "postcode": "10009",
}


async def test_a_customer_adds_the_missing_apartment(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    page = await customer.get(f"/a/{tokens['address']}")
    assert 'value="200 Example Ave"' in page.text
    thanks = await customer.post(f"/a/{tokens['address']}", data=ADDRESS)
    assert (thanks.status_code, "Thank you" in thanks.text) == (200, True)
    assert desk.answers == [("address", "8492", AddressForm(**ADDRESS))]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"name": "  "}, "name", "Please write the name"),
        ({"line1": ""}, "line1", "Please write the street"),
        ({"city": ""}, "city", "Please write the town"),
        ({"postcode": ""}, "postcode", "Please write the postcode"),
        ({"line2": "x" * 101}, "line2", "too long"),
        ({"line1": "200\u0007 Example"}, "line1", "does not fit on a label"),
        ({"city": "New\u202eYork"}, "city", "does not fit on a label"),
    ],
)
async def test_a_mistake_stands_beside_its_field_and_what_was_typed_is_kept(
    customer: httpx.AsyncClient,
    desk: MemoryDesk,
    tokens: Tokens,
    changes: dict[str, str],
    field: str,
    words: str,
) -> None:
    answer = await customer.post(f"/a/{tokens['address']}", data=ADDRESS | changes)
    assert answer.status_code == 422
    assert re.search(rf'id="{field}-mistake">.*{words}', answer.text)
    described = re.search(rf'<input[^>]* id="{field}"[^>]*>', answer.text)
    assert described and 'aria-invalid="true"' in described[0] and f"{field}-mistake" in described[0]
    assert f'<a href="#{field}">' in answer.text
    kept = next(value for name, value in ADDRESS.items() if name not in changes)
    assert f'value="{kept}"' in answer.text
    assert desk.answers == []
    assert (await customer.post(f"/a/{tokens['address']}", data=ADDRESS)).status_code == 200


@pytest.mark.parametrize("choice", ["similar", "refund"])
async def test_a_choice_is_made_once_and_the_second_click_says_so(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens, choice: str
) -> None:
    path = f"/c/{tokens['choice']}"
    assert "Thank you" in (await customer.post(path, data={"choice": choice})).text
    other = "refund" if choice == "similar" else "similar"
    for second in (await customer.post(path, data={"choice": other}), await customer.get(path)):
        assert (second.status_code, "Already done" in second.text) == (200, True)
    assert desk.answers == [("choice", "8492", choice)]


async def test_of_two_clicks_at_once_one_counts(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    path = f"/c/{tokens['choice']}"
    clicks = [customer.post(path, data={"choice": "refund"}) for _ in range(6)]
    texts = [answer.text for answer in await asyncio.gather(*clicks)]
    assert (sum("Thank you" in t for t in texts), sum("Already done" in t for t in texts)) == (1, 5)
    assert len(desk.answers) == 1


@pytest.mark.parametrize("choice", ["", "both", "REFUND"])
async def test_nothing_but_what_was_offered_can_be_chosen(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens, choice: str
) -> None:
    answer = await customer.post(f"/c/{tokens['choice']}", data={"choice": choice})
    assert (answer.status_code, "Please choose one" in answer.text) == (422, True)
    desk.choices["8492"] = choice_view(similar=None)
    page = await customer.get(f"/c/{tokens['choice']}")
    assert 'value="similar"' not in page.text
    assert (await customer.post(f"/c/{tokens['choice']}", data={"choice": "similar"})).status_code == 422
    assert desk.answers == []


async def test_a_supplier_accepts_first_and_ships_later_by_the_same_link(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    path = f"/s/{tokens['supplier']}"
    assert "You accepted" in (await customer.post(path, data={"answer": "accepted"})).text
    page = await customer.get(path)
    assert 'value="accepted"' not in page.text and "Thank you for accepting" in page.text
    shipped = {"answer": "shipped", "tracking_number": " 1z 999 aa1 01 2345 6784", "carrier": "UPS"}
    assert "We have the tracking number" in (await customer.post(path, data=shipped)).text
    assert "Already done" in (await customer.get(path)).text
    assert [said for _, _, said in desk.answers] == [
        SupplierAnswer(answer="accepted"),
        SupplierAnswer(answer="shipped", tracking_number="1Z999AA10123456784", carrier="UPS"),
    ]


async def test_a_mistyped_number_is_asked_about_once(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    path = f"/s/{tokens['supplier']}"
    typed = {"answer": "shipped", "tracking_number": "1Z999AA10123456785", "carrier": "UPS"}
    asked = await customer.post(path, data=typed)
    assert asked.status_code == 422
    assert (
        "a number of UPS with a wrong sign in it" in asked.text and 'value="1Z999AA10123456785"' in asked.text
    )
    assert re.search(r'id="shipped"[^>]* checked', asked.text)
    assert (await customer.post(path, data=typed | {"sure": "yes"})).status_code == 200
    assert len(desk.answers) == 1


@pytest.mark.parametrize("missing", ["tracking_number", "carrier"])
async def test_a_shipped_parcel_needs_its_number_and_carrier(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens, missing: str
) -> None:
    typed = {"answer": "shipped", "tracking_number": "1Z999AA10123456784", "carrier": "UPS", missing: ""}
    answer = await customer.post(f"/s/{tokens['supplier']}", data=typed)
    assert answer.status_code == 422 and f'id="{missing}-mistake"' in answer.text
    assert desk.answers == []


@pytest.mark.parametrize("number", ["BWX220FIR77", "LTS12345"])
async def test_a_number_of_a_carrier_we_do_not_know_is_taken_as_it_is(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens, number: str
) -> None:
    typed = {"answer": "shipped", "tracking_number": number, "carrier": "Local Courier"}
    assert (await customer.post(f"/s/{tokens['supplier']}", data=typed)).status_code == 200
    assert [said for _, _, said in desk.answers] == [
        SupplierAnswer(answer="shipped", tracking_number=number, carrier="Local Courier")
    ]


async def test_the_keyboard_goes_through_a_form_from_top_to_bottom(
    customer: httpx.AsyncClient, tokens: Tokens
) -> None:
    for purpose, fields in FIELDS.items():
        page = (await customer.get(f"/{PATHS[purpose]}/{tokens[purpose]}")).text
        assert "tabindex" not in page and "autofocus" not in page
        assert re.findall(r'<input[^>]* id="([\w-]+)"', page) == fields
        assert page.rindex("<input") < page.index('<button type="submit"')
        labels = re.findall(r'<label[^>]* for="([\w-]+)"', page)
        assert labels == fields
