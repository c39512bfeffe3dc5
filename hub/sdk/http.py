"""The one outbound HTTP client: pooled per connection, one total deadline, size caps, no redirects, an address guard.

It has httpx's names. A connector never builds a client; `Connector.http(call)` gives it one.
"""

import asyncio
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import urlencode, urljoin, urlsplit

import orjson
from pyreqwest.client import Client as WireClient
from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import ConnectError, ConnectTimeoutError, PyreqwestError
from pyreqwest.response import Response

from hub.sdk.errors import NotDone, Refused, Unanswered, Unauthorised, Unreadable
from hub.sdk.paths import read_json

MAX_ANSWER_BYTES = 5_000_000
"""More than this of an answer is not read."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side answered. Header names are lower case."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The body as JSON, numbers with a point as Decimal; raises `Unreadable`."""
        try:
            return read_json(self.content)
        except Unreadable as error:
            raise Unreadable(f"The answer (status {self.status_code}) is not JSON.") from error

    @property
    def text(self) -> str:
        """The body as UTF-8 text."""
        return self.content.decode("utf-8", "replace")

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status_code < 300

    def retry_after(self) -> float | None:
        """`Retry-After` in seconds; a date or nonsense gives None."""
        value = self.headers.get("retry-after", "").strip()
        return float(value) if value.isdecimal() and len(value) < 7 else None

    def raise_for_status(self) -> "Answer":
        """Turn a status that is not 2xx into what it lets us know, with caution: a 5xx may have acted."""
        status = self.status_code
        if self.is_success:
            return self
        if status in (401, 403):
            raise Unauthorised(f"The other side answered {status}.")
        if status == 429:
            raise NotDone("The other side asks us to slow down.", retry_after=self.retry_after())
        if 400 <= status < 500 and status != 408:
            raise Refused(f"http-{status}", f"The other side answered {status}.")
        raise Unanswered(f"The other side answered {status}; it may have acted.")


class Transport(Protocol):
    """The narrow seam under the client. Raises `NotDone` if no byte left, `Unanswered` if one may have."""

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float
    ) -> Answer: ...

    async def close(self) -> None: ...


class WireTransport:
    """Requests over the wire, by pyreqwest. One pool per (origin, checked address)."""

    def __init__(self, exempt: frozenset[str] = frozenset()) -> None:
        self._exempt = exempt
        self._pools: dict[tuple[str, str | None], WireClient] = {}
        self._exempt_pools: dict[str, WireClient] = {}

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, timeout: float
    ) -> Answer:
        pool = await self._pool(url)
        request = pool.request(method, url).headers(dict(headers)).timeout(timedelta(seconds=timeout))
        if body is not None:
            request = request.body_bytes(body)
        try:
            async with request.build_streamed() as response:
                content = await _capped(response, url)
        except PyreqwestError as error:
            if _never_connected(error):
                raise NotDone(f"{origin_of(url)} does not accept connections.") from error
            raise Unanswered(f"{origin_of(url)} gave no whole answer ({type(error).__name__}).") from error
        return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, content)

    async def close(self) -> None:
        for pool in self._pools.values():
            await pool.close()
        self._pools.clear()
        self._exempt_pools.clear()

    async def _pool(self, url: str) -> WireClient:
        front = "/".join(url.split("/", 3)[:3])  # hot path: parsing a URL is not free
        if (known := self._exempt_pools.get(front)) is not None:
            return known
        origin = origin_of(url)
        address = None if origin in self._exempt else await checked_address(url)
        pool = self._pools.get((origin, address))
        if pool is None:
            builder = ClientBuilder().follow_redirects(False).no_proxy().default_cookie_store(False)
            builder = builder.gzip(False).brotli(False).zstd(False).deflate(False).pool_max_idle_per_host(64)
            builder = builder.connect_timeout(timedelta(seconds=3))
            if address is not None:
                builder = builder.resolve(urlsplit(url).hostname or "", address, urlsplit(url).port or 443)
            pool = self._pools[(origin, address)] = builder.build()
        if address is None:
            self._exempt_pools[front] = pool
        return pool


def _never_connected(error: PyreqwestError) -> bool:
    """Whether certainly no byte left. A `ConnectTimeoutError` alone says nothing: pyreqwest raises it for any deadline
    that passes before the answer begins, also long after the request was sent. Only the cause tells."""
    return isinstance(error, (ConnectError, ConnectTimeoutError)) and "client error (Connect)" in str(error)


async def _capped(response: Response, url: str) -> bytes:
    """The body, but no more of it than `MAX_ANSWER_BYTES` is ever held."""
    chunks: list[bytes] = []
    size = 0
    while (chunk := await response.body_reader.read_chunk()) is not None:
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise Unreadable(f"The answer of {origin_of(url)} is larger than {MAX_ANSWER_BYTES} bytes.")
        chunks.append(bytes(chunk))
    return b"".join(chunks)


