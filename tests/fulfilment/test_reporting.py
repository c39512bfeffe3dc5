"""News of purchases from a file or a mail: told as the supplier's own, and of its own purchases only."""

from hub.fulfilment import reporting
from hub.fulfilment.feed_changes import PurchaseChange
from hub.fulfilment.reporting import ReportChanges
from tests.fulfilment.trade import Trade, order, refusal, supplier


async def bought(trade: Trade) -> str:
    """The reference of a purchase from supplier a."""
    await trade.sells("NECK-01", a=10)
    wanted = order()
    return (await trade.claim(wanted, await trade.ready(wanted))).reference


async def told(trade: Trade) -> list[tuple[str, str, str]]:
    async with trade.database.connection() as connection:
        rows = await connection.fetch(
            "select connection_id, name, subject from events where store_id = $1", trade.store_id
        )
    return [(row["connection_id"], row["name"], row["subject"]) for row in rows]


async def test_news_is_an_event_of_the_suppliers_own_and_told_once(trade: Trade) -> None:
    reference = await bought(trade)
    trade.source = "a"
    change = PurchaseChange(reference=reference, status="accepted")
    asked = ReportChanges(changes=[change], said_at=trade.now)
    await trade.ask(reporting.report, asked)
    await trade.ask(reporting.report, asked)
    assert await told(trade) == [("a", "purchase_order_changed", reference)]


async def test_news_of_another_suppliers_purchase_is_refused_and_nothing_is_told(trade: Trade) -> None:
    reference = await bought(trade)
    trade.source = "b"
    changes = [PurchaseChange(reference=reference, status="shipped")]
    refused = await refusal(trade.ask(reporting.report, ReportChanges(changes=changes, said_at=trade.now)))
    assert refused.code == "not-bought"
    assert await told(trade) == []


async def test_only_a_supplier_by_mail_gets_a_link_to_answer_by(trade: Trade) -> None:
    trade.settings = {"public_url": "https://track.brand.example"}
    trade.suppliers = [supplier("a", level=1)]
    await trade.sells("NECK-01", a=10)
    wanted = order()
    purchase = await trade.ready(wanted)
    first = await trade.claim(wanted, purchase)
    assert first.answer_url.startswith("https://track.brand.example/s/")
    assert (await trade.claim(wanted, purchase)).answer_url == first.answer_url

    trade.suppliers = [supplier("a", level=3)]
    assert (await trade.claim(wanted, purchase)).answer_url == ""
