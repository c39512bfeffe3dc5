"""What the hub learns when somebody writes to the desk, and whom it believes."""

import json
import re
from pathlib import Path

import orjson
import pytest

from connectors.gorgias import deliveries
from connectors.gorgias.sandbox import SECRET
from connectors.gorgias.settings import HEADER
from hub.sdk import Delivery, TicketReceived, Unreadable, Unverified
from tests.connectors.gorgias.desk import NOW, Desk, note

README = Path(deliveries.__file__).with_name("README.md").read_text()


def test_a_customer_who_asks_for_an_order_is_heard() -> None:
    [event] = Desk().events("ada@example.com", "Where's my order #8492?!")

    assert event == TicketReceived(
        ticket_id="2",
        order_number="8492",
        topic="where-is-my-order",
        customer="ada@example.com",
        received_at=NOW,
    )
    assert (event.key(), event.person()) == ("2", "ada@example.com")


@pytest.mark.parametrize(
    ("subject", "topic"),
    [
        ("WHERE IS MY ORDER", "where-is-my-order"),
        ("where\u2019s my package??", "where-is-my-order"),
        ("Order status, please", "where-is-my-order"),
        ("My parcel has not arrived", "where-is-my-order"),
        ("Tracking number does not work", "where-is-my-order"),
        ("Sizes", "other"),
        ("Backtracking on my decision", "other"),
        ("I received the wrong mug", "other"),
        ("", "other"),
    ],
)
def test_a_subject_is_about_an_order_on_its_way_by_its_words(subject: str, topic: str) -> None:
    [event] = Desk().events("ada@example.com", subject)

    assert event.topic == topic


@pytest.mark.parametrize("tag", ["WISMO", "Where is my order", "order_status", "shipping-status"])
def test_a_tag_says_it_too_however_it_is_written(tag: str) -> None:
    [event] = Desk().events("ada@example.com", "Hello", "", "vip", tag)

    assert event.topic == "where-is-my-order"


@pytest.mark.parametrize(
    "tags",
    [
        "vip, wismo",
        '["vip", "wismo"]',
        "[{'name': 'vip', 'id': 1}, {'name': 'wismo', 'id': 2}]",
        '[{"id": 2, "name": "wismo"}]',
        ["vip", "wismo"],
        [{"id": 2, "name": "wismo"}],
    ],
)
def test_tags_are_read_in_every_form_a_template_gives_them(tags: object) -> None:
    assert deliveries.read_topic("Hello", tags) == "where-is-my-order"
    assert deliveries.read_topic("Hello", "vip, wismology") == "other"


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Order #8492", "8492"),
        ("order # GLW-8492-A missing", "GLW-8492-A"),
        ("#help", ""),
        ("8492", ""),
    ],
)
def test_an_order_is_named_as_sales_channels_name_it(subject: str, number: str) -> None:
    [event] = Desk().events("ada@example.com", subject)

    assert event.order_number == number


async def test_a_ticket_that_the_hub_opened_is_no_customer_writing() -> None:
    desk = Desk()
    ticket = await desk.open()
    await desk.gorgias.add_ticket_note(note("1"), desk.call())

    assert desk.gorgias.ticket_received(desk.sandbox.news(int(ticket.id))) == []
    assert len(desk.gorgias.ticket_received(desk.sandbox.news(1))) == 1


@pytest.mark.parametrize("said", [True, "true", "True"])
def test_an_agent_is_known_however_a_template_writes_yes(said: str | bool) -> None:
    desk = Desk()
    body = json.loads(desk.sandbox.news(1).body) | {"from_agent": said}

    assert desk.gorgias.ticket_received(desk.sandbox.sign(orjson.dumps(body))) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"ticket_id": ""},
        {"ticket_id": "{{ticket.id}}"},
        {"from_agent": "perhaps"},
        {"created_datetime": "Monday"},
    ],
)
def test_a_form_filled_in_wrongly_is_not_guessed_at(wrong: dict[str, str]) -> None:
    desk = Desk()
    body = json.loads(desk.sandbox.news(1).body) | wrong

    with pytest.raises(Unreadable):
        desk.gorgias.ticket_received(desk.sandbox.sign(orjson.dumps(body)))


def test_a_body_that_is_no_form_is_unreadable_and_not_quoted() -> None:
    desk = Desk()

    for body in (b"ada@example.com", b"[]", b'{"subject": "ada@example.com"}'):
        with pytest.raises(Unreadable) as unreadable:
            desk.gorgias.ticket_received(desk.sandbox.sign(body))
        assert "ada@" not in str(unreadable.value)


@pytest.mark.parametrize(
    "header", [{}, {HEADER: ""}, {HEADER: "other"}, {HEADER: SECRET + "x"}, {"x-other": SECRET}]
)
def test_whoever_does_not_know_the_secret_is_not_believed(header: dict[str, str]) -> None:
    desk = Desk()

    with pytest.raises(Unverified):
        desk.gorgias.verify(Delivery(header, desk.sandbox.news(1).body, NOW))


def test_while_a_secret_is_replaced_both_are_believed() -> None:
    desk = Desk(webhooks={"secrets": ["the-new-secret-of-ours", SECRET]})

    desk.gorgias.verify(desk.sandbox.news(1))
    with pytest.raises(Unverified):
        Desk(webhooks={"secrets": ["the-new-secret-of-ours"]}).gorgias.verify(desk.sandbox.news(1))


def test_a_connection_without_webhooks_believes_nobody() -> None:
    with pytest.raises(Unverified):
        Desk(webhooks=None).gorgias.verify(Desk().sandbox.news(1))


def test_the_same_news_twice_is_one_event() -> None:
    desk = Desk()

    first, second = desk.sandbox.news(1), desk.sandbox.news(1)

    assert desk.gorgias.delivery_key(first) == desk.gorgias.delivery_key(second)
    assert desk.gorgias.ticket_received(first)[0].key() == desk.gorgias.ticket_received(second)[0].key()


def test_the_readme_gives_the_integration_that_is_read_here() -> None:
    found = re.search(r"```json\n(.*?)```", README, re.DOTALL)
    assert found is not None
    integration = json.loads(found[1])["http"]

    assert integration["form"] == deliveries.FORM
    assert list(integration["headers"]) == [HEADER]
    assert integration["triggers"] == {"ticket-created": True}


def test_the_readme_states_the_rule_by_which_topics_are_told() -> None:
    rule = README[README.index("- `topic` is") : README.index("## The sandbox")]

    assert set(re.findall(r'"([^"]+)"', rule)) == set(deliveries.WISMO_WORDS)
    assert set(re.findall(r"`([^`]+)`", rule)) >= deliveries.WISMO_TAGS
