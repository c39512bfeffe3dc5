"""What a store lets the hub decide alone. Every figure is the store's own and has a safe default."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from hub.flow.span import parse_span
from hub.fulfilment.costs import Costs, Percentage
from hub.fulfilment.hours import Days
from hub.sdk.commerce import Money, Record


def _as_written(value: Any) -> Any:
    return parse_span(value) if isinstance(value, str) and not value.startswith("P") else value


Span = Annotated[timedelta, BeforeValidator(_as_written)]
"""Plain time, as people write it (`30 minutes`) or as JSON keeps it (`PT30M`)."""


def _not_negative(money: Money | None) -> Money | None:
    if money is not None and money.amount < 0:
        raise ValueError("it is less than nothing")
    return money


RatedRisk = Literal["low", "medium", "high"]
Score = Annotated[Decimal, Field(ge=0, le=1)]
"""How likely a fraud is, from 0 to 1."""


class ZoneShipping(Record):
    """What a parcel is taken to cost, in the order's currency, from a supplier who quotes nothing for the place."""

    same_region: Decimal = Decimal(3)
    same_country: Decimal = Decimal(6)
    abroad: Decimal = Decimal(18)


class ZoneTransit(Record):
    """How many working days a carrier is taken to need from a supplier who says nothing for the place."""

    same_region: Days = Days(earliest=2, latest=3)
    same_country: Days = Days(earliest=3, latest=6)
    abroad: Days = Days(earliest=7, latest=15)


class Patience(Record):
    """How long silence is normal; what lasts longer is asked about.

    A paid order should be with its suppliers `forward_within` its payment, and a parcel on the sales channel
    `show_within` its number; a supplier that says it has sent one should name the number as soon. `remind_after` a
    person has seen a silence that still lasts, it is asked about once more.

    A poll may miss one of `poll_intervals` turns. A connection's webhooks are silent if none came for `webhook_silence`
    although what they tell of was found by asking, and still did not come `webhook_lag` after that. A supplier's stock
    signal is lost after `missed_heartbeats` (its own `heartbeat` says how often it should be heard of), or after so
    many `refused_webhooks` in a row that were not signed by it; raise that where strangers try the address.

    A supplier's figures are frozen if none of them has changed for `feed_frozen_after` while `feed_frozen_units` of its
    articles were sold.
    """

    forward_within: Span = timedelta(minutes=15)
    show_within: Span = timedelta(minutes=30)
    remind_after: Span = timedelta(hours=24)
    poll_intervals: Annotated[int, Field(ge=1)] = 2
    webhook_silence: Span = timedelta(hours=2)
    webhook_lag: Span = timedelta(minutes=15)
    missed_heartbeats: Annotated[int, Field(ge=1)] = 3
    refused_webhooks: Annotated[int, Field(ge=1)] = 1
    feed_frozen_after: Span = timedelta(hours=48)
    feed_frozen_units: Annotated[int, Field(ge=1)] = 30


class PromiseRisk(Record):
    """What a purchase that leaves late, or that its supplier refuses, is taken to cost the store: its `price`.

    A supplier's share of such purchases, times the price, counts with what a parcel of it costs when suppliers are
    chosen. With fewer than `least_purchases` in ninety days nothing is said of it, and nothing added.
    """

    price: Annotated[Money | None, AfterValidator(_not_negative)] = None
    least_purchases: Annotated[int, Field(ge=1)] = 20


class SmallestMargin(Record):
    """What must be left of what the customer paid for the lines of an order, after discounts and without tax, once
    they are bought: a share of it in `percent`, an `amount`, or both.

    Below that nothing is bought, and a person is asked; so where the margin is not known, unless `unknown` is `buy`.
    """

    percent: Percentage | None = None
    amount: Annotated[Money | None, AfterValidator(_not_negative)] = None
    unknown: Literal["ask", "buy"] = "ask"

    @property
    def is_set(self) -> bool:
        """Whether there is anything to reach."""
        return self.percent is not None or self.amount is not None

    def __str__(self) -> str:
        """As people say it: `25 % and 5 USD`."""
        share = [] if self.percent is None else [f"{self.percent.normalize():f} %"]
        money = [] if self.amount is None else [f"{self.amount.amount} {self.amount.currency}"]
        return " and ".join([*share, *money]) or "nothing"


class CostTolerance(Record):
    """By how much a supplier's charges for a purchase may be off what was expected before a person is asked: an
    `amount` in the purchase's own currency, or a share of what was expected in `percent`, whichever is more."""

    amount: Annotated[Decimal, Field(ge=0)] = Decimal(1)
    percent: Percentage = Decimal(2)

    def of(self, expected: Decimal) -> Decimal:
        """The most that a purchase of this cost may be off."""
        return max(self.amount, expected * self.percent / 100)


