"""Owns how one made-up ticket is told: its subject, its text and the turns of its conversation. Decides no time."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from app.demo import ticket_texts as texts
from app.evidence.tickets import Author, Channel, Turn

T = TypeVar("T")


class Story(NamedTuple):
    """What is to be told. `language` is `zh` or `en`; times are aware UTC, None has not happened before `until`."""

    category: str
    asks_again: bool
    language: str
    product: str
    created_at: datetime
    replied_at: datetime | None
    resolved_at: datetime | None
    channel: Channel
    until: datetime


def write_ticket(story: Story, words: random.Random) -> tuple[str, str, tuple[Turn, ...]]:
    """Returns subject, text and conversation; the same story and state of `words` give the same ticket."""
    which = 0 if story.language == "zh" else 1
    subjects = texts.NO_REPLY_SUBJECTS if story.asks_again else texts.SUBJECTS[story.category]
    bodies = texts.NO_REPLY if story.asks_again else texts.BODIES[story.category]
    days = 2 + int(words.random() * 7)
    slots = {
        "p": texts.PRODUCTS[story.product][which],
        "o": _order_number(story.created_at - timedelta(days=days + 3), words),
        "n": days,
    }
    opening = _pick(texts.OPENINGS[story.language], words)
    body = _pick(bodies[which], words).format_map(slots)
    body = body[0].upper() + body[1:] if which else body
    closing = _pick(texts.CLOSINGS[story.language], words)
    text = f"{opening}{body}{closing}{_personal(story, words)}"
    return _pick(subjects[which], words), text, _turns(story, text, which, words)


def _turns(story: Story, text: str, which: int, words: random.Random) -> tuple[Turn, ...]:
    """Tells the customer's text, an automatic answer in chat and app, a nudge after a day, the reply and the end."""
    created, replied, resolved = story.created_at, story.replied_at, story.resolved_at
    turns = [Turn(created, Author.CUSTOMER, text)]
    if story.channel in (Channel.CHAT, Channel.APP):
        turns.append(
            Turn(created + timedelta(seconds=1), Author.SYSTEM, _pick(texts.AUTOMATIC[which], words))
        )
    nudge = created + timedelta(hours=20 + 6 * words.random())
    if nudge < (replied or story.until):
        turns.append(Turn(nudge, Author.CUSTOMER, _pick(texts.NUDGES[which], words)))
    if replied is None:
        return tuple(turns)
    replies = texts.REPLIES.get(
        "returns" if story.category == "exchange" else story.category, texts.REPLIES[""]
    )
    turns.append(Turn(replied, Author.AGENT, _pick(replies[which], words)))
    if resolved is not None:
        if words.random() < 0.4:
            between = replied + (resolved - replied) * (0.2 + 0.6 * words.random())
            turns.append(
                Turn(between.replace(microsecond=0), Author.CUSTOMER, _pick(texts.FOLLOW_UPS[which], words))
            )
        turns.append(Turn(resolved, Author.AGENT, _pick(texts.SOLUTIONS[which], words)))
    return tuple(turns)


def _personal(story: Story, words: random.Random) -> str:
    """Adds, to about a fifth of the texts, what a customer should not have to write: it is there to be masked."""
    chance = words.random()
    zh = story.language == "zh"
    if chance < 0.10:
        number = f"1380000{int(words.random() * 10_000):04}"
        return f"我的电话是{number}。" if zh else f" My number is {number}."
    if chance < 0.15:
        name = _pick(texts.SURNAMES, words) + _pick(texts.GIVEN_NAMES, words)
        return (
            f"收件人{name}，电话138 0000 {int(words.random() * 10_000):04}。"
            if zh
            else (f" My name is {_pick(texts.ENGLISH_NAMES, words)}.")
        )
    if chance < 0.17:
        mail = f"user{int(words.random() * 100_000)}@example.com"
        return f"邮箱是{mail}。" if zh else f" Write to {mail}."
    if chance < 0.19 and story.category in ("refund", "identity", "returns", "payment"):
        if story.category == "identity":
            return f"身份证号{identity_number(int(words.random() * 1000))}。" if zh else ""
        card = card_number(int(words.random() * 1_000_000))
        return f"银行卡号{card}。" if zh else f" My card is {card}."
    return ""


def identity_number(serial: int) -> str:
    """Returns a well-formed number of an identity card of somebody born on 1 January 1900: nobody has it."""
    digits = f"110101{'19000101'}{serial % 1000:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


def card_number(serial: int) -> str:
    """Returns a well-formed bank card number (its check digit holds) out of a range that no bank issues."""
    digits = f"622200000{serial % 1_000_000:06}"
    doubled = (int(d) * (2 - index % 2) for index, d in enumerate(reversed(digits)))
    return digits + str(-sum(d // 10 + d % 10 for d in doubled) % 10)


def _order_number(ordered_at: datetime, words: random.Random) -> str:
    return f"{ordered_at.year}{ordered_at.month:02}{ordered_at.day:02}{int(words.random() * 1_000_000):06}"


def _pick(choices: Sequence[T], words: random.Random) -> T:
    return choices[int(words.random() * len(choices))]
