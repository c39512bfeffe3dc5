"""A merchant's own words for the order's mail: they are his, and they leave nothing out."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from pydantic import ValidationError

from connectors.supplier_email.layout import write_purchase_order
from connectors.supplier_email.sandbox import PostSandbox
from connectors.supplier_email.settings import EmailSettings
from hub.fulfilment.mails.reading import read_mail
from hub.sdk.commerce import PurchaseLine
from tests.connectors.supplier_email.supplier import NOW, call, connector, order, settings

BLOCKS = "Dear Globex,\n\n{{ purchase }}\n\n{{ address }}\n\n{{ articles }}\n\n{{ answer }}\n\nYours, {{ signature }}"
FIELDS = """\
Dear Globex, our order {{ reference }} ({{ order_number }}) by {{ shipping_method or "your usual way" }}. {{ note }}
{% for line in lines %}
{{ line.quantity }} x {{ line.supplier_sku }} {{ line.title }}
{%- for wish in line.wishes %} [{{ wish.name }}: {{ wish.value }}]{% endfor %}
{%- endfor %}
{% set to = ship_to %}
To {{ to.name }}, {{ to.company }}, {{ to.line1 }}, {{ to.line2 }}, {{ to.postcode }} {{ to.city }} {{ to.region }},
{{ to.country }}, telephone {{ to.phone }}

Please answer here: {{ answer_url }}
"""


def with_template(text: str, subject: str = "Bestellung {{ reference }}") -> EmailSettings:
    return settings(template={"subject": subject, "text": text})


def written(known: EmailSettings, **changes: str) -> EmailMessage:
    lamp = PurchaseLine(
        line_id="1",
        sku="LAMP",
        supplier_sku="A1",
        title="Lamp",
        quantity=2,
        properties={"Text": "For <Sam> & Jo"},
    )
    return message_from_bytes(
        write_purchase_order(order("1001", lamp, **changes), known, NOW).content, policy=default
    )


def text(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.row("S2-052")
@pytest.mark.parametrize("template", [BLOCKS, FIELDS])
def test_the_order_is_written_in_the_merchants_words_with_everything_in_it(template: str) -> None:
    mail = written(with_template(template))
    said = text(mail)

    assert mail["Subject"] == "Bestellung 1001-1-abc234"
    assert said.startswith("Dear Globex,")
    for value in (
        "1001-1-abc234",
        "A1",
        "2",
        "Ann Lee",
        "Strasse 5",
        "Apt 4B",
        "Bonn",
        "05113",
        "DE",
        "For <Sam> & Jo",
    ):
        assert value in said
    assert "For &lt;Sam&gt; &amp; Jo" in text(mail, "html")
    assert '<a href="https://track.brand.example/s/abc">' in text(mail, "html")
    assert read_mail(mail.as_bytes()).order_references == ["1001-1-abc234"]
    assert str(mail["Message-ID"]) == "<po.1001-1-abc234@brand.example>", "it is known as before"


@pytest.mark.parametrize(
    ("leaves_out", "said"),
    [
        ("{{ line.quantity }} x ", "quantity"),
        ("{{ to.line2 }}, ", "ship_to.line2"),
        ("[{{ wish.name }}: {{ wish.value }}]", "wishes"),
        ("{{ answer_url }}", "answer_url"),
    ],
)
def test_a_template_that_leaves_something_out_is_a_mistake_that_names_it(leaves_out: str, said: str) -> None:
    assert leaves_out in FIELDS
    with pytest.raises(ValidationError, match=f"leaves out {said}"):
        with_template(FIELDS.replace(leaves_out, ""))


@pytest.mark.parametrize(
    ("template", "subject", "said"),
    [
        (BLOCKS + "{{ customer }}", "{{ reference }}", "The text of the template, line 11: UndefinedError"),
        (BLOCKS + "{% if %}", "{{ reference }}", "The text of the template, line 11: SyntaxError"),
        (BLOCKS, "An order", "The subject leaves out reference"),
        (
            BLOCKS + "{% for a in range(900) %}{% for b in range(900) %}{% endfor %}{% endfor %}",
            "{{ reference }}",
            "OutOfFuel",
        ),
    ],
)
def test_a_template_that_cannot_be_written_is_a_mistake_with_its_line(
    template: str, subject: str, said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        with_template(template, subject)


def test_no_value_can_pose_as_another_line() -> None:
    said = text(written(with_template(FIELDS), name="Ann\nNote: send two"))
    assert "Ann Note: send two" in said


@pytest.mark.row("S2-052")
async def test_a_test_goes_to_the_address_given_and_is_no_order() -> None:
    double = PostSandbox()
    known = EmailSettings.model_validate(
        {**double.settings(), "template": {"subject": "Bestellung {{ reference }}", "text": BLOCKS}}
    )
    shop = connector(known, double)
    shown = message_from_bytes(shop.preview(NOW).content, policy=default)
    sent = await shop.send_test("ada@brand.example", call())

    (mail,) = double.mails
    assert (sent.recipient, str(mail["To"])) == ("ada@brand.example", "ada@brand.example")
    assert mail["Subject"] == f"[Test, nothing is ordered] {shown['Subject']}"
    assert text(mail) == text(shown) and text(mail, "html") == text(shown, "html")
    assert "X-PO-Number" not in mail and mail["Message-ID"] != shown["Message-ID"]
    assert mail["Reply-To"] == known.sender
