"""Owns the page of surges: which clauses are watched, how loud each is, and what is done about it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core import clock, seasons
from app.core.access import Permission, requires
from app.evidence import feedback, surges
from app.evidence.pages import evidence

PERIOD_DAYS = 365


@evidence.get("/e/surges")
@requires(Permission.READ_EVIDENCE)
def surges_page() -> ResponseReturnValue:
    """Shows the clauses with feedback, the loudest first, with the rule and how often it is wrong."""
    rows = feedback.watched()
    return render_template(
        "evidence/surges.html",
        rows=rows,
        alarm=surges.H,
        wrong=surges.chance_of_false_alarm(len(rows), PERIOD_DAYS),
        season=seasons.season_of(clock.today()),
    )
