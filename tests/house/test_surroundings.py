"""Checks what every other test stands on: the wall, the servers, the mail receiver and the browser."""

import smtplib
import socket
from email.message import EmailMessage

import psycopg
import pytest
import redis
from flask import Flask
from playwright.sync_api import expect

from tests.browser_fixtures import OpenPage, Watch, violations
from tests.servers import Mailbox, serve


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.invalid", 80), ("2001:db8::1", 80)])
def test_wall_keeps_connections_on_this_machine(address: tuple[str, int]) -> None:
    with pytest.raises(PermissionError, match="may not leave this machine"):
        socket.create_connection(address, timeout=1)


def test_wall_refuses_a_message_without_a_connection() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender, pytest.raises(PermissionError):
        sender.sendto(b"hello", ("192.0.2.1", 53))


def test_postgres_keeps_no_data_of_the_test_before(empty_postgres_url: str) -> None:
    with psycopg.connect(empty_postgres_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE words (word text)")
        connection.execute("INSERT INTO words VALUES ('标准')")
        assert connection.execute("SELECT word FROM words").fetchall() == [("标准",)]
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(tables).fetchone() == (1,)


def test_redis_starts_empty(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("word", "标准")
        assert client.get("word").decode() == "标准"


def test_mailbox_keeps_chinese_mail_intact(mailbox: Mailbox) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.invalid", "b@example.invalid", "新标准"
    message.set_content("十分钟内答复。")
    with smtplib.SMTP(mailbox.host, mailbox.port) as client:
        client.send_message(message)
    assert [m["Subject"] for m in mailbox.messages] == ["新标准"]
    assert mailbox.messages[0].get_content().strip() == "十分钟内答复。"
    assert mailbox.recipients == [["b@example.invalid"]]


def page_of(body: str) -> Flask:
    app = Flask("one page")
    html = f'<!doctype html><html lang="zh"><title>页</title><main><h1>页</h1>{body}</main></html>'
    app.add_url_rule("/", "page", lambda: html)
    app.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    return app


def test_browser_drives_a_page_and_axe_looks_at_it(open_page: OpenPage) -> None:
    with serve(page_of('<img src="/favicon.ico">')) as address:
        page = open_page(phone=True, dark=True)
        page.goto(address)
        expect(page.get_by_role("heading")).to_have_text("页")
        assert [line.split()[0] for line in violations(page)] == ["image-alt"]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("<script>throw new Error('broken')</script>", "script: broken"),
        ("<script>console.error('unhappy')</script>", "console: unhappy"),
        ('<img alt="" src="http://192.0.2.1/x.png">', "left this machine: http://192.0.2.1/x.png"),
    ],
)
def test_watch_notices_a_page_that_misbehaves(open_page: OpenPage, fault: str, said: str) -> None:
    with serve(page_of(fault)) as address:
        page = open_page().context.new_page()  # beside the watched one, so that this test watches alone
        watch = Watch()
        watch.over(page)
        page.goto(address, wait_until="commit")
        page.wait_for_load_state("domcontentloaded")
        assert said in watch.errors
