"""Asking another system: which addresses, where the token goes, and answers that never end."""

import asyncio
import datetime as dt
import ipaddress
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.evidence.http_answers import Fault, Limits, ask, is_allowed
from tests.evidence.connector_cases import PAGES, TOKEN
from tests.evidence.maker_server import (
    Sent,
    as_json,
    serving,
    zendesk,
)
from tests.house_fixtures import House


def test_only_encrypted_addresses_or_this_machine_are_asked() -> None:
    good = [
        "https://care.zendesk.com",
        "https://jira.example:8443/jira",
        "http://127.0.0.1:8",
        "http://localhost",
        "http://[::1]:9",
    ]
    bad = [
        "http://care.zendesk.com", "ftp://x", "https://", "", "https://u:p@x", "https://x/?a=1", "https://x/#a", "http://127.0.0.1.evil.example",
        "https://x:99999", "https://x\n.evil", "file:///etc/passwd", "https://例子", "//x", "http://127.0.0.1@evil.example",
    ]  # fmt: skip
    assert [is_allowed(one) for one in good] == [True] * len(good)
    assert [one for one in bad if is_allowed(one)] == []
    with pytest.raises(ValueError, match="may not be asked"):
        ask("http://evil.example", "/", {}, Limits(1, 1))


def test_nobody_there_is_said_as_such(sqlite_house: House) -> None:
    with serving(zendesk(PAGES)) as maker:
        url = maker.url
    with pytest.raises(Fault) as caught:
        ask(url, "/", {}, Limits(2, 1000))
    assert caught.value.key == "connector.unreachable"


def test_a_caller_whose_thread_runs_an_event_loop_gets_its_answer() -> None:
    async def asking(url: str) -> int:
        return ask(url, "/", {}, Limits(5, 1000)).status

    with serving(lambda _p, _q: Sent(204, b"")) as maker:
        assert asyncio.run(asking(maker.url)) == 204


def test_an_answer_comes_as_it_was_sent_and_the_question_goes_as_it_was_asked() -> None:
    sent = Sent(418, "茶".encode(), {"X-Note": "One", "Content-Encoding": "gzip", "Set-Cookie": "a=1"})
    with serving(lambda _p, _q: sent) as maker:
        answer = ask(f"{maker.url}/jira/", "/a%2Fb?c=%25+d", {"Authorization": TOKEN}, Limits(5, 1000))
        assert (answer.status, answer.body, answer.headers["x-note"]) == (418, "茶".encode(), "One")
        assert maker.asked == [("/jira/a%2Fb", {"c": "% d"})]
        headers = maker.headers[0]
        assert (headers["Authorization"], headers["Accept-Encoding"]) == (TOKEN, "identity")
        ask(maker.url, "/", {}, Limits(5, 1000))
        assert "Cookie" not in maker.headers[1] and "Authorization" not in maker.headers[1]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_follows_a_redirect(status: int) -> None:
    with serving(zendesk(PAGES)) as thief:
        away = Sent(status, b"", {"Location": f"{thief.url}/"})
        with serving(lambda _p, _q: away) as maker:
            assert ask(maker.url, "/", {"Authorization": TOKEN}, Limits(5, 1000)).status == status
        assert thief.asked == []


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(zendesk(PAGES)) as thief, serving(lambda _p, _q: as_json({})) as maker:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, thief.url)
        monkeypatch.delenv("no_proxy", raising=False)
        assert ask(maker.url, "/", {"Authorization": TOKEN}, Limits(5, 1000)).body == b"{}"
        assert thief.asked == []


@pytest.mark.parametrize("how", ["silent", "drip", "creep"])
def test_an_answer_that_does_not_end_is_cut_at_its_time(how: str) -> None:
    with serving(lambda _p, _q: Sent(how=how)) as maker:
        started = time.monotonic()
        with pytest.raises(Fault) as caught:
            ask(maker.url, "/", {}, Limits(0.5, 2**20))
        assert caught.value.key == "connector.too_slow" and time.monotonic() - started < 5


def test_an_answer_may_be_as_long_as_the_limit_and_no_longer() -> None:
    with serving(lambda _p, _q: Sent(body=b"x" * 1000)) as maker:
        assert len(ask(maker.url, "/", {}, Limits(5, 1000)).body) == 1000
        with pytest.raises(Fault) as caught:
            ask(maker.url, "/", {}, Limits(5, 999))
        assert caught.value.key == "connector.too_long"


def test_a_certificate_nobody_vouches_for_stops_before_the_token_is_sent(tmp_path: Path) -> None:
    with serving(zendesk(PAGES), certificate(tmp_path)) as maker:
        with pytest.raises(Fault) as caught:
            ask(maker.url, "/", {"Authorization": TOKEN}, Limits(5, 1000))
        assert (caught.value.key, caught.value.stops, maker.asked) == ("connector.certificate", True, [])


def test_a_certificate_the_machine_trusts_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with serving(lambda _p, _q: as_json({}), path) as maker:
        assert ask(maker.url, "/", {}, Limits(5, 1000)).body == b"{}"


def test_a_server_that_speaks_no_https_is_not_reached() -> None:
    with serving(zendesk(PAGES)) as maker, pytest.raises(Fault) as caught:
        ask(maker.url.replace("http:", "https:"), "/", {}, Limits(5, 1000))
    assert caught.value.key == "connector.unreachable"


def certificate(folder: Path) -> Path:
    """Writes a certificate for this machine, signed by itself, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "care.example")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path
