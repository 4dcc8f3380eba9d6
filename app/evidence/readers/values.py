"""Owns how one value of a foreign file becomes one of ours: times, channels, yes and no, whole numbers. Opens no file."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, TypeVar

from app.core.errors import Invalid
from app.core.text import clean_text
from app.evidence.readers.moments import moment
from app.evidence.tickets import Channel, Complexity, Priority, RefusedRow

T = TypeVar("T")

LONGEST_ID = 200
EARLIEST_YEAR, LATEST_YEAR = 1990, 2100

# Texts of these characters alone are stored as they are: most of them, and the check costs a tenth of the cleaning.
_PLAIN = re.compile("[\n\x20-\x7e\u2018-\u201d\u2026\u3001-\u3011\u4e00-\u9fff\uff01-\uff5e]*")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_CHANNELS: Mapping[str, Channel] = {
    word: channel
    for channel, words in {
        Channel.CHAT: "chat,live chat,messaging,native_messaging,chat_transcript,在线客服,在线,聊天,在线聊天,网页聊天",
        Channel.PHONE: "phone,voice,call,telephone,hotline,电话,热线,400电话,语音",
        Channel.EMAIL: "email,e-mail,mail,outbound email,邮件,电子邮件,邮箱",
        Channel.WEB: "web,portal,website,web form,help_center,web_widget,feedback widget,网页,网站,官网,表单,门户",
        Channel.APP: "app,mobile,mobile_sdk,sdk,mobihelp,in-app,手机应用,应用内,客户端",
        Channel.SOCIAL: "social,twitter,facebook,whatsapp,wechat,weibo,instagram,line,微信,公众号,微博,社交,社交媒体,小红书,抖音",
        Channel.OTHER: "other,其他,其它",
    }.items()
    for word in words.split(",")
}
_PRIORITIES: Mapping[str, Priority] = {
    **dict.fromkeys(("urgent", "critical", "blocker", "highest", "紧急", "加急", "特急"), Priority.URGENT),
    **dict.fromkeys(
        (
            "ordinary",
            "normal",
            "high",
            "medium",
            "low",
            "lowest",
            "major",
            "minor",
            "trivial",
            "普通",
            "一般",
            "高",
            "中",
            "低",
        ),
        Priority.ORDINARY,
    ),
}
_COMPLEXITIES: Mapping[str, Complexity] = {
    "simple": Complexity.SIMPLE,
    "简单": Complexity.SIMPLE,
    "complex": Complexity.COMPLEX,
    "复杂": Complexity.COMPLEX,
}
_SATISFACTION: Mapping[str, int] = {
    word: score
    for score, words in (
        (5, "very satisfied,extremely satisfied,excellent,非常满意,很满意,十分满意,特别满意"),
        (4, "satisfied,somewhat satisfied,满意,比较满意,较满意"),
        (3, "neutral,neither satisfied nor dissatisfied,okay,一般,中立,还行"),
        (2, "dissatisfied,unsatisfied,somewhat dissatisfied,poor,不满意,较不满意,不太满意"),
        (1, "very dissatisfied,extremely dissatisfied,very poor,非常不满意,很不满意,十分不满意,极不满意"),
    )
    for word in words.split(",")
}
_MARK = re.compile(
    r"([1-5])(?:\.0{1,9})?\s*(?:[分星⭐★]|stars?|points?|[/／]\s*5)?", re.ASCII | re.IGNORECASE
)
_STARS = re.compile("(★{1,5}|⭐{1,5})☆{0,4}")
_YES_AND_NO: Mapping[str, bool] = {
    **dict.fromkeys(("true", "t", "yes", "y", "1", "是"), True),
    **dict.fromkeys(("false", "f", "no", "n", "0", "否"), False),
}


_NOTHING = frozenset(
    "- -- --- — —— / null (null) \\n n/a #n/a none nil nan nat (空) （空） 空 (跳过) （跳过） (未填写) 未填写 无 暂无".split()
)


class Unreadable(ValueError):
    """A value that cannot be taken as it stands; carries a reason key, what its sentence needs, and its field if known."""

    def __init__(self, reason_key: str, **params: object) -> None:
        super().__init__(reason_key)
        self.reason_key = reason_key
        self.params: dict[str, object] = params
        self.field = ""

    def refuse(self, line: int, file: str) -> RefusedRow:
        """Returns the refusal of the row that begins at `line` of `file`."""
        return RefusedRow(line, self.field, self.reason_key, self.params, file)


def is_nothing(value: object) -> bool:
    """Says whether a value is none: empty, or how databases, workbooks and survey tools write that there is none."""
    if value is None or value == "":
        return True
    return isinstance(value, str) and len(value) < 10 and value.strip().casefold() in ("", *_NOTHING)


def take(values: Mapping[str, Any], name: str, parse: Callable[..., T], *arguments: Any) -> T:
    """Returns `parse(values[name], *arguments)`, with None for a field that is not there; Unreadable names the field."""
    try:
        return parse(values.get(name), *arguments)
    except Unreadable as error:
        error.field = error.field or name
        raise


def require_instant(value: object, zone: tzinfo) -> datetime:
    """Reads a time as `parse_instant` does; an empty one raises Unreadable `import.date_missing`."""
    instant = parse_instant(value, zone)
    if instant is None:
        raise Unreadable("import.date_missing")
    return instant


def parse_instant(value: object, zone: tzinfo) -> datetime | None:
    """Reads a time of day on a date as aware UTC; empty is None. A time without an offset is local to `zone`.

    Takes what `moments.moment` takes.
    Raises Unreadable: `import.date_unreadable`, `import.date_without_time` (a measure in minutes needs the time) or
    `import.date_out_of_range` (before 1990 or after 2100: nearly always a wrong unit or a garbled year).
    """
    if is_nothing(value):
        return None
    is_text = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    text = str(value).strip() if is_text else ""
    if len(text) == 25 and text[4] + text[7] + text[10] + text[22] == "--T:":
        usual = _usual_instant(text)
        if usual is not None:
            return usual
    found = moment(text)
    if found is None:
        raise Unreadable("import.date_unreadable", value=quote(value))
    if not found.has_time:
        raise Unreadable("import.date_without_time", value=quote(value))
    if not EARLIEST_YEAR <= found.at.year <= LATEST_YEAR:
        raise Unreadable(
            "import.date_out_of_range", value=quote(value), first=EARLIEST_YEAR, last=LATEST_YEAR
        )
    return found.in_zone(zone)


def parse_id(value: object) -> str:
    """Reads the id a source gives a ticket, as text. Raises Unreadable: `import.id_missing`, `import.id_unreadable`."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise Unreadable("import.id_missing")
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Unreadable("import.id_unreadable", value=quote(value))
    text = clean(str(value)).strip()
    if len(text) > LONGEST_ID or not text.isprintable():
        raise Unreadable("import.id_unreadable", value=quote(text))
    return text


