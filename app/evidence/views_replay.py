"""Owns the pages of the promise replay: the question and its answer, and the answer alone while somebody types."""

from collections.abc import Mapping

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.access import Permission, requires
from app.core.errors import NotFound
from app.evidence import queries, replay
from app.evidence.pages import evidence
from app.evidence.replay_ask import UNITS, Ask, ask_from
from app.evidence.tickets import Channel, Complexity, Priority
from app.people import queries as people_queries


@evidence.get("/e/replay")
@requires(Permission.READ_EVIDENCE)
def replay_page() -> ResponseReturnValue:
    """Shows how past contacts would have kept a target, with the form to try another one."""
    ask = _ask(request.args)
    return render_template(
        "evidence/replay.html",
        ask=ask,
        answer=replay.replay(ask),
        places=replay.places(),
        units=UNITS,
        choices=_choices(),
    )


@evidence.get("/e/replay/figures")
@requires(Permission.READ_EVIDENCE)
def replay_figures() -> ResponseReturnValue:
    """Gives the answer alone, for the script that asks again while somebody types."""
    ask = _ask(request.args)
    return render_template("evidence/_replay_figures.html", ask=ask, answer=replay.replay(ask))


def _ask(values: Mapping[str, str]) -> Ask:
    found = ask_from(values, clock.today(), (place.place for place in replay.places()))
    if found is None:
        raise NotFound("evidence.not_measured")
    return found


def _choices() -> dict[str, list[str]]:
    return {
        "region": [region.code for region in people_queries.regions()],
        "channel": [one.value for one in Channel],
        "product": replay.products(),
        "priority": [one.value for one in Priority],
        "category": queries.categories(),
        "group": ["new", "regular", "vip"],
        "complexity": [one.value for one in Complexity],
    }
