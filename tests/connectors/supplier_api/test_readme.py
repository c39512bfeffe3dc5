"""The page about suppliers with an API is true: what it shows can be connected."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.supplier_api import connector
from connectors.supplier_api.settings import SupplierSettings
from hub.sdk import Checkable, Keyed, Unsafe
from tests.connectors.supplier_api.desk import Desk

PAGE = (Path(connector.__file__).parent / "README.md").read_text()
SHOWN: dict[str, Any] = {
    name: connection
    for block in re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    for name, connection in yaml.safe_load(block).items()
}


@pytest.mark.parametrize(("name", "kind"), [("acme", Keyed), ("globex", Checkable), ("workshop-ny", Unsafe)])
def test_every_supplier_shown_can_be_connected_and_keeps_the_promise_written_there(
    name: str, kind: type
) -> None:
    settings = SupplierSettings.model_validate(SHOWN[name]["settings"])

    supplier = connector.SupplierApi(settings, Desk().supplier._client, SHOWN[name]["base_url"])

    assert isinstance(supplier.declared_effect({}), kind)


def test_every_supplier_shown_is_tried() -> None:
    assert set(SHOWN) == {"acme", "globex", "workshop-ny"}


async def test_the_supplier_with_its_own_words_gets_them() -> None:
    desk = Desk(**SHOWN["globex"]["settings"])

    bought = await desk.hear(200, b'{"number": 7, "ref": "main:1001:warehouse:1", "state": "QUEUED"}')

    assert (bought.supplier_reference, bought.status) == ("7", "requested")
    assert b'"sales_channel":"web"' in (desk.wire.sent[0].body or b"")
