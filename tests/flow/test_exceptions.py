"""A flow says which exceptions it answers, and says all five things of each."""

import textwrap

import pytest

from hub.flow.graph import from_json, to_json
from hub.flow.playbook import COLUMNS
from tests.flow.writing import HEAD, compiled, mistakes

HELD = """\
- step: ask
  hold:
    case: not-paid
    title: It is not paid
    choices:
      ok: Ship it
"""
ROW = {
    "type": "not-paid",
    "detection": "The shop says so",
    "action": "The order waits",
    "escalation": "Nothing came in a day",
    "sla": "Paid within 2 days",
}


def head(*rows: dict[str, str]) -> str:
    """A flow's head with these exceptions."""
    written = ["\n  ".join(f"{key}: {value}" for key, value in row.items()) for row in rows]
    clocks = "clocks:\n  ship-by:\n    due: 2 days\n"
    return (
        HEAD
        + clocks
        + "exceptions:\n"
        + textwrap.indent("\n".join(f"- {row}" for row in written), "  ")
        + "\n"
    )


def test_a_row_of_the_table_is_kept_with_the_flow_as_it_was_written() -> None:
    graph = compiled(HELD, head(ROW))

    (kept,) = from_json(to_json(graph)).exceptions
    assert {column: getattr(kept, column) for column in COLUMNS} == ROW


@pytest.mark.row("S1-114", "S2-090")
@pytest.mark.parametrize("column", COLUMNS)
def test_none_of_the_five_may_be_left_out(column: str) -> None:
    told = mistakes(HELD, head({key: value for key, value in ROW.items() if key != column}))

    assert told.startswith("flows/test.yaml:13")
    assert f'Exception 1 needs "{column}".' in told


@pytest.mark.row("S1-114")
def test_there_is_no_sixth() -> None:
    assert 'Exception 1 has no key "colour".' in mistakes(HELD, head({**ROW, "colour": "red"}))


def test_what_the_flow_never_asks_about_is_not_claimed() -> None:
    told = mistakes(HELD, head({**ROW, "type": "not-payed"}))

    assert 'neither a case nor a clock "not-payed"' in told
    assert 'Did you mean "not-paid"?' in told


def test_a_clock_may_be_what_runs_out() -> None:
    started = "- step: promise\n  start_clock: ship-by\n"

    assert compiled(HELD + started, head({**ROW, "type": "ship-by"})).exceptions[0].type == "ship-by"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ROW, ROW], 'Exception "not-paid" is described twice.'),
        ([{**ROW, "sla": "Soon"}], '"sla" says no length of time.'),
        ([{**ROW, "type": "Not paid"}], "cannot be an exception's type"),
    ],
)
def test_a_row_that_says_nothing_sure_is_a_mistake(rows: list[dict[str, str]], said: str) -> None:
    assert said in mistakes(HELD, head(*rows))


def test_exceptions_are_a_list_of_blocks() -> None:
    assert "is a list of" in mistakes(HELD, HEAD + "exceptions: none\n")
    assert "Exception 1 is a block with type, detection" in mistakes(HELD, HEAD + "exceptions: [late]\n")
