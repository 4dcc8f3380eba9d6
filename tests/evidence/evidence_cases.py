"""What the tests of evidence share: tickets made, brought in, complaints of one kind, a measure."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from app.core.access import SYSTEM
from app.core.db import db
from app.evidence import service
from app.evidence.readers.generic_table import write_csv
from app.evidence.tickets import Channel, TicketRecord
from app.standards.measures import Comparison, Measure, Unit
from tests.house_fixtures import MONDAY

STARTER = Path(__file__).resolve().parents[2] / "standards_repo" / "starter"
PHONE = "13812342210"


def starter(code: str) -> dict[str, str]:
    return {language: (STARTER / code / f"{language}.md").read_text("utf-8") for language in ("zh", "en")}


def record(number: int, **values: object) -> TicketRecord:
    at = values.pop("at", MONDAY - dt.timedelta(days=1))
    assert isinstance(at, dt.datetime)
    reply = values.pop("reply", 30)
    solved = values.pop("solved", 60)
    given: dict = {
        "source": "csv",
        "external_id": f"T{number}",
        "created_at": at,
        "first_reply_at": at + dt.timedelta(minutes=reply) if reply is not None else None,
        "resolved_at": at + dt.timedelta(minutes=solved) if solved is not None else None,
        "channel": Channel.APP,
        "region": "east",
        "category": "returns",
        "subject": "退货申请",
        "text": f"第{number}次申请退货",
        "updated_at": at,
        "is_complaint": False,
    }
    return TicketRecord(**(given | values))


def bring(folder: Path, records: Iterable[TicketRecord], name: str = "tickets.csv"):
    path = folder / name
    write_csv(records, path)
    made = service.import_tickets(SYSTEM, "csv", path)
    db.session.commit()
    return made


def measure(**values: object) -> Measure:
    given: dict = {
        "id": "m01",
        "clause_id": "c07",
        "metric": "first_reply_time",
        "comparison": Comparison.AT_MOST,
        "value": Decimal(24),
        "unit": Unit.HOUR,
        "share_percent": Decimal(90),
    }
    return Measure(**(given | values))


TODAY = MONDAY.date()
MONTH = (TODAY - dt.timedelta(days=30), TODAY)


def complaints(count: int, day: int, first: int = 0, words: str = "退货申请没人回复") -> list[TicketRecord]:
    at = MONDAY - dt.timedelta(days=day)
    return [
        record(
            first + i,
            at=at + dt.timedelta(minutes=i),
            is_complaint=True,
            subject=words,
            text=f"{words}，等了{i}天",
        )
        for i in range(count)
    ]
