"""Bulk tracking: forty pasted lines are shown with what would be done, and then done in one act."""

from typing import Any

import httpx
import pytest

from tests.acceptance.brand import Brand


async def bought(brand: Brand, count: int) -> list[str]:
    """So many orders are bought from a supplier, who says nothing of parcels; their numbers."""
    orders = [brand.place() for _ in range(count)]
    for order in orders:
        await brand.tell(order)
    await brand.floor.settle()
    return [order.name.removeprefix("#") for order in orders]


def number(place: int) -> str:
    """A tracking number of UPS's form, with its check digit."""
    body = f"999AA1{place:09}"
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    check = -(sum(values[0::2]) + 2 * sum(values[1::2])) % 10
    return f"1Z{body}{check}"


async def look(desk: httpx.AsyncClient, text: str) -> dict[str, Any]:
    answer = await desk.post("/trackings/preview", json={"store": "main", "text": text})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def take(desk: httpx.AsyncClient, text: str, mark: str) -> httpx.Response:
    wanted = {"store": "main", "text": text, "mark": mark, "note": "From Acme's portal"}
    return await desk.post("/trackings", json=wanted)


async def pasted(brand: Brand) -> list[Any]:
    return list(await brand.floor.rows("select * from audit where what = 'tracking numbers pasted'"))


@pytest.mark.row("S2-076")
async def test_forty_lines_are_looked_at_and_then_taken_in_one_act(
    brand: Brand, desk: httpx.AsyncClient
) -> None:
    orders = await bought(brand, 40)
    text = "Order,Tracking\n" + "\n".join(f"#{order},{number(n)}" for n, order in enumerate(orders))

    seen = await look(desk, text)
    assert (seen["ready"], seen["known"], seen["wrong"], len(seen["lines"])) == (40, 0, 0, 40)
    assert await brand.floor.rows("select * from shipments") == []

    done = await take(desk, text, seen["mark"])
    assert {line["outcome"] for line in done.json()["lines"]} == {"applied"}
    await brand.floor.settle()
    parcels = await brand.floor.rows(
        "select s.tracking_number, o.number, s.carrier from shipments s join orders o on o.id = s.order_id"
    )
    assert {(p["number"], p["tracking_number"]) for p in parcels} == {
        (order, number(n)) for n, order in enumerate(orders)
    }
    (row,) = await pasted(brand)
    assert (row["by"], row["store_id"], len(row["detail"]["purchases"])) == ("ada", "main", 40)
    assert row["detail"]["note"] == "From Acme's portal"

    again = await look(desk, text)
    assert (again["ready"], again["known"]) == (0, 40)
    assert (await take(desk, text, again["mark"])).json()["known"] == 40
    assert len(await pasted(brand)) == 1


async def test_every_mistake_is_told_at_its_line_and_the_right_lines_are_taken(
    brand: Brand, desk: httpx.AsyncClient
) -> None:
    one, two, *_ = await bought(brand, 3)
    good = number(1)
    text = "\n".join(
        [
            f"{one};{good};UPS",
            "#999999," + number(2),
            f"{two},{good}",
            f"{two},{number(3)[:-1]}{(int(number(3)[-1]) + 1) % 10}",
            f"{two},",
            f"{two},thanks",
            f"{one},{good}",
        ]
    )

    seen = await look(desk, text)
    assert [line["outcome"] for line in seen["lines"]] == [
        "ready", "wrong", "wrong", "wrong", "wrong", "wrong", "known",
    ]  # fmt: skip
    said = [line["detail"] for line in seen["lines"]]
    assert said[1] == "There is no order of this number."
    assert said[2] == f"Line 1 gives this number to order {one}."
    assert "check digit" in said[3] and "comma between them" in said[4] and "no tracking number" in said[5]
    done = (await take(desk, text, seen["mark"])).json()
    assert [line["outcome"] for line in done["lines"]].count("applied") == 1
    await brand.floor.settle()
    assert [r["tracking_number"] for r in await brand.floor.rows("select * from shipments")] == [good]


async def test_what_changed_since_the_preview_is_not_done_unseen(
    brand: Brand, desk: httpx.AsyncClient
) -> None:
    one, two = await bought(brand, 2)
    first = await look(desk, f"{one},{number(1)}")
    await take(desk, f"{one},{number(1)}", first["mark"])

    both = f"{one},{number(1)}\n{two},{number(2)}"
    late = await take(desk, both, first["mark"])
    assert (late.status_code, late.json()["type"]) == (409, "urn:faros:preview-changed")
    fresh = await look(desk, both)
    assert [line["outcome"] for line in fresh["lines"]] == ["known", "ready"]


async def test_a_number_that_another_order_has_is_not_given_twice(
    brand: Brand, desk: httpx.AsyncClient
) -> None:
    one, two = await bought(brand, 2)
    await brand.ships(number(1))
    (owner,) = await brand.floor.rows("select o.number from shipments s join orders o on o.id = s.order_id")
    other = one if owner["number"] == two else two

    (line,) = (await look(desk, f"{other}, {number(1)[:8]} {number(1)[8:]}"))["lines"]
    assert (line["outcome"], line["detail"]) == (
        "wrong",
        f"This number is a parcel's of order {owner['number']}.",
    )


async def test_purchases_without_a_number_are_listed_the_oldest_first(
    brand: Brand, desk: httpx.AsyncClient
) -> None:
    orders = await bought(brand, 3)
    await brand.ships(number(1))

    missing = (await desk.get("/trackings/missing")).json()["items"]
    assert len(missing) == 2 and {m["number"] for m in missing} < set(orders)
    assert [m["bought_at"] for m in missing] == sorted(m["bought_at"] for m in missing)


async def test_an_empty_paste_is_told_so(brand: Brand, desk: httpx.AsyncClient) -> None:
    answer = await desk.post("/trackings/preview", json={"store": "main", "text": "order,tracking\n\n"})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:faros:no-lines")
