"""What a merchant writes down about a supplier who is reached by mail."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.supplier_email.template import MailTemplate
from hub.sdk import Settings
from hub.sdk.declared import Duration
from hub.sdk.mailing.addresses import domain_name, one_line
from hub.sdk.mailing.server import MailServer, Security, address

FileKind = Literal["stock", "acknowledgements", "tracking", "invoices"]
IMAP_PORTS: dict[Security, int] = {"tls": 993, "starttls": 143, "none": 143}
"""The usual port of IMAP by how the connection is encrypted."""


def _sender(text: str) -> str:
    """An address, or a domain for everybody there."""
    name = text.strip().lower()
    if "@" in name.removeprefix("@"):
        return address(name)
    if domain_name(name.removeprefix("@")) is None:
        raise ValueError("A sender is an address, or a domain for everybody there.")
    return name


Address = Annotated[str, AfterValidator(address)]
Line = Annotated[str, Field(max_length=300), AfterValidator(lambda text: one_line(text, "text"))]


class Mailbox(MailServer):
    """The mailbox that suppliers answer to, by IMAP. It is only looked into: nothing is marked, moved or deleted.

    `look_back` is how old mails may be when it is looked into for the first time, or was made anew by its server.
    `listens`: where the server offers it (IDLE), a look waits a few seconds for mail to come.
    """

    security: Security = "tls"
    username: Annotated[str, Field(min_length=1)]
    folder: Annotated[str, Field(min_length=1, max_length=200)] = "INBOX"
    look_back: Annotated[Duration, Field(ge=timedelta(days=1), le=timedelta(days=400))] = timedelta(days=7)
    listens: bool = True

    @property
    def imap_port(self) -> int:
        """The port that is gone to."""
        return self.port or IMAP_PORTS[self.security]


class Answers(BaseModel):
    """Whose mails are believed.

    `authserv_id` is the name that the merchant's own mail server gives itself at the head of the
    Authentication-Results it writes (RFC 8601); without it no sender is proved, and each mail is a question for a
    person. `senders` are the supplier's addresses, or domains for everybody there; without any, the domain of
    `supplier`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    authserv_id: Annotated[str, Field(max_length=255)] = ""
    senders: tuple[Annotated[str, AfterValidator(_sender)], ...] = ()


class Attachment(BaseModel):
    """A file that the supplier's mails carry: its name, with * and ? for any signs, and what it means."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[\w*?. ()#+-]{1,100}$")]
    kind: FileKind


class EmailSettings(Settings):
    """A supplier's address, our own, and the two servers between them.

    Answers come to `sender`; with `reply_tokens` to the same mailbox under the order's own name
    (orders+1001-1-abc234@brand.example), which most servers deliver there. `shop`, `instructions` and `signature` stand
    in each order. With a `template` the mail is written in the merchant's own words. `attachments` are the files that
    are read; all others stay shut.
    """

    supplier: Address
    sender: Address
    shop: Line
    smtp: MailServer
    imap: Mailbox | None = None
    answers: Answers = Answers()
    attachments: Annotated[tuple[Attachment, ...], Field(max_length=20)] = ()
    reply_tokens: bool = True
    instructions: Line = "Send it without invoice, prices or advertising."
    signature: Line = ""
    template: MailTemplate | None = None

    @property
    def believed(self) -> tuple[str, ...]:
        """The senders whose proved mails are the supplier's."""
        return self.answers.senders or (self.supplier.rpartition("@")[2],)

    @model_validator(mode="after")
    def _is_not_ourselves(self) -> "EmailSettings":
        if self.supplier == self.sender:
            raise ValueError("supplier and sender are one address; the first is theirs, the second yours.")
        return self

    @model_validator(mode="after")
    def _files_come_from_somebody(self) -> "EmailSettings":
        if self.attachments and not self.answers.authserv_id:
            raise ValueError(
                "attachments want answers.authserv_id: without it no sender is proved, and no file is opened."
            )
        return self
