"""Standard tests 1 and 2: what a connector says of itself."""

from typing import Any

from hub.sdk.actions import actions_of
from hub.sdk.connector import Connector
from hub.sdk.events import polls_of, webhooks_of
from hub.sdk.testing import evidence
from hub.sdk.testing.trial import Broken, Trial


async def credentials(trial: Trial) -> int:
    """1. Settings without a credential are rejected; secrets never show in `repr`, logs or errors."""
    async with trial.begin() as bench:
        given = bench.sandbox.settings()
        settings_type = trial.connector.settings_type()
        secrets = list(evidence.secrets_in(settings_type.model_validate(given)))
        if not secrets:
            raise Broken(
                "The settings have no SecretStr: whoever needs no credential says so by an exemption."
            )
        for path, _ in secrets:
            for lacking in (evidence.without(given, path), evidence.with_empty(given, path)):
                if evidence.is_valid(settings_type, lacking):
                    raise Broken(f"Settings without {'.'.join(map(str, path))} are accepted.")
        said = [repr(bench.connector.settings), str(bench.connector.settings), repr(bench.connector)]
        said += await evidence.everything_said(bench)
        for path, secret in secrets:
            if any(secret in text for text in said):
                raise Broken(f"The secret {'.'.join(map(str, path))} shows in repr, a log or an error.")
        return len(secrets)


async def described(trial: Trial) -> int:
    """2. Every action and event has a one-sentence docstring, an example, and typed input and output."""
    connector = trial.connector
    summaries = {f"action {n}": a.shape.summary for n, a in actions_of(connector).items()}
    summaries |= {f"webhook {n}": w.summary for n, w in webhooks_of(connector).items()}
    summaries |= {f"poll {n}": p.summary for n, p in polls_of(connector).items()}
    for what, summary in summaries.items():
        if not evidence.is_sentence(summary):
            raise Broken(f"The {what} has no docstring that is a sentence.")
    for action, example in trial.actions():
        if not isinstance(example, action.shape.input_type):
            raise Broken(f"The example of {action.name} is not its input type.")
    if webhooks_of(connector) and not trial.deliveries:
        raise Broken("There is no example of a delivery.")
    _require_capabilities(connector)
    _require_depth(connector)
    return len(summaries)


def _require_capabilities(connector: type[Connector[Any]]) -> None:
    for capability in connector.capabilities:
        for name, wanted in capability.actions.items():
            mine = actions_of(connector).get(name)
            if mine is None or not issubclass(mine.shape.output_type, wanted.output_type):
                raise Broken(f"It claims to be a {capability.name} and lacks {name} with those types.")
            if mine.shape.input_type is not wanted.input_type:
                raise Broken(f"{name} does not take what a {capability.name} takes.")


def _require_depth(connector: type[Connector[Any]]) -> None:
    declared = connector.integration_depth
    if declared in ("native", "webhook") and not webhooks_of(connector):
        raise Broken(f"Its integration_depth is {declared}, and it takes no webhooks.")
    if declared == "native" and not polls_of(connector):
        raise Broken("Its integration_depth is native, and it cannot ask for what webhooks did not tell.")
