"""One-time codes: the vectors of RFC 6238, once each, a clock that is off, recovery codes, resetting, signing."""

import base64
import datetime as dt
import re
import stat

import pytest

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, TooMany
from app.people import codes, one_time
from app.people.models import OneTimeCode, SignIn
from app.reviews import queries
from app.standards import queries as standards
from tests.house_fixtures import MONDAY, PASSWORD, House, csrf
from tests.review_cases import make_review

RFC = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
        (2000000000, "279037"), (20000000000, "353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_the_rfc(seconds: int, code: str) -> None:
    step = one_time.step_of(dt.datetime.fromtimestamp(seconds, dt.UTC))
    assert one_time.code_of(RFC, step) == code
    assert one_time.matching_step(RFC, code, step + 1, ()) == step
    assert one_time.matching_step(RFC, code, step - 1, ()) == step
    assert one_time.matching_step(RFC, code, step + 2, ()) is None
    assert one_time.matching_step(RFC, code, step, (step,)) is None
    assert one_time.minutes_off(RFC, code, step + 120) == -60
    assert one_time.minutes_off(RFC, code, step - 10) == 5
    assert one_time.minutes_off(RFC, code, step - 60) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "１２３４５６", "12a456", "-12345", "+12345"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert one_time.clean(typed) == ""
    assert one_time.clean("123 456") == "123456"


def set_up(house: House, who: str = "lawyer") -> tuple[str, list[str]]:
    """Returns the secret and the recovery codes of somebody who has just set codes up."""
    actor = house.actor(who)
    with transaction():
        codes.begin(actor)
        secret = codes.waiting_secret(house.person(who)) or ""
        made = codes.confirm(actor, now_code(secret))
    return secret, made


def now_code(secret: str, steps: int = 0) -> str:
    return one_time.code_of(secret, one_time.step_of(clock.machine()) + steps)


def given(house: House, code: str) -> str | None:
    with transaction():
        return codes.check(house.person("lawyer"), code, "net", 5)


def test_a_code_counts_once_and_a_clock_that_came_back_locks_nobody_out(house: House) -> None:
    with clock.frozen(MONDAY):
        secret, made = set_up(house)
        assert given(house, now_code(secret)) is None  # it confirmed already
        assert given(house, now_code(secret, 1)) == "code"
        assert given(house, now_code(secret, 1)) is None
        with pytest.raises(Invalid) as off:
            given(house, now_code(secret, -20))
        assert (off.value.errors[0].reason.key, off.value.errors[0].reason.params) == (
            "codes.clock_off", {"minutes": 10},
        )  # fmt: skip
        assert given(house, made[0].upper().replace("-", " ")) == "recovery"
        assert given(house, made[0]) is None
        assert codes.recovery_left(house.person("lawyer").id) == len(made) - 1
    with clock.frozen(MONDAY + dt.timedelta(days=2)):  # the clock runs ahead …
        assert given(house, now_code(secret)) == "code"
    with clock.frozen(MONDAY + dt.timedelta(hours=1)):  # … and comes back
        assert given(house, now_code(secret)) == "code"
    file = house.folder / codes.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret in file.read_text()
    row = db.session.get_one(OneTimeCode, house.person("lawyer").id)
    assert secret not in str(row.__dict__)


def test_wrong_codes_are_slowed_and_a_reset_is_the_administrators(house: House) -> None:
    with clock.frozen(MONDAY):
        secret, _made = set_up(house)
        for _try in range(5):
            assert given(house, "no-such-code") is None
        with pytest.raises(TooMany):
            given(house, now_code(secret, 1))
        person = house.person("lawyer")
        with pytest.raises(NotAllowed):
            codes.switch_off(house.actor("director"), person.id)
        with transaction():
            codes.switch_off(house.actor("admin"), person.id)
        assert not codes.has_codes(person.id)
        assert secret not in (house.folder / codes.FILE).read_text()


def test_a_lawyer_sets_codes_up_and_signs_with_one(web: House) -> None:
    with web.app.app_context():
        make_review(web)
    client = web.client("lawyer")
    page = client.get("/profile/codes").text
    assert (
        client.post("/profile/codes/begin", data={**csrf(page), "password": "wrong one"}).status_code == 422
    )
    assert client.post("/profile/codes/begin", data={**csrf(page), "password": PASSWORD}).status_code == 303
    page = client.get("/profile/codes").text
    assert "<svg" in page
    secret = "".join(re.findall(r'class="breaks">([A-Z2-7 ]+)<', page)[0].split())
    assert client.post("/profile/codes/confirm", data={**csrf(page), "code": "000 00"}).status_code == 422
    done = client.post("/profile/codes/confirm", data={**csrf(page), "code": now_code(secret)})
    assert len(re.findall(r"<code>(?:[a-z2-7]{4}-){3}[a-z2-7]{4}</code>", done.text)) == codes.RECOVERY_COUNT
    assert secret not in client.get("/profile/codes").text
    with web.app.app_context():
        db.session.execute(db.update(SignIn).values(confirmed_at=clock.now() - dt.timedelta(hours=1)))
        db.session.commit()
    page = client.get("/r/26-001/review").text
    assert 'name="code"' in page
    form = page[page.index('id="signing"') :]
    sent: dict[str, str | list[str]] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    sent["part"] = re.findall(r'name="part" value="([^"]*)"', form)
    sent |= dict.fromkeys(re.findall(r'name="(a-[\w-]+)"', form), "met")
    wrong = client.post("/r/26-001/review/sign", data={**sent, "code": "000000"})
    assert wrong.status_code == 422
    right = client.post("/r/26-001/review/sign", data={**sent, "code": now_code(secret, 1)})
    assert right.status_code == 303, right.text
    with web.app.app_context():
        signed = queries.sign_offs(standards.revision("26-001").id)
        assert [s.confirmed_by for s in signed] == ["code"]
    admin = web.client("admin")
    person = f"/admin/people/{_id(web)}"
    assert admin.post(f"{person}/codes/reset", data=csrf(admin.get(person).text)).status_code == 303
    assert "code" not in re.findall(r'name="(\w+)"', client.get("/r/26-001/review").text)


def _id(house: House) -> int:
    with house.app.app_context():
        return house.person("lawyer").id
