"""Rules that nobody needs are named, with what to remove, so that a shop's rules stay as few as its business asks."""

import asyncio
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from hub.cli.command import app
from tests.acceptance.brand import Brand, Terms

RULES = """
  - id: everybody
    use: [a, b, c]
  # Bangles were never made.
  - id: bangles-from-c
    when:
      sku_prefix: [BANGLE-]
    prefer: [c]
  - id: rings-from-b
    when:
      sku_prefix: [RING-]
    prefer: [b]"""


@pytest.fixture
def terms() -> Terms:
    return Terms(rules=RULES)


@pytest.fixture
def unused(brand: Brand, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`faros flow unused` in the brand's folder."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("REDIS_URL", "unix:///nowhere")
    monkeypatch.setenv("FAROS_MASTER_KEY", "ab" * 32)
    monkeypatch.setenv("FAROS_SANDBOX_URL", "http://doubles.test")

    async def run() -> Any:
        words = ["flow", "unused", "--dir", str(brand.folder), "--json"]
        result = await asyncio.to_thread(CliRunner().invoke, app, words)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


@pytest.mark.row("S2-046")
async def test_a_rule_that_no_order_met_for_ninety_days_is_named_with_its_removal(
    brand: Brand, unused: Any
) -> None:
    await brand.floor.let_pass(days=60)
    await brand.buy("RING-02")
    await brand.floor.let_pass(days=29)
    assert await unused() == {"unused": [], "diff": ""}

    await brand.floor.let_pass(days=2)
    found = await unused()

    assert [rule["rule"] for rule in found["unused"]] == ["bangles-from-c"]
    removed = [line for line in found["diff"].splitlines() if line.startswith("-") and line[1:2] != "-"]
    assert removed == [
        "-  - id: bangles-from-c",
        "-    when:",
        "-      sku_prefix: [BANGLE-]",
        "-    prefer: [c]",
    ]
    assert not [line for line in found["diff"].splitlines() if line.startswith("+") and line[1:2] != "+"]


@pytest.mark.row("S2-046")
async def test_what_stays_after_the_removal_checks_clean(brand: Brand, unused: Any) -> None:
    await brand.buy("RING-02")
    await brand.floor.let_pass(days=91)
    await brand.buy("RING-02")
    await unused()

    await brand.publish(
        rules=RULES.replace(RULES[RULES.index("  # Bangles") : RULES.index("  - id: rings")], "")
    )

    assert (await unused())["unused"] == []


@pytest.mark.row("S2-046")
async def test_a_rule_that_was_changed_lately_is_young(brand: Brand, unused: Any) -> None:
    await brand.floor.let_pass(days=60)
    await brand.publish(rules=RULES.replace("BANGLE-", "BANGLES-"))
    await brand.buy("RING-02")
    await brand.floor.let_pass(days=31)

    assert (await unused())["unused"] == []