@dataclass
class Client:
    """A connection's outbound client: a transport, and a bound on the requests in flight."""

    transport: Transport
    in_flight: int = 32
    _gate: asyncio.Semaphore = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(self.in_flight)

    async def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, deadline: float
    ) -> Answer:
        """Send once a place is free, but not past the deadline (of the process's monotonic clock): then nothing was
        sent. Never sends late: a worker that slept meanwhile finds its deadline passed."""
        loop = asyncio.get_running_loop()
        if self._gate.locked():
            try:
                async with asyncio.timeout_at(deadline):
                    await self._gate.acquire()
            except TimeoutError as error:
                raise NotDone("Too many requests are in flight on this connection.") from error
        else:
            await self._gate.acquire()
        try:
            left = deadline - loop.time()
            if left <= 0:
                raise NotDone("The call's deadline passed before it was sent.")
            return await self.transport.send(method, url, headers, body, left)
        finally:
            self._gate.release()


class Http:
    """What a connector makes requests with during one call."""

    def __init__(self, client: Client, base_url: str | None, deadline: float) -> None:
        self._client = client
        self._base_url = base_url
        self._deadline = deadline

    async def get(self, path: str, **options: Any) -> Answer:
        """GET; see `request`."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> Answer:
        """POST; see `request`."""
        return await self.request("POST", path, **options)

    async def put(self, path: str, **options: Any) -> Answer:
        """PUT; see `request`."""
        return await self.request("PUT", path, **options)

    async def patch(self, path: str, **options: Any) -> Answer:
        """PATCH; see `request`."""
        return await self.request("PATCH", path, **options)

    async def delete(self, path: str, **options: Any) -> Answer:
        """DELETE; see `request`."""
        return await self.request("DELETE", path, **options)

    async def request(  # noqa: PLR0913 - the names that people know from httpx
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request. `path` is joined to the connection's base URL; a whole URL must stay on its origin."""
        url = self._address(path, params)
        body, media_type = _encode(json, form, content)
        sent = {"accept": "application/json", "user-agent": "faros-hub"}
        if media_type:
            sent["content-type"] = media_type
        sent.update({k.lower(): v for k, v in (headers or {}).items()})
        return await self._client.send(method, url, sent, body, self._deadline)

    def _address(self, path: str, params: Mapping[str, str] | None) -> str:
        if self._base_url is None:
            if not path.startswith("https://"):
                raise Refused(
                    "destination-not-allowed", "This connection has no base_url; give a whole https URL."
                )
            url = path
        elif "://" in path or path.startswith("//"):
            url = urljoin(self._base_url, path)
            if origin_of(url) != origin_of(self._base_url):
                raise Refused(
                    "destination-not-allowed", f"A connection may only call {origin_of(self._base_url)}."
                )
        else:
            url = self._base_url.rstrip("/") + "/" + path.lstrip("/")
        return f"{url}{'&' if '?' in url else '?'}{urlencode(params)}" if params else url


def origin_of(url: str) -> str:
    """Scheme, host and port: what a `base_url` exempts from the guard."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or {'https': 443, 'http': 80}.get(parts.scheme)}"


async def checked_address(url: str) -> str:
    """Resolve a URL's host once and give the address to connect to; raises `Refused` unless all are public.

    `ipaddress.is_global` alone is not enough: it accepts NAT64, 6to4, multicast and a cloud's metadata address.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.port not in (None, 443, 8443):
        raise Refused("destination-not-allowed", "Only https on port 443 or 8443 is called.")
    try:
        found = await asyncio.get_running_loop().getaddrinfo(parts.hostname, parts.port or 443)
    except OSError as error:
        raise NotDone(f"The name {parts.hostname} does not resolve.") from error
    addresses = [entry[4][0] for entry in found]
    if not addresses or not all(_is_public(str(a)) for a in addresses):
        raise Refused("destination-not-allowed", f"{parts.hostname} is not a public address.")
    return str(addresses[0])


_CLOSED = [
    ipaddress.ip_network(n)
    for n in (
        "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::ffff:0:0/96", "ff00::/8", "fc00::/7",
        "224.0.0.0/4", "192.0.0.0/24", "168.63.129.16/32", "100.64.0.0/10", "198.18.0.0/15", "240.0.0.0/4",
    )
]  # fmt: skip


def _is_public(text: str) -> bool:
    address = ipaddress.ip_address(text.split("%")[0])
    return address.is_global and not any(address in net for net in _CLOSED if net.version == address.version)


def _encode(
    json: Any, form: Mapping[str, str] | None, content: bytes | None
) -> tuple[bytes | None, str | None]:
    if json is not None:
        return orjson.dumps(json, default=_encode_value), "application/json"
    if form is not None:
        return urlencode(form).encode(), "application/x-www-form-urlencoded"
    return content, None


def _encode_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON.")