def parse_channel(value: object) -> Channel:
    """Names the channel a source means; a word we do not know is `other`, nothing is refused."""
    return _CHANNELS.get(str(value or "").strip().casefold(), Channel.OTHER)


def parse_priority(value: object) -> Priority | None:
    """Names the response class; empty is None. Raises Unreadable `import.value_unknown` for a word outside the list."""
    return _one_of(_PRIORITIES, value, "urgent, ordinary")


def parse_complexity(value: object) -> Complexity | None:
    """Names the solution class; empty is None. Raises Unreadable `import.value_unknown` for a word outside the list."""
    return _one_of(_COMPLEXITIES, value, "simple, complex")


def parse_yes_no(value: object) -> bool | None:
    """Reads yes and no in English, Chinese or as JSON; empty is None. Raises Unreadable `import.value_unknown`."""
    return value if isinstance(value, bool) else _one_of(_YES_AND_NO, value, "true, false")


def parse_whole(value: object, lowest: int, highest: int) -> int | None:
    """Reads a whole number in ASCII digits; empty is None. Raises Unreadable `import.number_unreadable` or `_out_of_range`.

    `int()` would also take `1_000` and Arabic-Indic digits, which no ticket system writes on purpose.
    """
    if is_nothing(value):
        return None
    text = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _WHOLE.fullmatch(text):
        raise Unreadable("import.number_unreadable", value=quote(value))
    number = int(text)
    if not lowest <= number <= highest:
        raise Unreadable("import.number_out_of_range", value=number, lowest=lowest, highest=highest)
    return number


