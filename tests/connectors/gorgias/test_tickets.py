"""Tickets and notes at the desk: each once, for staff only, and nothing of staff's is undone."""

import pytest

from hub.sdk import NotDone, Refused, Unanswered, Unauthorised, Unreadable
from hub.sdk.http import Answer
from hub.sdk.messages import TagTicket, TicketRef
from tests.connectors.gorgias.desk import Desk, exception, note


async def test_an_opened_ticket_says_what_staff_need_and_writes_to_no_customer() -> None:
    desk = Desk()

    ticket = await desk.open()

    there = desk.sandbox.tickets[int(ticket.id)]
    assert (ticket.external_id, ticket.status, ticket.tags) == (
        "main/8492/no-scan",
        "open",
        ["faros", "no-scan"],
    )
    assert (there["priority"], there["meta"]) == ("high", {"order_number": "8492"})
    assert there["customer"] == {"email": "ada@example.com", "name": "Ada Sample"}
    assert [m["channel"] for m in desk.sandbox.messages[int(ticket.id)]] == ["internal-note"]
    assert desk.sandbox.messages[int(ticket.id)][0]["public"] is False
    assert desk.sandbox.mails == []


async def test_the_double_would_have_mailed_an_agents_message_by_mail() -> None:
    desk = Desk()
    await desk.open()
    message = {
        "channel": "email",
        "via": "api",
        "from_agent": True,
        "sender": {"email": "agent@brand.example"},
    }

    await desk.http().post("/api/tickets/1/messages", json=message, headers=desk.headers())

    assert desk.sandbox.unsettled()["mails"] == 1


async def test_a_customer_without_a_mail_address_has_a_ticket_all_the_same() -> None:
    desk = Desk()

    ticket = await desk.open(exception(customer=exception().customer.model_copy(update={"email": ""})))

    assert desk.sandbox.tickets[int(ticket.id)]["customer"] is None


async def test_the_same_exception_has_one_ticket_however_often_it_is_opened() -> None:
    desk = Desk()

    first = await desk.open()
    again = await desk.open()
    other = await desk.open(exception(external_id="main/8492/lost"))

    assert first == again
    assert first.id != other.id
    assert desk.sandbox.changes == 2


async def test_a_ticket_that_was_closed_or_binned_since_still_counts_as_opened() -> None:
    desk = Desk()
    ticket = await desk.open()
    desk.sandbox.tickets[int(ticket.id)] |= {"status": "closed", "trashed_datetime": "2026-03-02T11:00:00"}

    again = await desk.open()

    assert (again.id, again.status) == (ticket.id, "closed")


async def test_of_two_tickets_with_one_id_the_older_one_is_ours() -> None:
    desk = Desk()
    ticket = await desk.open()
    twin = desk.sandbox.tickets[int(ticket.id)] | {"id": 99}
    desk.sandbox.tickets[99], desk.sandbox.messages[99] = twin, []

    assert (await desk.open()).id == ticket.id


async def test_a_desk_that_ignores_our_question_gives_us_nobody_elses_ticket() -> None:
    desk = Desk()
    desk.wire.without_acting = Answer(200, {}, b'{"data": [{"id": 7, "external_id": "x", "status": "open"}]}')

    assert await desk.gorgias.opened_ticket(exception(), desk.call()) is None


async def test_a_question_that_is_lost_beforehand_leaves_nothing_in_doubt() -> None:
    desk = Desk()
    desk.sandbox.lose_next_answer("/tickets")

    with pytest.raises(NotDone, match="nothing was written"):
        await desk.open()

    assert desk.sandbox.changes == 0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500, {}, b""),
        Answer(408, {}, b""),
        Answer(302, {"location": "/login"}, b""),
        Answer(200, {}, b"<html>Log in</html>"),
        Answer(201, {}, b"{"),
        Answer(201, {}, b"{}"),
    ],
    ids=lambda answer: f"{answer.status_code} {answer.content.decode()}",
)
async def test_a_ticket_and_a_note_that_may_be_there_are_in_doubt_and_then_found(answer: Answer) -> None:
    desk = Desk()
    desk.answer_writes_with(answer)
    with pytest.raises((Unanswered, Unreadable)):
        await desk.open()
    with pytest.raises((Unanswered, Unreadable)):
        await desk.gorgias.add_ticket_note(note("2"), desk.call())
    desk.wire.instead = None

    assert await desk.gorgias.opened_ticket(exception(), desk.call()) is not None
    assert await desk.gorgias.added_note(note("2"), desk.call()) is not None
    assert desk.sandbox.changes == 2


async def test_a_lookup_that_is_refused_does_not_say_that_the_ticket_was() -> None:
    desk = Desk()
    desk.wire.without_acting = Answer(400, {}, b'{"error": {"msg": "Bad request"}}')

    with pytest.raises(Unreadable):
        await desk.gorgias.opened_ticket(exception(), desk.call())
    with pytest.raises(Unreadable):
        await desk.gorgias.added_note(note("1"), desk.call())


async def test_a_note_is_written_once_for_each_reference_and_is_for_staff() -> None:
    desk = Desk()

    await desk.gorgias.add_ticket_note(note("1"), desk.call())
    await desk.gorgias.add_ticket_note(note("1"), desk.call())
    await desk.gorgias.add_ticket_note(note("1", "main/8492/no-scan/2"), desk.call())

    notes = [m for m in desk.sandbox.messages[1] if m["channel"] == "internal-note"]
    assert [m["external_id"] for m in notes] == ["main/8492/no-scan/1", "main/8492/no-scan/2"]
    assert desk.sandbox.mails == []


