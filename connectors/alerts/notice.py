"""An alert as people read it. Pure."""

from dataclasses import dataclass
from datetime import UTC
from typing import Literal

from hub.sdk.messages import NewAlert

Weight = Literal["info", "warning", "failure"]

WEIGHTS: dict[str, Weight] = {"info": "info", "warning": "warning", "critical": "failure"}
"""Our severities in Apprise's words."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A title on one line, a text, and how bad it is in Apprise's words."""

    title: str
    text: str
    weight: Weight


def write_notice(alert: NewAlert) -> Notice:
    """The alert with its link, its moment and its id: by the id people see that one came twice."""
    lines = [alert.text.strip(), alert.url]
    if alert.happened_at is not None and alert.happened_at.tzinfo is not None:
        lines.append(f"{alert.happened_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")
    lines.append(f"({alert.unique_id})")
    return Notice(_one_line(alert.title), "\n".join(line for line in lines if line), WEIGHTS[alert.severity])


def _one_line(text: str) -> str:
    """A title becomes a header in a mail: whatever ends a line is a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
