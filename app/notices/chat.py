"""Owns how a group robot of a chat service is spoken to: which addresses are its own, the signed body, its answer. Pure.

WeCom 企业微信 takes the key in the address and no signature. DingTalk 钉钉 signs `<milliseconds>\\n<secret>` with the
secret and takes both in the address. Feishu 飞书 signs nothing with `<seconds>\\n<secret>` as the key and takes both in
the body. Source: the makers' pages on custom group robots, read on 2026-11-23.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

LIMIT_ADDRESS, LIMIT_SECRET, LIMIT_TEXT = 500, 200, 400
HTTP_TOO_MANY, HTTP_SERVER = 429, 500


class ChatKind(StrEnum):
    """Whose robot it is."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


HOSTS = {
    ChatKind.WECOM: ("qyapi.weixin.qq.com",),
    ChatKind.DINGTALK: ("oapi.dingtalk.com",),
    ChatKind.FEISHU: ("open.feishu.cn", "open.larksuite.com"),
}
PATHS = {
    ChatKind.WECOM: "/cgi-bin/webhook/send",
    ChatKind.DINGTALK: "/robot/send",
    ChatKind.FEISHU: "/open-apis/bot/v2/hook/",
}
# Codes that mean "too often, later"; every other one but 0 is an answer that asking again does not change.
TOO_OFTEN = {45009, 130101, 410100, 9499, 11232}


@dataclass(frozen=True)
class Place:
    """Where a robot is asked: the address of its host and the path with its query, which holds the key."""

    base_url: str
    path: str
    host: str


@dataclass(frozen=True)
class Outcome:
    """What came of a message. `failure` is empty or a reason key; `is_later` says that asking again may help."""

    is_sent: bool
    failure: str = ""
    is_later: bool = False
    code: int | None = None


def place_of(kind: ChatKind, address: str, more_hosts: Collection[str] = ()) -> Place | None:
    """Returns where the address of a robot leads; None for one that is not of its service.

    `more_hosts` are the hosts an installation adds for a service on its own machines; a robot of any other host, of
    another port or with an account in its address is none, so that nobody can have inner machines asked.
    """
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
    named = f"{host}:{port}" if port else host
    if named not in more_hosts and (
        host not in HOSTS[kind] or port not in (None, 443) or parts.scheme != "https"
    ):
        return None
    if not parts.path.startswith(PATHS[kind]):
        return None
    query = f"?{parts.query}" if parts.query else ""
    return Place(f"{parts.scheme}://{parts.netloc}", parts.path + query, host)


def signature(kind: ChatKind, secret: str, moment: int) -> str:
    """Returns the signature in base64. `moment` is in milliseconds for DingTalk, in seconds for Feishu."""
    signed = f"{moment}\n{secret}".encode()
    if kind is ChatKind.FEISHU:
        return base64.b64encode(hmac.new(signed, b"", hashlib.sha256).digest()).decode()
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def request_of(kind: ChatKind, place: Place, secret: str, text: str, seconds: float) -> tuple[str, bytes]:
    """Returns the path and the body of the message, signed for the moment (seconds since 1970)."""
    path, cut = place.path, text[:LIMIT_TEXT]
    body: dict[str, object] = {"msgtype": "text", "text": {"content": cut}}
    if kind is ChatKind.DINGTALK and secret:
        moment = round(seconds * 1000)
        sign = quote(signature(kind, secret, moment), safe="")
        path += f"{'&' if '?' in path else '?'}timestamp={moment}&sign={sign}"
    if kind is ChatKind.FEISHU:
        body = {"msg_type": "text", "content": {"text": cut}}
        if secret:
            moment = int(seconds)
            body |= {"timestamp": str(moment), "sign": signature(kind, secret, moment)}
    return path, json.dumps(body, ensure_ascii=False).encode()


def outcome_of(status: int, body: bytes) -> Outcome:
    """Returns what an answer means. Services answer 200 with a code in the body; 0 is sent."""
    if status == HTTP_TOO_MANY or status >= HTTP_SERVER:
        return Outcome(False, "robot.busy", is_later=True)
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    given = found if isinstance(found, dict) else {}
    code = next((given[k] for k in ("errcode", "code", "StatusCode") if type(given.get(k)) is int), None)
    if status != 200 or code is None:
        return Outcome(False, "robot.bad_answer")
    if code in TOO_OFTEN:
        return Outcome(False, "robot.busy", is_later=True, code=code)
    return Outcome(True, code=0) if code == 0 else Outcome(False, "robot.refused", code=code)


def retry_after(value: str | None) -> int:
    """Returns how many seconds a service asks to wait, 0 when it does not say a number; at most an hour."""
    return min(int(value), 3600) if value and value.isascii() and value.isdigit() and len(value) < 9 else 0
