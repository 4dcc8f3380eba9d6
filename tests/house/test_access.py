"""Every route as every role over HTTP: against the checked-in page, and against the grants."""

from pathlib import Path

import pytest
from flask import Flask

from app.core.access import GRANTS, Permission, Role, open_to_all, required_of, requires
from tests.house import access
from tests.house_fixtures import House

STAFF_FROM_THE_FIRST_DAY = GRANTS[Role.PROPOSER]


@pytest.fixture(scope="session")
def prepared_house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """One instance for all roles; each asks a copy of it."""
    return access.prepare(tmp_path_factory.mktemp("access") / "prepared")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", access.COLUMNS, ids=lambda r: r.value)
def test_every_route_answers_the_role_as_the_page_says(
    prepared_house: House, tmp_path: Path, role: Role
) -> None:
    said = access.read()[role]
    found = access.ask(prepared_house, tmp_path / "data", role)
    other = {door: (said.get(door), cell) for door, cell in found.items() if said.get(door) != cell}
    assert not other and set(said) == set(found), (
        f"for {role.value} these doors changed (page, now): {other}; gone: {set(said) - set(found)}. Read them, then "
        "write the page anew with `python -m tests.house.access`"
    )


def test_no_door_answers_with_a_fault() -> None:
    faults = {
        (r.value, door) for r, cells in access.read().items() for door, cell in cells.items() if cell == "500"
    }
    assert not faults


@pytest.mark.parametrize("role", access.ROLES, ids=lambda r: r.value)
def test_the_page_agrees_with_the_grants(prepared_house: House, role: Role) -> None:
    page = access.read()[role]
    granted = GRANTS[role] | (frozenset() if role is Role.OUTSIDE_AUDITOR else STAFF_FROM_THE_FIRST_DAY)
    wrong = []
    for rule, method, endpoint in access.doors(prepared_house.app):
        permission = required_of(prepared_house.app.view_functions[endpoint])
        may = permission is None or permission in granted
        if may == (page[rule, method] == "403"):
            wrong.append((rule, method, page[rule, method], permission))
    # A view may close its door to some who hold its permission (own revisions, own team), never the other way.
    opened = [w for w in wrong if w[2] != "403"]
    assert not opened, f"{role.value} comes in without the permission: {opened}"


def test_every_view_says_who_may_come_in(prepared_house: House) -> None:
    unmarked = [e for e, view in prepared_house.app.view_functions.items() if required_of(view) is False]
    assert not unmarked, f"mark these views with @requires or @open_to_all: {unmarked}"


def test_an_unmarked_view_is_refused_even_to_the_director(prepared_house: House, tmp_path: Path) -> None:
    app: Flask = access.house_fixtures.make_app(tmp_path / "planted")
    app.add_url_rule("/planted", "planted", lambda: "secret")
    client = app.test_client()
    answer = client.get("/planted")
    assert answer.status_code == 403 and "secret" not in answer.text


def test_the_marks_are_read_as_they_were_made() -> None:
    @requires(Permission.AUDIT)
    def closed() -> str:
        return ""

    @open_to_all
    def wide() -> str:
        return ""

    assert required_of(closed) is Permission.AUDIT
    assert required_of(wide) is None
    assert required_of(lambda: "") is False


def test_administrators_neither_sign_nor_score_nor_edit() -> None:
    forbidden = {
        Permission.DRAFT, Permission.SCORE, Permission.REVIEW, Permission.REVIEW_LEGAL, Permission.REVIEW_BUSINESS,
        Permission.REVIEW_IT, Permission.PUBLISH, Permission.DECIDE_PILOT, Permission.AUDIT, Permission.CONFIRM_RANK,
    }  # fmt: skip
    assert not forbidden & GRANTS[Role.ADMIN]
