"""Group robots: only their own hosts, signed as each service wants, stored first, once, masked, again when it is busy."""

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from app.core import clock, jobs
from app.core.activity import ActivityLine
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused
from app.notices import chat, posting, receivers, robots
from app.notices.chat import ChatKind
from app.notices.models import Delivery, MailState, Receiver
from app.notices.receivers import ROBOTS
from tests.house_fixtures import MONDAY, House, csrf
from tests.listening import Answer, Listener, listening
from tests.review_cases import make_review

KEY, SECRET = "key-0a1b2c", "SEC000aa"
OK = (200, {}, b'{"errcode":0,"errmsg":"ok"}')
PATHS = {
    ChatKind.WECOM: f"/cgi-bin/webhook/send?key={KEY}",
    ChatKind.DINGTALK: f"/robot/send?access_token={KEY}",
    ChatKind.FEISHU: f"/open-apis/bot/v2/hook/{KEY}",
}


@contextlib.contextmanager
def receiving(house: House, *answers: Answer) -> Iterator[Listener]:
    """Opens a chat service on this machine whose host the settings allow."""
    with listening(*(answers or (OK,))) as service:
        before = house.app.config["SETTINGS"]
        house.app.config["SETTINGS"] = replace(before, chat_hosts=f"chat.invalid, {service.host}")
        try:
            yield service
        finally:
            house.app.config["SETTINGS"] = before


def add(house: House, host: str, kind: ChatKind = ChatKind.WECOM, **more: Any) -> Receiver:
    values = {
        "name": "客服标准群", "address": f"http://{host}{PATHS[kind]}", "secret": SECRET,
        "topics": list(robots.TOPICS), "language": "zh",
    } | more  # fmt: skip
    with transaction():
        return robots.add(house.actor("admin"), kind=kind, **values)


def tell(key: str = "k", kind: str = "fast_track", **params: Any) -> None:
    values = {
        "number": "26-001",
        "title": "退换货首次答复",
        "title_en": "First reply",
        "reason": "大促",
    } | params
    with transaction():
        robots.tell_groups(kind, "/r/26-001", key=key, params=values)


def messages() -> list[Delivery]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Delivery).order_by(Delivery.id)))


# --- pure ---