def parse_satisfaction(value: object) -> int | None:
    """Reads satisfaction from 1 to 5: a number, `4/5`, `4 分`, stars, or its words; empty is None. Raises as `parse_whole`."""
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    mark, stars = _MARK.fullmatch(text), _STARS.fullmatch(text)
    if mark or stars:
        return int(mark[1]) if mark else len(stars[1]) if stars else None
    return _SATISFACTION.get(" ".join(text.casefold().split())) or parse_whole(value, 1, 5)


def parse_text(value: object) -> str:
    """Takes free text as it stands, with line ends as `\\n`. Raises Unreadable as `clean` does, or `import.text_expected`."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise Unreadable("import.text_expected")
    return clean(str(value))


def parse_word(value: object) -> str | None:
    """Takes a short text such as a region or a team, trimmed; empty is None. Raises Unreadable as `parse_text` does."""
    return None if is_nothing(value) else parse_text(value).strip() or None


def clean(text: str) -> str:
    """Returns the text as the house stores it. Raises Unreadable with the reason of `core.text`, naming the character."""
    if _PLAIN.fullmatch(text):
        return text
    try:
        return clean_text(text)
    except Invalid as error:
        reason = error.errors[0].reason
        raise Unreadable(reason.key, **reason.params) from error


def check_order(created_at: datetime, first_reply_at: datetime | None, resolved_at: datetime | None) -> None:
    """Refuses a ticket that was answered or solved before it was made: its times cannot be measured.

    Raises Unreadable `import.reply_before_creation` or `import.resolved_before_creation`.
    """
    for name, key, at in (
        ("first_reply_at", "import.reply_before_creation", first_reply_at),
        ("resolved_at", "import.resolved_before_creation", resolved_at),
    ):
        if at is not None and at < created_at:
            error = Unreadable(key)
            error.field = name
            raise error


def facet(tags: tuple[str, ...], name: str) -> str | None:
    """Returns what a tag such as `region:east` or `region_east` says about `name`; the first in order of the alphabet."""
    for tag in sorted(tags):
        head, _, rest = tag.replace("_", ":", 1).partition(":")
        if head.casefold() == name and rest:
            return rest
    return None


def names_complaint(words: tuple[str, ...]) -> bool | None:
    """Says True when a tag or type names a complaint; None otherwise, since its absence proves nothing."""
    return True if any(word.casefold() in ("complaint", "complaints", "投诉") for word in words) else None


def quote(value: object) -> str:
    """Cuts a garbled value to what helps to find it: at most 40 characters, none of them a control character."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value)[:40])


@lru_cache(maxsize=20_000)
def _usual_instant(text: str) -> datetime | None:
    """Reads `2026-03-15T09:30:00+08:00` quickly, as most exports write it; None leaves the judgement to the slow way."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if EARLIEST_YEAR < instant.year < LATEST_YEAR else None


def _one_of(words: Mapping[str, T], value: object, allowed: str) -> T | None:
    if is_nothing(value):
        return None
    text = str(value).strip().casefold()
    if text not in words:
        raise Unreadable("import.value_unknown", value=quote(value), allowed=allowed)
    return words[text]
