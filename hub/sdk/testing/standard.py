"""The twelve standard tests by name, and what they find of a connector.

Each rule takes a `Trial`, raises `Broken` with what is wrong, and gives how many things it looked at.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hub.sdk.connector import Connector
from hub.sdk.testing import arrivals, declarations, promises
from hub.sdk.testing.trial import Broken, Trial

RULES: Mapping[str, Callable[[Trial], Awaitable[int]]] = {
    rule.__name__: rule
    for rule in (
        declarations.credentials,
        declarations.described,
        promises.reads,
        promises.idempotent,
        promises.keyed,
        promises.checkable,
        promises.honest,
        promises.refusals,
        promises.deadline,
        arrivals.deliveries,
        arrivals.polls,
        arrivals.statuses,
    )
}
"""The rules by name, in order."""

Verdict = Literal["kept", "broken", "exempt", "nothing to test"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found of one connector."""

    rule: str
    verdict: Verdict
    detail: str = ""


async def check(trial: Trial, exempt: Mapping[str, str] | None = None) -> list[Finding]:
    """Hold a connector to every rule, in order. An exemption for a rule that is kept is broken: it misleads."""
    return [await hold(trial, name, (exempt or {}).get(name)) for name in RULES]


async def check_all(connector: type[Connector[Any]]) -> dict[str, list[Finding]]:
    """The findings for a connector before each of its doubles, by the promise the double keeps."""
    doubles = connector.sandbox().variants() or {"": connector.sandbox}
    return {name: await check(Trial.of(connector, make), make().exempt()) for name, make in doubles.items()}


async def hold(trial: Trial, name: str, reason: str | None = None) -> Finding:
    """Hold a connector to one rule; `reason` exempts it, which is said instead of the breach."""
    try:
        found = await RULES[name](trial)
    except Exception as error:  # noqa: BLE001  # whatever a connector raises here, it does not keep the rule
        if reason:
            return Finding(name, "exempt", reason)
        said = str(error) if isinstance(error, Broken) else f"{type(error).__name__}: {error}"
        return Finding(name, "broken", said)
    if reason:
        return Finding(name, "broken", "It is exempt from this rule and keeps it; take the exemption out.")
    return Finding(name, "kept" if found else "nothing to test")
