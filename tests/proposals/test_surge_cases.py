"""A surge of feedback opens one fast-track proposal with its evidence, or joins the revision that holds the clause."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_babel import refresh

from app.core import clock, jobs
from app.core.access import SYSTEM, VISITOR
from app.core.db import db, transaction
from app.evidence import feedback, service, suggestions
from app.evidence import queries as evidence
from app.evidence.models import EvidenceKind, Issue, IssueTicket, Suggestion, SuggestionState, Ticket
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import Channel, TicketRecord
from app.notices import webhooks
from app.notices.models import Delivery
from app.proposals import surge_cases
from app.standards import queries as standards
from app.standards.models import Revision
from app.standards.workflow import State
from tests.house_fixtures import MONDAY, House
from tests.proposal_cases import open_copy

DAYS = 80
CLAUSE = "c13"


@pytest.fixture
def quiet(stocked: Path, tmp_path: Path) -> Iterator[House]:
    """Eighty days of contacts, with complaints grouped from the first day on."""
    contacts = [
        TicketRecord(source="csv", external_id=f"Q{day}-{n}", created_at=MONDAY - dt.timedelta(days=day, minutes=n), channel=Channel.CHAT)
        for day in range(1, DAYS) for n in range(5)
    ]  # fmt: skip
    write_csv(contacts, tmp_path / "contacts.csv")
    with open_copy(stocked, tmp_path / "quiet") as house, house.app.app_context(), clock.frozen(MONDAY):
        with transaction():
            service.import_tickets(SYSTEM, "csv", tmp_path / "contacts.csv")
            oldest = db.session.scalars(sa.select(Ticket).order_by(Ticket.created_at).limit(1)).one()
            issue = db.session.scalars(sa.select(Issue)).first()
            issue.standard_id = issue.clause_id = None  # its own complaints are a surge by themselves
            db.session.add(IssueTicket(issue_id=issue.id, ticket_id=oldest.id, at=oldest.created_at))
        yield house


def suggest(day: int, count: int, first: int = 0) -> None:
    with clock.frozen(MONDAY - dt.timedelta(days=day)), transaction():
        for place in range(count):
            suggestions.receive_suggestion(
                VISITOR, text=f"大促时限第{day}天第{place}条：到底几天？", language="zh", standard_code="cs-04",
                clause_id=CLAUSE, network=f"n{day}-{place}-{first}",
            )  # fmt: skip


def open_all() -> list[str]:
    with transaction():
        return [revision.number for revision in surge_cases.open_cases()]


def test_quiet_clauses_open_nothing(quiet: House) -> None:
    suggest(3, 1)
    assert open_all() == []


def test_a_surge_opens_a_fast_track_proposal_with_its_evidence_once(quiet: House) -> None:
    with transaction():
        webhooks.add(
            quiet.actor("admin"),
            name="CRM",
            address="https://crm.invalid/",
            secret="",
            topics=["surge.opened"],
        )
    for day in (4, 3, 2):
        suggest(day, 3)
    numbers = open_all()
    assert len(numbers) == 1
    told = db.session.scalars(
        sa.select(Delivery)
    ).one()  # a system that is told of surges learns which revision has it
    assert (told.params["revision"], told.params["clause"]) == (numbers[0], "CS-04-C13")
    revision = standards.revision(numbers[0])
    assert (revision.state, revision.is_fast_track, revision.proposer_id) == (State.PROPOSED, True, None)
    assert standards.clause_ids(revision.id) == [CLAUSE]
    assert "CS-04-C13" in revision.title and "CS-04-C13" in revision.title_en
    assert revision.problem.startswith("2026-09-03 至") and "6 件" in revision.problem
    assert revision.problem_en is not None and revision.problem_en.startswith("6 pieces of feedback from")
    kinds = [link.kind for link in evidence.evidence_of(revision.id)]
    assert kinds.count(EvidenceKind.SURGE) == 1 and kinds.count(EvidenceKind.SUGGESTION) == 9
    states = set(db.session.scalars(sa.select(Suggestion.state).where(Suggestion.clause_id == CLAUSE)))
    assert states == {SuggestionState.LINKED}
    assert open_all() == []


def test_the_same_wave_gets_no_second_case_when_it_goes_on(quiet: House) -> None:
    for day in (4, 3, 2):
        suggest(day, 3)
    first = open_all()
    suggest(1, 8)
    assert open_all() == [] and len(first) == 1
    watched = next(one for one in feedback.watched() if one.clause_id == CLAUSE)
    assert watched.case is not None and watched.case.number == first[0]


def test_a_revision_that_holds_the_clause_gets_the_surge_as_evidence(quiet: House) -> None:
    for day in (4, 3, 2):
        suggest(day, 3)
    first = open_all()
    with transaction():  # the case as if it had been proposed by people, before any surge
        for link in evidence.evidence_of(standards.revision(first[0]).id):
            db.session.delete(link)
    assert open_all() == first
    assert db.session.scalar(sa.select(sa.func.count(Revision.id)).where(Revision.proposer_id.is_(None))) == 1


def test_without_a_past_nothing_is_judged(stocked: Path, tmp_path: Path) -> None:
    with open_copy(stocked, tmp_path / "young") as house, house.app.app_context(), clock.frozen(MONDAY):
        suggest(2, 9)
        assert open_all() == []


def test_the_clock_asks_for_one_look_a_day(quiet: House) -> None:
    for _ in range(3):
        with transaction():
            surge_cases.look_daily()
    waiting = sa.select(sa.func.count(jobs.Job.id)).where(jobs.Job.key == f"surges:{clock.today()}")
    assert db.session.scalar(waiting) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_the_surge_with_its_case_and_the_rule(quiet: House, language: str) -> None:
    for day in (4, 3, 2):
        suggest(day, 3)
    number = open_all()[0]
    refresh()  # the verbs ran in the context that the requests share, and keep their language in it
    client = quiet.client("director", language)
    page = client.get("/e/surges")
    assert page.status_code == 200 and number in page.text and "CS-04-C13" in page.text
    desk = client.get("/desk").text
    assert number in desk
    page = client.get(f"/r/{number}")
    said, other = (
        ("6 件反馈", "pieces of feedback") if language == "zh" else ("6 pieces of feedback", "件反馈")
    )
    assert page.status_code == 200 and said in page.text and other not in page.text
    assert "cs-04/c13/2026" not in page.text  # its evidence is called by its clause
