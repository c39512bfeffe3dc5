"""A purchase order as its supplier reads it: all of it, always in the same places, and never anything else's."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.supplier_email.layout import write_purchase_order
from hub.sdk import Refused
from hub.sdk.commerce import NewPurchaseOrder, PurchaseLine
from tests.connectors.supplier_email.supplier import NOW, order, settings

LINES = (
    PurchaseLine(line_id="1", sku="LAMP", supplier_sku="A1", title="Lamp, brass", quantity=2),
    PurchaseLine(line_id="2", sku="SHADE", supplier_sku="B-77", title="Lampenschirm groß", quantity=1),
)


def written(wanted: NewPurchaseOrder) -> EmailMessage:
    return message_from_bytes(write_purchase_order(wanted, settings(), NOW).content, policy=default)


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def layout(text: str) -> list[str]:
    """What is the same in every order: the titles and the labels."""
    return [line.partition(": ")[0] for line in text.splitlines()]


@pytest.mark.row("S2-053")
def test_each_line_has_product_sku_and_quantity_and_the_order_has_its_address() -> None:
    mail = written(order("1001", *LINES))
    text = body(mail, "plain")

    assert "LINE 1 OF 2\nProduct: Lamp, brass\nYour SKU: A1\nOur SKU: LAMP\nQuantity: 2\n" in text
    assert "LINE 2 OF 2\nProduct: Lampenschirm groß\nYour SKU: B-77\nOur SKU: SHADE\nQuantity: 1\n" in text
    assert (
        "SHIP TO\nName: Ann Lee\nCompany: -\nAddress 1: Strasse 5\nAddress 2: Apt 4B\nCity: Bonn\nRegion: -\n"
        "Postcode: 05113\nCountry: DE\nPhone: -\n" in text
    )
    for said in ("Lamp, brass", "B-77", "Strasse 5", "Apt 4B", "1001-1-abc234"):
        assert said in body(mail, "html")


@pytest.mark.row("S2-053")
def test_the_layout_is_the_same_in_every_order() -> None:
    other = [line.model_copy(update={"title": "Vase", "supplier_sku": "V9"}) for line in LINES]
    one = body(written(order("1001", *LINES)), "plain")
    two = body(written(order("77-B", *other, name="李小龙", company="Müller KG", phone="+49 228 1")), "plain")

    assert layout(one) == layout(two)
    assert one != two


@pytest.mark.row("S2-075")
def test_the_order_number_is_in_the_subject_and_answers_come_under_it() -> None:
    mail = written(order("1001", *LINES))

    assert mail["Subject"] == "Purchase order 1001-1-abc234 (order 1001), 2 lines"
    assert mail["Reply-To"] == "orders+1001-1-abc234@brand.example"
    assert "quote 1001-1-abc234" in body(mail, "plain")
    assert "https://track.brand.example/s/abc" in body(mail, "html")


def test_the_same_order_is_the_same_mail_whenever_it_is_written() -> None:
    one = write_purchase_order(order(), settings(), NOW)
    later = write_purchase_order(order(), settings(), NOW.replace(day=25))

    assert one.message_id == later.message_id == "<po.1001-1-abc234@brand.example>"
    assert re.sub(rb"Date: .*", b"", one.content) == re.sub(rb"Date: .*", b"", later.content)


def test_a_name_cannot_pose_as_another_field_or_another_header() -> None:
    with pytest.raises(Refused, match="not text on one line"):
        written(order("1001\r\nBcc: x@evil.example"))
    mail = written(order(name="Ann\nQuantity: 999\r\nLee", line2="<b>4B</b>"))

    assert "Name: Ann Quantity: 999 Lee\n" in body(mail, "plain")
    assert "&lt;b&gt;4B&lt;/b&gt;" in body(mail, "html")


def test_an_order_number_too_long_for_an_address_is_answered_to_the_plain_one() -> None:
    assert written(order("9" * 60))["Reply-To"] == "orders@brand.example"


PLAIN = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=120
)


@pytest.mark.row("S2-019")
@given(name=PLAIN, street=PLAIN, flat=PLAIN)
def test_whatever_is_written_in_an_address_arrives_as_it_was(name: str, street: str, flat: str) -> None:
    text = body(written(order(name=name, line1=street, line2=flat)), "plain")

    for label, value in (("Name", name), ("Address 1", street), ("Address 2", flat)):
        assert f"\n{label}: {value}\n" in text
