"""The double is a mail server: it takes the bytes that real ones take, and turns down what strict ones do."""

import asyncio

from connectors.smtp.connector import Smtp
from connectors.smtp.sandbox import SmtpSandbox
from connectors.smtp.settings import SmtpSettings
from hub.sdk import Call, Client
from hub.sdk.commerce import Customer
from hub.sdk.testing import SandboxTransport
from hub.sdk.testing.trial import Wire
from tests.connectors.smtp.post_office import PASSWORD, PostOffice, serve
from tests.connectors.smtp.shop import NOW, example, send, smtp


async def test_the_double_takes_the_very_bytes_that_a_server_takes() -> None:
    account = {"username": "brand", "password": PASSWORD}
    double = SmtpSandbox()
    wire = Wire(SandboxTransport(double))
    over_http = Smtp(SmtpSettings.model_validate(double.settings()), Client(wire), "http://127.0.0.1:9")
    async with serve(PostOffice(), auth_require_tls=False) as office:
        await send(smtp(office.port, **account))
        await send(over_http)

    assert wire.sent[0].body == office.taken[0].original_content
    assert wire.sent[0].url == "http://127.0.0.1:9/mails"
    assert double.mails[0]["text"].strip() == example().text
    assert double.mails[0]["to"] == "ada@example.com"


async def test_the_double_turns_down_what_strict_servers_turn_down() -> None:
    double = SmtpSandbox()
    shop = Smtp(
        SmtpSettings.model_validate(double.settings()), Client(SandboxTransport(double)), "http://double"
    )
    http = shop.http(Call("k", asyncio.get_running_loop().time() + 5, 1, NOW))
    good = {"mail-from": "a@b.example", "rcpt-to": "c@d.example", "content-type": "message/rfc822"}
    mails = [
        ({"content-type": "text/plain"}, b"", 415),
        ({"authorization": ""}, b"", 530),
        ({"authorization": "Basic eA=="}, b"", 535),
        ({"mail-from": "nobody"}, b"", 501),
        ({"rcpt-to": "c@d.example, e@f.example"}, b"", 501),
        ({}, b"Subject: no other header\r\n\r\nHello", 554),
        ({}, b"Subject: bare line feed\n\nHello", 554),
        ({}, b"Subject: " + b"x" * 1000 + b"\r\n\r\n", 554),
        ({}, b"Subject: " + "ü".encode() + b"\r\n\r\n", 554),
        ({}, b"x" * 1_000_001, 552),
    ]

    codes = []
    for changed, content, _ in mails:
        answer = await http.post(
            "/mails", content=content, headers={**good, **shop._entrance.headers(""), **changed}
        )
        codes.append(answer.json().get("code", answer.status_code))

    assert codes == [code for _, _, code in mails]
    assert double.mails == []


async def test_a_demo_can_show_what_customers_read() -> None:
    double = SmtpSandbox()
    shop = Smtp(
        SmtpSettings.model_validate(double.settings()), Client(SandboxTransport(double)), "http://double"
    )
    await send(shop, example(subject="Grüße", to=Customer(email="Ada@Example.com")))

    http = shop.http(Call("k", asyncio.get_running_loop().time() + 5, 1, NOW))
    (shown,) = (await http.get("/_sandbox/mails")).json()

    assert shown["to"] == "Ada@example.com"
    assert shown["from"] == "Brand <hello@brand.example>"
    assert shown["subject"] == "Grüße"
    assert "Follow it here" in shown["html"]
    assert (await http.get("/_sandbox/state")).json() == {"mails": 1}
