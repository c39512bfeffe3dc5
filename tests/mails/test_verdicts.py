"""What a supplier's mail may do: only a proved sender's plain word on one purchase of its own is news."""

import pytest

from hub.fulfilment.mail_verdicts import Bought, Verdict, judge
from hub.fulfilment.mails.reading import read_mail
from hub.fulfilment.mails.references import Known
from hub.fulfilment.mails.trust import Gate

REFERENCE, OTHER = "1001-1-abc234", "1002-1-def567"
BOUGHT = (
    Bought(reference=REFERENCE, order_number="1001", lines=1),
    Bought(reference=OTHER, order_number="1002", lines=2),
)
PROOF = "Authentication-Results: mx.brand.example; dmarc=pass header.from=sun.example"
UPS, UPS_2 = "1Z999AA10123456784", "1Z12345E0205271688"


def verdict(
    text: str, *, to: str = REFERENCE, subject: str = "Re: your mail", proof: str = PROOF, head: str = ""
) -> Verdict:
    """What a mail from Sun Supply to the reply address of a purchase means."""
    known = Known(references=[text for one in BOUGHT for text in (one.reference, one.order_number)])
    raw = (
        f"{proof}\nFrom: Sun <ship@sun.example>\nTo: orders+{to}@brand.example\nSubject: {subject}\n{head}"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).lstrip("\n")
    gate = Gate("mx.brand.example", ("sun.example",))
    return judge(read_mail(raw.encode(), known, gate), BOUGHT)


def told(found: Verdict) -> list[tuple[str, str, list[str]]]:
    return [(one.reference, one.status, [p.tracking_number for p in one.parcels]) for one in found.changes]


@pytest.mark.parametrize(
    "text",
    [
        "Thank you, we have received your order.",
        "Order confirmation: your order is confirmed and will be shipped on Monday.",
        "Vielen Dank. Wir bestätigen Ihren Auftrag.",
        "Nous avons bien reçu votre commande.",
    ],
)
def test_a_plain_acknowledgement_is_one(text: str) -> None:
    assert told(verdict(text)) == [(REFERENCE, "accepted", [])]


@pytest.mark.parametrize(
    "text",
    [
        "We have received your order. Which colour do you want?",
        "We have received your order but do not have the size.",
        "We received your order, but it was cancelled.",
        "Hello, please call me about this.",
        "",
    ],
)
def test_what_is_not_plain_is_a_question(text: str) -> None:
    found = verdict(text)
    assert told(found) == []
    assert REFERENCE in found.question


def test_a_parcel_is_told_with_its_number_and_its_carrier() -> None:
    found = verdict(f"Shipped today with UPS, tracking number {UPS}.")
    assert told(found) == [(REFERENCE, "shipped", [UPS])]
    assert found.changes[0].parcels[0].carrier == "ups"
    assert found.meaning == "news"


def test_a_parcel_without_a_number_is_a_question() -> None:
    found = verdict("Your order has been shipped today.")
    assert (told(found), found.meaning) == ([], "question")


def test_sold_out_is_news_of_a_purchase_of_one_line_and_a_question_where_it_may_be_one_of_several() -> None:
    text = "Sorry, the item in your order is out of stock."
    assert told(verdict(text)) == [(REFERENCE, "rejected", [])]
    found = verdict(text, to=OTHER)
    assert (told(found), found.meaning) == ([], "question")


@pytest.mark.parametrize(
    "proof",
    [
        "",
        "Authentication-Results: mx.brand.example; dmarc=fail header.from=sun.example",
        "Authentication-Results: mx.evil.example; dmarc=pass header.from=sun.example",
        "Authentication-Results: mx.brand.example; dmarc=pass header.from=moon.example",
    ],
)
def test_what_is_not_proved_changes_nothing_and_a_person_is_asked(proof: str) -> None:
    found = verdict(f"Shipped today with UPS, tracking number {UPS}.", proof=proof)
    assert told(found) == []
    assert "not proved" in found.question


def test_a_strangers_mail_that_names_nothing_of_ours_is_nothing() -> None:
    known = Known(references=[REFERENCE])
    raw = b"From: x@evil.example\nSubject: Your parcel\n\nShipped with UPS 1Z999AA10123456784."
    found = judge(read_mail(raw, known, Gate("mx.brand.example", ("sun.example",))), BOUGHT)
    assert found.meaning == "nothing"


def test_a_parcel_of_somebody_elses_order_is_a_question() -> None:
    found = verdict(f"Order 7777 has shipped with UPS, tracking number {UPS}.", to="9999-1-zzz234")
    assert (told(found), found.meaning) == ([], "question")


def test_two_purchases_of_one_order_at_one_supplier_are_not_told_apart_by_its_number() -> None:
    twice = (*BOUGHT, Bought(reference="1001-2-abc234", order_number="1001", lines=1))
    raw = f"{PROOF}\nFrom: ship@sun.example\nSubject: Order 1001 has shipped\n\nUPS tracking number {UPS}\n"
    known = Known(references=[one.reference for one in twice] + ["1001"])
    found = judge(read_mail(raw.encode(), known, Gate("mx.brand.example", ("sun.example",))), twice)
    assert (told(found), found.meaning) == ([], "question")


def test_an_order_number_is_enough_where_it_is_one_purchase() -> None:
    raw = f"{PROOF}\nFrom: ship@sun.example\nSubject: Order 1001 has shipped\n\nUPS tracking number {UPS}\n"
    known = Known(references=[REFERENCE, "1001"])
    found = judge(read_mail(raw.encode(), known, Gate("mx.brand.example", ("sun.example",))), BOUGHT)
    assert told(found) == [(REFERENCE, "shipped", [UPS])]


@pytest.mark.row("S2-051")
def test_a_purchase_order_that_bounces_is_told_to_a_person() -> None:
    head = "Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n"
    raw = (
        f"From: MAILER-DAEMON@mx.globex.example\nTo: orders+{REFERENCE}@brand.example\nSubject: Undelivered\n{head}\n"
        "--b\nContent-Type: text/plain\n\n550 5.1.1 no such user\n--b--\n"
    )
    found = judge(read_mail(raw.encode(), Known(references=[REFERENCE]), Gate()), BOUGHT)
    assert (found.kind, found.about) == ("mail-undelivered", [REFERENCE])
    assert found.meaning == "question"


def test_somebody_on_holiday_is_no_news_and_no_question() -> None:
    assert verdict("I am away.", head="Auto-Submitted: auto-replied\n").meaning == "nothing"


def test_a_newsletter_of_the_supplier_is_nothing() -> None:
    found = verdict(
        "Sale! 20 % off all lamps, shop now. Unsubscribe here.", to="x", subject="Sale",
        head="List-Unsubscribe: <https://sun.example/u>\n",
    )  # fmt: skip
    assert found.meaning == "nothing"
