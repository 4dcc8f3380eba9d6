"""Owns the form of a webhook: its secret, its signed request, what an answer means. Pure.

The form is the one of Standard Webhooks 1.0.0 (standardwebhooks.com): the headers `webhook-id`, `webhook-timestamp` in
seconds and `webhook-signature`, which is `v1,` and base64 of HMAC-SHA256 over `<id>.<timestamp>.<body>` with the bytes
of the secret; the secret is written `whsec_` and base64 of 24 to 64 bytes.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from app.notices.posting import Outcome, is_busy

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES, MADE_BYTES = 24, 64, 32
GONE = 410


def secret_of(key: bytes) -> str:
    """Returns a secret as it is written, from its bytes."""
    return PREFIX + base64.b64encode(key).decode()


def key_of(secret: str) -> bytes | None:
    """Returns the bytes of a written secret; None for what is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if secret.startswith(PREFIX) and LEAST_BYTES <= len(key) <= MOST_BYTES else None


def message_id(key: bytes, told: str) -> str:
    """Returns the id of a message, the same each time it is sent; `told` names what is told in this house."""
    return "msg_" + hmac.new(key, told.encode(), hashlib.sha256).hexdigest()[:32]


def body_of(topic: str, moment: dt.datetime, data: Mapping[str, Any]) -> bytes:
    """Returns the body: what happened, when (UTC), and its values; the same bytes each time it is sent."""
    value = {"type": topic, "timestamp": moment.astimezone(dt.UTC).isoformat(), "data": dict(data)}
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def headers_of(key: bytes, message: str, seconds: int, body: bytes) -> dict[str, str]:
    """Returns the headers of a request, signed for the moment (seconds since 1970)."""
    signed = hmac.new(key, f"{message}.{seconds}.".encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def outcome_of(status: int) -> Outcome:
    """Returns what an answer means: only 2xx is a yes, 410 says that nothing more is wanted there."""
    if 200 <= status < 300:
        return Outcome(True, code=status)
    if is_busy(status):
        return Outcome(False, "receiver.busy", is_later=True, code=status)
    return Outcome(False, "webhook.gone" if status == GONE else "webhook.refused", code=status)
