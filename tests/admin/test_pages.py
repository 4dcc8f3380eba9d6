"""The administrator's pages: accounts and roles, the log, the health; who may, and what is never shown. Over HTTP."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.core import activity, clock, jobs
from app.core.access import SYSTEM, Role
from app.core.activity import ActivityLine
from app.core.db import db
from app.core.jobs import Job, JobState
from app.notices import service as notices
from app.notices.models import MailState, OutgoingMail
from app.people import queries as people
from app.training import queries as training
from tests import story
from tests.house_fixtures import PASSWORD, House, csrf

PAGES = ("/admin", "/admin/people", "/admin/people/new", "/admin/log", "/admin/log?check=1", "/admin/health")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_for_the_administrator(web: House, language: str) -> None:
    client = web.client("admin", language)
    for path in (
        *PAGES,
        "/admin/people/1",
        "/admin/people?q=wang&closed=1",
        "/admin/log?verb=person.added&page=2",
    ):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert len(re.findall("<h1", answer.text)) == 1, path


def test_others_find_the_doors_closed(web: House) -> None:
    agent, director = web.client("agent"), web.client("director")
    assert {agent.get(path).status_code for path in PAGES} == {403}
    assert director.get("/admin/log").status_code == 200  # reading the log is the director's, too
    assert director.get("/admin/health").status_code == 403
    assert web.client().get("/admin").status_code in (302, 303, 401)


def test_a_person_is_added_given_a_role_sent_on_leave_and_closed(web: House) -> None:
    client = web.client("admin")
    page = client.get("/admin/people/new").text
    department = re.search(r'<option value="(\d+)"', page)
    assert department
    values = {
        "sign_in_name": "Wangxin",
        "name": "王新",
        "password": PASSWORD,
        "department_id": department.group(1),
        "language": "zh",
        "team_id": "",
    }
    short = client.post("/admin/people/new", data={**csrf(page), **values, "password": "short"})
    assert short.status_code == 422 and "王新" in short.text
    taken = client.post("/admin/people/new", data={**csrf(page), **values, "sign_in_name": "drafter"})
    assert taken.status_code == 422 and "已被使用" in taken.text
    added = client.post("/admin/people/new", data={**csrf(page), **values})
    assert added.status_code == 303
    place = added.location
    assert client.post(f"{place}/roles", data={**csrf(page), "role": "visitor"}).status_code == 422
    outside = client.post(f"{place}/roles", data={**csrf(page), "role": "outside_auditor", "team_id": ""})
    assert outside.status_code == 422 and "外部审核员必须有截止日期" in outside.text
    assert (
        client.post(f"{place}/roles", data={**csrf(page), "role": "agent", "team_id": ""}).status_code == 303
    )
    newcomer = web.client("wangxin")
    assert newcomer.get("/t").status_code == 200
    leave = {"absent_from": "2026-09-07", "absent_until": "2026-09-01", "backup_id": ""}
    assert client.post(f"{place}/leave", data={**csrf(page), **leave}).status_code == 422
    leave["absent_until"] = "2026-09-11"
    assert client.post(f"{place}/leave", data={**csrf(page), **leave}).status_code == 303
    assert "休假" in client.get("/admin/people?q=王新").text
    with web.app.app_context():
        person = people.by_sign_in_name("wangxin")
        assert person is not None
        grants = people.grants_of(person.id)
        agent = next(g.id for g in grants if g.role is Role.AGENT)
    assert client.post(f"/admin/people/1/roles/{agent}/end", data=csrf(page)).status_code == 404
    assert client.post(f"{place}/roles/{agent}/end", data=csrf(page)).status_code == 303
    assert newcomer.get("/t").status_code in (302, 303, 401)  # signed out at once
    assert client.post(f"{place}/close", data=csrf(page)).status_code == 303
    assert "没有符合的人" in client.get("/admin/people?q=王新").text
    assert "已关闭" in client.get("/admin/people?q=王新&closed=1").text


def test_whoever_lost_the_password_gets_a_new_one(web: House) -> None:
    drafter, client = web.client("drafter"), web.client("admin")
    with web.app.app_context():
        person = web.person("drafter")
        place, subject = f"/admin/people/{person.id}", person.subject
    page = client.get(place).text
    short = client.post(f"{place}/password", data={**csrf(page), "password": "short"})
    assert short.status_code == 422 and 'href="#password"' in short.text
    assert drafter.get("/desk").status_code == 200
    others = {**csrf(drafter.get("/desk").text), "password": "another long password"}
    assert drafter.post(f"{place}/password", data=others).status_code == 403
    changed = client.post(f"{place}/password", data={**csrf(page), "password": "another long password"})
    assert changed.status_code == 303 and "another long password" not in client.get(place).text
    assert drafter.get("/desk").status_code in (302, 303, 401)
    with web.app.app_context():
        lines = db.session.scalars(sa.select(ActivityLine).where(ActivityLine.verb == "password.set")).all()
        assert [(line.object_key, line.subject) for line in lines] == [(subject, web.person("admin").subject)]
        assert "another long password" not in lines[0].line
    again = web.app.test_client()
    sign_in = again.get("/sign-in").text
    for password, status in ((PASSWORD, 422), ("another long password", 303)):
        answer = again.post("/sign-in", data={**csrf(sign_in), "name": "drafter", "password": password})
        assert answer.status_code == status


def test_nobody_closes_the_own_account(web: House) -> None:
    client = web.client("admin")
    page = client.get("/admin/people").text
    with web.app.app_context():
        own = web.person("admin").id
    assert (
        client.post(
            f"/admin/people/{own}/close", data=csrf(page) or csrf(client.get("/profile").text)
        ).status_code
        == 409
    )


@pytest.mark.parametrize(
    ("joined", "first_day", "asked", "due"),
    [
        ("", "", 1, "2026-09-15"),  # joins today: a week from today
        ("2026-09-14", "", 1, "2026-09-21"),  # joins on Monday: a week from then
        ("2025-01-06", "", 1, "2026-09-15"),  # has been here and moves today
        ("2025-01-06", "2025-01-06", 0, ""),  # has done this since before the standard came
        ("2025-01-06", "2026-09-10", 0, ""),  # will move in two days: not yet
    ],
)
def test_whoever_gets_a_role_is_asked_to_read_what_it_follows(
    web: House, joined: str, first_day: str, asked: int, due: str
) -> None:
    with web.app.app_context():
        story.given_standard()
        db.session.commit()
    with clock.frozen(clock.now() + dt.timedelta(days=1)):
        client = web.client("admin")
        page = client.get("/admin/people/new").text
        department = re.search(r'<option value="(\d+)"', page)
        assert department
        values = {
            "sign_in_name": "wangxin",
            "name": "王新",
            "password": PASSWORD,
            "language": "zh",
            "team_id": "",
        }
        values |= {"department_id": department.group(1), "joined_on": joined}
        place = client.post("/admin/people/new", data={**csrf(page), **values}).location
        role = {"role": "agent", "team_id": "", "starts_on": first_day}
        assert client.post(f"{place}/roles", data={**csrf(page), **role}).status_code == 303
        shown = client.get(place).text
        assert "一线客服" in shown and ("9月10日" in shown) == (first_day == "2026-09-10")
        with web.app.app_context():
            web.run_jobs()
            person = web.person("wangxin")
            rows = training.own_open(person.id)
            assert [row.standard.code for row in rows] == ["cs-04"] * asked
            assert [training.due_day(row.assignment).isoformat() for row in rows] == [due] * asked
        client.post(f"{place}/close", data=csrf(page))
        with web.app.app_context():
            web.run_jobs()
            assert training.own_open(web.person("wangxin").id) == []


def test_the_log_is_filtered_exported_and_names_no_one_in_the_file(web: House) -> None:
    client = web.client("admin")
    found = client.get("/admin/log?verb=role.granted&kind=person&who=李明").text
    assert "没有符合的行" in found
    assert "李明" in client.get("/admin/log?verb=person.added").text
    assert '<option value="role.granted">授予角色</option>' in client.get("/admin/log").text
    english = web.client("admin", "en").get("/admin/log").text
    assert "Granted a role" in english and "role.granted</" not in english
    table = client.get("/admin/log.csv?verb=person.added")
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert "person.added" in table.text and "李明" not in table.text
    assert "链条完整" in client.get("/admin/log?check=1").text


def test_a_formula_in_a_key_does_not_run(web: House) -> None:
    with web.app.app_context():
        activity.record(SYSTEM, "note.made", "thing", '=HYPERLINK("http://example.invalid")')
        activity.record(SYSTEM, "note.made", "thing", "<script>alert(1)</script>")
        db.session.commit()
    client = web.client("admin")
    assert "'=HYPERLINK" in client.get("/admin/log.csv?verb=note.made").text
    page = client.get("/admin/log?verb=note.made").text
    assert "<script>alert" not in page and "&lt;script&gt;alert(1)" in page


def test_a_failed_job_is_tried_again_and_a_lost_mail_decided(web: House) -> None:
    with web.app.app_context():
        job = jobs.enqueue("anchor_log")
        job.state, job.error, job.tries = JobState.FAILED, "Traceback\nOSError: no space left", 5
        job.finished_at = job.created_at
        notices.tell(
            web.person("drafter"), "scheduled", "/", key="x", is_urgent=True,
            number="26-001", title="首次答复缩短", title_en=None,
        )  # fmt: skip
        mail = db.session.scalars(sa.select(OutgoingMail)).one()
        mail.state = MailState.SENDING
        db.session.commit()
        job_id, mail_id = job.id, mail.id
    client = web.client("admin")
    page = client.get("/admin/health").text
    assert "OSError: no space left" in page and "首次答复缩短" in page
    assert client.post(f"/admin/health/jobs/{job_id}/again", data=csrf(page)).status_code == 303
    assert client.post(f"/admin/health/mails/{mail_id}/leave", data=csrf(page)).status_code == 303
    assert client.post("/admin/health/mails/999/again", data=csrf(page)).status_code == 404
    assert client.post("/admin/health/store", data=csrf(page)).status_code == 303
    assert "文本库与数据库一致" in client.get("/admin/health").text
    with web.app.app_context():
        assert db.session.get_one(Job, job_id).state is JobState.WAITING
        assert db.session.get_one(OutgoingMail, mail_id).state is MailState.SENT
        verbs = set(db.session.scalars(sa.select(ActivityLine.verb)))
        assert {"job.tried_again", "mail.decided"} <= verbs
