"""Files in a folder of this machine."""

import asyncio
import os
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

from connectors.supplier_csv.files import MAX_BYTES, RemoteFile
from hub.sdk import Call, NotDone, Refused, Unanswered

T = TypeVar("T")


class FolderFiles:
    """A folder, spoken to in a thread so that a slow share holds nobody up."""

    def __init__(self, root: str) -> None:
        self._root = Path(root)

    async def put(self, path: str, content: bytes, call: Call) -> None:
        """Write beside it and give it its name: nobody ever sees half a file."""
        await self._within(call, "write", lambda: self._put(path, content), is_certain=False)

    def _put(self, path: str, content: bytes) -> None:
        wanted = self._root / path
        if wanted.exists():
            if wanted.read_bytes() != content:
                raise Refused("rejected", f"{path} is there already and says otherwise.")
            return
        draft = wanted.with_name(f".{wanted.name}.part")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        try:
            draft.replace(wanted)
        except OSError as error:
            raise Unanswered(f"Whether {path} has its name is not known ({error.strerror}).") from None

    async def find(self, path: str, call: Call) -> bytes | None:
        """The file's content, or None."""
        try:
            return await self._within(call, "read", (self._root / path).read_bytes)
        except FileNotFoundError:
            return None

    async def find_all(self, paths: Sequence[str], call: Call) -> list[bytes | None]:
        """The content of each file, or None."""
        return await self._within(call, "read", lambda: [self._content(path) for path in paths])

    def _content(self, path: str) -> bytes | None:
        try:
            return (self._root / path).read_bytes()
        except FileNotFoundError:
            return None

    async def listed(self, folder: str, pattern: str, call: Call) -> list[RemoteFile]:
        """Files directly in the folder; what begins with a point is somebody's half-written one."""
        return await self._within(call, "list", lambda: self._list(folder, pattern))

    def _list(self, folder: str, pattern: str) -> list[RemoteFile]:
        found = []
        for entry in sorted((self._root / folder).iterdir()):
            # A link could lead to any file of this machine.
            if entry.is_symlink() or entry.name.startswith(".") or not fnmatchcase(entry.name, pattern):
                continue
            if entry.is_file():
                seen = entry.stat()
                found.append(RemoteFile(f"{folder}/{entry.name}", seen.st_size, f"{seen.st_mtime_ns}"))
        return found

    async def fetch(self, file: RemoteFile, call: Call) -> bytes | None:
        """A file's content; None if it is too large."""
        if file.size is not None and file.size > MAX_BYTES:
            return None
        return await self._within(call, "read", (self._root / file.path).read_bytes)

    async def probe(self, call: Call) -> str:
        """Whether the folder is there."""
        count = await self._within(call, "list", lambda: sum(1 for _ in self._root.iterdir()))
        return f"The folder is there and holds {count} entries."

    async def _within(self, call: Call, what: str, work: Callable[[], T], *, is_certain: bool = True) -> T:
        """A thread cannot be stopped, so what it was about to write when the time was over may still be written."""
        try:
            async with asyncio.timeout_at(call.deadline):
                return await asyncio.to_thread(work)
        except TimeoutError:
            said = f"The folder did not {what} in time."
            raise NotDone(said) if is_certain else Unanswered(f"{said} It may do so yet.") from None
        except FileNotFoundError:
            if what == "read":
                raise
            raise NotDone(f"There is no folder to {what}.") from None
        except OSError as error:
            raise NotDone(f"The folder does not {what} ({error.strerror}).") from None
