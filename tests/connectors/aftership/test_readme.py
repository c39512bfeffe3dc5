"""The page about AfterShip is true: the connection it shows works, and what its table says is declared."""

import re
from pathlib import Path

import yaml

from connectors.aftership import connector
from connectors.aftership.settings import AfterShipSettings
from hub.sdk import actions_of

PAGE = (Path(connector.__file__).parent / "README.md").read_text(encoding="utf-8")


def test_the_connection_shown_can_be_made() -> None:
    (shown,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    settings = AfterShipSettings.model_validate(yaml.safe_load(shown)["parcels"]["settings"])

    assert settings.zone.key == "Asia/Shanghai"
    assert settings.slugs == {"Yun Express": "yunexpress"}


def test_each_action_is_of_the_kind_the_page_names() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", PAGE, re.MULTILINE))

    assert told == {name: action.kind.name for name, action in actions_of(connector.AfterShip).items()}
