"""What would be removed with a rule, and no more than that."""

import pytest

from hub.project.pruning import without

HUB = """\
stores:
  main: {currency: USD}
rules:
  - id: one
    use: [a]
  - id: two
    when:
      sku: [X]
    use: [b]

# Which supplier has which article.
sku_map: skus.csv
"""


def removed(diff: str) -> list[str]:
    return [line[1:] for line in diff.splitlines() if line.startswith("-") and not line.startswith("---")]


def test_a_rule_goes_with_all_of_its_lines_and_nothing_after_it() -> None:
    diff = without(HUB, "hub.yaml", "main", {"two"})

    assert removed(diff) == ["  - id: two", "    when:", "      sku: [X]", "    use: [b]"]
    assert diff.startswith("--- hub.yaml\n+++ hub.yaml\n")


def test_a_stores_own_rules_come_before_those_of_all() -> None:
    own = HUB.replace(
        "  main: {currency: USD}\n",
        "  main:\n    rules:\n      - id: two\n        use: [a]\n      - id: x\n        use: [a]\n",
    )

    assert removed(without(own, "hub.yaml", "main", {"two"})) == ["      - id: two", "        use: [a]"]


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (HUB, {"three"}),
        (HUB, {"one", "two"}),
        ("rules: [{id: one, use: [a]}, {id: two, use: [b]}]\n", {"one"}),
        ("stores: {}\n", {"one"}),
    ],
    ids=["unknown", "all", "one-line", "no-rules"],
)
def test_where_nothing_can_be_removed_nothing_is_shown(text: str, rules: set[str]) -> None:
    assert without(text, "hub.yaml", "main", rules) == ""
