"""Files at a portal, by HTTP: an upload is a PUT, an inbox is one address that gives its newest file."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.supplier_csv.files import RemoteFile
from hub.sdk import Answer, Call, Connector, NotDone, Refused, Unanswered, Unreadable


class PortalFiles:
    """A portal, spoken to by the connector's own client."""

    def __init__(self, connector: Connector[Any], headers: Mapping[str, str], *, is_readable: bool) -> None:
        self._connector = connector
        self._headers = dict(headers)
        self._is_readable = is_readable

    async def put(self, path: str, content: bytes, call: Call) -> None:
        """Upload a file. A portal that keeps to the standard does not write over one (RFC 9110, 13.1.2)."""
        headers = {**self._headers, "content-type": "text/csv", "if-none-match": "*"}
        answer = await self._connector.http(call).put(f"/{path}", content=content, headers=headers)
        if answer.status_code in (409, 412):
            await self._require_same(path, content, call)
            return
        if 400 <= answer.status_code < 500 and answer.status_code not in (401, 403, 408, 425, 429):
            raise Refused("rejected", f"The portal answered {answer.status_code}.")
        if answer.status_code == 425:
            raise NotDone("The portal asks to try later.", retry_after=answer.retry_after())
        answer.raise_for_status()

    async def _require_same(self, path: str, content: bytes, call: Call) -> None:
        """There is a file of this name: ours of before, if it can be read and is the same."""
        there = await self.find(path, call)
        if there is None:
            raise Unanswered("The portal says that the file is there, and does not find it.")
        if there != content:
            raise Refused("rejected", f"{path} is there already and says otherwise.")

    async def find(self, path: str, call: Call) -> bytes | None:
        """The file's content, or None; raises `Unanswered` where files cannot be read again."""
        if not self._is_readable:
            raise Unanswered("The portal's files cannot be read again, so nobody can be asked.")
        answer = await self._connector.http(call).get(f"/{path}", headers=self._headers)
        return None if answer.status_code in (404, 410) else _read(answer).content

    async def find_all(self, paths: Sequence[str], call: Call) -> list[bytes | None]:
        """The content of each file, or None; one after the other, as portals like it."""
        return [await self.find(path, call) for path in paths]

    async def listed(self, folder: str, pattern: str, call: Call) -> list[RemoteFile]:
        """One file, whose content alone tells whether it is new."""
        return [RemoteFile(folder, None, "")]

    async def fetch(self, file: RemoteFile, call: Call) -> bytes | None:
        """The newest file of an inbox; None if it is too large."""
        try:
            answer = await self._connector.http(call).get(f"/{file.path}", headers=self._headers)
        except Unreadable:
            # What the client raises when an answer does not end within its bounds.
            return None
        return b"" if answer.status_code in (204, 404, 410) else _read(answer).content

    async def probe(self, call: Call) -> str:
        """Ask for a file that cannot be there."""
        answer = await self._connector.http(call).get("/faros-probe.csv", headers=self._headers)
        if answer.status_code != 404:
            _read(answer)
        return "The portal answers and accepts the credential."


def _read(answer: Answer) -> Answer:
    """Questions change nothing, so whatever is not an answer may be asked again."""
    try:
        return answer.raise_for_status()
    except Refused:
        raise NotDone(f"The portal answered {answer.status_code} to a question.") from None
