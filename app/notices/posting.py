"""Owns what posting news to another system has in common, whatever the system: its address, what came of it, when again. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

LIMIT_ADDRESS = 500
HTTP_TOO_MANY, HTTP_SERVER = 429, 500
LONGEST_WAIT_SECONDS = 3600


class ReceiverKind(StrEnum):
    """What sort of thing outside is told news."""

    WECOM = "wecom"  # the robot of a group, see `chat`
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"  # an address of another system, see `webhook_form`


@dataclass(frozen=True)
class Place:
    """Where a receiver is asked: the address of its host and the path with its query, which may hold a key.

    `named` is the host in lower case, with its port where the address has one.
    """

    base_url: str
    path: str
    host: str
    named: str


@dataclass(frozen=True)
class Outcome:
    """What came of a delivery. `failure` is empty or a reason key; `is_later` says that asking again may help."""

    is_sent: bool
    failure: str = ""
    is_later: bool = False
    code: int | None = None


def place_at(address: str) -> Place | None:
    """Returns where an address leads; None for one that is too long, has an account or a fragment, or is none at all."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    if not address.isascii() or not address.isprintable() or " " in address or len(address) > LIMIT_ADDRESS:
        return None
    if parts.username is not None or parts.password is not None or parts.fragment or not host:
        return None
    query = f"?{parts.query}" if parts.query else ""
    named = f"{host}:{port}" if port else host
    return Place(f"{parts.scheme}://{parts.netloc}", (parts.path or "/") + query, host, named)


def is_busy(status: int) -> bool:
    """Says whether a status means "not now": too many requests, or a fault of the other side."""
    return status == HTTP_TOO_MANY or status >= HTTP_SERVER


def retry_after(value: str | None) -> int:
    """Returns how many seconds a service asks to wait, 0 when it does not say a number; at most an hour."""
    is_number = value and value.isascii() and value.isdigit() and len(value) < 9
    return min(int(value), LONGEST_WAIT_SECONDS) if value and is_number else 0
