"""Webhooks: signed as the specification says, stored first, once, masked, again when the other side is busy."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from typing import Any

import pytest
import sqlalchemy as sa

from app.core import clock, events, jobs
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound
from app.notices import receivers, robots, webhook_form, webhooks
from app.notices.models import Delivery, MailState, Receiver
from app.notices.receivers import ROBOTS, WEBHOOKS
from app.publishing import service as publishing
from tests import story
from tests.house_fixtures import MONDAY, House, csrf
from tests.listening import Listener, listening

OK = (200, {}, b"thanks")
SECRET = webhook_form.secret_of(bytes(range(32)))


def add(house: House, listener: Listener, **more: Any) -> Receiver:
    values = {
        "name": "CRM", "address": f"http://{listener.host}/in?key=k-0a1b", "secret": SECRET,
        "topics": list(webhooks.TOPICS),
    } | more  # fmt: skip
    with transaction():
        return webhooks.add(house.actor("admin"), **values)[0]


def tell(key: str = "k", topic: str = "issue.handed_on", **values: Any) -> None:
    with transaction():
        webhooks.tell_systems(topic, "/e/E-1001", {"issue": "E-1001", "words": "太慢"} | values, key=key)


def deliveries() -> list[Delivery]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Delivery).order_by(Delivery.id)))


# --- pure ---


# Reckoned apart: printf 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}' | openssl dgst -sha256 -mac HMAC
# -macopt hexkey:$(printf MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw | base64 -d | xxd -p -c 99) -binary | base64
def test_the_signature_is_the_one_openssl_reckons() -> None:
    key = webhook_form.key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert key is not None
    made = webhook_form.headers_of(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("secret", "length"),
    [
        (SECRET, 32), (webhook_form.secret_of(b"x" * 24), 24), (webhook_form.secret_of(b"x" * 64), 64),
        (webhook_form.secret_of(b"x" * 23), None), (webhook_form.secret_of(b"x" * 65), None),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", None), ("whsec_密", None), ("whsec_a b", None), ("", None),
    ],
)  # fmt: skip
def test_what_a_signing_secret_is(secret: str, length: int | None) -> None:
    key = webhook_form.key_of(secret)
    assert (len(key) if key else None) == length


@pytest.mark.parametrize(
    ("status", "is_sent", "failure", "is_later"),
    [
        (200, True, "", False), (204, True, "", False), (299, True, "", False), (302, False, "webhook.refused", False),
        (400, False, "webhook.refused", False), (410, False, "webhook.gone", False), (429, False, "receiver.busy", True),
        (500, False, "receiver.busy", True), (503, False, "receiver.busy", True),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int, is_sent: bool, failure: str, is_later: bool) -> None:
    found = webhook_form.outcome_of(status)
    assert (found.is_sent, found.failure, found.is_later, found.code) == (is_sent, failure, is_later, status)


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("https://crm.example.com/hooks?key=1", True), ("https://crm.example.com:8443/", True),
        ("https://crm.example.com", True), ("http://127.0.0.1:9/x", True), ("http://localhost/x", True),
        ("http://crm.example.com/x", False), ("http://169.254.169.254/x", False), ("http://0x7f.1/x", False),
        ("http://localhost./x", False), ("http://10.0.0.1/x", False), ("file:///etc/passwd", False),
        ("gopher://crm.example.com/", False), ("https://a:b@crm.example.com/", False), ("https://crm.example.com/#f", False),
        ("https://crm.example.com/\r\nX: y", False), ("https://crm.example.com/" + "x" * 500, False), ("", False),
    ],
)  # fmt: skip
def test_which_addresses_may_be_asked(address: str, is_good: bool) -> None:
    assert (webhooks.place_of(address) is not None) is is_good


# --- with a listener ---


def test_a_delivery_is_signed_over_what_was_sent_and_keeps_its_id(sqlite_house: House) -> None:
    with listening((503, {}, b""), OK) as system:
        add(sqlite_house, system)
        tell(words="客户 13812342210，wang@example.com 来信", rows=[{"a": "13812342210"}, 3, None])
        tell()
        sqlite_house.run_jobs()
        assert deliveries()[0].state is MailState.WAITING and deliveries()[0].code == 503
        with clock.frozen(MONDAY + dt.timedelta(minutes=3)):
            sqlite_house.run_jobs()
    assert [d.state for d in deliveries()] == [MailState.SENT] and deliveries()[0].tries == 2
    first, second = system.headers
    assert first["webhook-id"] == second["webhook-id"] and system.raw[0] == system.raw[1]
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 180
    for head, raw in zip(system.headers, system.raw, strict=True):
        signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + raw
        made = base64.b64encode(hmac.new(bytes(range(32)), signed, hashlib.sha256).digest()).decode()
        assert head["webhook-signature"] == f"v1,{made}" and head["content-type"].startswith(
            "application/json"
        )
    path, body = system.sent[0]
    assert path == "/in?key=k-0a1b"
    assert (body["type"], body["timestamp"]) == ("issue.handed_on", MONDAY.isoformat())
    assert body["data"]["issue"] == "E-1001" and body["data"]["url"] == "http://localhost/e/E-1001"
    assert "13812342210" not in system.raw[0].decode() and "wang@example.com" not in system.raw[0].decode()


def test_the_loop_tells_what_happened_without_a_name(house: House) -> None:
    with listening(OK) as system:
        add(house, system)
        _revision, publication = story.given_published(house)
        with clock.frozen(publication.effective_at):
            publishing.take_effect()
            with transaction():
                events.announce(events.EffectEvaluated(publication.revision_id or 0, 30))
            house.run_jobs()
    told = {body["type"]: body["data"] for _path, body in system.sent}
    assert set(told) == {
        "proposal.accepted", "standard.published", "standard.in_force", "effect.evaluated", "customer_notice",
    }  # fmt: skip
    assert told["standard.published"]["version"] == publication.version
    assert told["standard.published"]["clauses"][0]["clause"].startswith("CS-04-C")
    assert told["proposal.accepted"]["revision"] == "26-001"
    every = b"".join(system.raw).decode()
    for who in ("director", "drafter", "chair", "lawyer", "trainer"):
        assert house.person(who).name not in every and house.person(who).name_latin not in every, who


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ((302, {"Location": "http://127.0.0.1/inside"}, b""), "webhook.refused"),
        ((410, {}, b""), "webhook.gone"),
        ((200, {"Content-Length": "99"}, b"{"), "receiver.fate_unknown"),
    ],
)
def test_what_is_refused_or_unknown_waits_for_a_person(
    sqlite_house: House, answer: tuple, failure: str
) -> None:
    with listening(answer) as system:
        add(sqlite_house, system)
        tell()
        for hours in (0, 1, 2):
            with clock.frozen(MONDAY + dt.timedelta(hours=hours)):
                sqlite_house.run_jobs()
        assert len(system.sent) == 1 and deliveries()[0].failure == failure
        system.answers[:] = [OK]
        with transaction():
            receivers.again(sqlite_house.actor("admin"), deliveries()[0].id, WEBHOOKS)
        sqlite_house.run_jobs()
    assert len(system.sent) == 2 and deliveries()[0].state is MailState.SENT
    assert system.headers[0]["webhook-id"] == system.headers[1]["webhook-id"]


def test_a_system_that_is_down_is_asked_five_times(sqlite_house: House) -> None:
    with listening(OK) as system:
        add(sqlite_house, system)
    tell()
    for hours in range(8):
        with clock.frozen(MONDAY + dt.timedelta(hours=hours)):
            sqlite_house.run_jobs()
    row = deliveries()[0]
    assert (row.state, row.failure, row.tries) == (MailState.FAILED, "receiver.unreachable", jobs.RETRIES)


def test_paused_unwanted_or_with_open_secrets_nothing_is_sent(sqlite_house: House) -> None:
    with listening(OK) as system:
        row = add(sqlite_house, system, topics=["surge.opened"])
        tell()
        assert deliveries() == []
        tell(topic="surge.opened")
        secrets = sqlite_house.folder / receivers.FILE
        secrets.chmod(0o644)
        sqlite_house.run_jobs()
        assert deliveries()[0].failure == "receiver.no_secrets"
        secrets.chmod(0o600)
        with transaction():
            receivers.switch(sqlite_house.actor("admin"), row.id, WEBHOOKS, is_on=False)
        tell("later", topic="surge.opened")
        with transaction():
            webhooks.try_out(sqlite_house.actor("admin"), row.id)
        sqlite_house.run_jobs()
    assert [body["type"] for _path, body in system.sent] == ["test"]


def test_a_webhook_that_cannot_be_is_refused_at_its_fields(sqlite_house: House) -> None:
    with pytest.raises(Invalid) as refused:
        webhooks.add(
            sqlite_house.actor("admin"), name=" ", address="http://10.0.0.1/", secret="x", topics=["x"]
        )
    assert [e.field for e in refused.value.errors] == ["name", "topics", "address", "secret"]
    assert receivers.receivers(WEBHOOKS) == []
    with pytest.raises(NotAllowed):
        webhooks.add(
            sqlite_house.actor("director"), name="a", address="https://a.example", secret="", topics=[]
        )


def test_the_pages_of_robots_and_webhooks_do_not_reach_each_other(sqlite_house: House) -> None:
    with listening(OK) as system:
        row = add(sqlite_house, system)
    with pytest.raises(NotFound):
        receivers.remove(sqlite_house.actor("admin"), row.id, ROBOTS)
    with pytest.raises(NotFound):
        robots.try_out(sqlite_house.actor("admin"), row.id)


def test_the_page_adds_shows_the_secret_once_and_keeps_it_nowhere(
    web: House, caplog: pytest.LogCaptureFixture
) -> None:
    client = web.client("admin", "en")
    token = csrf(client.get("/admin/webhooks").text)
    with listening((200, {}, b"")) as system:
        data = {
            "name": "CRM <b>",
            "address": f"http://{system.host}/in?key=k-0a1b",
            "topics": ["standard.published"],
        }
        bad = client.post("/admin/webhooks", data={**data, **token, "address": "http://10.0.0.1/"})
        assert bad.status_code == 422 and "https://" in bad.text
        shown = client.post("/admin/webhooks", data={**data, **token})
        secret = shown.text.split("<code>")[1].split("</code>")[0]
        assert webhook_form.key_of(secret) is not None and "CRM &lt;b&gt;" in shown.text
        assert client.post("/admin/webhooks/1/test", data=token).status_code == 303
        with web.app.app_context():
            web.run_jobs()
            dump = "\n".join(db.session.connection().connection.driver_connection.iterdump())
        page = client.get("/admin/webhooks").text
        assert "tried out" in page and "sent " in page and system.host in page
        for text in (page, dump, caplog.text):
            assert secret not in text and "k-0a1b" not in text
        assert (web.folder / receivers.FILE).stat().st_mode & 0o777 == 0o600
        signed = system.headers[0]["webhook-signature"]
        said = f"{system.headers[0]['webhook-id']}.{system.headers[0]['webhook-timestamp']}."
        key = webhook_form.key_of(secret) or b""
        made = hmac.new(key, said.encode() + system.raw[0], hashlib.sha256).digest()
        assert signed == f"v1,{base64.b64encode(made).decode()}"
        system.answers[:] = [(404, {}, b"")]
        with clock.frozen(MONDAY + dt.timedelta(minutes=1)), web.app.app_context():
            client.post("/admin/webhooks/1/test", data=token)
            web.run_jobs()
            (failed,) = [d.id for d in deliveries() if d.state is MailState.FAILED]
        system.answers[:] = [OK]
        assert "(404)" in client.get("/admin/webhooks").text
        assert client.post(f"/admin/webhooks/deliveries/{failed}/again", data=token).status_code == 303
        assert client.post("/admin/webhooks/1/off", data=token).status_code == 303
        assert "paused" in client.get("/admin/webhooks").text
        assert client.post("/admin/webhooks/1/remove", data=token).status_code == 303
        assert client.post("/admin/webhooks/1/test", data=token).status_code == 404
    assert json.loads((web.folder / receivers.FILE).read_text("utf-8")) == {}
