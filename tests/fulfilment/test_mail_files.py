"""Files in a mail: opened if they are declared, small and few, and the mail is proved; else shut, with why."""

from base64 import b64encode
from email.message import EmailMessage

import pytest

from hub.fulfilment import mail_files
from hub.fulfilment.mail_files import AskedFiles, MailFiles
from hub.fulfilment.mails.attached import LARGEST, MOST, Awaited, content_of, files_of
from tests.fulfilment.trade import Trade

STOCK = Awaited(name="stock*.csv", kind="stock")


def mail(*files: tuple[str, bytes], proof: str = "pass", sender: str = "ship@globex.example") -> bytes:
    """A mail with files, as the brand's own server hands it on."""
    letter = EmailMessage()
    letter["Authentication-Results"] = (
        f"mx.brand.example; dmarc={proof} header.from={sender.rpartition('@')[2]}"
    )
    letter["From"], letter["Subject"] = sender, "Our list"
    letter.set_content("Please find it attached.")
    for name, content in files:
        letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


async def look(trade: Trade, raw: bytes, *declared: Awaited) -> MailFiles:
    asked = AskedFiles(
        content=b64encode(raw),
        authserv_id="mx.brand.example",
        senders=["globex.example"],
        attachments=list(declared or (STOCK,)),
        received_at=trade.now,
    )
    return await trade.ask(mail_files.attachments, asked)


async def test_a_declared_file_is_named_with_what_it_means_and_capitals_do_not_count(trade: Trade) -> None:
    raw = mail(("logo.png", b"x"), ("Stock Größe.CSV", b"sku,stock\nA1,5\n"))
    found = await look(trade, raw)
    assert [(one.place, one.name, one.kind) for one in found.files] == [(1, "Stock Größe.CSV", "stock")]
    assert [(one.name, one.why) for one in found.shut] == [("logo.png", "no such file is declared")]
    assert content_of(raw, 1) == b"sku,stock\nA1,5\n"


@pytest.mark.parametrize(
    ("proof", "sender"), [("fail", "ship@globex.example"), ("pass", "ship@evil.example")]
)
async def test_no_file_of_a_mail_that_is_not_proved_to_be_the_suppliers_is_opened(
    trade: Trade, proof: str, sender: str
) -> None:
    found = await look(trade, mail(("stock.csv", b"sku,stock\n"), proof=proof, sender=sender))
    assert found.files == []
    assert [one.why.startswith("it is not proved that the supplier sent it") for one in found.shut] == [True]


async def test_a_file_that_is_too_large_and_those_beyond_the_fifth_are_missed_and_said_so(
    trade: Trade,
) -> None:
    large = await look(trade, mail(("stock.csv", b"a" * (LARGEST * 2))))
    many = await look(trade, mail(*[(f"stock{n}.csv", b"sku,stock\n") for n in range(MOST + 2)]))
    assert (large.files, large.missed) == ([], 1)
    assert (len(many.files), many.missed) == (MOST, 2)
    assert large.shut[0].why == "it has more than 5 MB"


async def test_what_is_in_a_mail_within_the_mail_stays_shut(trade: Trade) -> None:
    outer = EmailMessage()
    outer["Authentication-Results"] = "mx.brand.example; dmarc=pass header.from=globex.example"
    outer["From"], outer["Subject"] = "ship@globex.example", "Fwd"
    outer.set_content("see below")
    inner = EmailMessage()
    inner["From"] = "anybody@evil.example"
    inner.add_attachment(b"sku,stock\nA1,0\n", maintype="text", subtype="csv", filename="stock.csv")
    outer.add_attachment(inner)
    assert files_of(outer.as_bytes()) == []
    assert (await look(trade, outer.as_bytes())).files == []


async def test_a_mail_that_cannot_be_taken_apart_has_no_files(trade: Trade) -> None:
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=B%d\n\n--B%d\n" % (n, n) for n in range(900))
    assert (await look(trade, b"From: ship@globex.example\n" + nested)).files == []
