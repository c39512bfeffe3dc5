"""What has happened is told from what will, may or did not happen, in every language alike."""

import pytest

from tests.mails.letters import UPS, read

HAPPENED = [
    ("shipped", "Your order 8492 has been dispatched."),
    ("shipped", "We've just shipped your order 8492."),
    ("shipped", "Ihre Bestellung 8492 wurde heute versandt."),
    ("shipped", "Votre commande n° 8492 a été expédiée."),
    ("shipped", "Tu pedido 8492 ha sido enviado."),
    ("shipped", "Il tuo ordine 8492 è stato spedito."),
    ("shipped", "Je bestelling 8492 is verzonden."),
    ("shipped", "Twoje zamówienie 8492 zostało wysłane."),
    ("shipped", "Din order 8492 har skickats."),
    ("shipped", "O seu pedido 8492 foi enviado."),
    ("shipped", "ご注文番号:8492 の商品を発送いたしました。"),
    ("shipped", "订单号8492已发货。"),
    ("out_for_delivery", "Your order 8492 is out for delivery."),
    ("out_for_delivery", "Ihre Bestellung 8492 wird heute zugestellt."),
    ("delivered", "Your order 8492 was delivered at 14:02."),
    ("delivered", "Ihre Bestellung 8492 wurde zugestellt."),
    ("delivered", "Votre commande n° 8492 a été livrée."),
    ("exception", "Your order 8492 could not be delivered."),
    ("exception", "Ihre Bestellung 8492 konnte leider nicht zugestellt werden."),
    ("exception", "Your order 8492 is delayed."),
    ("out_of_stock", "Order 8492: the green mug is out of stock."),
    ("out_of_stock", "Bestellung 8492: der Artikel ist nicht mehr lieferbar."),
]

NOT = [
    "Your order 8492 has not shipped yet.",
    "Your order 8492 hasn't been shipped.",
    "Your order 8492 will be shipped tomorrow.",
    "Your order 8492 will ship soon.",
    "Once your order 8492 has shipped, we will write again.",
    "As soon as your order 8492 has been dispatched you get a mail.",
    "Has my order 8492 been shipped?",
    "If your order 8492 was delivered damaged, call us.",
    "Your order 8492 should be delivered by Friday.",
    "Ihre Bestellung 8492 wurde noch nicht versandt.",
    "Ihre Bestellung 8492 wird voraussichtlich am Montag versandt.",
    "Sobald Ihre Bestellung 8492 versandt wurde, schreiben wir Ihnen.",
    "Votre commande n° 8492 n'a pas encore été expédiée.",
    "Votre commande n° 8492 sera expédiée lundi.",
    "Tu pedido 8492 aún no ha sido enviado.",
    "Tu pedido 8492 será enviado mañana.",
    "Il tuo ordine 8492 non è ancora stato spedito.",
    "Je bestelling 8492 is nog niet verzonden.",
    "Twoje zamówienie 8492 nie zostało jeszcze wysłane.",
    "Din order 8492 har inte skickats.",
    "O seu pedido 8492 ainda não foi enviado.",
    "订单号8492尚未发货。",
    "ご注文番号:8492 まだ発送しておりません。",
    "Order 8492: the mug is back in stock.",
    "Thank you for your order 8492. It never goes out of stock.",
]


@pytest.mark.parametrize(("kind", "sentence"), HAPPENED)
def test_what_has_happened_is_told(kind: str, sentence: str) -> None:
    assert read(sentence).kind == kind


@pytest.mark.parametrize("sentence", NOT)
def test_what_has_not_happened_is_no_news(sentence: str) -> None:
    reading = read(sentence)
    assert reading.kind == "other"
    assert reading.order_references == ["8492"]


def test_two_things_that_cannot_both_be_meant_are_a_question() -> None:
    reading = read(f"Order 8492 has shipped, tracking number {UPS}. The mug of order 8492 is out of stock.")
    assert reading.kind == "other"
    assert [one.number for one in reading.tracking_numbers] == [UPS]


def test_a_bar_of_progress_says_nothing() -> None:
    bar = (
        "<table><tr><td>Ordered</td><td>Shipped</td><td>Out for delivery</td><td>Delivered</td></tr></table>"
    )
    assert read(f"<p>Order 8492</p>{bar}", html=True).kind == "other"
    assert read(f"{bar}<p>Your order 8492 has shipped.</p>", html=True).kind == "shipped"


def test_what_is_said_first_is_the_news() -> None:
    advice = "Please note: carriers have delivery delays in December.\nUndeliverable parcels come back to us."
    assert read(f"Your order 8492 has shipped.\n{advice}").kind == "shipped"
    assert read("Your order 8492 is delayed.\nIt has been shipped on Monday.").kind == "exception"


def test_news_of_nothing_that_can_be_named_is_a_question() -> None:
    assert read("We shipped twelve features this month and delivered on our promise.").kind == "other"
    assert read("The collection everybody asked for has been delivered to stores.").kind == "other"
