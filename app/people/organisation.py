"""Owns the presets of an organisation: departments, teams and posts of a small and of a large one, as data.

A post is a bundle of roles that one person gets; who may not hold two of them stands in the data beside it
(`standards_repo/starter/roles.json`). Whatever is there already stays.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.core.access import Actor, Role
from app.core.errors import FieldError, Invalid, Reason
from app.people import queries, service
from app.people.models import Person

FILE = Path(__file__).resolve().parents[2] / "standards_repo" / "starter" / "roles.json"
LIMIT_KEY = 40


@dataclass(frozen=True)
class Unit:
    """A department, or a team of the department with the code `department`."""

    code: str
    zh: str
    en: str
    department: str = ""


@dataclass(frozen=True)
class Post:
    """What one person does, and the roles that go with it."""

    key: str
    zh: str
    en: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Size:
    """A preset. `apart` are pairs of roles that nobody may hold together, with the key of why: `text` or `check`."""

    key: str
    zh: str
    en: str
    why_zh: str
    why_en: str
    departments: tuple[Unit, ...]
    teams: tuple[Unit, ...]
    posts: tuple[Post, ...]
    apart: tuple[tuple[Role, Role, str], ...]


@cache
def sizes() -> dict[str, Size]:
    """Returns `{key: preset}`, the small one first; read once a process."""
    return {row["key"]: _size(row) for row in json.loads(FILE.read_text("utf-8"))}


def size(key: str) -> Size:
    """Returns the preset. Raises Invalid (field `size`) for another key."""
    if key not in sizes():
        raise Invalid.of("size", "organisation.unknown_size", value=key[:LIMIT_KEY])
    return sizes()[key]


def found(actor: Actor, size_key: str) -> int:
    """Adds the departments and teams of the preset whose codes are missing, and returns how many.

    Raises Invalid for an unknown preset, NotAllowed without the permission to manage people.
    """
    preset = size(size_key)
    departments = {row.code: row.id for row in queries.departments()}
    teams = {row.code for row in queries.teams()}
    added = 0
    for unit in preset.departments:
        if unit.code not in departments:
            departments[unit.code] = service.add_department(actor, unit.code, unit.zh, unit.en).id
            added += 1
    for unit in preset.teams:
        if unit.code not in teams:
            service.add_team(actor, unit.code, unit.zh, unit.en, departments[unit.department], None)
            added += 1
    return added


def fill_posts(actor: Actor, size_key: str, chosen: Mapping[str, int]) -> int:
    """Grants the roles of the posts to the people chosen (`{post key: person id}`) and returns how many were missing.

    A role that a person holds already, in whatever scope, is not granted again. Raises Invalid with the post as the
    field (`post-lead`) for an unknown post or a closed account, and for a person who would write texts and also sign
    or publish them, or serve customers and also check that service: then nothing is granted (CS-17-C04).
    """
    preset = size(size_key)
    posts = {post.key: post for post in preset.posts}
    people = {person.id: person for person in queries.everybody()}
    errors = [
        FieldError(
            f"post-{key[:LIMIT_KEY]}",
            Reason("person.unknown" if key in posts else "organisation.unknown_post"),
        )
        for key, person_id in chosen.items()
        if key not in posts or person_id not in people
    ]
    if errors:
        raise Invalid(errors)
    held = {i: set(roles) for i, roles in queries.roles_of(sorted(set(chosen.values()))).items()}
    errors = list(_kept_apart(preset, {key: people[i] for key, i in chosen.items()}, held))
    if errors:
        raise Invalid(errors)
    granted = 0
    for key, person_id in chosen.items():
        for role in posts[key].roles:
            if role not in held.setdefault(person_id, set()):
                service.grant_role(actor, person_id, role)
                held[person_id].add(role)
                granted += 1
    return granted


def _kept_apart(
    preset: Size, chosen: Mapping[str, Person], held: Mapping[int, set[Role]]
) -> Iterator[FieldError]:
    """Yields an error at the last post that would put two roles into one hand; each person and pair once."""
    wanted: dict[int, dict[Role, str]] = {}
    for post in preset.posts:
        if post.key in chosen:
            for role in post.roles:
                wanted.setdefault(chosen[post.key].id, {})[role] = post.key
    people = {person.id: person for person in chosen.values()}
    for person_id, new in wanted.items():
        every = held.get(person_id, set()) | new.keys()
        for one, other, why in preset.apart:
            if one in every and other in every and (one in new or other in new):
                name = people[person_id].name
                yield FieldError(
                    f"post-{new.get(other) or new[one]}", Reason(f"organisation.apart_{why}", {"name": name})
                )
                break


def _size(row: dict[str, object]) -> Size:
    def many(name: str) -> list[dict[str, object]]:
        return row[name]  # type: ignore[return-value]

    return Size(
        **{name: str(row[name]) for name in ("key", "zh", "en", "why_zh", "why_en")},
        departments=tuple(Unit(**one) for one in many("departments")),  # type: ignore[arg-type]
        teams=tuple(Unit(**one) for one in many("teams")),  # type: ignore[arg-type]
        posts=tuple(
            Post(str(p["key"]), str(p["zh"]), str(p["en"]), tuple(map(Role, p["roles"])))  # type: ignore[call-overload]
            for p in many("posts")
        ),
        apart=tuple((*map(Role, one["roles"]), str(one["why"])) for one in many("apart")),  # type: ignore[call-overload]
    )
