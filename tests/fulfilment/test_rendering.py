"""The notices as a customer gets them, and what is found wrong with a merchant's own."""

import re
from typing import get_args

import pytest

from hub.fulfilment.customer_view import Brand
from hub.fulfilment.notice_view import NOTICES, Notice, NoticeView
from hub.fulfilment.rendering import LONGEST_SMS, Templates, Unrenderable, built_in
from hub.fulfilment.template_lint import bare_view, full_view, lint
from hub.sdk.messages import Channel

OURS = Templates()
DELAYED = (
    "Hi Sarah, we noticed your pendant is taking a little longer than usual to update its tracking status. "
    "Our team is on it and will make sure it gets to you."
)
START = "{% extends frame %}{% import kit as kit %}{% block subject %}News{% endblock %}"


def own(body: str, sms: str = "News") -> dict[str, str]:
    """A merchant's own text about a delay."""
    blocks = f"{{% block body %}}{body}{{% endblock %}}{{% block sms %}}{sms}{{% endblock %}}"
    return {"delayed.jinja": START + blocks}


def branded(**brand: str) -> NoticeView:
    view = full_view()
    return view.model_copy(update={"brand": Brand.model_validate({**view.brand.model_dump(), **brand})})


@pytest.mark.row("S1-134")
def test_every_notice_speaks_in_the_brands_name_and_the_lint_has_nothing_to_say() -> None:
    view = branded(name="Lumen & Oak", signature="Warmly, Lumen & Oak", colour="#7c3aed")
    for notice in NOTICES:
        mail, sms = OURS.render(notice, "email", view), OURS.render(notice, "sms", view)
        assert "Warmly, Lumen & Oak" in mail.text, notice
        assert "Warmly, Lumen &amp; Oak" in mail.html and "#7c3aed" in mail.html, notice
        assert sms.text.startswith("Lumen & Oak: "), notice
    assert lint() == []


@pytest.mark.row("S1-134")
@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"frame.sms": "{% block sms %}{% endblock %}"}, "Its sms does not carry the brand's signature."),
        ({"signature.txt": "Bye"}, "Its text does not carry the brand's signature."),
        ({"signature.html": "Bye"}, "Its html does not carry the brand's signature."),
    ],
)
def test_a_template_that_the_brand_does_not_sign_is_found(changed: dict[str, str], faults: str) -> None:
    found = lint(changed)

    assert {fault.file for fault in found} == {f"{notice}.jinja" for notice in NOTICES}
    assert {fault.message for fault in found} == {faults}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (own("By {{ supplier.name }}"), "delayed.jinja: It names `supplier`, which no customer may see."),
        (own("{% for i in order.lines %}{{ i.supplier_sku }}{% endfor %}"),
         "delayed.jinja: It names `supplier_sku`, which no customer may see."),
        (own("{{ order.nubmer }}"), 'delayed.jinja: There is no `order.nubmer`. Did you mean "order.number"?'),
        (own("{{ order.gift_wrapping }}"), "delayed.jinja: There is no `order.gift_wrapping`."),
        (own("{% if %}"), "delayed.jinja: It cannot be read: line 1."),
        (own("Hello", sms=""), "delayed.jinja: Its sms says nothing."),
        (own(""), "delayed.jinja: Its body says nothing."),
        (own("Hello", sms="x" * 400), "delayed.jinja: The text message delayed has 414 characters; 320 fit."),
        ({"dleayed.jinja": "Hi"}, 'dleayed.jinja: Nothing is rendered from it. Did you mean "delayed.jinja"?'),
    ],
)  # fmt: skip
def test_a_mistake_in_a_merchants_template_is_found_before_a_customer_finds_it(
    changed: dict[str, str], fault: str
) -> None:
    assert [str(found) for found in lint(changed) if str(found).startswith(fault)] != []


def test_a_fact_taken_for_granted_is_found() -> None:
    found = lint(
        own("{{ parcel.tracking_number }}") | {"in-transit.jinja": START + "{{ choice.similar.title }}"}
    )

    assert [str(fault) for fault in lint(own("Nothing is taken for granted"))] == []
    assert {fault.file for fault in found} == {"in-transit.jinja"}


def test_the_notice_of_a_delay_says_what_was_promised_to_be_said() -> None:
    mail, sms = OURS.render("delayed", "email", full_view()), OURS.render("delayed", "sms", full_view())

    assert mail.text.startswith(DELAYED)
    assert DELAYED in mail.html and DELAYED in sms.text


