"""Owns the fixtures of the whole house: an app on a fresh data folder and database, one cast of people."""

import datetime as dt
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import config, create_app
from app.core import activity, clock, jobs
from app.core.access import SYSTEM, Actor, Role
from app.core.db import db, transaction
from app.people import queries as people_queries
from app.people import service as people_service
from app.people.models import Person
from app.standards import store_access
from tests import kept, servers, snapshots

kept.keep_addresses()
kept.make_dialects_equal()

PDF_JOBS = ("make_handbook", "make_dossier_pdf")
PASSWORD = "a long enough password"
MONDAY = dt.datetime(2026, 9, 7, 2, 0, tzinfo=dt.UTC)  # 10:00 in Shanghai

# sign-in name -> (name, Latin name, department, roles); the same cast everywhere
CAST: dict[str, tuple[str, str, str, tuple[Role, ...]]] = {
    "director": ("王芳", "Wang Fang", "service", (Role.SERVICE_DIRECTOR,)),
    "drafter": ("李明", "Li Ming", "service", (Role.DRAFTER,)),
    "colleague": ("周洁", "Zhou Jie", "service", (Role.DRAFTER,)),
    "lawyer": ("赵律", "Zhao Lü", "legal", (Role.LEGAL_REVIEWER, Role.ASSESSOR)),
    "lawyer2": ("孙律", "Sun Lü", "legal", (Role.LEGAL_REVIEWER,)),
    "engineer": ("张伟", "Zhang Wei", "it", (Role.IT_REVIEWER, Role.ASSESSOR)),
    "seller": ("陈静", "Chen Jing", "sales", (Role.BUSINESS_REVIEWER, Role.ASSESSOR)),
    "operator": ("刘洋", "Liu Yang", "operations", (Role.BUSINESS_REVIEWER, Role.ASSESSOR)),
    "chair": ("何平", "He Ping", "service", (Role.COMMITTEE_CHAIR,)),
    "member": ("郭敏", "Guo Min", "operations", (Role.COMMITTEE_MEMBER,)),
    "pilot": ("唐磊", "Tang Lei", "operations", (Role.PILOT_LEAD,)),
    "trainer": ("马丽", "Ma Li", "service", (Role.TRAINER,)),
    "agent": ("吴敏", "Wu Min", "service", (Role.AGENT,)),
    "agent2": ("徐强", "Xu Qiang", "service", (Role.AGENT,)),
    "lead": ("朱红", "Zhu Hong", "service", (Role.TEAM_LEAD,)),
    "auditor": ("高洁", "Gao Jie", "operations", (Role.QA_AUDITOR,)),
    "admin": ("林涛", "Lin Tao", "it", (Role.ADMIN,)),
    "outside": ("欧文", "Owen", "legal", (Role.OUTSIDE_AUDITOR,)),
    "liaison": ("罗兰", "Luo Lan", "it", (Role.LIAISON,)),
    "stranger": ("石生", "Shi Sheng", "sales", ()),
}
DEPARTMENTS = {
    "service": ("客服部", "Service"),
    "legal": ("法务部", "Legal"),
    "it": ("信息技术部", "IT"),
    "sales": ("销售部", "Sales"),
    "operations": ("运营部", "Operations"),
}
REGIONS = {"east": ("华东", "East China"), "north": ("华北", "North China"), "south": ("华南", "South China")}


@dataclass
class House:
    """A running house: the app, its cast and shortcuts for tests of services."""

    app: Flask
    folder: Path
    database: str = ""  # the address of its PostgreSQL database; empty is SQLite in the folder
    opened_at: tuple[int, str] = (0, "")  # the newest line of activity when the test got it
    _clients: dict[tuple[str | None, str], FlaskClient] = field(default_factory=dict)

    def is_untouched(self) -> bool:
        """Tells whether nothing was recorded in it since the test got it."""
        return activity.head() == self.opened_at

    def person(self, name: str) -> Person:
        found = people_queries.by_sign_in_name(name)
        assert found is not None, name
        return found

    def actor(self, name: str) -> Actor:
        return people_queries.actor_for(self.person(name))

    def run_jobs(self, *, pdf: bool = False) -> int:
        """Does the jobs due at the frozen time; PDFs, which take seconds each, only for tests that look at them."""
        db.session.commit()
        return jobs.run_due(leave=() if pdf else PDF_JOBS)

    def client(self, name: str | None = None, language: str = "zh") -> FlaskClient:
        """Returns a browser that is signed in as the person, or a visitor's."""
        client = self.app.test_client()
        client.set_cookie("lang", language)
        if name is not None:
            token = _token_of_sign_in(client)
            answer = client.post("/sign-in", data={"name": name, "password": PASSWORD, **token})
            assert answer.status_code == 303, answer.text[:500]
        return client

    def same_client(self, name: str | None = None, language: str = "zh") -> FlaskClient:
        """Like `client`, but the next time the same browser again, still signed in: for reading many pages."""
        if (name, language) not in self._clients:
            self._clients[name, language] = self.client(name, language)
        return self._clients[name, language]


