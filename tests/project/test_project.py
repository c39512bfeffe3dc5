"""A merchant's folder becomes a publication, or a list of everything that is wrong with it."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from connectors.easypost.sandbox import EasyPostSandbox
from connectors.supplier_api.sandbox import SupplierSandbox
from connectors.webhook.sandbox import SenderSandbox
from hub.flow.reader import Mistakes
from hub.project.project import allowed_plugins
from tests.floor import open_floor
from tests.project.folder import FLOW, HUB, SKUS, loaded, mistakes, write

ASSIGNING = """\
format: 1
flow: buy-it
title: Decide who ships an order
uses:
  door: webhook
inputs:
  order: order
steps:
  - step: decide
    do: purchasing.assign
    with:
      order: ${order}
    as: decision
"""


def test_a_folder_becomes_a_publication_with_exact_money_and_lengths_of_time(tmp_path: Path) -> None:
    found = loaded(write(tmp_path)).publication()

    (store,) = found.stores
    (supplier,) = store.suppliers
    assert store.settings == {"zone": "America/New_York", "currency": "USD"}
    assert store.policies.stock_max_age == timedelta(minutes=45)
    assert store.policies.review_value is not None and store.policies.review_value.amount == Decimal(500)
    assert (supplier.connection, supplier.name) == ("engraver-ny", "engraver")
    assert supplier.stock_max_age == timedelta(days=1)
    assert supplier.shipping[0].cost.amount == Decimal("4.20")
    assert store.rules[0].prefer == ["engraver-ny"]
    assert [(a.sku, a.supplier, a.supplier_sku, a.unit_cost) for a in store.articles] == [
        ("MUG-1", "engraver-ny", "ENG-1", Decimal("4.50")),
        ("MUG-2", "engraver-ny", "MUG-2", Decimal("0.10")),
    ]
    assert [(f.graph.flow, f.roles) for f in found.flows] == [
        ("note-delivery", {"door": ["door"], "supplier": ["engraver-ny"]})
    ]


def test_secrets_stay_names_until_a_connection_is_opened(tmp_path: Path) -> None:
    by_id = {c.id: c for c in loaded(write(tmp_path)).connections}
    assert by_id["door"].settings == {"secrets": ["${env:DOOR_SECRET}"]}
    assert by_id["address-1"].settings == {"api_key": "${secret:easypost}"}
    assert by_id["engraver-ny"].mode == "sandbox"


async def test_what_is_read_can_be_published_and_says_which_secret_is_missing(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOOR_SECRET", "knock-knock")
    sandboxes = {"door": SenderSandbox(), "engraver-ny": SupplierSandbox(), "address-1": EasyPostSandbox()}
    async with open_floor(database_url, sandboxes) as floor:
        await floor.publish(loaded(write(tmp_path)).publication())

        assert sorted(floor.hub.world.links) == ["door", "engraver-ny"]
        assert floor.hub.source.broken == {
            "address-1": "There is no sealed secret 'easypost'; write it by `faros secret set easypost`."
        }
        assert [(store, flow) for store, flow in floor.hub.world.active] == [("main", "note-delivery")]
        assert floor.hub.world.stores["main"].policies.stock_max_age == timedelta(minutes=45)


def test_a_secret_in_the_file_is_a_warning_that_does_not_repeat_it(tmp_path: Path) -> None:
    project = loaded(write(tmp_path, hub=HUB.replace("${secret:easypost}", "EZAK-very-secret")))
    (warning,) = [p for p in project.warnings if p.code == "W-SECRET"]
    assert warning.place.line == 19
    assert "${env:NAME}" in warning.hint
    assert "very-secret" not in str(warning)


def test_wrong_settings_are_named_at_their_line_without_their_values(tmp_path: Path) -> None:
    spoiled = HUB.replace("api_key: ${secret:easypost}", "api_kee: EZAK-very-secret")
    found = mistakes(write(tmp_path, hub=spoiled))
    assert [(p.place.line, p.message) for p in found] == [
        (19, 'Connection "address-1" has no key "api_kee".'),
        (19, 'Connection "address-1" needs "api_key".'),
    ]
    assert found[0].hint == 'Did you mean "api_key"?'
    assert "very-secret" not in "\n".join(map(str, found))


def test_a_role_that_no_connection_can_play_yet_says_which_connectors_can(tmp_path: Path) -> None:
    flow = FLOW.replace("uses:\n", "uses:\n  alerts: alert\n", 1)
    (problem,) = mistakes(write(tmp_path, note=flow))
    assert problem.message == 'Role "alerts" is bound to no connection of store "main".'
    assert problem.hint == (
        "Write `roles: {alerts: <connection>}` in hub.yaml. "
        "No connection can play alert yet; connectors that can: alerts."
    )


def test_every_mistake_of_every_file_comes_at_once(tmp_path: Path) -> None:
    hub = (
        HUB.replace("connector: supplier_api", "connector: suplier_api")
        .replace("mode: sandbox", "mode: sandbx")
        .replace("stock_max_age: 45 minutes", "stock_max_age: soon")
        .replace("door: door", "door: dor")
        .replace("plugins: []", "plugin: []")
    )
    flow = FLOW.replace("webhook\n", "webhok\n", 1)
    skus = SKUS.replace("0.10", "0,10").replace("MUG-1,engraver", "MUG-1,engravr")
    told = "\n".join(map(str, mistakes(write(tmp_path, hub=hub, skus=skus, note=flow))))

    assert "suplier_api" in told and "supplier_api" in told
    assert '"mode" is never "sandbx". Did you mean "sandbox"?' in told
    assert "hub.yaml:6" in told and "'soon' is not a length of time" in told
    assert 'There is no connection "dor". Did you mean "door"?' in told
    assert 'has no key "plugin". Did you mean "plugins"?' in told
    assert "webhok" in told
    assert "skus.csv:3" in told


def test_the_sku_map_names_its_lines_and_remedies(tmp_path: Path) -> None:
    skus = (
        "sku,supplier,supplier_sku,unit_cost,currency\n"
        'MUG-1,engravr,,4.50,USD\n,engraver,,4.50,USD\nM,engraver,,"4,50",USD\n'
        "N,engraver,,1.00,usd\nP,engraver,,1,USD\nP,engraver,,2,USD\n"
    )
    found = mistakes(write(tmp_path, skus=skus))
    assert [(p.place.line, p.message) for p in found] == [
        (2, 'There is no supplier "engravr".'),
        (3, "This line has no sku."),
        (4, 'unit_cost "4,50" is no amount.'),
        (5, '"usd" is no currency.'),
        (7, "P of engraver is given twice."),
    ]
    assert all(p.hint for p in found if p.place.line != 3)


def test_a_role_nobody_plays_is_named_where_the_flow_asks_for_it(tmp_path: Path) -> None:
    (found,) = mistakes(write(tmp_path, hub=HUB.replace("  supplier: [engraver-ny]\n", "")))
    assert found.place.path.endswith("note.yaml") and found.place.line == 6
    assert "roles: {supplier: engraver-ny}" in found.hint


def test_a_role_is_played_only_by_who_can(tmp_path: Path) -> None:
    (found,) = mistakes(write(tmp_path, hub=HUB.replace("[engraver-ny]", "[engraver-ny, address-1]")))
    assert found.place.line == 22
    assert "asks for supplier; connector easypost is not that" in found.message
    assert "engraver-ny" in found.hint


ON_CHANNELS = """\
format: 1
flow: tag-it
title: Tag an order
uses:
  shop: sales-channel
{more}trigger:
  event: {event}
  key: ${{event.{key}}}
