"""What customers are told: each step once, in order, by day, if they agreed, in the brand's name and no other's."""

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

from hub.fulfilment.notice_view import NOTICES
from hub.fulfilment.notices import RANK
from hub.fulfilment.rendering import Templates
from hub.fulfilment.template_lint import full_view, lint
from tests.acceptance.brand import Brand
from tests.acceptance.mail_server import with_mail_server
from tests.acceptance.project import SKUS, Terms

NUMBER = "1Z999AA10000000018"
EIGHT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
"""Eight in the morning in New York, when nobody sleeps any more."""
CONSENT = {"phone": "+12125550123", "accepts_sms": True}


def told(brand: Brand) -> list[str]:
    """Which notices the messaging service was given, in order."""
    return [event["metric"]["data"]["attributes"]["name"] for event in brand.messages.events]


def text_of(brand: Brand, name: str) -> str:
    """The text of the only notice of this name."""
    (event,) = (e for e in brand.messages.events if e["metric"]["data"]["attributes"]["name"] == name)
    return str(event["properties"]["text"])


async def come_to(brand: Brand, moment: datetime) -> None:
    await brand.pass_by(seconds=(moment - brand.floor.now).total_seconds())


async def deliver(brand: Brand) -> None:
    """The supplier makes it and ships it, and the carrier brings it."""
    await brand.supplier_says("a", "in_production")
    await brand.pass_by(hours=3)
    await brand.ships(NUMBER)
    for tag in ("InTransit", "OutForDelivery", "Delivered"):
        await brand.pass_by(hours=12)
        await brand.scanned(NUMBER, tag)
    await brand.pass_by(days=4)


SEVEN = [
    "Order Confirmed",
    "Fulfilment Started",
    "Tracking Added",
    "In Transit",
    "Out For Delivery",
    "Delivered",
    "Follow Up Review",
]


@pytest.mark.row("S1-123", "S1-126")
async def test_an_order_that_goes_well_is_seven_messages_in_their_order(brand: Brand) -> None:
    await brand.buy()
    await brand.pass_by(minutes=5)
    await deliver(brand)
    assert told(brand) == SEVEN
    for name in SEVEN:
        assert text_of(brand, name).rstrip().endswith("Your Lune & Fils team\nhttps://track.brand.example")
    rows = await brand.floor.rows("select state from notices")
    assert [row["state"] for row in rows] == ["sent"] * 7


@pytest.mark.row("S1-125")
async def test_the_confirmation_says_when_it_will_be_there(brand: Brand) -> None:
    await brand.buy()
    await brand.pass_by(minutes=5)
    (event,) = brand.messages.events
    assert event["properties"]["expected"] in text_of(brand, "Order Confirmed")
    assert event["properties"]["expected"] == "Fri 27 Nov - Thu 3 Dec"


@pytest.mark.parametrize("is_made_first", [True, False], ids=["made and shipped", "shipped"])
async def test_an_order_that_ships_within_its_first_minute_is_confirmed_all_the_same_and_first(
    brand: Brand, is_made_first: bool
) -> None:
    order = await brand.buy()
    if is_made_first:
        await brand.supplier_says("a", "in_production")
    await brand.supplier_says("a", "shipped", {"tracking_number": NUMBER, "carrier": "UPS"})
    await brand.pass_by(seconds=20)
    assert (list(brand.parcels(order)), told(brand)) == ([NUMBER], []), "the shop need not wait"
    await brand.pass_by(minutes=3)
    assert told(brand)[0] == "Order Confirmed"
    assert [name for name in told(brand) if name != "Fulfilment Started"] == [
        "Order Confirmed",
        "Tracking Added",
    ]


async def test_what_was_overtaken_is_not_told_any_more(brand: Brand) -> None:
    await brand.buy()
    await brand.pass_by(minutes=5)
    await brand.ships(NUMBER)
    await brand.scanned(NUMBER, "Delivered")
    await brand.scanned(NUMBER, "InTransit")
    await brand.supplier_says("a", "in_production")
    await brand.pass_by(hours=1)
    assert told(brand) == ["Order Confirmed", "Tracking Added", "Delivered"]


NAMED = Terms(
    skus=f"{SKUS}BX9,a,AX1,10.00,USD\nMIDAS-7,a,AX1,10.00,USD\n",
    regions={"a": "US-NJ, aliases: [Midas]", "b": "US-CA", "c": "US-TX"},
)


