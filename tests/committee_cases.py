"""Ready-made situations of the committee: a meeting in two weeks with one rank on its agenda."""

import datetime as dt

from app.committee import service
from app.core import clock
from app.proposals import service as proposals
from tests.house_fixtures import MONDAY, House
from tests.proposal_cases import make_scoring
from tests.snapshots import remembered

LATER = MONDAY.date() + dt.timedelta(days=14)


@remembered
def called(house: House) -> None:
    with clock.frozen(MONDAY):
        revision = make_scoring(house)
        for who in ("lawyer", "engineer", "seller", "operator"):
            proposals.score(house.actor(who), revision, impact=4, cost=2, urgency=4)
        service.call_meeting(house.actor("chair"), day=LATER, place="三楼")
