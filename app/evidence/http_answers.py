"""Owns asking another system one question over HTTP: limits on time and bytes, no redirects, nothing of it logged.

Knows no ticket system and no table. The standard library's client: what a pull needs beyond it, an end in time for an
answer that drips, no client library has (ADR 12).
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.core import clock

CONNECT_SECONDS = 10.0
BLOCK = 64 * 1024
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


def ask(base_url: str, path: str, headers: Mapping[str, str], limits: Limits) -> Answer:
    """Returns the answer to a GET of `path` below the base address. A redirect is an answer like others: nobody follows it.

    Raises Fault where no whole answer came within the limits, and ValueError for an address that may not be asked.
    """
    if not is_allowed(base_url):
        raise ValueError("an address that may not be asked")
    connection = _connect(base_url, limits)
    cut = threading.Event()
    alarm = threading.Timer(limits.seconds, _cut, (connection.sock, cut))
    alarm.daemon = True
    alarm.start()
    try:
        prefix = urlsplit(base_url).path.rstrip("/")
        connection.request(
            "GET", prefix + path, headers={"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        )
        response = connection.getresponse()
        body = _body(response, limits)
        if cut.is_set():
            raise Fault("connector.too_slow", seconds=round(limits.seconds))
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
    except (OSError, http.client.HTTPException, ValueError) as error:
        if cut.is_set() or isinstance(error, TimeoutError):
            raise Fault("connector.too_slow", seconds=round(limits.seconds)) from None
        raise Fault("connector.broke_off") from None
    finally:
        alarm.cancel()
        connection.close()


def _connect(base_url: str, limits: Limits) -> http.client.HTTPConnection:
    parts = urlsplit(base_url)
    host, timeout = parts.hostname or "", min(CONNECT_SECONDS, limits.seconds)
    connection = (
        http.client.HTTPSConnection(host, parts.port, timeout=timeout, context=ssl.create_default_context())
        if parts.scheme == "https"
        else http.client.HTTPConnection(host, parts.port, timeout=timeout)
    )
    try:
        connection.connect()
    except ssl.SSLCertVerificationError:
        raise Fault("connector.certificate", stops=True, host=host) from None
    except (OSError, http.client.HTTPException):
        raise Fault("connector.unreachable", host=host) from None
    connection.sock.settimeout(limits.seconds)
    return connection


def _cut(sock: socket.socket, cut: threading.Event) -> None:
    """Ends a connection whose time is over, wherever the reading thread waits."""
    cut.set()
    with contextlib.suppress(OSError):  # it ended by itself meanwhile
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _body(response: http.client.HTTPResponse, limits: Limits) -> bytes:
    promised = response.length
    if promised is not None and promised > limits.most_bytes:
        raise _too_long(limits)
    parts, total, ends = [], 0, clock.monotonic() + limits.seconds
    while block := response.read(BLOCK):
        total += len(block)
        if total > limits.most_bytes:
            raise _too_long(limits)
        if clock.monotonic() > ends:
            raise TimeoutError
        parts.append(block)
    if promised is not None and total < promised:
        raise Fault("connector.broke_off")
    return b"".join(parts)


def _too_long(limits: Limits) -> Fault:
    return Fault("connector.too_long", limit=limits.most_bytes // 2**20)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
