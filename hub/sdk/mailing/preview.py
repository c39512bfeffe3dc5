"""What a connector offers that writes orders as mails: to see one before any is sent."""

from datetime import datetime
from typing import Protocol, runtime_checkable

from hub.sdk.actions import Call
from hub.sdk.mailing.mail import Mail


@runtime_checkable
class WritesMails(Protocol):
    """A supplier's connector whose purchase orders are mails."""

    def preview(self, now: datetime) -> Mail:
        """The mail about an invented order, as the supplier would get it; nothing is sent."""
        ...

    async def send_test(self, recipient: str, call: Call) -> Mail:
        """Send that mail to this address instead, marked as a test, by the server that orders go by."""
        ...
