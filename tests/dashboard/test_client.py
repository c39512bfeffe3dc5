"""What the hub answers becomes a typed answer or a sentence; what was not answered is not known."""

import httpx
import pytest

from dashboard.ask import cases, orders, reports
from dashboard.client import Away, Client, Declined, SignedOut


def client(status: int, body: object, seen: list[httpx.Request] | None = None) -> Client:
    """A client of a hub that answers this."""

    def answer(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return httpx.Response(status, json=body)

    return Client(httpx.Client(base_url="http://hub", transport=httpx.MockTransport(answer)), "token")


def test_a_question_carries_the_persons_token_and_only_what_is_asked() -> None:
    seen: list[httpx.Request] = []

    orders.found(client(200, {"items": []}, seen), q="8401", state=None, store="", limit=25)

    assert seen[0].headers["authorization"] == "Bearer token"
    assert dict(seen[0].url.params) == {"q": "8401", "limit": "25"}


@pytest.mark.parametrize("number", ["../cases", "a/b", "?x=1", "#8401", "a b", "\N{SNOWMAN}"])
def test_a_number_stays_one_part_of_the_path_whatever_is_in_it(number: str) -> None:
    seen: list[httpx.Request] = []

    with pytest.raises(Declined):
        orders.one(client(404, {"title": "x"}, seen), number)

    assert seen[0].url.raw_path.count(b"/") == 2
    assert seen[0].url.raw_path.startswith(b"/orders/")


def test_what_the_hub_declines_is_told_in_its_words() -> None:
    problem = {
        "type": "urn:faros:case-changed",
        "title": "It has changed meanwhile",
        "status": 409,
        "detail": "ada decided it a minute ago.",
        "hint": "Read the case again.",
    }

    with pytest.raises(Declined, match=r"ada decided it a minute ago\. Read the case again\.") as told:
        cases.one(client(409, problem), "x")

    assert told.value.problem.kind == "case-changed"


def test_fields_that_are_wrong_are_named() -> None:
    problem = {
        "detail": "Some fields are not as they should be.",
        "fields": [{"field": "note", "message": "too long"}],
    }

    with pytest.raises(Declined, match="note: too long"):
        cases.one(client(422, problem), "x")


def test_a_session_that_ended_is_known_from_a_wrong_request() -> None:
    with pytest.raises(SignedOut):
        cases.listed(client(401, {"title": "It is not known who is asking"}))


def test_a_proxys_page_is_a_sentence_as_well() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>Bad gateway</html>")

    asking = Client(httpx.Client(base_url="http://hub", transport=httpx.MockTransport(answer)))

    with pytest.raises(Declined, match="The hub answered 502"):
        cases.listed(asking)


def test_a_hub_that_does_not_answer_is_said_to_be_away() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("", request=request)

    asking = Client(httpx.Client(base_url="http://hub", transport=httpx.MockTransport(answer)))

    with pytest.raises(Away, match="does not answer"):
        cases.listed(asking)


def test_an_answer_of_another_shape_is_not_guessed_at() -> None:
    with pytest.raises(Away, match="does not understand"):
        cases.listed(client(200, {"items": [{"id": 1}]}))


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ({"value": "35.0", "unit": "percent"}, "35 %"),
        ({"value": "47.70", "unit": "money", "currency": "USD"}, "47.70 USD"),
        ({"value": 80, "unit": "orders"}, "80"),
        ({"value": 0, "unit": "orders"}, "0"),
        ({"value": None, "unit": "orders", "unknown": "Nothing was measured."}, "unknown"),
    ],
)
def test_a_figure_that_is_not_known_is_never_nothing(figure: dict[str, object], said: str) -> None:
    assert reports.Figure.model_validate({"name": "x", "title": "X", **figure}).said == said
