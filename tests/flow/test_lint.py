"""The failing way is designed as the good one is: a step that changes something outside says how it may fail."""

from importlib.resources import files
from pathlib import Path

import pytest

from hub.assembly import catalog_of
from hub.flow.lint import lint
from hub.flow.reader import Problem
from tests.flow.trade import CATALOG
from tests.flow.writing import checked, compiled, flow

CANCEL = """
- step: cancel
  do: shop.cancel_order
  with:
    number: ${event.number}
    reason: sold out
"""
BLOCK = """\
  on_refused:
    otherwise:
      - step: too-late
        stop: It cannot be cancelled
"""


def linted(steps: str) -> list[Problem]:
    return lint(flow(steps), "flows/test.yaml", CATALOG)


@pytest.mark.row("S1-006")
def test_a_step_that_does_not_say_how_it_fails_is_named() -> None:
    (problem,) = linted(CANCEL)

    assert (problem.code, problem.step, problem.is_warning) == ("E-NO-FAILURE-PATH", "cancel", False)
    assert str(problem).startswith("flows/test.yaml:15  step cancel")
    assert "on_refused: ask" in problem.hint
    assert checked(flow(CANCEL)).errors == [], "it may be published: a refusal opens a case"


@pytest.mark.row("S1-006")
@pytest.mark.parametrize("way", [BLOCK, "  on_refused: ask\n"], ids=["block", "person"])
def test_a_block_or_a_person_is_a_way_to_fail(way: str) -> None:
    assert linted(CANCEL + way) == []


def test_a_step_inside_a_failing_way_may_fail_too() -> None:
    inner = CANCEL.replace("cancel\n", "cancel-again\n", 1).strip().replace("\n", "\n      ")
    nested = f"  on_refused:\n    otherwise:\n      {inner}\n"

    assert [problem.step for problem in linted(CANCEL + nested)] == ["cancel-again"]


@pytest.mark.parametrize(
    "harmless",
    [
        "- step: again\n  do: shop.get_order\n  with:\n    number: ${event.number}\n",
        "- step: rest\n  wait:\n    for: 1 day\n",
    ],
    ids=["reading", "waiting"],
)
def test_what_changes_nothing_outside_needs_none(harmless: str) -> None:
    assert linted(harmless) == []


def test_a_person_who_is_asked_is_the_engines_own_way() -> None:
    asked, silent = compiled(CANCEL + "  on_refused: ask\n"), compiled(CANCEL)

    assert asked.nodes["cancel"] == silent.nodes["cancel"]


@pytest.mark.parametrize("word", ["nobody", "askk"])
def test_another_word_than_ask_is_a_mistake(word: str) -> None:
    (problem,) = checked(flow(f"{CANCEL}  on_refused: {word}\n")).errors

    assert '"on_refused" is a block of `name: value` lines' in problem.message


@pytest.mark.row("S1-006")
@pytest.mark.parametrize(
    "path",
    sorted(Path(str(files("flows") / "faros")).glob("*.yaml")),
    ids=lambda path: path.stem,
)
def test_the_flows_that_come_with_the_hub_are_clean(path: Path) -> None:
    assert lint(path.read_text(encoding="utf-8"), str(path), catalog_of()) == []
