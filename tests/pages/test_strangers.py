"""Whoever has no good link learns nothing, can break nothing, and can make nothing happen."""

import itertools
import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import httpx
import pytest

from hub.fulfilment.links import PATHS, Purpose, mint
from hub.pages import create_pages
from hub.pages.bucket import MOST, PER_MINUTE, Buckets
from hub.pages.forms import LARGEST
from tests.pages.conftest import Seconds
from tests.pages.desk import MemoryDesk, brand_of

Tokens = dict[Purpose, str]
ANSWERED: tuple[Purpose, ...] = ("address", "choice", "supplier")
GOOD: dict[Purpose, dict[str, str]] = {
    "address": {"name": "A", "line1": "B 1", "city": "C", "postcode": "1"},
    "choice": {"choice": "refund"},
    "supplier": {"answer": "out-of-stock"},
}


def paths(tokens: Tokens) -> list[str]:
    """Every page that opens."""
    return [f"/{PATHS[purpose]}/{token}" for purpose, token in tokens.items()]


async def test_every_answer_carries_the_strict_headers(customer: httpx.AsyncClient, tokens: Tokens) -> None:
    answers = [
        await customer.get(path) for path in [*paths(tokens), "/", "/t/none", "/docs", "/openapi.json"]
    ]
    answers += [await customer.post(path, data={}) for path in paths(tokens)]
    answers += [await customer.put(paths(tokens)[0]), await customer.head(paths(tokens)[0])]
    for answer in answers:
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"].startswith("noindex")
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers and "access-control-allow-origin" not in headers
        policy = headers["content-security-policy"].split("; ")
        assert policy[0] == "default-src 'none'"
        assert {"form-action 'self'", "frame-ancestors 'none'", "img-src 'self' data:"} <= set(policy)
        assert (
            "unsafe" not in headers["content-security-policy"]
            and "script-src" not in headers["content-security-policy"]
        )


async def test_no_page_has_a_script_or_fetches_anything(customer: httpx.AsyncClient, tokens: Tokens) -> None:
    for path in paths(tokens):
        page = (await customer.get(path)).text
        assert not re.search(
            r"<script|\son\w+=|javascript:|@import|url\(|<iframe|<link rel=\"stylesheet", page, re.IGNORECASE
        )
        assert set(re.findall(r'(?:src|href|action)="([^":]*:)', page)) <= {"data:", "mailto:"}
        assert len(page) < 16_000


async def test_reading_changes_nothing(customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens) -> None:
    before = desk.snapshot()
    for path in paths(tokens):
        first, second = await customer.get(path), await customer.get(f"{path}?choice=refund&answer=accepted")
        assert (first.status_code, first.text) == (200, second.text)
        for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"):
            assert (await customer.request(method, path)).status_code == 405
    assert desk.snapshot() == before


