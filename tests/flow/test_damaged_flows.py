"""A flow file damaged in any way is answered with mistakes, never with a crash."""

from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.flow.test_compiler import CLOCKED, EVERY_VERB
from tests.flow.writing import checked, flow

HERE = Path(__file__).parent
LINES = [
    *HERE.joinpath("order_intake.yaml").read_text().splitlines(),
    *HERE.joinpath("tracking_watch.yaml").read_text().splitlines(),
]
JUNK = [
    "- step: x",
    "  as: now",
    "  with: 5",
    "      - ",
    "  ${",
    "  if: ${a",
    "x: !y z",
    "  wait: {}",
    "- []",
]
TREES = st.recursive(
    st.sampled_from(["", "x", "a.b", "${a}", "3 days", "order", "1"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["step", "do", "if", "then", "wait", "event", "with", "steps", "as"]), inner
        )
    ),
    max_leaves=12,
)
KEYS = ["format", "flow", "title", "uses", "trigger", "inputs", "clocks", "stage", "steps"]


def is_answered(text: str) -> None:
    found = checked(text)
    assert (found.graph is None) == bool(found.errors)
    assert all(problem.place.line >= 1 and str(problem) for problem in found.problems)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_lines_lost_doubled_moved_and_mixed_up(data: st.DataObject) -> None:
    lines = flow(EVERY_VERB, CLOCKED).splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(["drop", "double", "indent", "outdent", "swap", "junk", "borrow"]))
        if change == "drop":
            del lines[at]
        elif change in ("indent", "outdent"):
            lines[at] = "  " + lines[at] if change == "indent" else lines[at][2:]
        elif change == "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        else:
            source = {"double": [lines[at]], "junk": JUNK, "borrow": LINES}[change]
            lines.insert(at, data.draw(st.sampled_from(source)))

    is_answered("\n".join(lines))


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), TREES))
def test_any_tree_at_all_under_the_known_keys(tree: dict[str, object]) -> None:
    is_answered(yaml.safe_dump({"format": "1", "flow": "odd", "title": "Odd", **tree}))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["do", "if", "choose", "for_each", "parallel", "repeat_until", "wait", "hold", "set", "emit",
                        "run", "start_clock", "stop_clock", "stop"]), TREES, TREES)  # fmt: skip
def test_any_tree_at_all_under_a_verb(verb: str, under: object, beside: object) -> None:
    step = {
        "step": "odd",
        verb: under,
        "then": beside,
        "steps": beside,
        "otherwise": beside,
        "on_refused": beside,
    }

    is_answered(flow(yaml.safe_dump([step])))
