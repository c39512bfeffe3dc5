"""How the hub hears of a connection is the merchant's to choose, among the ways that the connector has."""

from pathlib import Path

import pytest

from tests.project.folder import HUB, loaded, mistakes, write

SHOP = """\
  shop-1:
    connector: shopify
    mode: sandbox
{hears}"""


def selling(folder: Path, hears: str = "") -> Path:
    """A project with a shop that is heard in some way."""
    line = f"    hears: {hears}\n" if hears else ""
    return write(folder, hub=HUB.replace("connections:\n", f"connections:\n{SHOP.format(hears=line)}", 1))


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("", ("webhook", "poll")),
        ("[webhook, poll]", ("webhook", "poll")),
        ("[poll, webhook]", ("webhook", "poll")),
        ("[webhook]", ("webhook",)),
        ("[poll]", ("poll",)),
        ("poll", ("poll",)),
    ],
)
def test_a_connection_is_heard_by_the_ways_that_are_named_or_by_both(
    tmp_path: Path, written: str, heard: tuple[str, ...]
) -> None:
    connections = {c.id: c for c in loaded(selling(tmp_path, written)).connections}

    assert connections["shop-1"].hears == heard


def test_every_way_that_there_is_not_is_named_at_its_place(tmp_path: Path) -> None:
    found = mistakes(selling(tmp_path, "[polls, pigeon]"))

    assert [p.message for p in found] == ['"hears" is never "polls".', '"hears" is never "pigeon".']
    assert 'Did you mean "poll"?' in found[0].hint
    assert {p.place.line for p in found} == {12}


@pytest.mark.parametrize("nonsense", ["[]", "{poll: true}"])
def test_a_connection_that_hears_nothing_is_a_mistake(tmp_path: Path, nonsense: str) -> None:
    (problem,) = mistakes(selling(tmp_path, nonsense))

    assert problem.message == '"hears" is a list of ways to hear of news.'
    assert (problem.hint, problem.place.line) == ("Write some of [webhook, poll].", 12)


def test_a_way_that_the_connector_does_not_have_would_leave_the_hub_deaf(tmp_path: Path) -> None:
    deaf = HUB.replace("    connector: webhook\n", "    connector: webhook\n    hears: [poll]\n", 1)
    deaf = deaf.replace("    connector: easypost\n", "    connector: easypost\n    hears: [webhook]\n", 1)
    found = mistakes(write(tmp_path, hub=deaf))

    assert [p.message for p in found] == [
        'Connection "door" has nothing to ask connector webhook for, which has no polls.',
        'Connection "address-1" is told nothing by connector easypost, which has no webhooks.',
    ]
    assert [p.hint for p in found] == ['Leave out "poll".', 'Leave out "webhook".']
