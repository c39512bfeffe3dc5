"""What looks like a parcel, an order or news of one and is none: in links, in rows of numbers, in what shops add."""

import pytest

from hub.fulfilment.mails.reading import read_mail
from tests.mails.letters import UPS, read


def numbers(text: str, *, html: bool = False, headers: str = "") -> list[str]:
    return [one.number for one in read(text, html=html, headers=headers).tracking_numbers]


def test_a_sessions_token_in_a_carriers_link_is_no_parcel() -> None:
    link = '<a href="https://gls-group.eu/fdf?unitno=90346692444&key=3500f2dc17c3ee2892f83243d277ee8a">Change</a>'
    assert numbers(f"<p>Your parcel 90346692444 is on its way with GLS. {link}</p>", html=True) == [
        "90346692444"
    ]


def test_a_slice_of_a_row_of_numbers_is_none() -> None:
    row = "1284772 9731552 5298213 4621533 1174881 4907647 2613127 1389864"
    assert numbers(f"Your order 8492 was dispatched with DPD.\n{row}") == []


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("Packeta Z 290 843 5949", "Z2908435949"),
        ("DHL Express waybill 57 7589 7492", "5775897492"),
        ("Sendungsnummer 99.60.290599.70662848, Die Schweizerische Post", "996029059970662848"),
    ],
)
def test_a_number_is_whole_as_its_carrier_prints_it(written: str, number: str) -> None:
    assert numbers(f"Your order 8492 has shipped. {written}") == [number]


@pytest.mark.parametrize(
    "written", ["№8492", "Nº8492", "Nr.8492", "No.8492", "nr8492", "Nro 8492", "P.O.8492", "#8492"]
)
def test_an_order_is_found_however_its_number_is_announced(written: str) -> None:
    assert read(f"Order {written} has shipped.").order_references == ["8492"]


def test_the_carrier_is_told_by_the_domain_it_writes_from() -> None:
    text = "Subject: News\n\nIhre Sendung 99.60.290599.70662848 konnte heute nicht zugestellt werden."
    (known,) = read_mail(f"From: noreply@post.ch\n{text}".encode()).tracking_numbers
    assert (known.number, known.carrier) == ("996029059970662848", "swiss-post")


def test_a_state_beside_the_word_status_is_the_orders() -> None:
    table = "<table><tr><td>Order #</td><td>8492</td></tr><tr><td>Status</td><td>Shipped</td></tr></table>"
    assert read(table, html=True).kind == "shipped"


@pytest.mark.parametrize(
    "title", ["Related orders", "Your recent orders", "Weitere Bestellungen", "Pedidos anteriores"]
)
def test_what_else_one_bought_is_not_what_the_mail_is_about(title: str) -> None:
    table = (
        "<table><tr><td>#2701</td><td>Delivered</td></tr><tr><td>#2688</td><td>Cancelled</td></tr></table>"
    )
    reading = read(f"<h2>Order #2750 has shipped</h2><p>{UPS}</p><h3>{title}</h3>{table}", html=True)
    assert (reading.kind, reading.order_references) == ("shipped", ["2750"])


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("How did we do? Tell us about order 8492", "Your order 8492 was delivered last week."),
        ("Invitation: shipping sync", "Weekly sync about our shipments."),
        ("Order 8492: label created", "A shipping label was created for order 8492."),
        (
            "Your order 8492 has shipped",
            "To cancel or dispute this charge call +1 888 555 0142.",
        ),
        ("Your parcel", "It could not be delivered, customs fee unpaid: pay now at https://pay.example/x"),
    ],
)
def test_what_is_no_news_of_a_parcel_is_other(subject: str, text: str) -> None:
    assert read(text, subject).kind == "other"


def test_a_newsletter_that_explains_numbers_names_no_parcel() -> None:
    unsubscribe = "List-Unsubscribe: <https://news.example/u>\n"
    assert numbers(f"A tracking number looks like {UPS}.", headers=unsubscribe) == []


def test_what_comes_today_is_more_exact_than_on_its_way() -> None:
    reading = read("Your package is out for delivery today.", "Your package is on its way", headers="")
    assert reading.kind == "out_for_delivery"


def test_what_may_happen_to_a_parcel_that_waits_is_no_news() -> None:
    waits = "Your parcel is ready for pickup. If it is not collected, it will be returned to the sender."
    assert read(waits, "Your parcel is ready for pickup").kind == "other"


def test_a_shops_nine_letters_are_an_order_and_a_word_that_shouts_is_none() -> None:
    drawn = read("Il tuo ordine con il riferimento XKBKNABJK è stato spedito.")
    shouted = read("ORDER NOW AND SHIP WORLDWIDE")
    assert (drawn.order_references, shouted.order_references) == (["XKBKNABJK"], [])


def test_orders_beside_tracking_numbers_are_on_their_way_without_a_word() -> None:
    table = (
        f"<table><tr><th>Order</th><th>Tracking number</th></tr><tr><td>8492</td><td>{UPS}</td></tr></table>"
    )
    reading = read(f"<p>Today's list.</p>{table}", html=True)
    assert (reading.kind, reading.order_references) == ("shipped", ["8492"])


def test_a_mail_whose_head_lost_its_content_type_is_opened_all_the_same() -> None:
    raw = (
        b"From: ship@sun.example\nSubject: Your order 8492\n\n------=_Part_1_2.3\n"
        b"Content-Type: text/html; charset=utf-8\n"
        b'Content-Transfer-Encoding: quoted-printable\n\n<p style=3D"a">Your order 8492 has shi=\npped, tracking '
        b"number 1Z999AA1012345=\n6784</p>\n------=_Part_1_2.3--\n"
    )
    reading = read_mail(raw)
    assert (reading.kind, [one.number for one in reading.tracking_numbers]) == ("shipped", [UPS])


def test_what_a_subject_names_and_the_text_again_is_the_order_and_a_norm_is_none() -> None:
    named = read(f"FYI UPS shows WEB-20119 ({UPS}) as delivered on Monday.", "WEB-20119 delivered")
    norm = read(f"Our ISO17799 audit: parcel {UPS} was delivered on Monday.", "ISO17799 audit")
    assert (named.order_references, norm.order_references) == (["WEB-20119"], [])
