"""Exceptions handed to other tools: a ticket at the support desk, and a webhook that Zapier catches."""

from typing import Any

import pytest

from connectors.http.sandbox import EchoSandbox
from tests.acceptance.brand import Brand
from tests.acceptance.mail_server import revise
from tests.acceptance.test_parcels import FIRST
from tests.acceptance.test_stalled import left, pass_until_after

HOOK = "/hooks/catch/1234567/abcdef/"
ZAPIER = "  zapier-1: {connector: http, mode: sandbox, store: main, base_url: 'http://zapier-1.test'}"
ZAP = f"""\
format: 1
flow: zap
title: Let Zapier know of every case
uses:
  zapier: http
trigger:
  event: hub.case_opened
  key: ${{event.case}}
steps:
  - step: catch
    do: zapier.request
    with:
      method: POST
      path: {HOOK}
      body:
        kind: ${{event.kind}}
        order: ${{default(event.about, "")}}
        flow: ${{default(event.flow, "")}}
    on_refused:
      otherwise:
        - step: not-caught
          stop: Zapier does not take it
"""


async def with_zapier(brand: Brand) -> EchoSandbox:
    """The merchant writes a flow of their own, and binds it to a catch hook."""
    zapier = EchoSandbox()
    zapier.now = brand.floor.hub.clock.now
    brand.floor.sandboxes["zapier-1"] = zapier
    (brand.folder / "flows" / "zap.yaml").write_text(ZAP)
    await revise(
        brand, ("connections:\n", f"connections:\n{ZAPIER}\n"), ("roles:\n", "roles:\n  zapier: zapier-1\n")
    )
    return zapier


def tickets(brand: Brand) -> list[dict[str, Any]]:
    """What the hub has asked of the support desk."""
    return [ticket for ticket in brand.desk.tickets.values() if ticket["external_id"]]


@pytest.mark.row("S1-143")
async def test_a_silent_parcel_is_a_ticket_at_gorgias_and_a_zap_once_each(brand: Brand) -> None:
    zapier = await with_zapier(brand)
    await left(brand)
    await pass_until_after(brand, hours=72, minutes=1)
    (ticket,) = tickets(brand)
    assert FIRST in ticket["subject"] and {"faros", "stalled"} <= {tag["name"] for tag in ticket["tags"]}
    (caught,) = zapier.received
    assert (caught["method"], caught["path"]) == ("POST", HOOK)
    assert caught["body"] == {"kind": "stalled", "order": "1001", "flow": "stalled"}
    await brand.pass_by(hours=10)
    assert (len(tickets(brand)), len(zapier.received)) == (1, 1)


@pytest.mark.row("S1-143")
async def test_a_zap_whose_answer_is_lost_is_not_caught_twice_and_nothing_else_waits_for_it(
    brand: Brand,
) -> None:
    zapier = await with_zapier(brand)
    await left(brand)
    zapier.lose_next_answer(HOOK)
    await pass_until_after(brand, hours=72, minutes=10)
    assert len(zapier.received) == 1
    assert (len(tickets(brand)), brand.heard("Order Confirmed", "Tracking Added")) == (1, {"Delayed": 1})
