"""A connection's settings: where the mail server is, how it is spoken to, and what it does with a repeat."""

import ipaddress
import ssl
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, model_validator

from connectors.smtp.addresses import domain_name, mailbox
from hub.sdk import Refused, Settings
from hub.sdk.declared import DeclaredEffect

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port by how the connection is encrypted."""


def is_loopback(host: str) -> bool:
    """Whether a host, as it is written, can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def tls_context(ca_certificate: str) -> ssl.SSLContext:
    """Trusts the public authorities, and this one if it is given (PEM); raises ValueError if it cannot be read."""
    context = ssl.create_default_context()
    if ca_certificate:
        try:
            context.load_verify_locations(cadata=ca_certificate)
        except ssl.SSLError:
            raise ValueError("This is no certificate in PEM form.") from None
    return context


def _host(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return _domain(text)


def _sender(text: str) -> str:
    try:
        return mailbox(text, "sender") if text else text
    except Refused as refused:
        raise ValueError(refused.reason) from None


def _domain(text: str) -> str:
    name = domain_name(text)
    if name is None:
        raise ValueError("This is not the name of a host or a domain.")
    return name


def _domain_if_given(text: str) -> str:
    return _domain(text) if text else ""


def _certificate(text: str) -> str:
    tls_context(text)
    return text


class SmtpSettings(Settings):
    """The mail server and the account there.

    `security` is how the connection is encrypted. `none` is for this machine only, unless `allow_unencrypted` says
    otherwise; a password never leaves this machine without encryption. `ca_certificate` (PEM) is trusted beside the
    public authorities.

    `private_network` says that the server stands in the merchant's own network; without it a host name must lead to
    public addresses. A host that is written as a loopback address is taken at its word.

    `sender` replaces the brand's address in From, for servers that send for one address only; answers still go to
    the brand. `message_id_domain` is the domain of our Message-IDs, by default that of the sender.

    `effect` says what the server does with a mail that it was handed twice; see `Smtp.send_message`.
    """

    host: Annotated[str, AfterValidator(_host)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: Annotated[SecretStr, Field(min_length=1)] | None = None
    sender: Annotated[str, AfterValidator(_sender)] = ""
    message_id_domain: Annotated[str, AfterValidator(_domain_if_given)] = ""
    ca_certificate: Annotated[str, AfterValidator(_certificate)] = ""
    private_network: bool = False
    allow_unencrypted: bool = False
    effect: DeclaredEffect = DeclaredEffect()

    @model_validator(mode="after")
    def _fits_together(self) -> "SmtpSettings":
        if bool(self.username) != (self.password is not None):
            raise ValueError("A username and a password come together, or not at all.")
        if self.security == "none" and not is_loopback(self.host):
            if self.password is not None:
                raise ValueError("A password never leaves this machine without encryption.")
            if not self.allow_unencrypted:
                raise ValueError(
                    "Mails leave this machine without encryption only if allow_unencrypted says so."
                )
        return self
