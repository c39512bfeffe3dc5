"""Only what AfterShip signed is believed, and it says where a parcel is, however little or late it says it."""

import base64
import hashlib
import hmac
import random
from dataclasses import replace
from typing import Any

import orjson
import pytest

from connectors.aftership.sandbox import SECRET
from connectors.aftership.sandbox_trackings import TRACKED
from hub.catalog import receive
from hub.sdk import Delivery, TrackingUpdated, Unreadable, Unverified
from tests.connectors.aftership.desk import Desk

HEADER = "aftership-hmac-sha256"

NULLS: dict[str, Any] = {
    "event": "tracking_update",
    "event_id": "9e9d9b2c-9b2a-4d3c-8d2f-0c8f5a1a7d11",
    "is_tracking_first_tag": True,
    "msg": {
        "id": "ikz9vmgl3a8k5l0s",
        "tracking_number": "RB123456785CN",
        "title": "RB123456785CN",
        "note": None,
        "origin_country_iso3": "CHN",
        "destination_country_iso3": None,
        "courier_destination_country_iso3": None,
        "shipment_package_count": None,
        "active": False,
        "order_id": None,
        "order_id_path": None,
        "customer_name": None,
        "source": "web",
        "emails": [],
        "smses": [],
        "custom_fields": {},
        "tag": "Delivered",
        "subtag": None,
        "return_to_sender": None,
        "expected_delivery": None,
        "checkpoints": [
            {
                "slug": None,
                "city": None,
                "created_at": "2021-06-14T07:21:03+00:00",
                "location": None,
                "country_name": None,
                "country_iso3": None,
                "message": None,
                "tag": None,
                "subtag": None,
                "checkpoint_time": None,
                "coordinates": [],
                "state": None,
                "zip": None,
                "raw_tag": None,
            }
        ],
    },
    "ts": 1623655263,
}
"""A webhook of 2021's shape: the fields' old names, no slug, and nulls wherever something could be missing."""


def digest(delivery: Delivery, key: str = SECRET.get_secret_value()) -> bytes:
    return hmac.digest(key.encode(), delivery.body, hashlib.sha256)


def signed_with(delivery: Delivery, signature: str) -> Delivery:
    return replace(delivery, headers={**delivery.headers, HEADER: signature})


def forgeries(delivery: Delivery) -> dict[str, Delivery]:
    """The same delivery in every way somebody might pretend to be AfterShip."""
    good, raw = delivery.headers[HEADER], digest(delivery)
    again = orjson.dumps(orjson.loads(delivery.body), option=orjson.OPT_INDENT_2)
    return {
        "none": replace(delivery, headers={k: v for k, v in delivery.headers.items() if k != HEADER}),
        "empty": signed_with(delivery, ""),
        "wrong key": signed_with(delivery, base64.b64encode(digest(delivery, "guessed")).decode()),
        "empty key": signed_with(delivery, base64.b64encode(digest(delivery, "")).decode()),
        "hex instead of base64": signed_with(delivery, raw.hex()),
        "truncated": signed_with(delivery, good[:-4]),
        "lower case": signed_with(delivery, good.lower()),
        "two joined": signed_with(delivery, f"{good}, {good}"),
        "not ASCII": signed_with(delivery, "é" * 44),
        "another product's header": replace(
            delivery, headers={"as-signature-hmac-sha256": good, "am-webhook-signature": good}
        ),
        "the same JSON written differently": replace(delivery, body=again),
        "one byte more": replace(delivery, body=delivery.body + b" "),
        "no body": replace(delivery, body=b""),
    }


def test_what_aftership_signed_is_believed() -> None:
    desk = Desk()
    delivery = desk.sandbox.update(TRACKED)

    assert delivery.headers[HEADER] == base64.b64encode(digest(delivery)).decode()
    desk.aftership.verify(delivery)


def test_every_forged_signature_is_refused() -> None:
    desk = Desk()
    believed = []
    for name, delivery in forgeries(desk.sandbox.update(TRACKED)).items():
        try:
            desk.aftership.verify(delivery)
            believed.append(name)
        except Unverified:
            continue

    assert believed == []


def test_for_a_while_the_old_secret_is_believed_too() -> None:
    rotated = Desk(webhook_secrets=["the-new-one", SECRET.get_secret_value()])

    rotated.aftership.verify(rotated.sandbox.update(TRACKED))
    with pytest.raises(Unverified):
        Desk(webhook_secrets=["the-new-one"]).aftership.verify(rotated.sandbox.update(TRACKED))