_visits: dict[str, tuple[str, dict[str, str]]] = {}


def _token_of_sign_in(client: FlaskClient) -> dict[str, str]:
    """Returns the token of the form to sign in, with its cookie put into the browser.

    The page is asked once for each secret of an instance: copies of one instance take each other's cookies.
    """
    config = client.application.config
    secret, name = str(config["SECRET_KEY"]), config["SESSION_COOKIE_NAME"]
    if secret not in _visits:
        page = client.get("/sign-in")
        assert page.status_code == 200
        cookie = client.get_cookie(name)
        assert cookie is not None
        _visits[secret] = cookie.value, csrf(page.text)
    value, token = _visits[secret]
    client.set_cookie(name, value)
    return token


def csrf(html: str) -> dict[str, str]:
    """Returns the form token that stands in a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    return {"csrf_token": found.group(1)} if found else {}


def make_cast() -> None:
    """Adds the cast; the caller commits."""
    departments = {
        code: people_service.add_department(SYSTEM, code, *names) for code, names in DEPARTMENTS.items()
    }
    regions = {code: people_service.add_region(SYSTEM, code, *names) for code, names in REGIONS.items()}
    service = departments["service"]
    teams = {
        code: people_service.add_team(
            SYSTEM,
            f"service-{code}",
            f"{REGIONS[code][0]}客服组",
            f"{REGIONS[code][1]} service",
            service.id,
            region.id,
        )
        for code, region in regions.items()
    }
    for name, (zh, latin, department, roles) in CAST.items():
        team = teams["east"] if name in ("agent", "lead") else teams["north"] if name == "agent2" else None
        person = people_service.add_person(
            SYSTEM,
            sign_in_name=name,
            name=zh,
            name_latin=latin,
            department_id=departments[department].id,
            team_id=team.id if team else None,
            region_id=team.region_id if team else None,
            agent_code=f"ag-{name}" if name.startswith("agent") else None,
            password=PASSWORD,
            email=f"{name}@example.invalid",
            joined_on=dt.date(2024, 1, 1),
        )
        for role in roles:
            people_service.grant_role(
                SYSTEM,
                person.id,
                role,
                team_id=team.id if team and role in (Role.TEAM_LEAD, Role.AGENT) else None,
                ends_on=dt.date(2027, 12, 31) if role is Role.OUTSIDE_AUDITOR else None,
            )


def _settings(folder: Path, database: str = "") -> config.Settings:
    return config.Settings(
        data=folder, database=database, argon2_time_cost=1, argon2_memory_kib=64, base_url="http://localhost"
    )


def make_app(folder: Path, database: str = "") -> Flask:
    """Returns an app on the folder with the settings of tests; see `tests/kept.py` for what it shares."""
    app = create_app(_settings(folder, database))
    kept.share(app)
    return app


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with store, SQLite database and cast, made once a run and copied for each test."""
    snapshots.keep_in(tmp_path_factory.mktemp("snapshots"))
    folder = tmp_path_factory.mktemp("prepared") / "data"
    folder.mkdir()
    clock.mark_demo(folder)
    app = make_app(folder)
    with app.app_context(), clock.frozen(MONDAY):
        db.create_all()
        with transaction():
            make_cast()
        db.session.remove()
        db.engine.dispose()
    return folder


def _open(folder: Path, database: str = "") -> Iterator[House]:
    app = make_app(folder, database)
    app.config["TESTING"] = True
    jobs.on_commit_wake(None)
    with app.app_context():
        opened_at = activity.head()
        db.session.remove()
    with clock.frozen(MONDAY):
        yield House(app, folder, database, opened_at)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        store_access.store().close()


@pytest.fixture
def web(prepared: Path, tmp_path: Path) -> Iterator[House]:
    """A house for tests over HTTP: no application context is held open, so each request finds its own person."""
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    yield from _open(folder)


@pytest.fixture
def sqlite_house(prepared: Path, tmp_path: Path) -> Iterator[House]:
    """A house on SQLite with an application context, for tests of services."""
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    for house in _open(folder):
        with house.app.app_context():
            yield house


@pytest.fixture(scope="session")
def cast_template(
    postgres: servers.Shared, _postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a PostgreSQL database with all tables and the cast, made once a process; houses are copies of it."""
    folder = tmp_path_factory.mktemp("cast")
    with servers.fresh_database(postgres, _postgres_template) as address:
        app = make_app(folder, address)
        with app.app_context(), clock.frozen(MONDAY):
            with transaction():
                make_cast()
            db.session.remove()
            db.engine.dispose()
        yield address.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, prepared: Path, tmp_path: Path) -> Iterator[House]:
    """A house on each database, with an application context, for tests of services."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_house")
        return
    folder = tmp_path / "data"
    shutil.copytree(prepared, folder)
    with servers.fresh_database(
        request.getfixturevalue("postgres"), request.getfixturevalue("cast_template")
    ) as address:
        for made in _open(folder, address):
            with made.app.app_context():
                yield made
