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
from enum import StrEnum
from urllib.parse import quote

from app.notices.posting import Outcome, Place, is_busy, place_at

LIMIT_SECRET, LIMIT_TEXT = 200, 400


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


def place_of(kind: ChatKind, address: str, more_hosts: Collection[str] = ()) -> Place | None:
    """Returns where the address of a robot leads; None for one that is not of its service.

    `more_hosts` are the hosts an installation adds for a service on its own machines; a robot of any other host, of
    another port or with an account in its address is none, so that nobody can have inner machines asked.
    """
    place = place_at(address)
    if place is None or not place.path.startswith(PATHS[kind]):
        return None
    usual = [*HOSTS[kind], *(f"{host}:443" for host in HOSTS[kind])]
    is_usual = place.named in usual and place.base_url.startswith("https://")
    return place if is_usual or place.named in more_hosts else None


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
    if is_busy(status):
        return Outcome(False, "receiver.busy", is_later=True)
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    given = found if isinstance(found, dict) else {}
    code = next((given[k] for k in ("errcode", "code", "StatusCode") if type(given.get(k)) is int), None)
    if status != 200 or code is None:
        return Outcome(False, "robot.bad_answer")
    if code in TOO_OFTEN:
        return Outcome(False, "receiver.busy", is_later=True, code=code)
    return Outcome(True, code=0) if code == 0 else Outcome(False, "robot.refused", code=code)
