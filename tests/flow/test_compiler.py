"""Every verb becomes the node that the engine walks."""

import pytest

from hub.flow.checker import check
from hub.flow.drawing import as_mermaid, as_text
from hub.flow.graph import (
    Act,
    Assign,
    Branch,
    ClockNode,
    Each,
    Emit,
    End,
    Fork,
    Graph,
    Hold,
    Join,
    Loop,
    SubRun,
    Wait,
)
from hub.flow.step_reader import KEYS
from tests.flow.trade import CATALOG
from tests.flow.writing import HEAD, checked, compiled, flow

CLOCK = "clocks:\n  ship-by:\n    due: 2 working days\n    warn: 4 working hours before\n"
CLOCKED = HEAD.replace("trigger:", CLOCK + "trigger:")

EVERY_VERB = """
- step: name
  set:
    who: ${order.number}
- step: begin
  start_clock: ship-by
- step: sort
  stage: filter
  choose:
    - when: order.quantity > 5
      steps:
        - step: many
          run: other-flow
          with:
            order: ${order}
          as: other
  otherwise:
    - step: few
      emit: hub.resend_requested
      with:
        order: ${order.number}
- step: note-each
  for_each: order.tags
  as: tag
  at_once: 3
  steps:
    - step: note
      do: shop.add_note
      with:
        number: ${order.number}
        text: Tag ${tag}
      if_in_doubt: skip
- step: again
  repeat_until: who == "x"
  at_most: 7
  steps:
    - step: pause
      wait:
        for: 90 minutes
    - step: later
      wait:
        until: ${order.placed_at + duration("1 day")}
- step: both
  parallel:
    one:
      - step: first
        do: shop.mark_fulfilled
        effect: keyed
        with:
          number: ${order.number}
          status: sent
    two:
      - step: second
        hold:
          case: look
          title: Look at ${order.number}
          choices:
            fine: It is fine
          detail:
            total: ${order.total}
        as: answer
- step: seen
  if: answer.choice == "fine"
  then:
    - step: paid
      wait:
        event: shop.order_paid
        match:
          number: ${order.number}
        since: run
        timeout: 2 days
      as: payment
  else:
    - step: halt
      stop: Order ${order.number} was not fine
- step: finish
  stop_clock: ship-by
"""


def every_verb() -> Graph:
    return compiled(EVERY_VERB, CLOCKED)


def test_every_verb_of_the_format_is_in_the_flow_below() -> None:
    missing = [verb for verb in KEYS if f"{verb}:" not in EVERY_VERB]

    assert missing == []


def test_every_verb_becomes_its_node() -> None:
    nodes = every_verb().nodes

    assert nodes["name"] == Assign("name", {"who": "${order.number}"}, "begin")
    assert nodes["begin"] == ClockNode("begin", "ship-by", "start", "sort")
    assert nodes["sort"] == Branch("sort", [("order.quantity > 5", "many")], "few")
    assert nodes["many"] == SubRun("many", "other-flow", {"order": "${order}"}, "note-each", "other")
    assert nodes["few"] == Emit("few", "resend_requested", {"order": "${order.number}"}, "note-each")
    assert nodes["note-each"] == Each("note-each", "order.tags", "tag", "note", "again", 3)
    assert nodes["note"] == Act(
        "note",
        "shop",
        "add_note",
        {"number": "${order.number}", "text": "Tag ${tag}"},
        "note-each",
        if_in_doubt="skip",
    )
    assert nodes["again"] == Loop("again", 'who == "x"', 7, "pause", "both")
    assert nodes["pause"] == Wait("pause", "later", span='duration("90 minutes")')
    assert nodes["later"] == Wait("later", "again", until='order.placed_at + duration("1 day")')
    assert nodes["both"] == Fork("both", {"one": "first", "two": "second"}, "both.join")
    assert nodes["both.join"] == Join("both.join", "both", "seen")
    assert nodes["halt"] == End("halt", "Order ${order.number} was not fine")
    assert nodes["finish"] == ClockNode("finish", "ship-by", "stop", None)


def test_waits_holds_and_declared_effects_keep_all_they_were_given() -> None:
    nodes = every_verb().nodes

    assert nodes["first"] == Act(
        "first",
        "shop",
        "mark_fulfilled",
        {"number": "${order.number}", "status": "sent"},
        "both.join",
        effect="keyed",
    )
    assert nodes["second"] == Hold(
        "second", "look", "Look at ${order.number}", {"fine": "It is fine"}, "both.join",
        save_as="answer", detail={"total": "${order.total}"},
    )  # fmt: skip
    assert nodes["paid"] == Wait(
        "paid", "finish", role="shop", event="order_paid", match={"number": "${order.number}"}, since="run",
        timeout='duration("2 days")', on_timeout="finish", save_as="payment",
    )  # fmt: skip


def test_a_stage_holds_for_the_step_and_for_the_steps_inside() -> None:
    graph = every_verb()

    assert graph.stages == {"sort": "F", "many": "F", "few": "F"}


def test_a_stage_of_the_flow_holds_where_no_step_says_otherwise() -> None:
    graph = compiled(EVERY_VERB, CLOCKED.replace("uses:", "stage: R\nuses:"))

    assert set(graph.nodes) == set(graph.stages)
    assert {graph.stages[step] for step in ("read", "both.join", "finish")} == {"R"}
    assert graph.stages["many"] == "F"


def test_a_flow_run_by_others_has_typed_inputs_instead_of_a_trigger() -> None:
    head = "format: 1\nflow: sub\ntitle: Sub\ninputs:\n  order: order\n  why: text\nsteps:\n"
    condition = "order.total.amount > 1 and why == 'x'"
    good = checked(head + f"  - step: a\n    if: {condition}\n    then:\n      - step: b\n        stop: x\n")
    bad = checked(head + "  - step: a\n    stop: ${order.totl}\n")

    assert good.graph is not None
    assert good.graph.inputs == {"order": "order", "why": "text"}
    assert good.graph.trigger is None
    assert 'Order has no field "totl". Did you mean "total"?' in str(bad.problems[0])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("order: ${order}", "The flow sub needs why."),
        ("why: x\n    ordr: ${order}", 'The flow sub has no input "ordr". Did you mean "order"?'),
        ("why: ${order.total}\n    order: ${order}", '"why": It is Money, and a text is needed.'),
        ("why: x\n    order: ${order.number}", '"order": It is a text, and Order is needed.'),
    ],
)
def test_what_another_flow_is_given_is_what_it_asks_for(given: str, says: str) -> None:
    text = flow(f"- step: a\n  run: sub\n  with:\n    {given}")

    found = check(text, "flows/test.yaml", CATALOG, flows={"sub": {"why": "text", "order": "order"}})

    assert says in "\n".join(map(str, found.errors))


def test_a_drawing_is_not_broken_by_what_authors_write() -> None:
    graph = compiled("""
        - step: end
          hold:
            case: odd
            title: 'A "quoted" <b>title</b> with `ticks` & \\ and # and ]'
            choices:
              ok: Fine
        """)

    drawn = as_mermaid(graph)

    assert "<b>" not in drawn
    assert "#quot;quoted#quot;" in drawn
    assert 'n1[/"end: a person' in drawn
    assert as_text(graph).splitlines()[-1] == "end   hold  resolved -> end"
