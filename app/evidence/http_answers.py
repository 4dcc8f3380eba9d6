"""Owns asking another system one question over HTTP: limits on time and bytes, no redirects, nothing of it logged.

Knows no ticket system and no table, and when to ask again belongs to `connectors` (ADR 12).
"""

import asyncio
import ipaddress
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

CONNECT_SECONDS = 10.0
AGENT = "Touchstone"


class Fault(Exception):
    """A question without a usable answer: a reason with its values, whether asking again is of no use, when to ask again.

    `retry_after` is in seconds, None where the other side does not say; `back_to` is where to go on instead of here.
    """

    def __init__(
        self,
        key: str,
        *,
        stops: bool = False,
        retry_after: int | None = None,
        back_to: dict[str, Any] | None = None,
        **params: object,
    ) -> None:
        super().__init__(key)
        self.key, self.params, self.stops = key, params, stops
        self.retry_after, self.back_to = retry_after, back_to


@dataclass(frozen=True)
class Limits:
    """How long an answer may take from the first byte sent to the last received, and how many bytes it may have."""

    seconds: float
    most_bytes: int


@dataclass(frozen=True)
class Answer:
    """One answer as it came. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_allowed(base_url: str) -> bool:
    """Says whether an address may be asked: https without account, query or fragment; plain http on this machine only."""
    try:
        parts = urlsplit(base_url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        return False
    if not base_url.isascii() or not base_url.isprintable() or " " in base_url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def ask(
    base_url: str, path: str, headers: Mapping[str, str], limits: Limits, *, body: bytes | None = None
) -> Answer:
    """Returns the answer to a GET of `path` below the base address, with a `body` to a POST.

    A redirect is an answer like others: nobody follows it.

    Raises Fault where no whole answer came within the limits, and ValueError for an address that may not be asked.
    """
    if not is_allowed(base_url):
        raise ValueError("an address that may not be asked")
    host = urlsplit(base_url).hostname
    url = URL(base_url.rstrip("/") + path, encoded=True)
    # A thread of its own: the caller's may run an event loop already, and a second one is refused there.
    try:
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(_ask(url, headers, limits, body))).result()
    except aiohttp.ClientConnectorCertificateError:
        raise Fault("connector.certificate", stops=True, host=host) from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise Fault("connector.unreachable", host=host) from None
    except TimeoutError:
        raise Fault("connector.too_slow", seconds=round(limits.seconds)) from None
    except (aiohttp.ClientError, OSError):
        raise Fault("connector.broke_off") from None


async def _ask(url: URL, headers: Mapping[str, str], limits: Limits, sent: bytes | None) -> Answer:
    times = aiohttp.ClientTimeout(total=limits.seconds, sock_connect=min(CONNECT_SECONDS, limits.seconds))
    said = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
    async with (
        aiohttp.ClientSession(
            timeout=times, cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
        ) as session,
        session.request(
            "GET" if sent is None else "POST",
            url,
            data=sent,
            headers=said,
            allow_redirects=False,
            ssl=ssl.create_default_context(),
        ) as response,
    ):
        if (response.content_length or 0) > limits.most_bytes:
            raise _too_long(limits)
        body = bytearray()
        async for block in response.content.iter_any():
            body += block
            if len(body) > limits.most_bytes:
                raise _too_long(limits)
        return Answer(
            response.status, {name.lower(): value for name, value in response.headers.items()}, bytes(body)
        )


def _too_long(limits: Limits) -> Fault:
    return Fault("connector.too_long", limit=limits.most_bytes // 2**20)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
