"""Mails to customers by SMTP: the brand's own mail server, or any provider's."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.smtp.connector import Smtp

    return [Smtp]
