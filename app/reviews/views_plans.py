"""Owns the pages of the rules of review over HTTP: the plan as a picture with a form for a new one, the rule packs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid
from app.people import queries as people
from app.people import sign_in
from app.reviews import plans, rule_packs
from app.reviews.freshness import Kind, Need, Step
from app.reviews.pages import reviews
from app.reviews.plan import LIMIT_STEPS, from_data, picture
from app.standards.edit_words import tags_words
from app.standards.words import tag_named
from app.web.banner import flash_done
from app.web.forms import problems_from

FIELDS = ("order", "kind", "department", "tags", "need", "count", "required")
MORE_ROWS = 2
_COMMAS = re.compile(r"[,，、]")
Row = Mapping[str, str]


@dataclass(frozen=True)
class Typed:
    """What a form says: the steps, and the row each stood in."""

    steps: tuple[Step, ...]
    places: tuple[int, ...]


@reviews.get("/admin/review-plans")
@requires(Permission.PLAN_REVIEWS)
def review_plans() -> ResponseReturnValue:
    """Shows the plan of new revisions and a form to write another one."""
    return _page(_rows_of(plans.newest_steps()))


@reviews.post("/admin/review-plans")
@requires(Permission.PLAN_REVIEWS)
def write_plan() -> ResponseReturnValue:
    """Writes a plan for the revisions begun from now on."""
    rows = [{name: request.form.get(f"{name}-{i}", "") for name in FIELDS} for i in range(_row_count())]
    typed = _read(rows)
    try:
        with transaction():
            written = plans.write_plan(
                sign_in.actor(), typed.steps, note=request.form.get("note", ""), places=typed.places
            )
    except Invalid as error:
        return _page(rows, problems_from(error.errors)), 422
    flash_done(
        _("The plan counts for revisions begun from now on. Those begun before keep theirs.")
        if written
        else _("This is the plan that counts already. Nothing was changed.")
    )
    return redirect(url_for(".review_plans"), 303)


@reviews.get("/admin/rules")
@requires(Permission.READ_STANDARDS)
def rules() -> ResponseReturnValue:
    """Shows what laws oblige to, by which tags it is called up, and what follows from it."""
    return render_template("reviews/rules.html", packs=rule_packs.packs())


def _row_count() -> int:
    given = request.form.get("rows", "")
    return min(int(given), LIMIT_STEPS + MORE_ROWS) if given.isascii() and given.isdigit() and given else 0


def _read(rows: list[dict[str, str]]) -> Typed:
    """Reads the rows that name a field; a number that is none is 0 and refused by the plan's own rules."""
    found = [(place, row) for place, row in enumerate(rows) if row["kind"] in set(Kind)]
    steps = tuple(
        Step(
            key="",
            kind=Kind(row["kind"]),
            order=_number(row["order"]),
            department=row["department"],
            tags=_tags(row["tags"]),
            need=Need(row["need"]) if row["need"] in set(Need) else Need.ANY,
            count=_number(row["count"]) if row["need"] == Need.COUNT else 1,
            is_required=row["required"] != "no",
        )
        for place, row in found
    )
    return Typed(steps, tuple(place for place, _row in found))


def _tags(text: str) -> tuple[str, ...]:
    """Returns the tags between the commas of a line; a name of several words is one tag, other words are one each."""
    pieces = [piece.strip() for piece in _COMMAS.split(text) if piece.strip()]
    named = [(piece, tag_named(piece)) for piece in pieces]
    return tuple(
        dict.fromkeys(one for piece, tag in named for one in (tag.split() if tag == piece.lower() else [tag]))
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _rows_of(steps: tuple[Step, ...]) -> list[dict[str, str]]:
    empty = dict.fromkeys(FIELDS, "") | {"order": str(max((s.order for s in steps), default=0) + 1)}
    made = [
        {
            "order": str(step.order),
            "kind": step.kind.value,
            "department": step.department,
            "tags": tags_words(step.tags),
            "need": step.need.value,
            "count": str(step.count) if step.need is Need.COUNT else "",
            "required": "yes" if step.is_required else "no",
        }
        for step in steps
    ]
    return [*made, *(dict(empty) for _i in range(MORE_ROWS))]


def _page(rows: list[dict[str, str]], problems: list[tuple[str, str]] | None = None) -> str:
    written = plans.all_plans()
    return render_template(
        "reviews/plans.html",
        picture=picture(plans.newest_steps()),
        rows=rows,
        written=written,
        pictures={plan.id: picture(from_data(plan.steps)) for plan in written[1:]},
        people=people.by_ids({plan.made_by_id or 0 for plan in written}),
        departments=people.departments(),
        problems=problems,
        errors=dict(problems or []),
        note=request.form.get("note", ""),
    )
