"""Suppliers for the tests: an SFTP server on loopback that can be told to misbehave, and orders for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncssh
from asyncssh import SFTPAttrs, SFTPServer, SSHServer, SSHServerConnection

from connectors.supplier_csv.arrivals import FileReceived
from connectors.supplier_csv.connector import SupplierCsv
from connectors.supplier_csv.sandbox import COLUMNS
from connectors.supplier_csv.settings import CsvSettings
from hub.sdk import Call, Client, WireTransport
from hub.sdk.commerce import Address, NewPurchaseOrder, PurchaseLine

NOON = datetime(2026, 4, 3, 12, tzinfo=UTC)
USER, PASSWORD = "brand", "sftp-canary-password"


def order(reference: str = "1001-1", city: str = "Bonn") -> NewPurchaseOrder:
    line = PurchaseLine(line_id="1", sku="LAMP", supplier_sku="00123", title="Lamp", quantity=2)
    to = Address(name="Ann Lee", line1="Strasse 5", line2="Apt 4B", city=city, postcode="05113", country="DE")
    return NewPurchaseOrder(reference=reference, order_number="1001", ship_to=to, lines=[line])


def call(minutes: float = 0, seconds: float = 5) -> Call:
    return Call("k", asyncio.get_running_loop().time() + seconds, 1, NOON + timedelta(minutes=minutes))


def connector(transport: dict[str, Any], **settings: Any) -> SupplierCsv:
    columns = [{"name": name, "holds": holds} for name, holds in COLUMNS.items()]
    wanted = {
        "transport": transport,
        "orders": {"path": "in", "profile": {"columns": columns}},
        "inboxes": [{"kind": "stock", "path": "out", "pattern": "inv*.csv"}],
        **settings,
    }
    return SupplierCsv(CsvSettings.model_validate(wanted), Client(WireTransport()))


async def look(
    supplier: SupplierCsv, cursor: str | None, minutes: float
) -> tuple[list[FileReceived], str | None]:
    """One round of the poll, to its end."""
    events: list[FileReceived] = []
    while True:
        page = await supplier.file_received(cursor, call(minutes))
        events += page.events
        cursor = page.cursor
        if not page.more:
            return events, cursor


@dataclass
class Server:
    """A running server. `logins` counts passwords it was shown; `stall` and `drop` name where it misbehaves."""

    root: Path
    host_key: str
    authorized: asyncssh.SSHKey | None = None
    port: int = 0
    logins: int = 0
    stall: str = ""
    drop: str = ""
    connections: list[SSHServerConnection] = field(default_factory=list)

    def transport(self, **changes: Any) -> dict[str, Any]:
        """The settings of a connection to it."""
        account = {"host": "127.0.0.1", "port": self.port, "username": USER, "host_key": self.host_key}
        return {"type": "sftp", "private_network": True, "password": PASSWORD, **account, **changes}


class Login(SSHServer):
    """Lets one account in, by its password or its key."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def connection_made(self, conn: SSHServerConnection) -> None:
        self._server.connections.append(conn)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._server.logins += 1
        return (username, password) == (USER, PASSWORD)

    def public_key_auth_supported(self) -> bool:
        return self._server.authorized is not None

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        known = self._server.authorized
        return known is not None and key == known.convert_to_public()


class Disk(SFTPServer):
    """A folder that stalls, or loses the connection, where it is told to."""

    def __init__(self, chan: Any, server: Server) -> None:
        super().__init__(chan, chroot=str(server.root).encode())
        self._server = server

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        await self._misbehave("rename")
        if Path(self.map_path(newpath).decode()).exists():
            raise asyncssh.SFTPFailure("There is a file of that name.")
        await asyncio.to_thread(SFTPServer.rename, self, oldpath, newpath)
        await self._misbehave("after-rename")

    async def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> object:
        await self._misbehave("open")
        return SFTPServer.open(self, path, pflags, attrs)

    async def _misbehave(self, what: str) -> None:
        if self._server.stall == what:
            await asyncio.Event().wait()
        if self._server.drop == what:
            self._server.connections[-1].abort()


@asynccontextmanager
async def sftp_server(root: Path, authorized: asyncssh.SSHKey | None = None) -> AsyncIterator[Server]:
    """A real server whose root is a folder."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = Server(root, key.export_public_key().decode().strip(), authorized)
    (root / "in").mkdir()
    (root / "out").mkdir()
    listening = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: Login(server),
        server_host_keys=[key],
        sftp_factory=lambda chan: Disk(chan, server),
    )
    server.port = listening.get_port()
    try:
        yield server
    finally:
        for connection in server.connections:
            connection.abort()
        listening.close()
        await listening.wait_closed()
