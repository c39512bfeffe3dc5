"""A number is what the words beside it say; what nobody calls a parcel is none, however much it looks like one."""

import pytest

from hub.fulfilment.mails.references import Known
from tests.mails.letters import UPS, read


def numbers(text: str, *, html: bool = False) -> list[str]:
    return [one.number for one in read(text, "Your order 8492 has shipped", html=html).tracking_numbers]


@pytest.mark.parametrize(
    "text",
    [
        f"Tracking number: {UPS}",
        f"Tracking number:\n{UPS}",
        f"Tracking number\n\n{UPS}",
        "Tracking number: 1Z 999 AA1 01 2345 6784",
        "Tracking\u00a0number: 1Z\u00a0999\u00a0AA1\u00a001\u00a02345\u00a06784",
        f"The tracking no. for your parcel is {UPS}.",
        f"Tracking number\t{UPS}",
        f"| Tracking | {UPS} |",
        f"Tracking: <https://www.ups.com/track?tracknum={UPS}>",
        f"https://guard.example/?u=https%3A%2F%2Fwww.ups.com%2Ftrack%3Ftracknum%3D{UPS}&d=1",
        f"UPS {UPS}",
    ],
)
def test_one_number_however_it_is_written(text: str) -> None:
    assert numbers(text) == [UPS]


@pytest.mark.parametrize(
    "text",
    [
        "Phone: 986578788855",
        "Telefon 0049 986578788855",
        "Invoice 986578788855",
        "Customer number: 986578788855",
        "USt-IdNr. DE986578788855",
        "IBAN DE89 3704 0044 0532 0130 00",
        "EAN 4006381333931",
        "Order number: 986578788855",
        "Request 123e4567-e89b-12d3-a456-426614174000",
        "Total 986578788855 EUR",
        "986578788855",
        "https://sun.example/unsubscribe?id=986578788855",
        "https://www.ups.com.evil.example/track?tracknum=986578788855&x=1#986578788855".replace(
            "tracknum", "u"
        ),
        "commit 9f8e7d6c5b4a39281706f5e4d3c2b1a098765432",
        "2026-11-26 20261126 26.11.2026 10:02",
        "Return tracking number: 1Z999AA10123456784",
    ],
)
def test_what_is_called_otherwise_or_nothing_is_no_parcel(text: str) -> None:
    assert numbers(text) == []


def test_the_label_may_stand_over_the_column_or_to_the_left() -> None:
    over = f"<table><tr><th>Ref</th><th>Tracking no.</th></tr><tr><td>a</td><td>{UPS}</td></tr></table>"
    left = f"<table><tr><td>Tracking no.</td><td></td><td>{UPS}</td></tr></table>"
    assert numbers(over, html=True) == numbers(left, html=True) == [UPS]


def test_what_is_not_seen_is_not_read() -> None:
    assert numbers(f'<p style="display: none">Tracking number {UPS}</p>', html=True) == []


def test_quoted_history_is_not_read() -> None:
    assert numbers(f"Thanks!\n\nOn 3 Nov 2026, Shop <a@shop.example> wrote:\n> Tracking number {UPS}") == []
    assert (
        numbers(f"Thanks!\n\n-----Original Message-----\nFrom: a@shop.example\nSubject: x\n\nTracking {UPS}")
        == []
    )


@pytest.mark.parametrize(
    "attribution",
    [
        "On Mon, 23 Nov 2026 at 09:02, Shop <a@shop.example> wrote:",
        "On Mon, 23 Nov 2026 at 09:02, The Shop with a long name\n<a@shop.example> wrote:",
        "Am 23.11.2026 um 09:02 schrieb Shop <a@shop.example>:",
        "Le lun. 23 nov. 2026 à 09:02, Shop <a@shop.example> a écrit :",
        "El lun, 23 nov 2026 a las 9:02, Shop (<a@shop.example>) escribió:",
        "W dniu 23.11.2026 o 09:02, Shop pisze:",
        '在 2026-11-23 09:00:00,"Shop" <a@shop.example> 写道:',
    ],
)
def test_the_last_line_before_quoted_history_is_read(attribution: str) -> None:
    text = f"Tracking number {UPS}\n\n{attribution}\n\n> tracking number 1Z410E7W0392751591"
    assert numbers(text) == [UPS]
    assert numbers(text.replace("\n> ", "\n")) == [UPS]


def test_only_orders_of_ours_are_matched_where_they_are_known() -> None:
    known = Known(references=["1003-1-7cgxsg", "#8492"])
    reading = read(f"Order 8492 and order 9999 have shipped. Tracking number {UPS}", known=known)
    assert reading.order_references == ["#8492"]
    assert ("9999", "no order of ours has this number") in {(one.what, one.why) for one in reading.left_out}


def test_an_order_of_ours_is_known_without_a_word_beside_it() -> None:
    known = Known(references=["SF-20391", "12"])
    reading = read(f"SF-20391 dispatched today in 12 boxes with UPS, tracking number {UPS}", known=known)
    assert reading.order_references == ["SF-20391"]


def test_an_answer_to_our_mail_is_known_by_what_it_answers() -> None:
    known = Known(messages={"<po.1@shop.example>": "1003-1-7cgxsg"}, tokens={"k3v9": "1004-1-aaaaa2"})
    answer = read(f"tracking number {UPS}", headers="In-Reply-To: <po.1@shop.example>\n", known=known)
    token = read(f"tracking number {UPS}", headers="To: in+k3v9@shop.example\n", known=known)
    assert answer.order_references == ["1003-1-7cgxsg"]
    assert token.order_references == ["1004-1-aaaaa2"]


def test_a_lone_number_between_two_orders_belongs_to_neither() -> None:
    reading = read(f"Orders 8492, 8493 have shipped.\nTracking number {UPS}")
    assert [one.order_reference for one in reading.shipments] == [None]


def test_an_answer_about_another_order_than_its_subject_means_the_other() -> None:
    reading = read(f"Order 8493 has shipped, tracking number {UPS}", "Re: Order 8492")
    assert reading.order_references == ["8493"]
