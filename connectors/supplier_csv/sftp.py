"""Files on an SFTP server, by asyncssh."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from fnmatch import fnmatchcase
from typing import Any

import asyncssh
from asyncssh import SFTPAttrs, SFTPClient, SFTPConnectionLost, SFTPError, SFTPNoConnection, SFTPNoSuchFile

from connectors.supplier_csv.files import MAX_BYTES, RemoteFile
from connectors.supplier_csv.settings import Sftp
from hub.sdk import Call, HubError, NotDone, Refused, Unanswered, Unauthorised
from hub.sdk.http import checked_address


class SftpFiles:
    """A server whose key is known beforehand. Each call is a connection of its own, and ends by the call's deadline."""

    def __init__(self, settings: Sftp) -> None:
        self._settings = settings

    async def put(self, path: str, content: bytes, call: Call) -> None:
        """Upload beside it and give it its name. Until then nothing was ordered; while it is renamed nobody knows."""
        is_naming = False
        try:
            async with self._session(call) as sftp:
                if (there := await self._content(sftp, path)) is not None:
                    _require_same(path, there, content)
                    return
                draft = _beside(path)
                async with sftp.open(draft, "wb") as file:
                    await file.write(content)
                is_naming = True
                # Plain rename never takes another file's name (SSH_FXP_RENAME, version 3).
                await sftp.rename(draft, path)
        except (SFTPConnectionLost, SFTPNoConnection, NotDone) as error:
            if is_naming:
                raise Unanswered(f"{self._settings.host} did not say whether {path} has its name.") from None
            raise error if isinstance(error, NotDone) else self._failed("write", error) from None
        except SFTPError as error:
            # An answer, and it is no.
            raise self._failed("take the file", error) from None

    async def find(self, path: str, call: Call) -> bytes | None:
        """The file's content, or None."""
        async with self._session(call) as sftp:
            return await self._content(sftp, path)

    async def find_all(self, paths: Sequence[str], call: Call) -> list[bytes | None]:
        """The content of each file, or None, over one connection."""
        async with self._session(call) as sftp:
            return list(await asyncio.gather(*(self._content(sftp, path) for path in paths)))

    async def listed(self, folder: str, pattern: str, call: Call) -> list[RemoteFile]:
        """Files directly in the folder; what begins with a point is somebody's half-written one."""
        try:
            async with self._session(call) as sftp:
                entries = await sftp.readdir(folder)
        except SFTPError as error:
            raise self._failed("list", error) from None
        found = []
        for entry in sorted(entries, key=lambda entry: str(entry.filename)):
            name = str(entry.filename)
            if _is_file(entry.attrs) and not name.startswith(".") and fnmatchcase(name, pattern):
                found.append(RemoteFile(f"{folder}/{name}", entry.attrs.size, f"{entry.attrs.mtime}"))
        return found

    async def fetch(self, file: RemoteFile, call: Call) -> bytes | None:
        """A file's content; None if it is too large."""
        if file.size is not None and file.size > MAX_BYTES:
            return None
        found = await self.find(file.path, call)
        if found is None:
            raise NotDone(f"{file.path} has gone.")
        return found

    async def probe(self, call: Call) -> str:
        """Log in and look."""
        try:
            async with self._session(call) as sftp:
                count = len(await sftp.listdir("."))
        except SFTPError as error:
            raise self._failed("list", error) from None
        return f"The server lets us in; there are {count} entries."

    async def _content(self, sftp: SFTPClient, path: str) -> bytes | None:
        try:
            async with sftp.open(path, "rb") as file:
                content: bytes = await file.read(MAX_BYTES + 1)
        except SFTPNoSuchFile:
            return None
        except SFTPError as error:
            raise self._failed("read", error) from None
        return content

    @asynccontextmanager
    async def _session(self, call: Call) -> AsyncIterator[SFTPClient]:
        """A client in the settings' folder. A lost server is `NotDone`; whoever puts a file knows how far it came."""
        host = self._settings.host
        try:
            async with asyncio.timeout_at(call.deadline):
                address = host if self._settings.private_network else await _public(host)
                connection = await asyncssh.connect(address, self._settings.port, **self._options())
                try:
                    sftp = await connection.start_sftp_client()
                    await sftp.chdir(self._settings.root)
                    yield sftp
                finally:
                    # All that was asked is answered or lost; a farewell would wait for a server that stalls.
                    connection.abort()
        except asyncssh.PermissionDenied:
            raise Unauthorised(f"{host} does not accept the credential.") from None
        except asyncssh.HostKeyNotVerifiable:
            raise Unauthorised(
                f"{host} shows another key than host_key; it may not be the supplier."
            ) from None
        except (TimeoutError, asyncssh.DisconnectError, asyncssh.ChannelOpenError, OSError) as error:
            raise NotDone(f"{host} was lost ({type(error).__name__}).") from None

    def _options(self) -> dict[str, Any]:
        """Only what the settings say: no agent, no key or configuration of the machine's own user."""
        settings = self._settings
        options: dict[str, Any] = {
            "username": settings.username,
            "known_hosts": ([asyncssh.import_public_key(settings.host_key)], [], []),
            "agent_path": None,
            "config": None,
            "client_keys": None,
        }
        if settings.password is not None:
            options["password"] = settings.password.get_secret_value()
        if settings.private_key is not None:
            options["client_keys"] = [asyncssh.import_private_key(settings.private_key.get_secret_value())]
        return options

    def _failed(self, what: str, error: SFTPError) -> HubError:
        return NotDone(f"{self._settings.host} does not {what} ({type(error).__name__}).")


def _beside(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"{folder}/.{name}.part" if folder else f".{name}.part"


def _require_same(path: str, there: bytes, content: bytes) -> None:
    if there != content:
        raise Refused("rejected", f"{path} is there already and says otherwise.")


def _is_file(attrs: SFTPAttrs) -> bool:
    return attrs.type == asyncssh.FILEXFER_TYPE_REGULAR and attrs.size is not None


async def _public(host: str) -> str:
    """The guard of hub.sdk.http, which knows addresses and not ports of other servers."""
    try:
        return await checked_address(f"https://[{host}]" if ":" in host else f"https://{host}")
    except Refused:
        said = f"{host} is not a public address; private_network says that it is meant."
        raise NotDone(said) from None
