"""Ready-made situations of the first two stages: a starter library, complaints that form an issue, a proposal."""

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import wiring
from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import Reason
from app.evidence import service as evidence_service
from app.evidence.models import EvidenceKind, Issue
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import Author, Channel, TicketRecord, Turn
from app.proposals import service
from app.standards import library, lifecycle
from app.standards import queries as standards_queries
from app.standards.models import NeedSource, Revision
from app.standards.workflow import Fact
from tests.house_fixtures import MONDAY, House, _open, csrf
from tests.snapshots import remembered

STARTER = Path(__file__).resolve().parents[1] / "standards_repo" / "starter"
PHONE = "13812342210"


def starter(code: str) -> dict[str, str]:
    """Returns the texts of a starter standard by language."""
    return {language: (STARTER / code / f"{language}.md").read_text("utf-8") for language in ("zh", "en")}


@contextmanager
def law() -> Iterator[None]:
    """Lets the law be asked although rooms to the right are not built: what they would prove does not hold."""
    before = dict(lifecycle._provers)
    absent = {fact: lambda revision, attempt: (Reason("error.unknown"),) for fact in Fact}
    lifecycle.wire({**absent, **wiring.FACTS})
    try:
        yield
    finally:
        lifecycle._provers.clear()
        lifecycle._provers.update(before)


def complaints(count: int, day: int, first: int = 0, words: str = "退货申请没人回复") -> list[TicketRecord]:
    """Returns complaints about one thing, a minute apart, so many days before the tests' Monday."""
    at = MONDAY - dt.timedelta(days=day)
    return [
        TicketRecord(
            source="csv",
            external_id=f"T{first + i}",
            created_at=at + dt.timedelta(minutes=i),
            channel=Channel.APP,
            region="east",
            category="returns",
            subject=words,
            text=f"{words}，等了{i}天，电话{PHONE}",
            conversation=(Turn(at + dt.timedelta(minutes=i), Author.CUSTOMER, f"{words}，{PHONE}"),),
            is_complaint=True,
        )
        for i in range(count)
    ]


def make_issue(folder: Path) -> Issue:
    """Publishes cs-04, brings complaints in and groups them; returns the issue, on clause c07."""
    library.import_standard(SYSTEM, starter("cs-04"))
    path = folder / "complaints.csv"
    write_csv([*complaints(12, 3), *complaints(6, 10, first=100)], path)
    evidence_service.import_tickets(SYSTEM, "csv", path)
    issue = evidence_service.group_complaints(SYSTEM)[0]
    db.session.commit()
    return issue


def stock(folder: Path, source: Path) -> Path:
    """Copies a prepared data folder and fills it with the library's cs-04 and its issue; made once for many tests."""
    shutil.copytree(source, folder)
    for house in _open(folder):
        with house.app.app_context():
            make_issue(folder)
            db.session.remove()
    return folder


@pytest.fixture(scope="session")
def stocked(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the library's cs-04 and its issue, made once a run and copied by `open_copy`."""
    return stock(tmp_path_factory.mktemp("stocked") / "data", prepared)


@contextmanager
def open_copy(stocked: Path, folder: Path) -> Iterator[House]:
    """Opens a copy of a stocked folder for tests over HTTP, with the law in place."""
    shutil.copytree(stocked, folder)
    with law():
        for house in _open(folder):
            with law():  # making the app wired the law anew
                yield house


@remembered
def make_proposal(
    house: House, who: str = "director", clauses: tuple[str, ...] = ("c07",), **values: str
) -> Revision:
    """Returns a complete proposal, still a draft."""
    if "cs-04" not in {s.code for s in standards_queries.standards()}:
        library.import_standard(SYSTEM, starter("cs-04"))
    texts = {
        "title": "退换货首次答复缩短到 12 小时",
        "problem": "三成客户等了一天以上",
        "benefit": "客户当天就知道能不能退",
    }
    actor = house.actor(who)
    revision = service.start_proposal(
        actor,
        standards_queries.standard("cs-04"),
        clauses=clauses,
        source=NeedSource.COMPLAINTS,
        **(texts | values),
    )
    evidence_service.attach_evidence(actor, revision, EvidenceKind.NOTE, "", "九月投诉周报")
    return revision


@remembered
def make_scoring(house: House, who: str = "director", **values: object) -> Revision:
    """Returns a proposal before the panel."""
    revision = make_proposal(house, who, **values)  # type: ignore[arg-type]
    service.propose(house.actor(who), revision)
    service.open_scoring(house.actor("director"), revision)
    db.session.commit()
    return revision


def post(client: FlaskClient, page: str, url: str | None = None, **data: object):
    """Sends the form of a page as a browser would, to the page itself or to `url`."""
    return client.post(url or page, data={**csrf(client.get(page).text), **data})