async def test_the_tracking_page_takes_no_answer(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    before = desk.snapshot()
    assert (await customer.post(f"/t/{tokens['tracking']}", data={"choice": "refund"})).status_code == 405
    assert desk.snapshot() == before


def tampered(token: str) -> Iterator[str]:
    """A token with one sign changed, cut, grown, or dressed up."""
    for place in range(0, len(token), 7):
        yield token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    yield from (
        token[:-1],
        token + "A",
        token.upper(),
        token.swapcase(),
        token + "=",
        f"{token}%00",
        f"%20{token}",
        token * 9,
    )


async def test_unknown_tampered_foreign_and_expired_links_are_one_and_the_same_page(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    old = desk.link("choice", "8492", lasts=timedelta(seconds=0))
    wrong = [
        f"/c/{old}",
        f"/c/{mint(bytes(32))}",
        "/",
        "/favicon.ico",
        "/c",
        "/c/",
        "/x/y",
        f"/c/{tokens['choice']}/",
    ]
    wrong += [f"/{PATHS[asked]}/{tokens[own]}" for asked, own in itertools.permutations(PATHS, 2)]
    wrong += [f"/{PATHS[own]}/{token}" for own in PATHS for token in tampered(tokens[own])]
    first = await customer.get("/t/nothing")
    before = desk.snapshot()
    for path in wrong:
        got = await customer.get(path)
        assert (got.status_code, got.content) == (404, first.content), path
        assert dict(got.headers) == dict(first.headers)
    for purpose, own in itertools.permutations(ANSWERED, 2):
        got = await customer.post(f"/{PATHS[purpose]}/{tokens[own]}", data=GOOD[purpose])
        assert (got.status_code, got.content) == (404, first.content)
    assert desk.snapshot() == before
    assert not any(word in first.text for word in ("Moss", "8492", "Kiosk"))


async def test_a_used_link_that_has_expired_is_gone_too(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    path = f"/c/{tokens['choice']}"
    await customer.post(path, data={"choice": "refund"})
    desk.now += timedelta(days=8)
    nothing = await customer.get("/c/nothing")
    assert (await customer.get(path)).content == nothing.content
    assert (await customer.post(path, data={"choice": "refund"})).content == nothing.content


async def test_a_bad_token_is_looked_up_like_a_good_one(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens
) -> None:
    """No shape of token takes a shorter way, by which its time would tell that it was not even looked up."""
    for token in (tokens["tracking"], mint(bytes(32)), "x", "x" * 1000, "%F0%9F%92%A9", tokens["choice"]):
        before = desk.asked
        await customer.get(f"/t/{token}")
        assert desk.asked == before + 1


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", b'{"choice":"refund"}', 415),
        ("multipart/form-data; boundary=x", b"--x\r\n", 415),
        ("text/plain", b"choice=refund", 415),
        ("", b"choice=refund", 415),
        ("application/x-www-form-urlencoded; charset=utf-16", b"choice=refund", 415),
        ("application/x-www-form-urlencoded", b"choice=refund&" + b"x" * LARGEST, 413),
        ("application/x-www-form-urlencoded", b"&".join(b"f%d=1" % n for n in range(21)), 400),
        ("application/x-www-form-urlencoded", b"choice=refund&choice=similar", 400),
        ("application/x-www-form-urlencoded", b"choice=%ff%fe", 400),
        ("application/x-www-form-urlencoded", b"choice=\xc3\xa9", 400),
    ],
)
async def test_what_is_no_small_form_is_not_taken_and_the_link_stays_good(
    customer: httpx.AsyncClient, desk: MemoryDesk, tokens: Tokens, content_type: str, body: bytes, status: int
) -> None:
    path = f"/c/{tokens['choice']}"
    for target in (path, "/c/nothing"):
        refused = await customer.post(target, content=body, headers={"content-type": content_type})
        assert refused.status_code == status
        assert "Moss" not in refused.text
    assert desk.answers == []
    assert (await customer.post(path, data={"choice": "refund"})).status_code == 200


async def test_a_body_is_not_read_beyond_its_bound(customer: httpx.AsyncClient, tokens: Tokens) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"a" * 1024

    headers = {"content-type": "application/x-www-form-urlencoded"}
    answer = await customer.post(f"/c/{tokens['choice']}", content=endless(), headers=headers)
    assert (answer.status_code, sent <= LARGEST // 1024 + 2) == (413, True)


async def test_the_twenty_first_request_of_a_minute_waits(
    desk: MemoryDesk, tokens: Tokens, seconds: Seconds
) -> None:
    app = create_pages(desk, brand_of, lambda: desk.now, seconds=seconds)

    def at(address: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(address, 1)), base_url="https://moss.example"
        )

    async with (
        at("203.0.113.7") as hasty,
        at("203.0.113.8") as other,
        at("2001:db8::1") as one,
        at("2001:db8::2") as two,
    ):
        path = f"/t/{tokens['tracking']}"
        statuses = [(await hasty.get(path)).status_code for _ in range(PER_MINUTE + 5)]
        assert statuses == [200] * PER_MINUTE + [429] * 5
        assert (await hasty.get("/nothing")).headers["retry-after"] == "60"
        assert (await other.get(path)).status_code == 200
        assert [(await c.get(path)).status_code for c in (one, two) * 11].count(429) == 2
        seconds.at += 3
        assert [(await hasty.get(path)).status_code for _ in range(2)] == [200, 429]
        seconds.at += 3600
        assert [(await hasty.get(path)).status_code for _ in range(21)] == [200] * 20 + [429]


def test_the_limit_remembers_only_so_many_addresses() -> None:
    buckets = Buckets(lambda: 0.0)
    for number in range(MOST + 50):
        assert buckets.admit(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(buckets._left) == MOST


async def test_a_failure_inside_is_a_friendly_page_that_tells_nothing(seconds: Seconds) -> None:
    class Broken(MemoryDesk):
        async def tracking(self, token: str) -> None:
            raise RuntimeError(f"no row for {token}")

    app = create_pages(Broken(), brand_of, lambda: MemoryDesk().now, seconds=seconds)
    transport = httpx.ASGITransport(app, client=("203.0.113.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="https://moss.example") as client:
        answer = await client.get("/t/secret-token")
    assert answer.status_code == 500
    assert "That did not work" in answer.text and "secret-token" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