def test_a_moved_parcel_is_read_from_its_webhook() -> None:
    desk = Desk()
    desk.sandbox.add_checkpoint(TRACKED, "OutForDelivery", city="New York")

    event = desk.aftership.tracking_updated(desk.sandbox.update(TRACKED))

    assert event.tracking_number == event.subject() == TRACKED
    assert (event.parcel.status, event.parcel.carrier) == ("out_for_delivery", "ups")
    assert [e.status for e in event.parcel.events] == ["pre_transit", "in_transit", "out_for_delivery"]
    assert event.parcel.events[-1].happened_at == desk.now


def test_each_delivery_has_its_own_key_and_a_repeated_one_the_same() -> None:
    desk = Desk()
    one, other = desk.sandbox.update(TRACKED), desk.sandbox.update(TRACKED)

    assert desk.aftership.delivery_key(one) == desk.aftership.delivery_key(replace(one))
    assert desk.aftership.delivery_key(one) != desk.aftership.delivery_key(other)
    assert desk.aftership.tracking_updated(one).key() == desk.aftership.tracking_updated(other).key()


def test_a_webhook_of_2021_that_is_mostly_null_is_read() -> None:
    desk = Desk()

    event = desk.aftership.tracking_updated(desk.sandbox.sign(orjson.dumps(NULLS)))
    bare = {**NULLS, "msg": {"tracking_number": "RB123456785CN", "tag": "InfoReceived", "checkpoints": None}}
    barest = desk.aftership.tracking_updated(desk.sandbox.sign(orjson.dumps(bare)))

    assert (event.parcel.status, event.parcel.carrier) == ("delivered", "")
    assert [(e.status, e.is_scan, e.text) for e in event.parcel.events] == [("unknown", False, "")]
    assert (barest.parcel.status, barest.parcel.events) == ("pre_transit", [])


def test_webhooks_that_come_in_any_order_each_say_all_that_was_known_when_they_were_made() -> None:
    desk = Desk()
    told = []
    for tag in ("InTransit", "OutForDelivery", "AttemptFail", "OutForDelivery", "Delivered"):
        desk.later(hours=5)
        desk.sandbox.add_checkpoint(TRACKED, tag)
        told += [desk.sandbox.update(TRACKED)] * 2
    random.Random(8492).shuffle(told)

    events = [desk.aftership.tracking_updated(delivery) for delivery in told]

    assert len({event.key() for event in events}) == 5
    fullest = max(events, key=lambda event: len(event.parcel.events))
    assert fullest.parcel.status == "delivered"
    assert all(_is_ordered(event) for event in events)


def test_a_late_upload_of_an_old_scan_moves_nothing_back() -> None:
    desk = Desk()
    desk.sandbox.add_checkpoint(TRACKED, "Delivered")
    desk.sandbox.add_checkpoint(TRACKED, "InTransit", checkpoint_time="2026-03-03T01:00:00Z")

    parcel = desk.aftership.tracking_updated(desk.sandbox.update(TRACKED)).parcel

    assert parcel.status == "delivered"
    assert parcel.events[-1].status == "delivered"


def test_a_tag_nobody_knows_is_unreadable_in_a_webhook() -> None:
    desk = Desk()
    desk.sandbox.add_checkpoint(TRACKED, "Teleported")
    delivery = desk.sandbox.update(TRACKED)
    desk.aftership.verify(delivery)

    with pytest.raises(Unreadable, match="Teleported"):
        desk.aftership.tracking_updated(delivery)


@pytest.mark.parametrize("event", ["edd_revise", "tracking_pending_time", "something_new"])
def test_other_news_is_taken_and_ignored(event: str) -> None:
    desk = Desk()
    delivery = desk.sandbox.update(TRACKED, event=event)
    known = receive.verify(desk.aftership, delivery)

    assert known.topic == event
    assert receive.read(desk.aftership, known.topic, delivery) is None


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{}", b'{"event": 5}', b'{"event": ["x"]}', b'{"msg": {"tag": 1}}', b"\xff"],
)
def test_a_signed_body_that_makes_no_sense_is_unreadable_and_not_ignored(body: bytes) -> None:
    desk = Desk()
    delivery = desk.sandbox.sign(body)
    known = receive.verify(desk.aftership, delivery)

    if known.topic == "tracking_update":
        with pytest.raises(Unreadable):
            receive.read(desk.aftership, known.topic, delivery)
        assert known.key == delivery.body_hash()
    else:
        assert known.topic == "5"


def test_what_a_body_says_does_not_show_in_the_error() -> None:
    desk = Desk()
    body = {"event": "tracking_update", "msg": {"tracking_number": ["ada@example.com"], "tag": "Pending"}}

    with pytest.raises(Unreadable) as raised:
        desk.aftership.tracking_updated(desk.sandbox.sign(orjson.dumps(body)))

    assert "ada@" not in str(raised.value)
    assert raised.value.__cause__ is None


def _is_ordered(event: TrackingUpdated) -> bool:
    moments = [e.happened_at for e in event.parcel.events]
    return moments == sorted(moments)
