"""Owns the page on which a new company begins: a set of standards, its departments and teams, who holds which post.

It brings nothing in itself: the verbs stand in `standards.founding` and `people.organisation`. Choosing again adds only
what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.admin.pages import admin
from app.core.access import Permission, Role, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import organisation, queries, sign_in
from app.people.models import Person
from app.people.organisation import Post, Size
from app.people.words import role_words
from app.standards import founding, starter
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.language import pick

POST = "post-"
SHOWN = 3
"""How many people a post names who have its first role already."""


@dataclass(frozen=True)
class PostRow:
    """One post of the page: its roles in words with who has the first of them now, and who holds them all (or None)."""

    post: Post
    roles: str
    is_held: bool
    holder_id: int | None


@dataclass(frozen=True)
class Chosen:
    """What was typed into the first step and could not be done: the set's key, and the codes ticked."""

    set: str = ""
    picked: Sequence[str] = ()


@admin.get("/admin/setup")
@requires(Permission.MANAGE_SYSTEM)
def setup() -> ResponseReturnValue:
    """Shows what a company can begin with and what is there; `?size=small` or `large` chooses the preset of posts."""
    return _show(request.args.get("size", ""))


@admin.post("/admin/setup/standards")
@requires(Permission.MANAGE_SYSTEM)
def bring_standards() -> ResponseReturnValue:
    """Brings in the standards of a set, or those picked by hand, and those they refer to."""
    by_hand = "by_hand" in request.form
    picked = request.form.getlist("standards")
    set_key = request.form.get("set", "")
    try:
        codes = picked if by_hand else starter.codes_of(set_key)
        done = founding.bring(sign_in.actor(), codes)
    except Invalid as error:
        chosen = Chosen(set_key, picked)
        return _show(request.form.get("size", ""), chosen=chosen, problems=problems_from(error.errors)), 422
    flash_done(_brought_words(done))
    return _back()


@admin.post("/admin/setup/organisation")
@requires(Permission.MANAGE_PEOPLE)
def found_organisation() -> ResponseReturnValue:
    """Adds the departments and teams of a preset that are missing."""
    try:
        with transaction():
            added = organisation.found(sign_in.actor(), request.form.get("size", ""))
    except Invalid as error:
        return _show("", problems=problems_from(error.errors)), 422
    flash_done(
        ngettext("%(num)s department or team is new.", "%(num)s departments and teams are new.", added)
        if added
        else _("All departments and teams were there already.")
    )
    return _back()


@admin.post("/admin/setup/posts")
@requires(Permission.MANAGE_PEOPLE)
def fill_posts() -> ResponseReturnValue:
    """Grants the roles of each post to the person chosen for it; a post left open changes nothing."""
    size = request.form.get("size", "")
    typed = {key.removeprefix(POST): value for key, value in request.form.items() if key.startswith(POST)}
    chosen = {key: int(value) if value.isdecimal() else 0 for key, value in typed.items() if value}
    try:
        with transaction():
            granted = organisation.fill_posts(sign_in.actor(), size, chosen)
            founding.give_owner(sign_in.actor())
    except Invalid as error:
        return _show(size, typed=typed, problems=problems_from(error.errors)), 422
    flash_done(
        ngettext("%(num)s role was granted.", "%(num)s roles were granted.", granted)
        if granted
        else _("Nothing was granted: everybody chosen has these roles already.")
    )
    return _back()


def _show(
    asked: str,
    chosen: Chosen | None = None,
    typed: dict[str, str] | None = None,
    problems: list[tuple[str, str]] | None = None,
) -> str:
    people = queries.everybody()
    roles = queries.roles_of([person.id for person in people])
    size = organisation.sizes().get(asked) or _likely_size()
    there = founding.codes_there() & starter.standards().keys()
    missing = _missing_options(there)
    # Where an error of a field leads to; one of a field that is not on the page leads nowhere.
    places = {"size": "size", **{f"{POST}{post.key}": f"{POST}{post.key}" for post in size.posts}}
    if missing:
        places |= {"set": "set-0", "standards": "standards-0"}
    return render_template(
        "admin/setup.html",
        sets=_set_options(there),
        missing=missing,
        there_count=len(there),
        library_count=len(starter.standards()),
        chosen=chosen or Chosen(),
        sizes=organisation.sizes(),
        size=size,
        departments={row.code for row in queries.departments()},
        teams={row.code for row in queries.teams()},
        people=[(person.id, pick(person.name, person.name_latin)) for person in people],
        posts=[
            PostRow(
                post,
                _roles_and_holders(post, people, roles),
                any(post.roles[0] in held for held in roles.values()),
                _holder(post, people, roles),
            )
            for post in size.posts
        ],
        typed=typed,
        problems=[(places.get(field, ""), words) for field, words in problems or []],
        wrong=dict(problems or []),
    )


def _set_options(there: frozenset[str]) -> list[tuple[str, str, str]]:
    """Each set as a choice: its key, its name, for whom it is and how much of it is here, references counted in."""
    made = []
    for one in starter.sets().values():
        codes = starter.with_references(one.codes)
        count = ngettext(
            "%(num)s standard, %(here)s of them here.",
            "%(num)s standards, %(here)s of them here.",
            len(codes),
            here=len(there.intersection(codes)),
        )
        made.append((one.key, pick(one.zh, one.en), f"{pick(one.why_zh, one.why_en)} {count}"))
    return made


def _missing_options(there: frozenset[str]) -> list[tuple[str, str, str]]:
    return [
        (
            one.code,
            f"{one.code.upper()} {pick(one.title_zh, one.title_en)}",
            ngettext("%(num)s clause", "%(num)s clauses", one.clause_count),
        )
        for one in starter.standards().values()
        if one.code not in there
    ]


def _likely_size() -> Size:
    """The preset whose departments are there already, the small one first; the small one where none are."""
    there = {row.code for row in queries.departments()}
    fitting = (s for s in organisation.sizes().values() if {unit.code for unit in s.departments} <= there)
    return next(fitting, next(iter(organisation.sizes().values())))


def _roles_and_holders(post: Post, people: list[Person], roles: dict[int, list[Role]]) -> str:
    """The roles of the post in words; the first says what the post is, so whoever has it now is named behind."""
    words = str(_(", ")).join(role_words(role) for role in post.roles)
    now = [pick(p.name, p.name_latin) for p in people if post.roles[0] in roles.get(p.id, [])]
    if not now:
        return words
    names = str(_(", ")).join(now[:SHOWN])
    return str(_("%(roles)s. Now: %(names)s", roles=words, names=names)) + ("…" if len(now) > SHOWN else "")


def _holder(post: Post, people: list[Person], roles: dict[int, list[Role]]) -> int | None:
    return next((p.id for p in people if set(post.roles) <= set(roles.get(p.id, []))), None)


def _brought_words(done: founding.Brought) -> str:
    if not done.made:
        return str(_("All of these standards were there already; nothing was changed."))
    words: str = ngettext(
        "%(num)s standard is new: %(codes)s.",
        "%(num)s standards are new: %(codes)s.",
        len(done.made),
        codes=_codes(done.made),
    )
    if done.along:
        words += " " + _("Brought along because others refer to it: %(codes)s.", codes=_codes(done.along))
    return words


def _codes(codes: tuple[str, ...]) -> str:
    return str(_(", ")).join(code.upper() for code in codes)


def _back() -> ResponseReturnValue:
    size = request.form.get("size", "")
    return redirect(url_for(".setup", size=size if size in organisation.sizes() else None), 303)