@pytest.mark.parametrize(
    ("kind", "address", "is_good"),
    [
        (ChatKind.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", True),
        (ChatKind.DINGTALK, "https://oapi.dingtalk.com:443/robot/send?access_token=t", True),
        (ChatKind.FEISHU, "https://open.larksuite.com/open-apis/bot/v2/hook/x", True),
        (ChatKind.FEISHU, "https://OPEN.feishu.cn/open-apis/bot/v2/hook/x", True),
        (ChatKind.DINGTALK, "https://open.feishu.cn/open-apis/bot/v2/hook/x", False),
        (ChatKind.WECOM, "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k", False),
        (ChatKind.WECOM, "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=k", False),
        (ChatKind.WECOM, "https://qyapi.weixin.qq.com/else", False),
        (ChatKind.WECOM, "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "https://qyapi.weixin.qq.com@127.0.0.1/cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "http://127.0.0.1/cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "http://[::1]/cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "http://169.254.169.254/cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "http://0x7f.1/cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "http://localhost./cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "file:///cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "gopher://qyapi.weixin.qq.com/cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k\r\nX: y", False),
        (ChatKind.WECOM, "https://qyapi.weixin.qq.com:x/cgi-bin/webhook/send", False),
        (ChatKind.WECOM, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?" + "k" * 500, False),
        (ChatKind.WECOM, "", False),
    ],
)
def test_a_robot_is_asked_at_its_own_host_only(kind: ChatKind, address: str, is_good: bool) -> None:
    assert (chat.place_of(kind, address) is not None) is is_good


# Reckoned apart with `printf '1764000000123\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64`,
# for Feishu with an empty input and the key `1764000000\nthis is secret`.
def test_signatures_are_those_that_openssl_reckons() -> None:
    assert (
        chat.signature(ChatKind.DINGTALK, "this is secret", 1764000000123)
        == "afs8lGm48Z170GUJrONBHRukNvEvoSxVtzEMIYaQiYU="
    )
    assert (
        chat.signature(ChatKind.FEISHU, "this is secret", 1764000000)
        == "PjL0THy9GSyI84UniGwh68Mmh6UxL9X0Ts0qYrqZO2U="
    )


@pytest.mark.parametrize(
    ("status", "body", "sent", "failure", "later"),
    [
        (200, b'{"errcode":0}', True, "", False),
        (200, b'{"code":0,"msg":"success"}', True, "", False),
        (200, b'{"StatusCode":0}', True, "", False),
        (200, b'{"errcode":310000,"errmsg":"sign not match"}', False, "robot.refused", False),
        (200, b'{"code":19021}', False, "robot.refused", False),
        (200, b'{"errcode":45009}', False, "receiver.busy", True),
        (200, b'{"code":"0"}', False, "robot.bad_answer", False),
        (200, b"[0]", False, "robot.bad_answer", False),
        (200, b"<html>", False, "robot.bad_answer", False),
        (200, b"\xff\xfe", False, "robot.bad_answer", False),
        (302, b"", False, "robot.bad_answer", False),
        (404, b'{"errcode":0}', False, "robot.bad_answer", False),
        (429, b"", False, "receiver.busy", True),
        (500, b'{"errcode":0}', False, "receiver.busy", True),
        (503, b"", False, "receiver.busy", True),
    ],
)
def test_what_an_answer_means(status: int, body: bytes, sent: bool, failure: str, later: bool) -> None:
    found = chat.outcome_of(status, body)
    assert (found.is_sent, found.failure, found.is_later) == (sent, failure, later)


@pytest.mark.parametrize(
    ("value", "seconds"), [(None, 0), ("30", 30), ("99999", 3600), ("-1", 0), ("Wed, 21 Oct", 0), ("²", 0)]
)
def test_a_wish_to_be_left_alone_is_read_in_seconds(value: str | None, seconds: int) -> None:
    assert posting.retry_after(value) == seconds


# --- with a receiver ---


@pytest.mark.parametrize("kind", list(ChatKind))
def test_each_service_gets_its_own_form_signed(sqlite_house: House, kind: ChatKind) -> None:
    with receiving(sqlite_house) as service:
        add(sqlite_house, service.host, kind)
        tell()
        sqlite_house.run_jobs()
    ((path, body),) = service.sent
    query = parse_qs(urlsplit(path).query)
    text = body["content"]["text"] if kind is ChatKind.FEISHU else body["text"]["content"]
    assert "26-001" in text and text.endswith("/r/26-001")
    moment = MONDAY.timestamp()
    if kind is ChatKind.WECOM:
        assert path == PATHS[kind] and "sign" not in body
    elif kind is ChatKind.DINGTALK:
        stamp = query["timestamp"][0]
        made = hmac.digest(SECRET.encode(), f"{stamp}\n{SECRET}".encode(), "sha256")
        assert stamp == str(round(moment * 1000)) and query["sign"] == [base64.b64encode(made).decode()]
        assert query["access_token"] == [KEY]
    else:
        made = hmac.new(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
        assert (body["timestamp"], body["sign"]) == (str(int(moment)), base64.b64encode(made).decode())
    assert [m.state for m in messages()] == [MailState.SENT]


def test_news_of_a_review_reaches_the_group_once_without_a_name(house: House) -> None:
    with receiving(house) as service:
        add(house, service.host)
        make_review(house)
        house.run_jobs()
    texts = [body["text"]["content"] for _path, body in service.sent]
    assert len([t for t in texts if "/review" in t]) == 1
    for who in ("lawyer", "seller", "engineer", "drafter", "director"):
        assert not any(house.person(who).name in t for t in texts), who


def test_free_words_are_masked_and_the_same_key_is_told_once(sqlite_house: House) -> None:
    with receiving(sqlite_house) as service:
        add(sqlite_house, service.host)
        for _time in range(2):
            tell(reason="客户 13812342210 投诉，邮箱 wang@example.com")
        sqlite_house.run_jobs()
    ((_path, body),) = service.sent
    assert "13812342210" not in body["text"]["content"] and "wang@example.com" not in body["text"]["content"]


def test_a_topic_nobody_wanted_and_a_silent_robot_say_nothing(sqlite_house: House) -> None:
    with receiving(sqlite_house) as service:
        row = add(sqlite_house, service.host, topics=["published"])
        tell()
        tell(kind="urged", who=1)
        with transaction():
            receivers.switch(sqlite_house.actor("admin"), row.id, ROBOTS, is_on=False)
        tell(kind="published", standard="CS-04", version="1.1", day="2026-12-01")
        sqlite_house.run_jobs()
    assert service.sent == [] and messages() == []


@pytest.mark.parametrize(
    "busy", [(429, {"Retry-After": "120"}, b""), (503, {}, b""), (200, {}, b'{"errcode":45009}')]
)
def test_a_busy_service_is_asked_again_later(sqlite_house: House, busy: tuple) -> None:
    with receiving(sqlite_house, busy, busy, OK) as service:
        add(sqlite_house, service.host)
        tell()
        sqlite_house.run_jobs()
        assert len(service.sent) == 1 and messages()[0].state is MailState.WAITING
        for minutes in (3, 6):
            with clock.frozen(MONDAY + dt.timedelta(minutes=minutes)):
                sqlite_house.run_jobs()
    assert len(service.sent) == 3
    assert (messages()[0].state, messages()[0].tries, messages()[0].failure) == (MailState.SENT, 3, "")


def test_a_service_that_stays_busy_is_given_up_and_a_person_tries_again(sqlite_house: House) -> None:
    with receiving(sqlite_house, (500, {}, b"")) as service:
        add(sqlite_house, service.host)
        tell()
        for hours in range(8):
            with clock.frozen(MONDAY + dt.timedelta(hours=hours)):
                sqlite_house.run_jobs()
        assert len(service.sent) == jobs.RETRIES
        assert (messages()[0].state, messages()[0].failure) == (MailState.FAILED, "receiver.busy")
        service.answers[:] = [OK]
        with clock.frozen(MONDAY + dt.timedelta(hours=9)):
            with transaction():
                receivers.again(sqlite_house.actor("admin"), messages()[0].id, ROBOTS)
            sqlite_house.run_jobs()
    assert messages()[0].state is MailState.SENT


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ((200, {}, b"<html>hello</html>"), "robot.bad_answer"),
        ((302, {"Location": "http://127.0.0.1/inside"}, b""), "robot.bad_answer"),
        ((200, {}, b'{"errcode":310000}'), "robot.refused"),
        ((200, {"Content-Length": "99"}, b"{"), "receiver.fate_unknown"),
        ((200, {}, b" " * (64 * 1024 + 1)), "receiver.fate_unknown"),
    ],
)
def test_a_bad_answer_is_not_asked_again_by_itself(sqlite_house: House, answer: tuple, failure: str) -> None:
    with receiving(sqlite_house, answer) as service:
        add(sqlite_house, service.host)
        tell()
        for hours in (0, 1, 2):
            with clock.frozen(MONDAY + dt.timedelta(hours=hours)):
                sqlite_house.run_jobs()
    assert len(service.sent) == 1
    assert (messages()[0].state, messages()[0].failure) == (MailState.FAILED, failure)


def test_a_host_that_is_no_longer_allowed_is_not_asked(sqlite_house: House) -> None:
    with receiving(sqlite_house) as service:
        add(sqlite_house, service.host)
        tell()
        settings = sqlite_house.app.config["SETTINGS"]
        sqlite_house.app.config["SETTINGS"] = replace(settings, chat_hosts="")
        sqlite_house.run_jobs()
    assert service.sent == [] and messages()[0].failure == "receiver.no_address"


def test_at_night_the_group_is_left_in_peace(sqlite_house: House) -> None:
    with receiving(sqlite_house) as service:
        add(sqlite_house, service.host)
        with clock.frozen(clock.at(MONDAY.date(), 22)):
            tell()
            sqlite_house.run_jobs()
            assert service.sent == []
        with clock.frozen(clock.at(MONDAY.date() + dt.timedelta(days=1), 8)):
            sqlite_house.run_jobs()
    assert len(service.sent) == 1


def test_address_and_secret_stand_in_a_closed_file_only(web: House, caplog: pytest.LogCaptureFixture) -> None:
    with web.app.app_context(), receiving(web, (500, {}, KEY.encode())) as service:
        row = add(web, service.host, ChatKind.DINGTALK)
        tell()
        web.run_jobs()
        path = web.folder / receivers.FILE
        assert path.stat().st_mode & 0o777 == 0o600
        page = web.client("admin").get("/admin/notices").text
        dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
        for text in (page, dump, caplog.text):
            assert KEY not in text and SECRET not in text
        path.chmod(0o644)
        with pytest.raises(Refused):
            receivers.kept_of(row)
        path.chmod(0o600)
        with transaction():
            receivers.remove(web.actor("admin"), row.id, ROBOTS)
        assert KEY not in path.read_text("utf-8") and messages() == []
        verbs = list(
            db.session.scalars(sa.select(ActivityLine.verb).where(ActivityLine.object_kind == "receiver"))
        )
        assert verbs == ["receiver.added", "receiver.removed"]


@pytest.mark.parametrize(
    ("more", "field_name"),
    [
        ({"name": " "}, "name"), ({"name": "群" * 61}, "name"), ({"address": "http://127.0.0.1/x"}, "address"),
        ({"secret": "密"}, "secret"), ({"topics": []}, "topics"), ({"topics": ["urged"]}, "topics"),
        ({"language": "fr"}, "language"),
    ],
)  # fmt: skip
def test_a_robot_that_cannot_be_is_refused_at_its_field(
    sqlite_house: House, more: dict, field_name: str
) -> None:
    with receiving(sqlite_house) as service, pytest.raises(Invalid) as refused:
        add(sqlite_house, service.host, **more)
    assert [e.field for e in refused.value.errors] == [field_name]
    assert receivers.receivers(ROBOTS) == []


@pytest.mark.parametrize("who", ["director", "lawyer", "agent"])
def test_only_an_administrator_keeps_robots(sqlite_house: House, who: str) -> None:
    with pytest.raises(NotAllowed):
        receivers.remove(sqlite_house.actor(who), 1, ROBOTS)


def test_the_page_adds_tries_silences_and_removes(web: House) -> None:
    client = web.client("admin", "en")
    token = csrf(client.get("/admin/notices").text)
    with receiving(web) as service:
        data = {
            "kind": "feishu", "name": "Service <b>", "address": f"http://{service.host}{PATHS[ChatKind.FEISHU]}",
            "secret": SECRET, "topics": ["published"], "language": "en", **token,
        }  # fmt: skip
        bad = client.post(
            "/admin/notices", data={**data, "address": "https://example.com/x", "kind": "feishu"}
        )
        assert bad.status_code == 422 and "open.feishu.cn" in bad.text and SECRET not in bad.text
        assert client.post("/admin/notices", data={**data, "kind": "irc"}).status_code == 422
        assert client.post("/admin/notices", data=data).status_code == 303
        assert client.post("/admin/notices/1/test", data=token).status_code == 303
        with web.app.app_context():
            web.run_jobs()
        page = client.get("/admin/notices").text
        assert "Service &lt;b&gt;" in page and "This group is connected" in page and "sent " in page
        assert client.post("/admin/notices/1/off", data=token).status_code == 303
        assert "silent" in client.get("/admin/notices").text
        assert client.post("/admin/notices/1/remove", data=token).status_code == 303
        assert client.post("/admin/notices/1/test", data=token).status_code == 404
    assert len(service.sent) == 1
