"""Owns who may check, and the monthly rates kept by the writer. Knows no plan and no scorecard as a whole."""

from collections.abc import Sequence

from app.audits.models import MonthlyRate, ScoreLine
from app.audits.scoring import Answer
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import NotAllowed
from app.core.text import clean_text
from app.evidence.models import Ticket
from app.people import queries as people

LIMIT_NOTE_BYTES = 8 * 1024
NO_PLACE = "-"  # stands for a contact without region or team


def must_audit(actor: Actor) -> None:
    """Raises NotAllowed for whoever is no auditor."""
    if not actor.may(Permission.AUDIT):
        raise NotAllowed("move.no_permission", permission=Permission.AUDIT.value)


def team_codes() -> dict[int, str]:
    """Returns the code of each team by its id, as tickets name them."""
    return {team.id: team.code for team in people.teams()}


def is_own_team(actor: Actor, ticket: Ticket) -> bool:
    """Tells whether the contact was handled by the actor's own team, which the actor never checks."""
    return actor.team_id is not None and team_codes().get(actor.team_id) == ticket.team


def words(text: str, field: str) -> str:
    """Returns what somebody wrote, cleaned and without blanks around it."""
    return clean_text(text, LIMIT_NOTE_BYTES, field=field).strip()


def roll_up(month: str, ticket: Ticket, lines: Sequence[ScoreLine], sign: int) -> None:
    """Adds the lines to the month's rates (`sign` 1) or takes them out again (-1); N/A counts nowhere."""
    for line in lines:
        if line.answer is Answer.NOT_APPLICABLE:
            continue
        key = {
            "month": month,
            "standard_id": line.standard_id,
            "clause_id": line.clause_id,
            "team": ticket.team or NO_PLACE,
            "channel": ticket.channel.value,
        }
        row = db.session.get(MonthlyRate, tuple(key.values()), with_for_update=True)
        if row is None:
            row = MonthlyRate(**key, kept=0, checked=0)
            db.session.add(row)
            db.session.flush()
        row.checked += sign
        row.kept += sign if line.answer is Answer.MET else 0
    db.session.flush()
