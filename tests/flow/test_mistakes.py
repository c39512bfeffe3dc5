"""What an author hears: every mistake at once, where it is, and what would be right."""

import textwrap

import pytest

from tests.flow.writing import HEAD, checked, flow, mistakes

SIX = textwrap.dedent("""\
    format: 1
    flow: six-mistakes
    title: Six mistakes
    uses:
      shop: testshop
    trigger:
      event: shop.order_placd
      key: ${event.number}
    steps:
      - step: read
        do: shop.get_order
        with:
          numbr: ${event.number}
        as: order
      - step: unpaid
        if: order.payment != "payed"
        then:
          - step: ask
            hold:
              case: unpaid
              title: Order ${order.numer} is not paid
              choices:
                ok: Ship it
          - step: pay
            whait:
              for: 3 days
      - step: large
        if: order.total > 500
        then:
          - step: ended
            stop: Too large
    """)


def test_six_mistakes_in_one_file_are_all_named_with_line_and_remedy() -> None:
    found = checked(SIX)
    told = [(p.place.line, f"{p.message} {p.hint}") for p in found.errors]

    assert found.graph is None
    assert told == [
        (7, 'testshop has no event "order_placd". Did you mean "order_placed"?'),
        (13, 'shop.get_order has no field "numbr". Did you mean "number"?'),
        (13, "shop.get_order needs number. "),
        (16, 'It is never "payed", only pending, paid, refunded. Did you mean "paid"?'),
        (21, 'ShopOrder has no field "numer". Did you mean "number"?'),
        (24, 'There is no verb "whait". Did you mean "wait"?'),
        (28, "Money cannot be compared with a number. "),
    ]


def test_a_caret_stands_under_the_mistake() -> None:
    told = mistakes("""
        - step: look-twice
          if: order.totl.amount > 500
          then:
            - step: done
              stop: Done
        """)

    assert told == (
        "flows/test.yaml:16  step look-twice\n"
        "    order.totl.amount > 500\n"
        '          ^ ShopOrder has no field "totl". Did you mean "total"?'
    )


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("order.payment", "must be true or false; it is a text"),
        ("order.total == 5", "Money cannot be compared with a number."),
        ('order.number > 5', "A text cannot be compared with a number."),
        ('order.payment in ["paid", "refunds"]', 'It is never "refunds"'),
        ('true and "payed" == order.payment', 'Did you mean "paid"?'),
        ("order.tags == 5", "A list cannot be compared with a number."),
        ("ordre.number == null", 'Did you mean "order"?'),
        ("order.number.length > 1", "A text has no fields."),
        ("not order.number", "must be true or false"),
        ("order.quantity and true", "must be true or false; it is a number"),
        ("now - order.placed_at > 5", "A duration cannot be compared with a number."),
        ("order.placed_at + order.placed_at > now", "`+` does not work on a moment and a moment."),
        ("order.total * order.total == order.total", "`*` does not work on Money and Money."),
        ("order.number in order.number", "After `in` stands a list."),
        ("order.tags.all(t, t)", "must be true or false; it is a text"),
        ("order.number.all(t, true)", "needs a list"),
        ("order.tags.exists(order, true)", "already means something"),
        ("size(order.quantity) > 1", "size does not take a number."),
        ("-order.number == order.number", "has no negative"),
        ("order.ship_to.region.x == 1", "A text has no fields."),
        ("order['totl'] == null", 'Did you mean "total"?'),
        ("order.tags['a'] == 'b'", "stands a number"),
        ("order.ship_to == order.total", "Address cannot be compared with Money."),
        ("order.ship_to < order.ship_to", "neither more nor less"),
        ("order.payment === 'paid'", "cannot stand here"),
        ("order.placed_at > duration('soon')", "not a length of plain time"),
    ],
)  # fmt: skip
def test_a_condition_that_can_never_be_right_is_refused(condition: str, says: str) -> None:
    assert says in mistakes(f"""
        - step: here
          if: {condition}
          then:
            - step: done
              stop: Done
        """)


