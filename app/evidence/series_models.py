"""Owns the table of figures that come from elsewhere: one value of a measure on a day, each with its source."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base
from app.evidence.models import TicketImport


class MetricPoint(Base):
    """One figure. A series is a measure in a team and a region, empty for the whole house; it has one value a day.

    `value` is a decimal number as text. `line` of the file of the import is where it stands.
    """

    __tablename__ = "metric_point"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(sa.Text)
    team: Mapped[str] = mapped_column(sa.Text, default="")
    region: Mapped[str] = mapped_column(sa.Text, default="")
    day: Mapped[dt.date]
    value: Mapped[str] = mapped_column(sa.Text)
    unit: Mapped[str] = mapped_column(sa.Text, default="")
    n: Mapped[int | None]
    line: Mapped[int]
    import_id: Mapped[int] = mapped_column(sa.ForeignKey("ticket_import.id"), index=True)

    source: Mapped[TicketImport] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (sa.UniqueConstraint("measure", "team", "region", "day"),)
