"""Owns the tables of people: who they are, where they belong, what they may do, where they are signed in."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.access import Role
from app.core.db import Base, EnumText, Instant


class Department(Base):
    """A department; `code` is what standards and plans name (`service`, `legal`, `it`, `sales`, `operations`)."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.Text, unique=True)
    name_zh: Mapped[str] = mapped_column(sa.Text)
    name_en: Mapped[str] = mapped_column(sa.Text)


class Region(Base):
    """A region in which customers are served (`east`, `north`, `south`)."""

    __tablename__ = "region"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.Text, unique=True)
    name_zh: Mapped[str] = mapped_column(sa.Text)
    name_en: Mapped[str] = mapped_column(sa.Text)


class Team(Base):
    """A team of one department in one region (None is all regions)."""

    __tablename__ = "team"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.Text, unique=True)
    name_zh: Mapped[str] = mapped_column(sa.Text)
    name_en: Mapped[str] = mapped_column(sa.Text)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))

    department: Mapped[Department] = relationship(lazy="joined")
    region: Mapped[Region | None] = relationship(lazy="joined")


class Person(Base):
    """An account. `subject` is the random id that stands in the store and in the log instead of the name.

    `agent_code` is the code under which the ticket system knows the person; None outside the front line.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(sa.Text, unique=True)
    sign_in_name: Mapped[str] = mapped_column(sa.Text, unique=True)
    name: Mapped[str] = mapped_column(sa.Text)
    name_latin: Mapped[str] = mapped_column(sa.Text)
    email: Mapped[str | None] = mapped_column(sa.Text)
    password_hash: Mapped[str | None] = mapped_column(sa.Text)
    department_id: Mapped[int] = mapped_column(sa.ForeignKey("department.id"))
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id"))
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    agent_code: Mapped[str | None] = mapped_column(sa.Text, index=True)
    language: Mapped[str] = mapped_column(sa.Text, default="zh")
    is_active: Mapped[bool] = mapped_column(default=True)
    joined_on: Mapped[dt.date]
    backup_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    absent_from: Mapped[dt.date | None]
    absent_until: Mapped[dt.date | None]

    department: Mapped[Department] = relationship(lazy="joined")
    team: Mapped[Team | None] = relationship(lazy="joined")
    region: Mapped[Region | None] = relationship(lazy="joined")


class Grant(Base):
    """A person, a role, where and how long it counts. None in a scope column means everywhere."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(EnumText(Role), index=True)
    team_id: Mapped[int | None] = mapped_column(sa.ForeignKey("team.id"))
    region_id: Mapped[int | None] = mapped_column(sa.ForeignKey("region.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]

    person: Mapped[Person] = relationship()


class SignIn(Base):
    """One living sign-in of one browser. The browser holds the token, the table only its hash."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.Text, unique=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    confirmed_at: Mapped[dt.datetime] = mapped_column(Instant)  # when the person last said who they are
    confirmed_by: Mapped[str] = mapped_column(sa.Text, default="password")  # or code, recovery
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    ended_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    is_trusted: Mapped[bool] = mapped_column(default=False)  # a trusted phone: acknowledging only


class OneTimeCode(Base):
    """One-time codes of a person. The secret stands in a file (see `codes.py`); `begun_at` is set while one waits.

    `used_steps` are the 30-second steps whose codes were used last: a code counts once, whatever the clock does.
    """

    __tablename__ = "one_time_code"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, autoincrement=False)
    begun_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    used_steps: Mapped[list[int]] = mapped_column(sa.JSON)


class RecoveryCode(Base):
    """A code that counts once in place of a one-time code; only its sha256 is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.Text)
    used_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class SignInTry(Base):
    """A wrong password, counted per account and network so that others are not slowed."""

    __tablename__ = "sign_in_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(sa.Text)
    network: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(Instant)

    __table_args__ = (sa.Index("ix_sign_in_try_pair", "account", "network", "at"),)
