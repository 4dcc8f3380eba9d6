"""Owns what comes from other systems in the demonstration: figures of two of them, one that is not asked yet, one that may send.

Their addresses and figures are made up. Nobody is asked: the connected system rests, so no build ever leaves
the machine.
"""

import csv
import tempfile
from functools import partial
from pathlib import Path

from app.demo.people import actor
from app.demo.timeline import Timeline
from app.evidence import connectors, importing, push_tokens
from app.evidence.connector_models import ConnectorKind

DIRECTOR = "wangfang"
HEADER = ("日期", "指标", "数值", "单位", "样本量", "班组", "区域")
# (measure, unit, region, contacts behind a value, the values of twelve weeks, oldest first)
SERIES = (
    ("平均响应时长", "分钟", "", 780,
     ("7.9", "7.6", "7.7", "7.2", "7.0", "7.1", "6.8", "6.6", "6.9", "6.4", "8.8", "6.7")),
    ("电话放弃率", "%", "east", 210,
     ("6.1", "5.8", "6.3", "5.9", "5.5", "5.7", "5.2", "5.4", "5.1", "4.9", "9.6", "5.3")),
    ("电话放弃率", "%", "north", 150,
     ("5.0", "5.2", "4.8", "4.9", "5.1", "4.7", "4.8", "4.6", "4.7", "4.4", "8.1", "4.8")),
    ("问卷满意度", "分", "", 96,
     ("86", "87", "86", "88", "87", "88", "89", "88", "90", "89", "84", "88")),
)  # fmt: skip
WEEKS = 12
KNOWN_LATER = (
    4  # so many of the newest weeks come with the second file, which also corrects the week before them
)
CORRECTION = {("平均响应时长", 8): "6.7"}
CARE = "zendesk-care"
SENDER = "在线客服平台（示例）"


def note(time: Timeline) -> None:
    """Notes on the timeline which figures were brought in, and which systems were connected."""
    first = [row for row in _rows(time) if row[0] < WEEKS - KNOWN_LATER]
    second = [row for row in _rows(time, CORRECTION) if row[0] >= WEEKS - KNOWN_LATER - 1]
    time.on(-30, partial(_bring, [row[1] for row in first], "csm-weekly-october.csv"), 17)
    time.on(-1, partial(_bring, [row[1] for row in second], "csm-weekly-november.csv"), 17)
    time.on(-9, partial(_connect, time), 11)
    time.on(-9, _let_send, 12)


def _rows(
    time: Timeline, corrected: dict[tuple[str, int], str] | None = None
) -> list[tuple[int, tuple[str, ...]]]:
    """Returns (week, row of the file) of every value; the weeks end on Sundays, the last one before today."""
    last = -(time.day(0).weekday() + 1)
    made: list[tuple[int, tuple[str, ...]]] = []
    for measure, unit, region, count, values in SERIES:
        for week, value in enumerate(values):
            day = time.day(last - 7 * (WEEKS - 1 - week)).isoformat()
            said = (corrected or {}).get((measure, week), value)
            made.append((week, (day, measure, said, unit, str(count + 7 * week), "", region)))
    return made


def _bring(rows: list[tuple[str, ...]], name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])
        importing.import_tickets(actor(DIRECTOR), "metric-series", path)


def _connect(time: Timeline) -> None:
    """Connects a ticket system and lets it rest: its token comes from an administrator of the machine."""
    row = connectors.add(
        actor(DIRECTOR), name=CARE, kind=ConnectorKind.ZENDESK, base_url="https://care.example.com",
        account="touchstone@example.com", only="", starts_on=time.day(-30), every_minutes=60,
    )  # fmt: skip
    connectors.pause(actor(DIRECTOR), row)


def _let_send() -> None:
    push_tokens.make(actor(DIRECTOR), name=SENDER, mapping="csv")
