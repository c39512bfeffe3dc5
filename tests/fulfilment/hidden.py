"""Twenty-five suppliers nobody may hear of, orders bought from them, and what their customers are sent."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from typing import Any, get_args

from hub.fulfilment.customer_view import Brand, CustomerItem, customer_order, customer_parcel
from hub.fulfilment.notice_view import NOTICES, Change, Choice, Discount, Notice, NoticeView
from hub.fulfilment.rendering import Rendered, Templates
from hub.fulfilment.supplier import SupplierSpec
from hub.sdk.commerce import Address, Customer, Order, Risk
from hub.sdk.messages import Channel
from hub.sdk.parcels import TrackedParcel, TrackingEvent, TrackingStatus
from tests.fulfilment.trade import MONDAY, line, order, usd

NAMES = (
    "Shenzhen Golden Co., Ltd.", "Yiwu Bright Star Trading", "Zhongtian Crafts", "Huaxin Jewellery Factory",
    "Kowloon Gem Works", "Pan-Asia Findings", "Ruby & Sons", "Qualigrave", "Bergmann Gravuren GmbH",
    "Atelier Mérou", "Nordhavn Print ApS", "Printwell", "Maple Forge Inc", "Cobalt Mill", "Sunrise Polymer",
    "Ace Castings", "Tianjin Fine Metals", "Lapidary House", "Orfèvre Lyonnais", "Wicker & Vine",
    "Silver Line", "Evermint", "Dana", "Gravotek", "Harbour Supply Partners",
)  # fmt: skip
PLACES = (
    "Shenzhen", "Yiwu", "Zhongshan", "Panyu", "Kowloon", "Bekasi", "Jaipur", "Leeds", "Pforzheim",
    "Marseille", "Aarhus", "Leicester", "Kitchener", "Pittsburgh", "Dongguan", "Providence", "Tianjin",
    "Idar-Oberstein", "Lyon", "Cebu", "Taxco", "Valenza", "Ningbo", "Brno", "Felixstowe",
)  # fmt: skip
SUPPLIERS = [
    SupplierSpec(
        connection=f"supply-{number:02d}",
        name=name,
        aliases=[f"{name.split()[0]} Overseas {number}", f"QX{number:02d}ZUI"],
        places=[place],
        domains=[f"{''.join(filter(str.isalpha, name.lower()))}-export.example"],
        emails=[f"sales{number}@orders-{place.lower()}.example"],
        phones=[f"+86 755 8{number:02d}4 91{number:02d}"],
    )
    for number, (name, place) in enumerate(zip(NAMES, PLACES, strict=True), 1)
]

BRANDS = [
    Brand(name="Golden Bee", site="https://goldenbee.example", support_email="hi@goldenbee.example", colour="#f59e0b"),
    Brand(name="Lumen & Oak", site="https://www.lumenoak.example", signature="Warmly, Lumen & Oak"),
    Brand(name="Silver Lining Gifts", site="https://silverlininggifts.example", logo="cid:logo"),
]  # fmt: skip
TITLES = [
    "Custom-Engraved Pendant", "Golden Coin Necklace", "Golden coat pin", "Silver lined jewellery box",
    "Ruby ring, size 7", "Sunrise print - 30 x 40 cm", "Ace of Spades cufflinks", "Maple cutting board",
    "Cobalt blue mug with initials", "Café cup (set of 2)", "Bright star earrings", "Leather wallet for him",
    "Mint green planter", "Fine metal bookmark",
]  # fmt: skip
FIRST_NAMES = ["Sarah", "Dan", "Zoë", "José", "Anne-Marie", "O'Neil", "", "Ruby", "Li", "Mae"]
CITIES = [
    ("Portland", "OR"),
    ("Golden", "CO"),
    ("New York", "NY"),
    ("Providence", "RI"),
    ("Silver Spring", "MD"),
]
OREGON = Address(name="Sarah Miller", line1="12 Elm St", city="Portland", postcode="97201", country="US")
CARRIERS = ["usps", "ups", "fedex", "yunexpress", "", "dhl-express"]


@dataclass(frozen=True)
class Sent:
    """One output, with what its customer typed in."""

    notice: Notice
    channel: Channel
    order: Order
    rendered: Rendered

    @property
    def parts(self) -> dict[str, str]:
        """As it is held against the suppliers' terms."""
        return {name: text for name, text in self.rendered.model_dump().items() if text}


