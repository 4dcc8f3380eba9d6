"""Owns asking every route as every role over HTTP, and the checked-in page of the answers: tests/house/access.csv.

`python -m tests.house.access` writes the page anew; read the difference before it is kept.
A GET's cell is its status. A POST is sent with an empty form and a good token: its cell is 403 (closed), 303 (sign in
first) or `in` (the door is open; what the verb then says is tested in its room).
"""

import csv
import io
import re
import shutil
import tempfile
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from app.core import clock, jobs
from app.core.access import SYSTEM, VISITOR, Role
from app.core.db import db, transaction
from app.evidence import suggestions
from app.people import service
from tests import house_fixtures, story
from tests.house_fixtures import MONDAY, PASSWORD, House, csrf

PAGE = Path(__file__).with_name("access.csv")
ROLES = [role for role in Role if role is not Role.VISITOR]
COLUMNS = [Role.VISITOR, *ROLES]
# Values for the places in a rule; what is not there answers 404, which is stable as well.
VALUES: dict[str, object] = {
    "code": "cs-04", "standard": "cs-04", "std": "cs-04", "clause_id": "c07", "clause": "c07", "number": "26-001",
    "version": "1.0", "old": "1.0", "new": "1.0", "versions": "1.0..1.0", "month": "2026-08", "name": "zh",
    "filename": "web/app.css", "ref": "S-0000-0000", "a": "1.0", "b": "1.0", "pair": "1.0..1.0", "slug": "cs-04",
    "query": "cs-04", "what": "cs-04", "page": "1", "kind": "legal", "language": "zh",
}  # fmt: skip
LAST = ("people.sign_out",)  # ends the sign-in that the others need


def prepare(folder: Path) -> House:
    """Makes an instance with a revision in review and one person for each role alone."""
    folder.mkdir(parents=True)
    clock.mark_demo(folder)
    app = house_fixtures.make_app(folder)
    jobs.on_commit_wake(None)
    house = House(app, folder)
    with app.app_context(), clock.frozen(MONDAY):
        db.create_all()
        with transaction():
            house_fixtures.make_cast()
            department = house.person("drafter").department_id
            for role in ROLES:
                person = service.add_person(
                    SYSTEM,
                    sign_in_name=sign_in_name(role),
                    name=role.value,
                    name_latin=role.value,
                    department_id=department,
                    password=PASSWORD,
                )
                if role is not Role.PROPOSER:
                    ends = clock.today().replace(year=2028) if role is Role.OUTSIDE_AUDITOR else None
                    service.grant_role(SYSTEM, person.id, role, ends_on=ends)
        story.given_in_review(house)
        with transaction():
            suggestions.receive_suggestion(
                VISITOR,
                text="写清楚多久答复",
                language="zh",
                standard_code="cs-04",
                clause_id="c07",
                network="t",
            )
        jobs.run_due(leave=("make_handbook",))
        db.session.remove()
        db.engine.dispose()
    return house


def sign_in_name(role: Role) -> str:
    """Returns the sign-in name of the person who holds only this role."""
    return f"only-{role.value.replace('_', '-')}"


def doors(app: Flask) -> list[tuple[str, str, str]]:
    """Returns (rule, method, endpoint) of every route, in the order of the page."""
    found = [
        (rule.rule, method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda d: (d[2] in LAST, d[0], d[1]))


def address(rule: str) -> str:
    """Returns an address of the rule, its places filled."""

    def fill(match: re.Match[str]) -> str:
        converter, _, name = match.group(1).rpartition(":")
        if converter.startswith("any("):
            return converter[4:-1].split(",")[0].strip("'\" ")
        if converter.startswith(("int", "float")):
            return "1"
        return str(VALUES.get(name, "1"))

    return re.sub(r"<([^>]+)>", fill, rule)


def ask(house: House, folder: Path, role: Role) -> dict[tuple[str, str], str]:
    """Returns {(rule, method): cell} for one role, on a copy of the instance."""
    shutil.copytree(house.folder, folder)
    app = house_fixtures.make_app(folder)
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a fault is a cell with 500, seen with all others
    jobs.on_commit_wake(None)
    cells: dict[tuple[str, str], str] = {}
    with clock.frozen(MONDAY):
        client, token = _client(app, role)
        for rule, method, _endpoint in doors(app):
            if method == "GET":
                cells[rule, method] = str(client.get(address(rule)).status_code)
                continue
            status = client.open(address(rule), method=method, data=token).status_code
            cells[rule, method] = _door(client, rule, status, role)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return cells


def _door(client: FlaskClient, rule: str, status: int, role: Role) -> str:
    if status == 403:
        return "403"
    if role is Role.VISITOR and status == 303 and rule not in ("/sign-out", "/preferences", "/sign-in"):
        return "303"
    return "in"


def _client(app: Flask, role: Role) -> tuple[FlaskClient, dict[str, str]]:
    client = app.test_client()
    client.set_cookie("lang", "en")
    token = csrf(client.get("/sign-in").text)
    if role is not Role.VISITOR:
        answer = client.post(
            "/sign-in", data={"name": sign_in_name(role), "password": PASSWORD, "next": "/profile", **token}
        )
        assert answer.status_code == 303, answer.text[:300]
        token = csrf(client.get("/profile").text)
    return client, token


def write(columns: dict[Role, dict[tuple[str, str], str]], app: Flask) -> str:
    """Returns the page: a row for each route and method, a column for each role."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["route", "method", *(r.value for r in COLUMNS)])
    for rule, method, _endpoint in doors(app):
        writer.writerow([rule, method, *(columns[r][rule, method] for r in COLUMNS)])
    return out.getvalue()


def read() -> dict[Role, dict[tuple[str, str], str]]:
    """Returns the checked-in page by role."""
    rows = list(csv.DictReader(io.StringIO(PAGE.read_text("utf-8"))))
    return {r: {(row["route"], row["method"]): row[r.value] for row in rows} for r in COLUMNS}


def main() -> None:
    """Writes the page anew."""
    with tempfile.TemporaryDirectory() as temporary:
        house = prepare(Path(temporary) / "prepared")
        columns = {r: ask(house, Path(temporary) / r.value, r) for r in COLUMNS}
        PAGE.write_text(write(columns, house.app), "utf-8")


if __name__ == "__main__":
    main()