@pytest.mark.row("S1-133")
@pytest.mark.parametrize("terms", [NAMED])
async def test_the_messaging_services_own_flows_know_order_article_page_and_brand_and_no_supplier(
    brand: Brand,
) -> None:
    bought = [{"sku": sku, "title": "Necklace", "price": "60.00"} for sku in ("NECK-01", "BX9", "MIDAS-7")]
    order = await brand.buy(lines=bought)
    await brand.pass_by(minutes=5)
    await brand.ships(NUMBER)
    await brand.scanned(NUMBER, "InTransit")
    await brand.pass_by(minutes=1)
    assert told(brand) == ["Order Confirmed", "Tracking Added", "In Transit"]
    for event in brand.messages.events:
        facts = event["properties"]
        assert (facts["order_id"], facts["order_number"]) == (str(order.id), "1001")
        assert facts["skus"] == ["NECK-01"], "BX9 is also b's own number, and MIDAS-7 says who sends it"
        assert facts["tracking_url"].startswith("https://track.brand.example/t/")
        assert (facts["brand"], facts["brand_url"]) == ("Lune & Fils", "https://track.brand.example")
        assert facts["brand_support_email"] == "hello@brand.example"
        assert facts["brand_colour"].startswith("#")
    assert brand.messages.events[-1]["properties"]["tracking_number"] == NUMBER


class TestTextMessages:
    """Customers who left a number and said yes; it is four in the morning where the brand is."""

    async def test_by_night_the_mail_goes_and_the_text_message_waits_for_the_morning(
        self, brand: Brand
    ) -> None:
        await brand.buy(customer=CONSENT)
        await brand.pass_by(hours=3, minutes=59)
        assert told(brand) == ["Order Confirmed"]
        await come_to(brand, EIGHT + timedelta(minutes=1))
        assert told(brand) == ["Order Confirmed", "Order Confirmed SMS"]

    async def test_in_the_morning_only_what_is_still_news_is_told(self, brand: Brand) -> None:
        await brand.buy(customer=CONSENT)
        await brand.pass_by(minutes=5)
        await brand.ships(NUMBER)
        await brand.scanned(NUMBER, "InTransit")
        await come_to(brand, EIGHT + timedelta(minutes=5))
        assert told(brand)[:3] == ["Order Confirmed", "Tracking Added", "In Transit"]
        assert told(brand)[3:] == ["In Transit SMS"]
        rows = await brand.floor.rows("select state from notices")
        assert [row["state"] for row in rows] == ["sent"] * 3, "each was told by mail"

    async def test_who_cancels_by_night_is_not_woken_by_a_confirmation(self, brand: Brand) -> None:
        order = await brand.buy(customer=CONSENT)
        await brand.pass_by(minutes=5)
        await brand.cancel(order)
        await come_to(brand, EIGHT + timedelta(hours=1))
        assert told(brand) == ["Order Confirmed"]

    @pytest.mark.parametrize("customer", [CONSENT | {"accepts_sms": False}, {"accepts_sms": True}, {}])
    async def test_without_a_number_and_a_yes_there_is_none(
        self, brand: Brand, customer: dict[str, Any]
    ) -> None:
        await brand.buy(customer=customer)
        await come_to(brand, EIGHT + timedelta(hours=1))
        assert told(brand) == ["Order Confirmed"]


@pytest.mark.row("S2-016")
@pytest.mark.parametrize("terms", [Terms(policies="{channel_sends: [tracking-added]}")])
async def test_what_the_channel_mails_itself_is_not_mailed_a_second_time(brand: Brand) -> None:
    order = await brand.buy()
    await brand.pass_by(minutes=5)
    await brand.ships(NUMBER)
    await brand.pass_by(hours=1)
    (parcel,) = brand.shop.state.parcels_of(order.id)
    assert (parcel.mails, told(brand)) == (1, ["Order Confirmed"])


async def test_where_the_hub_tells_of_parcels_the_channel_is_asked_not_to(brand: Brand) -> None:
    order = await brand.buy()
    await brand.pass_by(minutes=5)
    await brand.ships(NUMBER)
    await brand.pass_by(hours=1)
    (parcel,) = brand.shop.state.parcels_of(order.id)
    assert (parcel.mails, told(brand)) == (0, ["Order Confirmed", "Tracking Added"])