def canaries(supplier: SupplierSpec) -> list[str]:
    """Everything written down about a supplier."""
    lists = (supplier.aliases, supplier.places, supplier.domains, supplier.emails, supplier.phones)
    return [supplier.name, supplier.connection, *(text for texts in lists for text in texts)]


def bought_from(supplier: SupplierSpec, chance: random.Random) -> Order:
    """An order with the supplier in every field that stays inside."""
    city, region = chance.choice(CITIES)
    inside = " ".join(canaries(supplier))
    first = chance.choice(FIRST_NAMES)
    return order(
        f"#{chance.randrange(1000, 99999)}",
        channel=inside,
        created_at=MONDAY,
        customer=Customer(id=inside, first_name=first, last_name="Miller", email="sarah@mail.example"),
        ship_to=OREGON.model_copy(update={"city": city, "region": region}),
        shipping_method=inside,
        tags=canaries(supplier),
        note=inside,
        risk=Risk(facts=[inside]),
        total=usd(chance.randrange(10, 400)),
        lines=[
            line(f"{supplier.name}-{n}", id=f"{inside}-{n}", title=title, variant=chance.choice(["", "Gold / 18 in"]),
                 category=inside, properties={inside: inside}, quantity=chance.randrange(1, 3))
            for n, title in enumerate(chance.sample(TITLES, chance.randrange(1, 4)))
        ],
    )  # fmt: skip


def tracked(supplier: SupplierSpec, chance: random.Random) -> TrackedParcel:
    """Its parcel, of which the carrier says where it comes from."""
    statuses: tuple[TrackingStatus, ...] = get_args(TrackingStatus)
    events = [
        TrackingEvent(
            status=status,
            happened_at=MONDAY + timedelta(hours=hour),
            is_scan=True,
            text=f"Departed {supplier.places[0]} facility, {supplier.name}",
            place=f"{supplier.places[0]}, CN",
            code=supplier.connection,
        )
        for hour, status in enumerate(chance.sample(statuses, 3))
    ]
    return TrackedParcel(
        tracking_number=f"9400{chance.randrange(10**17, 10**18)}",
        carrier=chance.choice([*CARRIERS, supplier.name]),
        status=events[-1].status,
        events=events,
    )


def view(supplier: SupplierSpec, chance: random.Random) -> tuple[Order, NoticeView]:
    """What a customer may be told of an order."""
    bought, brand = bought_from(supplier, chance), chance.choice(BRANDS)
    page = f"{brand.site}/t/{''.join(chance.choices('abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMN0123456789-_', k=43))}"
    seen = customer_order(bought)
    facts: dict[str, Any] = {
        "parcel": customer_parcel(tracked(supplier, chance), page, bought.ship_to, "Thu 3 - Mon 7 Dec", "city"),
        "choice": Choice(missing=seen.items[0].title, similar=CustomerItem(title="Bar Necklace", quantity=1),
                         similar_url=page, refund_url=page, until=MONDAY),
        "change": Change(before=seen.items[0].title, after="Bar Necklace", owed=usd(3)),
        "discount": Discount(offer="10% off", code="THANKYOU", until=MONDAY),
    }  # fmt: skip
    to = bought.ship_to
    assert to is not None
    return bought, NoticeView(
        brand=brand, order=seen, page_url=page, answer_url=page, review_url=page, refund=bought.total,
        address=[to.name, to.line1, to.city], **facts,
    )  # fmt: skip


def outputs(count: int, seed: int = 7) -> Iterator[Sent]:
    """So many mails and text messages: every notice, every supplier, different orders."""
    chance, templates = random.Random(seed), Templates()
    told = (view(supplier, chance) for supplier in cycle(SUPPLIERS))
    messages = (
        (*one, notice, channel) for one in told for notice in NOTICES for channel in get_args(Channel)
    )
    for bought, facts, notice, channel in islice(messages, count):
        yield Sent(notice, channel, bought, templates.render(notice, channel, facts))
