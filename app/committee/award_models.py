"""Owns the tables of the innovation award: a round a year, who is put up for it, and the members' votes."""

import datetime as dt
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant


class NomineeKind(StrEnum):
    """Where a nominee comes from."""

    SUGGESTION = "suggestion"  # taken up, or put up by the colleague who wrote it
    REVISION = "revision"  # its measured effect is surely better


class AwardRound(Base):
    """The Service Innovation Award 服务创新奖 of a year (S3). While it is open nobody sees how many votes there are for whom.

    `members` is how many sat on the committee when it was given; `note` is what the committee says about its choice.
    """

    __tablename__ = "award_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(unique=True)
    closes_on: Mapped[dt.date]
    opened_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    members: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    given_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    given_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    nominees: Mapped[list["AwardNominee"]] = relationship(lazy="selectin", order_by="AwardNominee.id")

    @property
    def is_given(self) -> bool:
        """Tells whether the votes are counted and the result stands."""
        return self.given_at is not None


class AwardNominee(Base):
    """Something that may get the award, as it stood when it was put up. `people` are the ids of whoever it is owed to.

    `why` is the verdict on the effect of a revision, or the state of a suggestion. `votes` is counted at the end.
    """

    __tablename__ = "award_nominee"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("award_round.id"), index=True)
    kind: Mapped[NomineeKind] = mapped_column(EnumText(NomineeKind))
    key: Mapped[str] = mapped_column(sa.Text)
    title_zh: Mapped[str] = mapped_column(sa.Text, default="")
    title_en: Mapped[str] = mapped_column(sa.Text, default="")
    why: Mapped[str] = mapped_column(sa.Text)
    people: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    votes: Mapped[int | None]

    __table_args__ = (sa.UniqueConstraint("round_id", "kind", "key"),)


class AwardVote(Base):
    """The one vote of a member; given again it replaces the first. Who voted for whom is shown to nobody else."""

    __tablename__ = "award_vote"

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("award_round.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    nominee_id: Mapped[int] = mapped_column(sa.ForeignKey("award_nominee.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)