class TestSenders:
    """A messaging service, and the brand's own mail server."""

    async def test_a_mail_server_that_refuses_for_ten_minutes_sends_one_mail_in_the_end(
        self, brand: Brand
    ) -> None:
        server = await with_mail_server(brand, "mail-1")
        await brand.buy()
        server.refusals.extend(["451"] * 1000)
        for _ in range(10):
            await brand.floor.let_pass(minutes=1)
        assert server.mails == []
        assert len(server.refusals) < 1000, "it was asked"
        server.refusals.clear()
        await brand.pass_by(hours=1)
        (mail,) = server.mails
        assert "1001" in mail["subject"]
        assert await brand.floor.open_cases() == []

    async def test_what_the_first_sender_certainly_refuses_the_next_one_sends(self, brand: Brand) -> None:
        server = await with_mail_server(brand, "messages-1, mail-1")
        await brand.buy()
        brand.messages.refuse("rejected")
        await brand.pass_by(minutes=30)
        assert (told(brand), len(server.mails)) == ([], 1)
        rows = await brand.floor.rows("select state, reason from notices")
        assert [(row["state"], row["reason"]) for row in rows] == [("sent", "")]

    async def test_what_the_first_sender_may_have_sent_no_other_one_sends(self, brand: Brand) -> None:
        server = await with_mail_server(brand, "mail-1, messages-1")
        await brand.buy()
        server.lose_next_answer()
        await brand.pass_by(minutes=30)
        assert (told(brand), len(server.mails)) == ([], 1)

    async def test_a_notice_that_nobody_takes_is_written_down_as_untold(self, brand: Brand) -> None:
        server = await with_mail_server(brand, "messages-1, mail-1")
        await brand.buy()
        brand.messages.refuse("rejected")
        server.refuse("rejected")
        await brand.pass_by(minutes=30)
        assert (told(brand), server.mails) == ([], [])
        rows = await brand.floor.rows("select state, reason from notices")
        assert [(row["state"], row["reason"]) for row in rows] == [("withheld", "rejected")]


GOLDHAUS = Terms(regions={"a": "US-NJ, aliases: [Goldhaus Pforzheim]", "b": "US-CA", "c": "US-TX"})


@pytest.mark.row("S1-083")
@pytest.mark.parametrize("terms", [GOLDHAUS])
async def test_a_message_that_names_a_supplier_is_not_sent_until_it_is_mended(brand: Brand) -> None:
    assert [
        str(fault) for fault in lint({"cancelled.jinja": "{{ supplier.name }}"}) if "supplier" in str(fault)
    ]
    order = await brand.buy(
        lines=[{"sku": "NECK-01", "title": "GOLDHAUS-Pforzheim necklace", "price": "60.00"}]
    )
    await brand.pass_by(minutes=30)
    case = await brand.case()
    assert (case["kind"], told(brand)) == ("blind-leak", [])
    await brand.floor.resolve(case, "again")
    case = await brand.case()
    assert (case["kind"], told(brand)) == ("blind-leak", []), "nothing was mended yet"
    order.lines = [line.model_copy(update={"title": "Golden necklace"}) for line in order.lines]
    await brand.floor.resolve(case, "again")
    await brand.pass_by(minutes=1)
    assert told(brand) == ["Order Confirmed"]
    assert "Golden necklace" in text_of(brand, "Order Confirmed")
    assert await brand.floor.open_cases() == []


@pytest.mark.parametrize("terms", [GOLDHAUS])
async def test_a_message_that_a_person_gives_up_is_never_sent(brand: Brand) -> None:
    await brand.buy(lines=[{"sku": "NECK-01", "title": "Goldhaus Pforzheim necklace", "price": "60.00"}])
    await brand.pass_by(minutes=30)
    await brand.floor.resolve(await brand.case(), "drop")
    await brand.pass_by(hours=3)
    assert (told(brand), await brand.floor.open_cases()) == ([], [])


@pytest.mark.row("S1-136")
def test_every_notice_has_a_text_without_faults_and_a_flow_that_sends_it() -> None:
    flows = "\n".join(
        file.read_text(encoding="utf-8")
        for file in files("flows").joinpath("faros").iterdir()
        if file.name.endswith(".yaml")
    )
    sent = {
        word for word in flows.replace("[", " ").replace("]", " ").replace(",", " ").replace('"', " ").split()
    }
    # Two are the same event told otherwise, two are chosen by a policy.
    told_as = {"delivery-problem": "exception", "replacement-sent": "tracking-added"}
    told_as |= dict.fromkeys(["follow-up-review", "follow-up-discount"], "follow-up-${policy.follow_up}")
    assert [notice for notice in NOTICES if told_as.get(notice, notice) not in sent] == []
    assert len({rank for rank in RANK.values()}) == len(SEVEN)
    assert lint() == []
    for notice in NOTICES:
        assert "Sample Brand" in Templates().render(notice, "email", full_view()).text