@pytest.mark.parametrize(
    "condition",
    [
        'order.payment != "paid" and order.total.amount > 0.1',
        'order.extra.anything.at.all == 5 or order.extra["x"] > now',
        'order.tags.exists(t, t.lower() == "vip")',
        "has(order.cancelled_at) or order.cancelled_at == null",
        'now - order.placed_at > duration("5 days") * 2',
        "order.total >= order.total * 0.5 and size(order.tags) < order.quantity + order.weight",
        'order.placed_at > moment("2026-01-01T00:00:00Z")',
        'default(order.ship_to.region, "") in ["NY", "CA"]',
        "${order.quantity > 1}",
    ],
)  # fmt: skip
def test_a_condition_that_can_be_right_is_taken(condition: str) -> None:
    found = checked(
        flow(f"""
        - step: here
          if: {condition}
          then:
            - step: done
              stop: Done
        """)
    )

    assert found.errors == []


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ("- step: a\n  do: shop.get_ordr\n  with: {number: '1'}",
         'testshop has no action "get_ordr". Did you mean "get_order"?'),
        ("- step: a\n  do: shp.get_order", 'There is no role "shp" in `uses`. Did you mean "shop"?'),
        ("- step: a\n  do: get_order", "not of the form role.action"),
        ("- step: a\n  do: shop.add_note\n  with: {number: '1'}", "shop.add_note needs text."),
        ("- step: a\n  do: shop.add_note\n  with: {number: '${order.quantity}', text: x}", "Write text(...)."),
        ("- step: a\n  do: shop.add_note\n  with: {number: '${order.total}', text: x}",
         "It is Money, and a text is needed."),
        ("- step: a\n  do: shop.add_note\n  with: {number: '${order}', text: x}", "It is ShopOrder, and a text"),
        ("- step: a\n  do: shop.add_note\n  with: {number: '1', text: [a]}", "a text is needed"),
        ("- step: a\n  do: shop.add_note\n  with: {number: '1', text: 'x ${order.tags}'}",
         "cannot stand inside a text"),
        ("- step: a\n  do: purchasing.assign\n  with: {order: '${order.total}'}",
         "Money is not ShopOrder: it has no number"),
        ("- step: a\n  do: purchasing.assign\n  with: {order: plain}", "ShopOrder is needed, not a text."),
        ("- step: a\n  do: shop.get_order\n  with: {number: '1'}\n  on_refused: {lost: [{step: b, stop: x}]}",
         'shop.get_order is never refused with "lost".'),
        ("- step: a\n  do: shop.get_order\n  with: {number: '1'}\n  on: shop-2", "has one connection"),
        ("- step: a\n  do: shop.get_order\n  with: {number: '1'}\n  effect: keyed", "is read, as its connector says"),
        ("- step: a\n  do: shop.get_order\n  with: {number: '1'}\n  if_in_doubt: hope", 'never "hope"'),
        ("- step: a\n  wait: {event: shop.order_paid, match: {number: '1'}}", "needs `timeout`"),
        ("- step: a\n  wait: {event: shop.order_paid, match: {id: '1'}, timeout: 1 day}",
         'cannot be matched by "id"'),
        ("- step: a\n  wait: {event: shop.order_sent, timeout: 1 day}", 'testshop has no event "order_sent"'),
        ("- step: a\n  wait: {event: shop.order_paid, match: {number: '1'}, timeout: soon}", "not a length of time"),
        ("- step: a\n  wait: {for: 2 working days}", "Working time cannot be used here."),
        ("- step: a\n  wait: {for: 1 day, until: x}", "exactly one of `for`, `until` and `event`"),
        ("- step: a\n  wait: {until: tomorrow}", "A moment is written like"),
        ("- step: a\n  wait: {until: '${order.number}'}", "This must be a moment; it is a text."),
        ("- step: a\n  repeat_until: 'true'\n  steps: [{step: b, stop: x}]", "needs `at_most`"),
        ("- step: a\n  repeat_until: 'true'\n  at_most: 10001\n  steps: [{step: b, stop: x}]", "from 1 to 10000"),
        ("- step: a\n  choose: [{when: 'true', steps: [{step: b, stop: x}]}]", "`choose` needs `otherwise`."),
        ("- step: a\n  for_each: order.total\n  as: x\n  steps: [{step: b, stop: x}]",
         "This must be a list; it is Money."),
        ("- step: a\n  for_each: order.tags\n  as: now\n  steps: [{step: b, stop: x}]", '"now" cannot be a name.'),
        ("- step: a\n  hold: {case: x, title: y}", '`hold` needs "choices".'),
        ("- step: a\n  hold: {case: x, title: y, choices: {a: b}, due: soonish}", "not a length of time"),
        ("- step: a\n  hold: {case: x, title: y, choices: {a: 'b ${now}'}}", "words are fixed"),
        ("- step: a\n  start_clock: ship-by", 'There is no clock "ship-by" in `clocks`.'),
        ("- step: a\n  emit: shop.order_paid", "emits events of the hub"),
        ("- step: a\n  emit: hub.resend_requested", "hub.resend_requested needs order."),
        ("- step: a\n  run: othr-flow", 'Did you mean "other-flow"?'),
        ("- step: a\n  run: under-test", "cannot run itself"),
        ("- step: a\n  set: {order: '${order.number}'}", '"order" is ShopOrder; it cannot become a text.'),
        ("- step: a\n  set: {event: x}", '"event" is what started the run.'),
        ("- step: read\n  stop: x", 'Step "read" is already on line 10.'),
        ("- step: Not_OK\n  stop: x", "cannot be a step's id"),
        ("- step: a\n  stop: x\n  do: shop.get_order", "exactly one verb, not 2"),
        ("- step: a", "The step has no verb."),
        ("- stop: x", "A step needs `step:`"),
        ("- step: a\n  stop: x\n  wiht: y", 'has no key "wiht"'),
        ("- step: a\n  stop: x\n  stage: Z", '"stage" is never "Z"'),
        ("- step: a\n  parallel:\n    one: [{step: b, set: {x: '1'}}]\n    two: [{step: c, set: {x: '2'}}]",
         'Branches "one" and "two" both give the name "x".'),
    ],
)  # fmt: skip
def test_every_rule_of_a_verb_is_kept(steps: str, says: str) -> None:
    told = mistakes(steps)

    assert says in told
    assert "flows/test.yaml:" in told


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("format: 1", "format: 2"), "reads format 1"),
        (("shop: testshop", "shop: testshp"), 'Did you mean "testshop"?'),
        (("key: ${event.number}", "key: order"), "the same for every event"),
        (("key: ${event.number}", "key: ${event}"), "A key is a text or a number"),
        (("key: ${event.number}", "key: ${event.number}\n  when: event.number"), "must be true or false"),
        (("title: A flow under test\n", ""), 'A flow needs "title".'),
        (("flow: under-test", "flow: Under Test"), "cannot be a flow's name"),
        (("trigger:", "inputs:\n  order: parcel\ntrigger:"), 'There is no type "parcel".'),
        (("trigger:", "triggr:"), 'Did you mean "trigger"?'),
        (("uses:", "clocks:\n  ship-by:\n    due: some day\nuses:"), "not a length of time"),
        (("  shop: testshop", "  shop: testshop\n  purchasing: workshop"), "a noun of the hub itself"),
    ],
)
def test_every_rule_of_the_head_is_kept(change: tuple[str, str], says: str) -> None:
    assert change[0] in HEAD

    assert says in mistakes("- step: done\n  stop: Done", HEAD.replace(*change))


