"""A small merchant's folder for these tests, and ways to spoil it."""

from pathlib import Path

from hub.assembly import catalog_of
from hub.catalog.catalog import Catalog
from hub.flow.reader import Mistakes, Problem
from hub.project.project import Project, load

HUB = """\
stores:
  main:
    zone: America/New_York
    currency: USD
    policies:
      stock_max_age: 45 minutes
      review_value: 500 USD
connections:
  door:
    connector: webhook
    settings:
      secrets: ["${env:DOOR_SECRET}"]
  engraver-ny:
    connector: supplier_api
    mode: sandbox
  address-1:
    connector: easypost
    settings:
      api_key: ${secret:easypost}
roles:
  door: door
  supplier: [engraver-ny]
suppliers:
  engraver:
    connection: engraver-ny
    region: US-NY
    aliases: [Golden Engraving]
    stock_max_age: 24 h
    shipping:
      - cost: 4.20 USD
        country: US
rules:
  - id: mugs
    when:
      sku_prefix: [MUG-]
    prefer: [engraver]
sku_map: skus.csv
plugins: []
"""

SKUS = """\
sku,supplier,supplier_sku,unit_cost,currency
MUG-1,engraver,ENG-1,4.50,USD
MUG-2,engraver,,0.10,USD
"""

FLOW = """\
format: 1
flow: note-delivery
title: Rest a day after a delivery
uses:
  door: webhook
  supplier:
    capability: supplier
    many: true
trigger:
  event: door.received
  key: ${event.key_value}
steps:
  - step: rest
    wait:
      for: 1 day
"""


def write(folder: Path, *, hub: str = HUB, skus: str = SKUS, **flows: str) -> Path:
    """The folder, with these texts."""
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    (folder / "hub.yaml").write_text(hub)
    (folder / "skus.csv").write_text(skus)
    for name, text in (flows or {"note": FLOW}).items():
        (folder / "flows" / f"{name}.yaml").write_text(text)
    return folder


def catalog() -> Catalog:
    """What is installed here."""
    return catalog_of()


def loaded(folder: Path) -> Project:
    """The folder read."""
    return load(folder, catalog())


def mistakes(folder: Path) -> list[Problem]:
    """What is wrong with the folder, warnings left out."""
    try:
        loaded(folder)
    except Mistakes as found:
        return [problem for problem in found.problems if not problem.is_warning]
    return []
