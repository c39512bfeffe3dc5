"""The hub's own actions as flows see them."""

import re
from pathlib import Path

import hub.fulfilment
from hub.fulfilment.actions import OWN_ACTIONS

ROOM = Path(hub.fulfilment.__file__).parent


ASKED_FOR = """
cases.attention
cases.record_outcome
cases.tally
enquiries.record
exports.close
exports.settle
feeds.read
figures.touchless
invoices.judge
invoices.record
invoices.report
mails.attachments
mails.read
notices.prepare
notices.settle
notices.still_due
notices.turn
orders.cancel
orders.note_address
orders.originals
orders.record
orders.screen
promises.window
purchasing.acknowledge
purchasing.allow_margin
purchasing.amend
purchasing.assign
purchasing.can_place
purchasing.candidates
purchasing.claim
purchasing.confirm
purchasing.give_back
purchasing.margin
purchasing.progress
purchasing.recalled
purchasing.report
purchasing.reship
purchasing.sent_elsewhere
purchasing.settle_amendment
purchasing.under_way
purchasing.without_number
shipments.asked_after
shipments.confirm
shipments.confirm_mirror
shipments.in_mirror
shipments.mirror
shipments.mirror_all
shipments.note
shipments.record
shipments.refundable
shipments.void
silences.look
silences.trust
stock.missing
stock.record
stock.substitutes
store.doors
store.policies
"""


def test_flows_can_ask_for_these() -> None:
    assert sorted(f"{action.noun}.{action.shape.name}" for action in OWN_ACTIONS) == ASKED_FOR.split()


def test_every_action_says_in_a_sentence_what_it_does() -> None:
    assert [a.shape.name for a in OWN_ACTIONS if not a.shape.summary.endswith(".")] == []


def test_flows_know_exactly_the_refusals_that_happen() -> None:
    raised = {
        code
        for file in ROOM.glob("*.py")
        for code in re.findall(r'Refused\(\s*"([a-z-]+)"', file.read_text())
    }
    assert {code for action in OWN_ACTIONS for code in action.shape.refusals} == raised
