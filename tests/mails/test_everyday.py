"""What everyday mails leave unsaid is understood, and what only looks like it is left alone."""

import pytest

from hub.fulfilment.mails.reading import MailReading, read_mail
from tests.mails.letters import UPS, read


def numbers(reading: MailReading) -> list[str]:
    return [one.number for one in reading.tracking_numbers]


def test_one_word_and_a_number_answer_our_order() -> None:
    reading = read(f"Shipped. UPS {UPS}, PO 8492-1-k3xq7a")
    assert (reading.kind, reading.order_references, numbers(reading)) == ("shipped", ["8492-1-k3xq7a"], [UPS])


def test_one_word_and_a_number_that_still_waits_are_no_news() -> None:
    assert read(f"Label created, not yet shipped. UPS {UPS}, PO 8492-1-k3xq7a").kind == "other"


def test_thanks_for_an_order_take_nothing_back() -> None:
    assert read(f"Order number: 8492\nTracking number: {UPS}\nThank you for your order!").kind == "shipped"


def test_a_number_right_behind_its_carriers_name_is_a_parcel() -> None:
    assert numbers(read("Order 8492 has shipped, GLS 64917909930.")) == ["64917909930"]


@pytest.mark.parametrize(
    "written", ["GLS 08712345678", "GLS Germany 64917", "DPD 01806373200", "UPS 18007425877"]
)
def test_a_telephone_behind_a_carriers_name_is_none(written: str) -> None:
    assert numbers(read(f"Order 8492 has shipped. {written}")) == []


def test_an_order_and_its_parcel_need_nothing_between_them() -> None:
    reading = read("All packed and gone with Canada Post:\n\nOrder W-4410  2535115992081632")
    assert (reading.order_references, numbers(reading)) == (["W-4410"], ["2535115992081632"])


def test_an_article_beside_an_order_is_no_parcel() -> None:
    assert (
        numbers(read("Shipped with FedEx:\n\nOrder W-4410  614141007349\nOrder W-4411  4006381333931")) == []
    )


def test_a_purchase_order_beside_a_parcel_is_its_order() -> None:
    assert read(f"Shipped today:\nPO-20931 - UPS {UPS}").order_references == ["PO-20931"]


def test_a_fulfilment_in_a_subject_is_no_order() -> None:
    mail = f"Subject: Item Fulfillment #IF77120\n\nSales Order # SO55120\nShip Via UPS\nTracking # {UPS}"
    assert read_mail(mail.encode()).order_references == ["SO55120"]


def test_a_barcode_with_letters_is_a_parcel_and_one_of_digits_an_article() -> None:
    assert numbers(read("Your parcel from PostNL comes today.\nBarcode: 3SGNSN388470189")) == [
        "3SGNSN388470189"
    ]
    assert numbers(read("Order 8492 has shipped with DHL.\nBarcode: 4006381333931")) == []


def test_a_parcel_that_sums_up_like_an_iban_is_a_parcel() -> None:
    assert numbers(read("Order 8492 has shipped, tracking number CD249355999PT.")) == ["CD249355999PT"]
    assert numbers(read("Order 8492 has shipped. Our bank: PT50000201231234567890154")) == []


def test_a_german_parcel_in_groups_is_no_spanish_telephone() -> None:
    assert numbers(read("Order 8492 has shipped. DHL: 0034 0434 6128 0898 4699")) == ["00340434612808984699"]
    assert numbers(read("Order 8492 has shipped. DHL: 0034 912 345 678")) == []


def test_the_postcode_behind_a_number_in_a_link_is_none_of_it() -> None:
    link = '<a href="https://jouw.postnl.nl/track-and-trace/3SMRUP676255301-NL-1012AB">Volg je pakket</a>'
    assert numbers(read(f"<p>Je bestelling 81234567 is verzonden. {link}</p>", html=True)) == [
        "3SMRUP676255301"
    ]


def test_a_code_is_a_parcel_by_its_form_alone() -> None:
    assert numbers(read("Seu pedido 70112 foi enviado com o código RR781711798BR.")) == ["RR781711798BR"]
    assert numbers(read("Your order 70112 has shipped. Next time use code SPRING20261234.")) == []


def test_who_calls_itself_a_carrier_and_wants_money_is_not_believed() -> None:
    page = (
        "<p>Your package could not be delivered because of an unpaid customs fee.</p>"
        '<a href="https://dhl-redirect.example/pay">Pay now</a>'
    )
    mail = f"From: DHL <a@dhl-redirect.example>\nSubject: Your package\nContent-Type: text/html\n\n{page}"
    assert read_mail(mail.encode()).kind == "other"


def test_a_number_may_be_announced_behind_its_carriers_name() -> None:
    assert numbers(read("Tu pedido ZS-4410 va en camino. Lo entrega GLS con el número 62332545280.")) == [
        "62332545280"
    ]


@pytest.mark.parametrize("order", ["ON-7781-22", "ID-4410", "REF-2201", "NO-88120"])
def test_an_orders_name_may_begin_like_a_label(order: str) -> None:
    assert read(f"Order {order} has been dispatched.\nTracking: {UPS}").order_references == [order]


def test_a_day_behind_the_word_shipped_is_when_it_was() -> None:
    assert read(f"PO: 77810\nShipped: 11/10/2026\nTracking: {UPS}").kind == "shipped"
    assert read("PO: 77810\nShipped: 11/10/2026\nShip to: Portland").kind == "other"


def test_an_order_with_a_point_is_no_price() -> None:
    assert read("Your order #881201.14 has shipped.").order_references == ["881201.14"]
    assert read("Your order 8492 has shipped. Total 118.14").order_references == ["8492"]