steps:
  - step: tag
    do: shop.add_tags
    with:
      id: "1"
      tags: [seen]
"""


@pytest.mark.parametrize(
    ("event", "key", "more", "are_told_apart"),
    [
        ("hub.order_filtered", "order_id", "", True),
        ("shop.order_paid", "order_id", "", True),
        ("door.received", "key_value", "  door: webhook\n", False),
    ],
)
def test_a_store_may_sell_on_several_channels_where_a_run_knows_which_it_is_about(
    tmp_path: Path, event: str, key: str, more: str, are_told_apart: bool
) -> None:
    channels = "connections:\n" + "".join(
        f"  {n}: {{connector: shopify, mode: sandbox}}\n" for n in ("one", "two")
    )
    hub = HUB.replace("connections:\n", channels).replace("roles:\n", "roles:\n  shop: [one, two]\n")
    write(tmp_path, hub=hub, tag=ON_CHANNELS.format(event=event, key=key, more=more))
    if are_told_apart:
        assert loaded(tmp_path).publication().flows
        return
    assert [p.message for p in mistakes(tmp_path)] == ['Role "shop" of flow tag-it takes one connection.']


@pytest.mark.row("S2-032")
def test_a_flow_that_assigns_is_not_published_without_routing_rules(tmp_path: Path) -> None:
    bare = HUB[: HUB.index("rules:")] + "sku_map: skus.csv\n"
    asking = ASSIGNING.replace("uses:\n  door: webhook\n", "")

    (found,) = mistakes(write(tmp_path, hub=bare, buy=asking))
    assert found.code == "E-NO-RULES"
    assert "rules:" in found.hint

    assert mistakes(write(tmp_path, hub=HUB, buy=asking)) == []


@pytest.mark.parametrize(
    ("was", "is_now", "said"),
    [
        ("zone: America/New_York", "zone: America/New_Yrk", "no time zone"),
        ("currency: USD", "currency: dollars", "no currency"),
        ("sku_prefix: [MUG-]", "sku_prefx: [MUG-]", 'Did you mean "sku_prefix"?'),
        ("prefer: [engraver]", "prefer: [engravr]", 'Did you mean "engraver"?'),
        ("    prefer: [engraver]\n", "", "decides nothing"),
        ("connection: engraver-ny\n", "connection: engraver-nj\n", 'Did you mean "engraver-ny"?'),
        ("sku_map: skus.csv", "sku_map: ../skus.csv", "in the project's folder"),
        ("sku_map: skus.csv", "sku_map: sku.csv", "cannot be read"),
        ("mode: sandbox", "mode: sandbox\n    store: mian", 'Did you mean "main"?'),
        ("mode: sandbox", "mode: sandbox\n    base_url: example.com", "begins with https://"),
        ("api_key: ${secret:easypost}", "api_key: key-${env:X}", "stands alone"),
        ("plugins: []", "plugins: [faros-globex]", "without a version"),
        ("level", "level", ""),
    ],
)
def test_a_mistake_in_hub_yaml_has_a_line_and_a_remedy(
    tmp_path: Path, was: str, is_now: str, said: str
) -> None:
    found = mistakes(write(tmp_path, hub=HUB.replace(was, is_now)))
    assert bool(found) is bool(said)
    assert said in "\n".join(map(str, found))


def test_two_stores_take_each_their_own_connections_of_a_role(tmp_path: Path) -> None:
    hub = (
        HUB.replace(
            "connections:\n",
            "  second:\n    currency: EUR\nconnections:\n  door-2:\n    connector: webhook\n"
            "    store: second\n    settings:\n      signature: none\n",
        )
        .replace(
            "    connector: webhook\n    settings:\n      secrets",
            "    connector: webhook\n    store: main\n    settings:\n      secrets",
        )
        .replace("    mode: sandbox", "    mode: sandbox\n    store: main")
        .replace("connector: easypost", "connector: easypost\n    store: main")
        .replace("  door: door\n", "  door: [door, door-2]\n")
    )
    flow = FLOW.replace("  supplier:\n    capability: supplier\n    many: true\n", "")
    project = loaded(write(tmp_path, hub=hub, note=flow))
    assert {f.store_id: f.roles for f in project.flows} == {
        "main": {"door": ["door"]}, "second": {"door": ["door-2"]},
    }  # fmt: skip


def test_a_folder_without_hub_yaml_says_how_to_begin(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match="faros init"):
        loaded(tmp_path)


def test_the_allow_list_is_known_before_anything_is_loaded(tmp_path: Path) -> None:
    folder = write(tmp_path, hub=HUB.replace("plugins: []", "plugins: [faros-globex==1.2.0]"))
    assert allowed_plugins(folder) == ("faros-globex==1.2.0",)
    assert allowed_plugins(tmp_path / "nowhere") == ()
