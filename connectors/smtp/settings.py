"""A connection's settings: where the mail server is, who sends, and what the server does with a repeat."""

from typing import Annotated

from pydantic import AfterValidator

from hub.sdk.declared import DeclaredEffect
from hub.sdk.mailing.server import MailServer, address, domain


def _address_if_given(text: str) -> str:
    return address(text) if text else ""


def _domain_if_given(text: str) -> str:
    return domain(text) if text else ""


class SmtpSettings(MailServer):
    """The mail server and the account there.

    `sender` replaces the brand's address in From, for servers that send for one address only; answers still go to
    the brand. `message_id_domain` is the domain of our Message-IDs, by default that of the sender.

    `effect` says what the server does with a mail that it was handed twice; see `Smtp.send_message`.
    """

    sender: Annotated[str, AfterValidator(_address_if_given)] = ""
    message_id_domain: Annotated[str, AfterValidator(_domain_if_given)] = ""
    effect: DeclaredEffect = DeclaredEffect()
