"""The standard tests have teeth: a good supplier keeps every rule, and each bad one is caught by the rule it breaks."""

import pytest

from hub.sdk.testing import standard
from hub.sdk.testing.trial import Trial
from tests.sdk.acme import Acme
from tests.sdk.bad_acmes import BAD


@pytest.mark.parametrize("rule", standard.RULES)
async def test_a_good_supplier_keeps_every_rule(rule: str) -> None:
    finding = await standard.hold(Trial.of(Acme), rule)

    assert (finding.verdict, finding.detail) == ("kept", "")


@pytest.mark.parametrize(("rule", "supplier"), BAD, ids=[supplier.__name__ for _, supplier in BAD])
async def test_a_bad_supplier_is_caught_by_the_rule_it_breaks(rule: str, supplier: type[Acme]) -> None:
    finding = await standard.hold(Trial.of(supplier), rule)

    assert finding.verdict == "broken"
    assert finding.detail.endswith((".", "'."))


def test_every_rule_has_somebody_to_catch() -> None:
    assert {rule for rule, _ in BAD} == set(standard.RULES)


async def test_an_exemption_is_shown_with_its_reason() -> None:
    supplier = dict(BAD[::-1])["reads"]

    finding = await standard.hold(Trial.of(supplier), "reads", "Looking wears the parts out.")

    assert (finding.verdict, finding.detail) == ("exempt", "Looking wears the parts out.")


async def test_an_exemption_from_a_rule_that_is_kept_is_itself_a_breach() -> None:
    finding = await standard.hold(Trial.of(Acme), "reads", "It once did.")

    assert finding.verdict == "broken"


async def test_the_table_has_every_rule_in_order() -> None:
    findings = (await standard.check_all(Acme))[""]

    assert [finding.rule for finding in findings] == list(standard.RULES)
