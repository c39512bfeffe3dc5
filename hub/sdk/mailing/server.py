"""Where a mail server is and how it is spoken to: the settings that its connectors share."""

import ipaddress
import ssl
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, model_validator

from hub.sdk.connector import Settings
from hub.sdk.errors import Refused
from hub.sdk.mailing.addresses import domain_name, mailbox
from hub.sdk.mailing.oauth_settings import OAuth

Security = Literal["starttls", "tls", "none"]
PORTS: dict[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
"""The usual port of SMTP by how the connection is encrypted."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where to go and how. `is_guarded`: the host must lead to public addresses. `greets_as` is our name in EHLO.

    With a `bearer` the password is an access token, shown in this way.
    """

    host: str
    port: int
    security: Security
    tls: ssl.SSLContext
    greets_as: str
    is_guarded: bool
    username: str
    password: SecretStr
    bearer: Literal["", "xoauth2", "oauthbearer"] = ""

    def entered_with(self, token: str, oauth: OAuth | None) -> "Server":
        """The same server, entered with an access token instead of a password; with an empty token as it is."""
        if not token or oauth is None:
            return self
        return replace(self, password=SecretStr(token), bearer=oauth.mechanism)


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
        return domain(text)


def domain(text: str) -> str:
    """A domain as DNS knows it; raises ValueError."""
    name = domain_name(text)
    if name is None:
        raise ValueError("This is not the name of a host or a domain.")
    return name


def address(text: str) -> str:
    """An e-mail address as it goes over the wire; raises ValueError."""
    try:
        return mailbox(text, "address")
    except Refused as refused:
        raise ValueError(refused.reason) from None


def _certificate(text: str) -> str:
    tls_context(text)
    return text


class MailServer(Settings):
    """A mail server and the account there.

    `security` is how the connection is encrypted. `none` is for this machine only, unless `allow_unencrypted` says
    otherwise; a password never leaves this machine without encryption. Providers that take no passwords are entered by
    `oauth`. `ca_certificate` (PEM) is trusted beside the
    public authorities.

    `private_network` says that the server stands in the merchant's own network; without it a host name must lead to
    public addresses. A host that is written as a loopback address is taken at its word.
    """

    host: Annotated[str, AfterValidator(_host)]
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Security = "starttls"
    username: str = ""
    password: Annotated[SecretStr, Field(min_length=1)] | None = None
    oauth: OAuth | None = None
    ca_certificate: Annotated[str, AfterValidator(_certificate)] = ""
    private_network: bool = False
    allow_unencrypted: bool = False

    @model_validator(mode="after")
    def _fits_together(self) -> "MailServer":
        if self.password is not None and self.oauth is not None:
            raise ValueError("An account is entered by a password or by oauth, not by both.")
        has_key = self.password is not None or self.oauth is not None
        if bool(self.username) != has_key:
            raise ValueError("A username and a password (or oauth) come together, or not at all.")
        if self.security == "none" and not is_loopback(self.host):
            if has_key:
                raise ValueError(
                    "A password never leaves this machine without encryption, and no token does."
                )
            if not self.allow_unencrypted:
                raise ValueError(
                    "Mails leave this machine without encryption only if allow_unencrypted says so."
                )
        return self

    @property
    def is_guarded(self) -> bool:
        """Whether the host must lead to public addresses."""
        return not (self.private_network or is_loopback(self.host))

    def at(self, base_url: str | None, greets_as: str) -> Server:
        """The server by these settings, or the one that an smtp:// address names instead."""
        host, port, is_guarded = self.host, self.port or PORTS[self.security], self.is_guarded
        if base_url and (named := urlsplit(base_url)).scheme == "smtp" and named.hostname:
            host, port, is_guarded = named.hostname, named.port or port, False
        return Server(
            host=host,
            port=port,
            security=self.security,
            tls=tls_context(self.ca_certificate),
            greets_as=greets_as or "[127.0.0.1]",
            is_guarded=is_guarded,
            username=self.username,
            password=self.password or SecretStr(""),
        )
