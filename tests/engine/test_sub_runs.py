"""A flow runs another: it sees what it was given, under the names it asked for, and the first goes on when it ended."""

from connectors.http.sandbox import EchoSandbox
from hub.store.configuration import ConnectionSpec
from tests.engine.conftest import Bench
from tests.floor import flow, shop

OUTER = """
format: 1
flow: outer
title: Have each article written down

uses:
  door: webhook
  service: http

trigger:
  event: door.received
  key: ${event.key_value}

steps:
  - step: each
    for_each: ${event.body.articles}
    as: article
    steps:
      - step: have-it-done
        run: inner
        with:
          article: ${article}
          is_gift: ${false}
  - step: after
    do: service.request
    effect: idempotent
    with:
      method: POST
      path: /after
      body:
        articles: ${event.body.articles}
"""
INNER = """
format: 1
flow: inner
title: Write one article down

uses:
  service: http

inputs:
  article: text
  is_gift: flag

steps:
  - step: unless-a-gift
    if: not is_gift
    then:
      - step: write-down
        do: service.request
        effect: idempotent
        with:
          method: POST
          path: /article
          body:
            article: ${article}
"""


def bodies(service: EchoSandbox) -> list[object]:
    return [(request["path"], request["body"]) for request in service.received]


async def test_a_flow_sees_what_it_was_given_and_the_one_that_ran_it_waits_for_its_end(bench: Bench) -> None:
    catalog, roles = bench.floor.hub.catalog, {"door": ["door"], "service": ["service"]}
    door = ConnectionSpec("door", "main", "webhook", "sandbox")
    service = ConnectionSpec("service", "main", "http", "sandbox", "http://service.test")
    flows = [flow(catalog, text, roles) for text in (OUTER, INNER)]
    await bench.floor.publish(shop(flows, door, service))
    await bench.order("o-1", articles=["cap", "mug"])
    assert bodies(bench.service) == [
        ("/article", {"article": "cap"}),
        ("/article", {"article": "mug"}),
        ("/after", {"articles": ["cap", "mug"]}),
    ]
    assert await bench.floor.open_cases() == []
