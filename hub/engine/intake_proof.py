"""Whether a delivery is from who it claims to be, asked before anything looks into its body."""

from hub.catalog import receive
from hub.engine.world import Link
from hub.sdk import Delivery


def prove(link: Link, delivery: Delivery) -> None:
    """Raise `Unverified` for anything but a clean yes. The inbox asks again: it trusts no caller."""
    receive.verify(link.connector, delivery)
