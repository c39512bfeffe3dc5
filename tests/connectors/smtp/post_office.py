"""Real mail servers on this machine: aiosmtpd, and a bare one for what aiosmtpd would never say."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP as Aiosmtpd
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PASSWORD = "open-sesame-7431"


@dataclass
class PostOffice:
    """A mail server's desk: what it says at each stage, and the mails that it took."""

    at_mail: str = ""
    at_rcpt: str = ""
    at_data: str = ""
    dies_after_the_dot: bool = False
    """Take the mail, then drop the connection without a reply."""
    stalls_after_the_dot: bool = False
    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails as their readers see them."""
        return [message_from_bytes(e.original_content or b"", policy=default) for e in self.taken]

    async def handle_MAIL(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.at_mail or "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.at_rcpt:
            return self.at_rcpt
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Aiosmtpd, session: Session, envelope: Envelope) -> str:
        if self.at_data:
            return self.at_data
        self.taken.append(envelope)
        if self.stalls_after_the_dot:
            await asyncio.Event().wait()
        if self.dies_after_the_dot:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 2.0.0 Queued"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(mechanism)
        is_known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=is_known, handled=False)


@asynccontextmanager
async def serve(
    office: PostOffice, *, tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[PostOffice]:
    """Open a mail server on a free port of this machine. `tls` encrypts from the first byte."""

    def protocol() -> Aiosmtpd:
        return Aiosmtpd(office, hostname="mx.brand.example", authenticator=office.authenticate, **options)

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Any]


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[int]:
    """A bare server that says what a script says; gives its port."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@dataclass(frozen=True)
class Authority:
    """A certificate authority of this test, and a server's context with a certificate for `localhost`."""

    certificate: str
    server: ssl.SSLContext


def found_authority(folder: Path) -> Authority:
    """Make an authority that no public list knows."""
    key = ec.generate_private_key(ec.SECP256R1())
    root = _certificate("Test authority", "Test authority", key, key, x509.BasicConstraints(True, None))
    server_key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName(
        [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    leaf = _certificate("localhost", "Test authority", server_key, key, names)
    (folder / "cert.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return Authority(root.public_bytes(serialization.Encoding.PEM).decode(), context)


def _certificate(
    name: str, issuer: str, key: Any, signer: Any, extension: x509.ExtensionType
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    )
    return builder.sign(signer, hashes.SHA256())
