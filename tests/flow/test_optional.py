"""A role may be optional; a step that relies on it says what happens without it."""

from hub.assembly import catalog_of
from hub.flow.checker import check

FLOW = """
format: 1
flow: desk
title: Tell the desk
uses:
  shop: sales-channel
  desk:
    capability: helpdesk
    optional: true
trigger:
  event: shop.order_paid
  key: ${event.order_id}
steps:
  - step: tell
    do: desk.open_ticket
    with:
      external_id: ${event.order_id}
      subject: A large order
      body: Please look
"""


def test_a_step_of_an_optional_role_that_does_not_say_what_happens_without_it_is_a_mistake() -> None:
    checked = check(FLOW, "desk.yaml", catalog_of())

    assert checked.graph is None
    assert 'The role "desk" is optional' in "\n".join(map(str, checked.problems))


def test_one_that_says_it_can_be_published() -> None:
    said = (
        FLOW + "    on_refused:\n      not-bound:\n        - step: no-desk\n          stop: Nobody to tell\n"
    )

    assert check(said, "desk.yaml", catalog_of()).graph is not None