@pytest.mark.parametrize("notice", NOTICES)
def test_a_text_message_fits_and_ends_in_a_link_where_there_is_one(notice: Notice) -> None:
    text = OURS.render(notice, "sms", branded(name="A Rather Long Brand Name of Thirty")).text

    assert len(text) <= LONGEST_SMS and text.isascii()
    assert re.search(r"https://shop\.example\S*$", text)


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("view", [full_view(), bare_view()], ids=["everything known", "little known"])
def test_a_mail_has_no_gaps_and_loads_nothing_from_strangers(notice: Notice, view: NoticeView) -> None:
    mail = OURS.render(notice, "email", view)

    assert "\n\n\n" not in mail.text and "None" not in mail.text + mail.html
    assert (
        '<p style="margin:0 0 16px;font-size:16px;line-height:24px;word-break:break-word"></p>'
        not in mail.html
    )
    assert not re.search(r"<(script|link|iframe|object|img)|url\(|@import|src=", mail.html)
    assert {
        re.sub(r"^https://([^/]+).*", r"\1", link) for link in re.findall(r"https?://[^\"<\s]+", mail.html)
    } == {"shop.example"}
    assert "\n" not in mail.subject and mail.subject


def test_the_two_ways_out_of_a_sold_out_item_are_both_there() -> None:
    mail = OURS.render("out-of-stock-choice", "email", full_view())
    only = OURS.render("out-of-stock-choice", "email", bare_view())

    assert "Take the similar item" in mail.html and "Get a refund" in mail.html
    assert "similar" not in only.html and "Get a refund" in only.html


def test_what_a_customer_or_a_shop_typed_in_is_text_and_never_markup() -> None:
    view = full_view()
    items = [view.order.items[0].model_copy(update={"title": "<img src=x onerror=a()> & co"})]
    mail = OURS.render(
        "order-confirmed",
        "email",
        view.model_copy(update={"order": view.order.model_copy(update={"items": items})}),
    )

    assert "<img" not in mail.html and "&lt;img src=x onerror=a()&gt; &amp; co" in mail.html
    assert "- 1 x <img src=x onerror=a()> & co (Gold)" in mail.text


def test_a_subject_is_one_line() -> None:
    texts = {"delayed.jinja": own("Hi")["delayed.jinja"].replace("News", "One\r\nBcc: all@shop.example", 1)}

    assert Templates(texts).render("delayed", "email", full_view()).subject == "One Bcc: all@shop.example"


def test_several_things_or_two_of_one_are_an_order() -> None:
    view = full_view()
    two = view.order.model_copy(update={"items": [view.order.items[0].model_copy(update={"quantity": 2})]})

    assert OURS.render("in-transit", "email", view).subject == "Your pendant is on its way"
    assert (
        OURS.render("in-transit", "email", view.model_copy(update={"order": two})).subject
        == "Your order is on its way"
    )
    assert OURS.render("in-transit", "email", bare_view()).text.startswith("Hi there,\n")


def test_a_merchants_template_replaces_ours_and_leaves_the_others() -> None:
    mine = Templates(own("Patience, {{ greeting }}!"))

    assert mine.render("delayed", "email", full_view()).text.startswith("Patience, Hi Sarah!")
    assert mine.render("delivered", "sms", full_view()) == OURS.render("delivered", "sms", full_view())


def test_a_fact_that_is_missing_stops_the_message_and_the_error_quotes_nobody() -> None:
    view = full_view().model_copy(update={"choice": None})

    with pytest.raises(
        Unrenderable, match=r"^out-of-stock-choice in frame\.txt, line \d+: UndefinedError\.$"
    ) as stopped:
        OURS.render("out-of-stock-choice", "email", view)
    assert "Sarah" not in str(stopped.value)


def test_a_template_that_never_ends_is_ended() -> None:
    endless = own("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}")

    with pytest.raises(Unrenderable, match="OutOfFuel"):
        Templates(endless).render("delayed", "email", full_view())


@pytest.mark.parametrize(
    ("logo", "is_shown"),
    [
        ("cid:logo", True),
        ("data:image/png;base64,AAAA", True),
        ("https://shop.example/logo.png", True),
        ("https://img.shop.example/logo.png", True),
        ("https://elsewhere.example/pixel.png", False),
        ("http://shop.example/logo.png", False),
        ("javascript:alert(1)", False),
        ("https://notshop.example/logo.png", False),
        ("", False),
    ],
)
def test_a_logo_comes_with_the_mail_or_from_the_brands_own_site(logo: str, is_shown: bool) -> None:
    html = OURS.render("delivered", "email", branded(logo=logo)).html

    assert ("<img" in html) is is_shown
    assert not logo or (logo in html) is is_shown


@pytest.mark.parametrize(
    ("colour", "ink"), [("#ffffff", "#000000"), ("#f59e0b", "#000000"), ("#1f2937", "#ffffff")]
)
def test_the_words_on_a_button_can_be_read_on_the_brands_colour(colour: str, ink: str) -> None:
    html = OURS.render("delivered", "email", branded(colour=colour)).html

    assert f"background:{colour}" in html and f"color:{ink};text-decoration:none" in html


def test_there_is_a_template_for_every_notice_and_no_other() -> None:
    assert {name.removesuffix(".jinja") for name in built_in() if name.endswith(".jinja")} == set(NOTICES)
    assert get_args(Channel) == ("email", "sms")