async def test_a_note_is_found_behind_two_hundred_others() -> None:
    desk = Desk()
    written = {"channel": "chat", "via": "chat", "from_agent": False, "sender": {"id": 7}}
    for _ in range(200):
        desk.sandbox._write(1, written)
    await desk.gorgias.add_ticket_note(note("1"), desk.call())

    found = await desk.gorgias.added_note(note("1"), desk.call())

    assert found is not None
    assert await desk.gorgias.added_note(note("1", "another"), desk.call()) is None


async def test_tags_are_added_to_those_that_staff_have_put_there() -> None:
    desk = Desk()
    desk.sandbox.tickets[1]["tags"] = [{"name": "vip"}]

    ticket = await desk.gorgias.tag_ticket(TagTicket(id="1", tags=["no-scan", "vip"]), desk.call())

    assert ticket.tags == ["vip", "no-scan"]


async def test_the_double_replaces_tags_where_they_are_put() -> None:
    desk = Desk()
    await desk.gorgias.tag_ticket(TagTicket(id="1", tags=["vip"]), desk.call())

    await desk.http().put("/api/tickets/1", json={"tags": [{"name": "x"}]}, headers=desk.headers())

    assert desk.sandbox.tickets[1]["tags"] == [{"name": "x"}]


async def test_closing_leaves_tags_alone_and_a_closed_ticket_untouched() -> None:
    desk = Desk()
    await desk.gorgias.tag_ticket(TagTicket(id="1", tags=["vip"]), desk.call())

    closed = await desk.gorgias.close_ticket(TicketRef(id="1"), desk.call())
    changes = desk.sandbox.changes
    again = await desk.gorgias.close_ticket(TicketRef(id="1"), desk.call())

    assert (closed.status, closed.tags) == ("closed", ["vip"])
    assert again == closed
    assert desk.sandbox.changes == changes


async def test_a_close_that_gorgias_takes_without_a_word_is_read_again() -> None:
    desk = Desk()
    desk.answer_writes_with(Answer(202, {}, b""))

    assert (await desk.gorgias.close_ticket(TicketRef(id="1"), desk.call())).status == "closed"


@pytest.mark.parametrize("ticket_id", ["404", "one", "1/messages", ""])
async def test_a_ticket_that_is_not_there_is_not_found(ticket_id: str) -> None:
    desk = Desk()

    for act, wanted in (
        (desk.gorgias.close_ticket, TicketRef(id=ticket_id)),
        (desk.gorgias.tag_ticket, TagTicket(id=ticket_id, tags=["x"])),
        (desk.gorgias.add_ticket_note, note(ticket_id)),
    ):
        with pytest.raises(Refused) as refused:
            await act(wanted, desk.call())
        assert refused.value.code == "not-found"
    assert desk.sandbox.changes == 0


async def test_a_status_nobody_knows_is_not_guessed_at() -> None:
    desk = Desk()
    desk.sandbox.tickets[1]["status"] = "snoozed"

    with pytest.raises(Unreadable, match="snoozed"):
        await desk.gorgias.close_ticket(TicketRef(id="1"), desk.call())
    with pytest.raises(Unreadable, match="snoozed"):
        await desk.gorgias.tag_ticket(TagTicket(id="1", tags=["x"]), desk.call())
    with pytest.raises(NotDone, match="snoozed"):
        await desk.gorgias.add_ticket_note(note("1"), desk.call())


async def test_a_new_ticket_whose_status_nobody_knows_is_in_doubt() -> None:
    desk = Desk()
    desk.answer_writes_with(Answer(201, {}, b'{"id": 2, "status": "parked"}'))

    with pytest.raises(Unreadable, match="parked"):
        await desk.open()


async def test_a_refusal_names_the_fields_and_never_what_was_in_them() -> None:
    desk = Desk()
    body = b'{"error": {"msg": "Bad", "data": {"customer": ["ada@example.com is bad"], "x y": ["?"]}}}'
    desk.answer_writes_with(Answer(400, {}, body))

    with pytest.raises(Refused) as refused:
        await desk.open()

    assert str(refused.value) == "rejected: Gorgias says status 400 about customer."


async def test_a_full_bucket_is_waited_for_as_long_as_gorgias_says() -> None:
    desk = Desk()
    desk.sandbox.refuse("429")

    with pytest.raises(NotDone) as later:
        await desk.open()

    assert later.value.retry_after == 7


async def test_the_bucket_holds_forty_requests_and_loses_two_a_second() -> None:
    desk = Desk()
    clock = [0.0]
    desk.sandbox.bucket.clock = lambda: clock[0]
    desk.sandbox.bucket._at = 0.0

    said = [await desk.gorgias.probe(desk.call()) for _ in range(40)]
    with pytest.raises(NotDone) as full:
        await desk.gorgias.probe(desk.call())
    clock[0] = 0.5
    after = await desk.gorgias.probe(desk.call())

    assert "40/40" in said[-1]
    assert full.value.retry_after == 1
    assert "40/40" in after


async def test_a_key_that_is_not_the_agents_pauses_the_connection() -> None:
    with pytest.raises(Unauthorised):
        await Desk(api_key="other").open()
    with pytest.raises(Unauthorised):
        await Desk(email="other@brand.example").open()


async def test_every_account_has_its_own_address() -> None:
    assert Desk(account="acme").gorgias.live_base_url() == "https://acme.gorgias.com"
