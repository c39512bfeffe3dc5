"""The standard tests as a pytest class: subclass it, name the connector, and it is held to its word."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from hub.sdk.connector import Connector
from hub.sdk.testing import standard
from hub.sdk.testing.sandbox import Sandbox
from hub.sdk.testing.trial import Trial


class ConnectorTests:
    """The twelve standard tests.

    What is not given here is asked of the connector's sandbox. An exemption needs its reason, and fails once the
    rule is kept after all.
    """

    connector: ClassVar[type[Connector[Any]]]
    examples: ClassVar[Mapping[str, BaseModel] | None] = None
    """An input for each action."""
    deliveries: ClassVar[Mapping[str, Any] | None] = None
    """A webhook body, as JSON, for each topic."""
    provocations: ClassVar[Mapping[str, Mapping[str, BaseModel]] | None] = None
    """Inputs that are refused by themselves, by action and refusal."""
    statuses: ClassVar[Mapping[str, str] | None] = None
    """The dotted path of the status in the other side's JSON, by action or webhook method."""
    exempt: ClassVar[Mapping[str, str] | None] = None
    """Reasons why a rule cannot be kept, by the rule's name."""

    def sandbox(self) -> Sandbox:
        """A fresh double; override it to try one that keeps another promise."""
        return self.connector.sandbox()

    async def test_settings_without_a_credential_are_rejected_and_secrets_never_show(self) -> None:
        await self._hold("credentials")

    async def test_everything_is_described_and_typed_and_has_an_example(self) -> None:
        await self._hold("described")

    async def test_reads_change_nothing(self) -> None:
        await self._hold("reads")

    async def test_an_idempotent_action_done_twice_leaves_what_once_leaves(self) -> None:
        await self._hold("idempotent")

    async def test_one_key_is_one_change_and_two_keys_are_two(self) -> None:
        await self._hold("keyed")

    async def test_a_lookup_finds_what_was_done_and_only_that(self) -> None:
        await self._hold("checkable")

    async def test_nothing_that_may_have_acted_is_called_not_done(self) -> None:
        await self._hold("honest")

    async def test_every_refusal_can_be_provoked_and_no_other_appears(self) -> None:
        await self._hold("refusals")

    async def test_a_stalled_call_ends_by_its_deadline(self) -> None:
        await self._hold("deadline")

    async def test_a_tampered_delivery_is_unverified_and_a_repeated_one_has_one_key(self) -> None:
        await self._hold("deliveries")

    async def test_a_resumed_poll_repeats_and_loses_nothing(self) -> None:
        await self._hold("polls")

    async def test_an_unknown_status_is_never_guessed_at(self) -> None:
        await self._hold("statuses")

    async def _hold(self, rule: str) -> None:
        known = self.sandbox()
        trial = Trial(
            self.connector,
            self.sandbox,
            known.examples() if self.examples is None else self.examples,
            known.deliveries() if self.deliveries is None else self.deliveries,
            known.provocations() if self.provocations is None else self.provocations,
            known.statuses() if self.statuses is None else self.statuses,
        )
        exempt = known.exempt() if self.exempt is None else self.exempt
        finding = await standard.hold(trial, rule, exempt.get(rule))
        if finding.verdict == "broken":
            pytest.fail(f"{self.connector.name} breaks the rule {rule!r}: {finding.detail}", pytrace=False)
