"""Alerts to the people who run the shop, wherever they look: Slack, mail, text messages and what else Apprise knows."""

from typing import Any

from hub.sdk import Connector, hookimpl


@hookimpl
def hub_connectors() -> list[type[Connector[Any]]]:
    """The connector, imported only when asked for."""
    from connectors.alerts.connector import Alerts

    return [Alerts]
