"""Suppliers' files change what the hub knows: stock is kept, news is told, and what is doubtful waits."""

from base64 import b64encode
from datetime import timedelta
from decimal import Decimal

from hub.fulfilment import feed_files
from hub.fulfilment.feed_files import FileRead, ReadFile
from hub.fulfilment.feeds.sniffing import sniff
from hub.store import stock
from tests.fulfilment.trade import Trade, line, order, refusal


def file(trade: Trade, text: str, supplier: str = "a", **changes: object) -> ReadFile:
    """A file under the profile that it itself proposes, as a merchant would confirm it."""
    profile = sniff(text.encode()).profile.model_copy(update=changes)
    return ReadFile(
        connection=supplier, profile=profile, content=b64encode(text.encode()), received_at=trade.now
    )


async def levels(trade: Trade, supplier: str = "a") -> dict[str, tuple[int, Decimal | None]]:
    async with trade.database.connection() as connection:
        found = await stock.levels_of(connection, trade.store_id, supplier)
    return {number: (level.available, level.unit_cost) for number, level in found.items()}


async def bought(trade: Trade, number: str = "#1001") -> str:
    """The reference of a purchase of two lamps and a table from supplier a."""
    await trade.sells("LAMP", a=10)
    await trade.sells("TABLE", a=20)
    wanted = order(number, lines=[line("LAMP", 2), line("TABLE", 1)])
    purchase = await trade.ready(wanted)
    return (await trade.claim(wanted, purchase)).reference


async def test_good_rows_are_kept_and_bad_ones_put_aside(trade: Trade) -> None:
    text = "sku,stock,price\nA1,5,12.50\nA2,-1,3.00\nA3,in stock,4.00\nA4,1E+12,4.00\nA5,7,4.00\nA6,2,1.00\n"
    found = await trade.ask(feed_files.read, file(trade, text, currency="USD"))
    assert (found.rows, found.applied, found.rejected_rows) == (6, 4, 2)
    assert [row.line for row in found.rejected] == [3, 5]
    assert await levels(trade) == {
        "A1": (5, Decimal("12.50")),
        "A3": (1, Decimal("4.00")),
        "A5": (7, Decimal("4.00")),
        "A6": (2, Decimal("1.00")),
    }


async def test_a_jump_waits_and_an_older_file_changes_nothing(trade: Trade) -> None:
    first = file(trade, "sku,stock,price\nA1,5,10.00\nA2,5,10.00\n", currency="USD")
    await trade.ask(feed_files.read, first)
    trade.now += timedelta(hours=1)
    later = file(trade, "sku,stock,price\nA1,3,13.01\nA2,3,12.99\n", currency="USD")
    found = await trade.ask(feed_files.read, later)
    assert [(row.line, row.reason) for row in found.held] == [
        (2, "Its price went from 10.00 to 13.01 (+30 %).")
    ]
    assert await levels(trade) == {"A1": (5, Decimal("10.00")), "A2": (3, Decimal("12.99"))}
    assert (await trade.ask(feed_files.read, first)).applied == 1
    assert (await levels(trade))["A2"] == (3, Decimal("12.99"))


async def test_what_a_full_list_lacks_is_not_in_stock_unless_half_of_it_is_missing(trade: Trade) -> None:
    await trade.ask(feed_files.read, file(trade, "sku,stock\nA1,5\nA2,5\nA3,5\nA4,5\n"))
    trade.now += timedelta(hours=1)
    await trade.ask(feed_files.read, file(trade, "sku,stock\nA1,4\nA2,4\nA3,4\n", is_full=True))
    assert (await levels(trade))["A4"] == (0, None)
    trade.now += timedelta(hours=1)
    found = await trade.ask(feed_files.read, file(trade, "sku,stock\nA1,3\nA2,3\n", is_full=True))
    assert found.warning == "2 of 4 known articles are not in the list."
    assert (await levels(trade))["A3"] == (4, None)


async def test_stock_at_two_places_is_added_and_a_list_without_prices_keeps_them(trade: Trade) -> None:
    await trade.ask(feed_files.read, file(trade, "sku,stock,price\nA1,5,10.00\nA2,1,2.00\n", currency="USD"))
    trade.now += timedelta(hours=1)
    await trade.ask(feed_files.read, file(trade, "sku,warehouse,stock\nA1,NJ,2\nA1,CA,3\nA2,NJ,0\n"))
    assert await levels(trade) == {"A1": (5, Decimal("10.00")), "A2": (0, Decimal("2.00"))}


async def test_a_file_that_does_not_fit_changes_nothing(trade: Trade) -> None:
    wanted = file(trade, "sku,stock\nA1,5\nA2,6\n")
    other = wanted.model_copy(update={"content": b"sku,menge\nA1,5\n"})
    refused = await refusal(trade.ask(feed_files.read, other))
    assert (refused.code, "'stock'" in refused.reason) == ("does-not-fit", True)
    assert await levels(trade) == {}


async def news(trade: Trade, text: str, supplier: str = "a") -> FileRead:
    return await trade.ask(feed_files.read, file(trade, text, supplier))


async def test_an_answer_to_all_lines_is_news_and_one_to_some_is_for_a_person(trade: Trade) -> None:
    mine = await bought(trade)
    head = "po,sku,so,qty,status,reason\n"
    whole = await news(trade, f"{head}{mine},a-LAMP,S1,2,accepted,\n{mine},a-TABLE,S1,1,accepted,\n")
    assert [(c.reference, c.supplier_reference, c.status) for c in whole.changes] == [
        (mine, "S1", "accepted")
    ]
    none = await news(trade, f"{head}{mine},a-LAMP,,,rejected,gone\n{mine},a-TABLE,,,rejected,gone\n")
    assert [(c.status, c.reason) for c in none.changes] == [("rejected", "gone")]
    for rows, why in (
        (f"{mine},a-LAMP,,2,accepted,\n{mine},a-TABLE,,1,rejected,\n", "a-LAMP accepted, a-TABLE rejected"),
        (f"{mine},a-LAMP,,1,accepted,\n{mine},a-TABLE,,1,accepted,\n", "Of a-LAMP it takes 1, not 2."),
        (f"{mine},a-LAMP,,2,accepted,\n", "answers 1 of 2 lines"),
        (f"{mine},a-LAMP,,2,backordered,\n{mine},a-TABLE,,1,backordered,\n", "backordered"),
    ):
        found = await news(trade, head + rows)
        assert found.changes == []
        ((unclear,),) = (found.unclear,)
        assert why in unclear.reason


async def test_parcels_say_what_is_in_them_and_others_purchases_are_nobody_s_news(trade: Trade) -> None:
    mine = await bought(trade)
    text = (
        f"po,sku,qty,tracking,carrier\n{mine},a-LAMP,2,1Z999AA10123456784,UPS\n{mine},a-TABLE,,1Z999AA10123456793,UPS\n"
        "9999,a-LAMP,1,1Z999AA10123456784,UPS\n"
    )
    found = await news(trade, text)
    (change,) = found.changes
    assert (change.reference, change.status) == (mine, "shipped")
    assert [(p.tracking_number, [(x.line_id, x.quantity) for x in p.lines]) for p in change.parcels] == [
        ("1Z999AA10123456784", [("line-LAMP", 2)]),
        ("1Z999AA10123456793", [("line-TABLE", 1)]),
    ]
    assert [(row.line, row.reason) for row in found.rejected] == [
        (4, "It names no purchase order that this supplier was given.")
    ]
    assert (await news(trade, text, supplier="b")).changes == []
