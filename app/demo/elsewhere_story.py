"""Owns the other systems of the demonstration: figures of two, one not asked yet, one that may send, two to be told news.

Their addresses and figures are made up. Nobody is asked or told: the connected systems rest, so no build ever
leaves the machine.
"""

import csv
import tempfile
from functools import partial
from pathlib import Path

from app.core import clock
from app.demo import people
from app.demo.people import actor
from app.demo.timeline import Timeline
from app.evidence import connectors, importing, push_tokens
from app.evidence.connector_models import ConnectorKind
from app.notices import receivers, robots, webhooks
from app.notices.chat import ChatKind
from app.people import codes, one_time

DIRECTOR, ADMIN = "wangfang", "lintao"
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
    time.on(-8, _tell_others, 10)
    time.on(-8, _set_up_codes, 11)


def _tell_others() -> None:
    """Enters a system and a group that news could go to; both rest until an administrator gives real addresses."""
    admin = actor(ADMIN)
    system, _secret = webhooks.add(
        admin, name="CRM", address="https://crm.example.com/hooks/standards", secret="",
        topics=["standard.published", "standard.in_force", "issue.handed_on"],
    )  # fmt: skip
    receivers.switch(admin, system.id, receivers.WEBHOOKS, is_on=False)
    robot = robots.add(
        admin, kind=ChatKind.WECOM, name="客服管理群（示例）", language="zh", secret="",
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-0000-0000-000000000000",
        topics=["review_asked", "scheduled", "in_force"],
    )  # fmt: skip
    receivers.switch(admin, robot.id, receivers.ROBOTS, is_on=False)


def _set_up_codes() -> None:
    """A lawyer signs with the codes of a phone; the secret is this build's own."""
    person = actor("sunlv")
    codes.begin(person)
    secret = codes.waiting_secret(people.who("sunlv"))
    if secret is not None:
        codes.confirm(person, one_time.code_of(secret, one_time.step_of(clock.machine())))


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
