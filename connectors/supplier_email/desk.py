"""A mailbox as a double has it, by HTTP: the same marks and the same bytes, without IMAP's conversation."""

from typing import Any

from pydantic import Base64Bytes, BaseModel

from connectors.supplier_email.inbox import AT_ONCE, Look, Lying, Mark
from hub.sdk import Call, Connector, NotDone, Refused, Unreadable
from hub.sdk.mailing.oauth import Entrance


class WireMail(BaseModel):
    """A mail, as the double has it."""

    uid: int
    content: Base64Bytes


class WireInbox(BaseModel):
    """The mails behind a mark, and the mailbox's UIDVALIDITY."""

    uid_validity: int
    mails: list[WireMail]
    more: bool = False


class HttpInbox:
    """A double's mailbox, spoken to by the connector's own client."""

    def __init__(self, connector: Connector[Any], entrance: Entrance) -> None:
        self._connector, self._entrance = connector, entrance

    async def look(self, mark: Mark, call: Call) -> Look:
        """The mails behind the mark."""
        return await self._entrance.enter(call, lambda token: self._look(mark, call, token))

    async def _look(self, mark: Mark, call: Call, token: str) -> Look:
        answer = await self._connector.http(call).get(
            f"/inbox?validity={mark.uid_validity}&after={mark.uid}&most={AT_ONCE}",
            headers=self._entrance.headers(token),
        )
        try:
            inbox = WireInbox.model_validate(answer.raise_for_status().json())
        except Refused:
            raise NotDone(f"The mailbox answered {answer.status_code}.") from None
        except ValueError:
            raise Unreadable("The answer is not a mailbox.") from None
        mails = [Lying(mail.uid, len(mail.content), mail.content) for mail in inbox.mails]
        before = mark.uid if mark.uid_validity == inbox.uid_validity else 0
        reached = max([before, *(mail.uid for mail in mails)])
        return Look(mails, Mark(uid_validity=inbox.uid_validity, uid=reached), inbox.more)

    async def probe(self, call: Call) -> None:
        """Look without reading."""
        await self.look(Mark(uid_validity=1, uid=2**31), call)