def test_a_name_is_not_visible_above_or_beside_its_block() -> None:
    told = mistakes("""
        - step: early
          set:
            x: ${later}
        - step: choice
          if: order.quantity > 1
          then:
            - step: inner
              set:
                later: ${order.number}
            - step: inside
              set:
                y: ${later}
        - step: after
          set:
            z: ${later}
        """)

    assert told.count('There is no name "later" here.') == 2
    assert "step inside" not in told


def test_blocks_nested_deeper_than_four_are_refused() -> None:
    steps = "- step: s9\n  stop: Done\n"
    for level in range(5):
        steps = f"- step: s{level}\n  if: order.quantity > {level}\n  then:\n" + textwrap.indent(
            steps, "    "
        )

    assert "nested deeper than 4" in mistakes(steps)


def test_more_than_two_hundred_steps_are_refused() -> None:
    steps = "".join(f"- step: s{number}\n  set:\n    x: ${{order.number}}\n" for number in range(200))

    assert "at most 200 steps" in mistakes(steps)


def test_a_role_nobody_uses_is_a_warning_only() -> None:
    found = checked(flow("- step: done\n  stop: Done", HEAD.replace("uses:", "uses:\n  carrier: dhl")))

    assert found.graph is not None
    assert [str(p.message) for p in found.problems] == ['No step uses the role "carrier".']
