"""The brand's project as a merchant writes it: its hub.yaml, its SKU map and the reference flows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from connectors.supplier_api.sandbox_desk import ENDPOINTS, SECRET, SIGNATURE, TOKEN

HUB = """
stores:
  main:
    currency: USD
    zone: America/New_York
    public_url: https://track.brand.example
    brand:
      {{name: Lune & Fils, sender: hello@brand.example, quiet_hours: "21:00-08:00",
        discount: {{offer: 10% off, code: MERCI}}}}
    policies: {policies}
{stores}
connections:
{connections}
roles:
  shop: [{shops}]
  address: [{addresses}]
  messages: [{messages}]
  alerts: [{alerts}]
  tracker: [{trackers}]
  desk: [{desks}]
  supplier: [{names}]
  warehouse: [{names}]
{asked}suppliers:
{suppliers}
rules: {rules}
sku_map: skus.csv
plugins: []
"""

SKUS = """sku,supplier,supplier_sku,unit_cost,currency
NECK-01,a,AX1,10.00,USD
NECK-01,b,BX9,12.00,USD
RING-02,b,BR2,14.00,USD
CUFF-03,c,CC3,8.00,USD
"""
"""Necklaces come from a, who is cheapest, or b; rings only from b; cuffs only from c."""

REGIONS = {"a": "US-NJ", "b": "US-CA", "c": "US-TX"}
OUTLETS = {"d": "outlet-2", "e": "outlet-3"}
"""Other stores of the brand, each by its only supplier."""


@dataclass(frozen=True)
class Terms:
    """What a test changes about the brand."""

    policies: str = "{safety_threshold: 5, review_value: 1000 USD}"
    rules: str = "[{id: everybody, use: [a, b, c]}]"
    skus: str = SKUS
    promise: Any = "keyed"
    verifier: str = "easypost"
    second_channel: bool = False
    """Whether the brand also sells on `market`, from the same stock and by the same flows."""
    regions: Mapping[str, str] = field(default_factory=lambda: dict(REGIONS))
    native_tracking: bool = False
    """Whether the shop itself follows the parcels, and the brand has no tracking app."""
    recalled: tuple[str, ...] = ()
    """Suppliers that can be asked to stop a purchase."""
    amended: tuple[str, ...] = ()
    """Suppliers that can be asked to send a purchase elsewhere."""
    billing: tuple[str, ...] = ()
    """Suppliers that can be asked for their invoices."""
    hears: Mapping[str, str] = field(default_factory=dict)
    """How the hub hears of connections, by name, where hub.yaml says so."""
    heartbeats: Mapping[str, str] = field(default_factory=dict)
    """How often suppliers promise to be heard of, by name."""

    @property
    def outlets(self) -> list[str]:
        """The brand's other stores, in order."""
        return [store for supplier, store in OUTLETS.items() if supplier in self.regions]


THREE_SHOPS = Terms(
    rules="[{id: everybody, use: [a, b, c, d, e]}]",
    skus=f"{SKUS}NECK-01,d,DX1,10.00,USD\nNECK-01,e,EX1,10.00,USD\n",
    regions=REGIONS | {"d": "US-NJ", "e": "US-NJ"},
)


def lay_out(folder: Path, terms: Terms) -> None:
    """The brand's project: the reference flows as they are shipped, and a hub.yaml of its own."""
    (folder / "flows").mkdir(parents=True, exist_ok=True)
    for file in files("flows").joinpath("faros").iterdir():
        if file.name.endswith(".yaml"):
            (folder / "flows" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    regions, outlets = terms.regions, terms.outlets
    channels = ["  market: {connector: shopify, mode: sandbox, base_url: 'http://market.test'}"]
    numbers = range(1, len(outlets) + 2)
    services = [
        line for number, store in enumerate(["main", *outlets], 1) for line in _services(number, store, terms)
    ]
    hub = HUB.format(
        policies=terms.policies,
        rules=terms.rules,
        stores="\n".join(f"  {store}: {{currency: USD}}" for store in outlets),
        names=", ".join(regions),
        asked=_role("recall", terms.recalled) + _role("amend", terms.amended),
        shops=", ".join([*(f"shop-{n}" for n in numbers), *(["market"] if terms.second_channel else [])]),
        addresses=", ".join(f"address-{n}" for n in numbers),
        messages=", ".join(f"messages-{n}" for n in numbers),
        alerts=", ".join(f"alerts-{n}" for n in numbers),
        trackers=", ".join(f"{'shop' if terms.native_tracking else 'tracker'}-{n}" for n in numbers),
        desks=", ".join(f"desk-{n}" for n in numbers),
        connections="\n".join(
            [
                *services,
                *(channels if terms.second_channel else []),
                *(_connection(name, terms) for name in regions),
            ]
        ),
        suppliers="\n".join(
            f"  {name}: {{connection: {name}, region: {region}, shipping: [{{cost: 4.00 USD}}]"
            + (f", heartbeat: {terms.heartbeats[name]}}}" if name in terms.heartbeats else "}")
            for name, region in regions.items()
        ),
    )
    (folder / "hub.yaml").write_text(hub, encoding="utf-8")
    (folder / "skus.csv").write_text(terms.skus, encoding="utf-8")


def _services(number: int, store: str, terms: Terms) -> list[str]:
    services = {
        "shop": "shopify", "address": terms.verifier, "messages": "klaviyo", "alerts": "alerts",
        "tracker": "aftership", "desk": "gorgias",
    }  # fmt: skip
    return [
        f"  {name}-{number}: {{connector: {connector}, mode: sandbox, store: {store}, "
        f"base_url: 'http://{name}-{number}.test'{_hears(f'{name}-{number}', terms)}}}"
        for name, connector in services.items()
        if not (terms.native_tracking and name == "tracker")
    ]


def _hears(id: str, terms: Terms) -> str:
    return f", hears: {terms.hears[id]}" if id in terms.hears else ""


def _role(role: str, names: tuple[str, ...]) -> str:
    return f"  {role}: [{', '.join(names)}]\n" if names else ""


def _connection(name: str, terms: Terms) -> str:
    inbox = f"{{secrets: [{SECRET.get_secret_value()}], signature: {SIGNATURE.model_dump_json()}}}"
    effect = f"{{kind: {terms.promise}, settles_in: 1 minute}}"
    asked = {
        "cancel": terms.recalled,
        "amend": terms.amended,
        "amendment": terms.amended,
        "invoices": terms.billing,
    }
    endpoints = {what: ENDPOINTS[what] for what, names in asked.items() if name in names}
    auth = f"{{type: bearer, token: {TOKEN}}}"
    settings = f"{{endpoints: {json.dumps(endpoints)}, auth: {auth}, effect: {effect}, webhooks: {inbox}}}"
    store = OUTLETS.get(name, "main")
    where = f"store: {store}, base_url: 'http://{name}.test'"
    return f"  {name}: {{connector: supplier_api, {where}, settings: {settings}}}"
