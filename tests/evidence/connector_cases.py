"""What the tests of connected systems share: one connected system, a pull, what came of it."""

import dataclasses
import datetime as dt

import sqlalchemy as sa

from app.core.db import db, transaction
from app.evidence import connector_tokens, connectors, pulling
from app.evidence.connector_models import Connector, ConnectorKind
from app.evidence.jobs import uploads_folder
from app.evidence.models import Ticket
from tests.evidence.maker_server import (
    zendesk_ticket,
)
from tests.house_fixtures import House

TOKEN = "s3cret-token-nobody-sees"
START = dt.date(2026, 3, 1)
PAGES = [[zendesk_ticket(n) for n in range(first, first + 3)] for first in (1, 4, 7)]


def connect(house: House, url: str, kind: ConnectorKind = ConnectorKind.ZENDESK, only: str = "") -> Connector:
    with transaction():
        row = connectors.add(
            house.actor("director"), name="care", kind=kind, base_url=url, account="bot@example.invalid", only=only,
            starts_on=START, every_minutes=60,
        )  # fmt: skip
    connector_tokens.keep(house.folder, row.name, row.base_url, TOKEN)
    return row


def pull(row: Connector) -> dict:
    return pulling.pull(row.id, uploads_folder())


def rows() -> dict[str, tuple]:
    found = db.session.scalars(sa.select(Ticket).order_by(Ticket.external_id))
    return {one.external_id: (one.row_hash, one.deleted, one.text) for one in found}


def limit(house: House, **more: object) -> None:
    house.app.config["SETTINGS"] = dataclasses.replace(house.app.config["SETTINGS"], **more)
