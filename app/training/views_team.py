"""Owns the team's pages: the matrix, reminding on a check page, the matrix as CSV. A lead sees the own team only."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.access import Permission, requires
from app.core.csv_text import csv_bytes
from app.core.db import transaction
from app.people import sign_in
from app.training import service
from app.training.matrix import Cell, Matrix, matrix
from app.training.pages import training
from app.training.words import cell_words
from app.web.banner import flash_done
from app.web.filters import day
from app.web.language import pick


@training.get("/t/team")
@requires(Permission.READ_TEAM)
def team() -> ResponseReturnValue:
    """Shows people against what they were asked to read; `?standard=` and `?team=` narrow it."""
    made = _asked_for()
    everything = matrix(sign_in.actor()) if request.args else made
    teams = {row.person.team_id: row.person.team for row in everything.rows if row.person.team}
    standards = {c.publication.standard.code: c.publication.standard for c in everything.columns}
    return render_template("training/team.html", made=made, teams=teams, standards=standards)


@training.get("/t/team.csv")
@requires(Permission.READ_TEAM)
def team_csv() -> ResponseReturnValue:
    """Sends the matrix as a table; no cell of it runs as a formula."""
    made = _asked_for()
    header = [_("Name"), _("Team"), *(_column_words(made, i) for i in range(len(made.columns)))]
    rows = [
        [
            pick(row.person.name, row.person.name_latin),
            pick(row.person.team.name_zh, row.person.team.name_en) if row.person.team else "",
            *(_cell_text(cell) for cell in row.cells),
        ]
        for row in made.rows
    ]
    name = f"training-{clock.today().isoformat()}.csv"
    return Response(
        csv_bytes(header, rows),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@training.get("/t/team/remind")
@requires(Permission.READ_TEAM)
def check_reminders() -> ResponseReturnValue:
    """Shows who would be reminded with which words; sending is the button."""
    made = _asked_for()
    ids = set(made.to_remind)
    chosen = [
        (row.person, made.columns[i].publication, cell)
        for row in made.rows
        for i, cell in enumerate(row.cells)
        if cell.assignment_id in ids
    ]
    return render_template("training/remind.html", chosen=chosen, count=made.people_to_remind)


@training.post("/t/team/remind")
@requires(Permission.READ_TEAM)
def remind() -> ResponseReturnValue:
    """Reminds the people shown; those reminded today, on leave or of other teams are left out."""
    with transaction():
        reminded = service.remind(sign_in.actor(), request.form.getlist("assignment", type=int))
        count = len({row.person_id for row in reminded})
    flash_done(
        ngettext("%(num)s person was reminded.", "%(num)s people were reminded.", count)
        if count
        else _("Nobody was left to remind: they have read it, are on leave or were reminded today.")
    )
    return redirect(url_for(".team"), 303)


def _asked_for() -> Matrix:
    team_id = request.args.get("team", type=int)
    return matrix(sign_in.actor(), standard_code=request.args.get("standard", ""), team_id=team_id)


def _column_words(made: Matrix, index: int) -> str:
    publication = made.columns[index].publication
    return f"{publication.standard.code.upper()} {publication.version}"


def _cell_text(cell: Cell) -> str:
    return f"{cell_words(cell.state)} {day(cell.on)}".strip() if cell.on else cell_words(cell.state)