class Policies(Record):
    """A store's policies.

    `review_when` says on which side of `review_value` a person looks first. `choose_by`: `margin` counts everything an
    order costs, `price` only the articles, `nearest` the way to the customer.

    `risk_scores` is for channels whose fraud analysis gives levels only: the score that each counts as, from 0 to 1,
    such as `{high: 0.82}`. A level with a score is judged by it alone.

    `smallest_margin` is what an order must leave to be bought without a person; unless it is set, nothing.
    `promise_risk` is what a supplier's broken promises are taken to cost; without a price, nothing. `cost_tolerance` is
    by how much its invoices may be off.

    `split_line`: `when_short`, a line's units are shared out among suppliers where none has enough of them alone,
    `min_pieces` at least to each; `never`, such a line is out of stock. It needs `split` and two of `max_parcels`.

    `carrier_holidays` are days on which nobody delivers. `oos`: an article that cannot be had is replaced, and where
    nothing equal is there the customer chooses; or the order is cancelled at once. `substitute_scope`: looked for at
    every supplier, at all but the line's own (`backup`), or only there (`same`). `substitute_consent`: the customer is
    told of an equal article, or asked first. `similar_price`: whether the difference to a cheaper one is given back.

    A parcel stalls `stall_after` its last scan, or its anchor where it has none: when the channel took the
    fulfilment, or when the label was made; it is given up `give_up_after` the same moment. `lost`: sent again or
    refunded by stock, or a person says. `tracking_poll`: how often a tracker is asked, `tracking_poll_idle` once a day
    has passed without news. A supplier should acknowledge within `acknowledge_within`, and name a parcel within
    `track_within`. One that is asked to stop a purchase, or to send it elsewhere, should answer
    within `recall_within`; then a person is asked.

    `buying`: by itself, or `approve`: each purchase waits until a person lets it go.

    `confirm_after` its purchase an order is confirmed to the customer. `channel_sends` names the notices that the
    channel sends itself, so that no customer gets two. `address_answer_within`: then a person looks at a doubtful
    address; `address_settle_within`, an hour before the promise ends, then `address_default`: a person is asked once
    more, or the order is cancelled and paid back. `choice_answer_within`: then a customer who was asked about a missing
    article gets `choice_default`. `link_lasts` is for tracking pages.

    `costs` is what mistakes and enquiries cost the store. `touchless_target`: at least so many percent of orders should
    need nobody.

    `patience` says how long nothing may be heard of anything. A supplier that leaves purchases unacknowledged for
    longer than `acknowledge_within`, several in a row, gets no more of them.

    Where an order's total is above `second_person_above`, a case's choice that gives money back or sends goods again is
    done once a second person chose the same.

    `digest_at` is when the store's day begins, in its zone. `numbers_at` are times of day at which people are reminded
    of purchases that have no tracking number; with none, nobody is. `dashboard_url` is where its people
    see cases, for links.
    """

    stock_max_age: Span = timedelta(minutes=30)
    batch_stock_max_age: Span = timedelta(hours=24)
    safety_threshold: int = 5
    reservation_lasts: Span = timedelta(hours=24)

    fraud_score_threshold: Decimal = Decimal("0.75")
    risk_scores: dict[RatedRisk, Score] = {}
    review_value: Money | None = None
    review_when: Literal["at_or_above", "below"] = "at_or_above"
    twin_window: Span = timedelta(minutes=10)

    unverifiable: Literal["pass", "hold"] = "pass"

    buying: Literal["by_itself", "approve"] = "by_itself"

    split: Literal["allowed", "never"] = "allowed"
    split_penalty: Decimal = Decimal(0)
    max_parcels: int = 4
    split_line: Literal["never", "when_short"] = "never"
    min_pieces: Annotated[int, Field(ge=1)] = 1
    choose_by: Literal["margin", "price", "nearest"] = "margin"
    zone_shipping: ZoneShipping = ZoneShipping()
    promise_risk: PromiseRisk = PromiseRisk()
    cost_tolerance: CostTolerance = CostTolerance()
    smallest_margin: SmallestMargin = SmallestMargin()

    zone_transit: ZoneTransit = ZoneTransit()
    carrier_holidays: list[date] = []

    oos: Literal["substitute_then_choice", "cancel_now"] = "substitute_then_choice"
    substitute_scope: Literal["any", "backup", "same"] = "any"
    substitute_consent: Literal["tell", "ask"] = "tell"
    similar_price: Literal["free", "refund_difference"] = "refund_difference"

    stall_after: Span = timedelta(hours=72)
    stall_anchor: Literal["fulfilment_confirmed", "label_created"] = "fulfilment_confirmed"
    give_up_after: Span = timedelta(days=5)
    lost: Literal["reship_or_refund", "ask"] = "reship_or_refund"
    tracking_poll: Span = timedelta(hours=2)
    tracking_poll_idle: Span = timedelta(hours=6)
    acknowledge_within: Span = timedelta(hours=24)
    recall_within: Span = timedelta(minutes=30)
    track_within: Span = timedelta(days=4)

    confirm_after: Span = timedelta(minutes=1)
    follow_up_after: Span = timedelta(days=3)
    follow_up: Literal["review", "discount", "none"] = "review"
    channel_sends: list[str] = []
    address_answer_within: Span = timedelta(hours=24)
    address_settle_within: Span = timedelta(hours=47)
    address_default: Literal["ask", "refund"] = "ask"
    choice_answer_within: Span = timedelta(hours=20)
    choice_default: Literal["refund", "ask"] = "refund"
    link_lasts: Span = timedelta(days=30)

    costs: Costs = Costs()
    touchless_target: Percentage = Decimal(90)

    patience: Patience = Patience()

    digest_at: time = time(8)
    numbers_at: list[time] = []
    dashboard_url: str = ""

    second_person_above: Money | None = None

    @property
    def may_split_lines(self) -> bool:
        """Whether the units of a line may come from several suppliers."""
        return self.split_line == "when_short" and self.split == "allowed" and self.max_parcels > 1
