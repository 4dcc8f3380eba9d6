"""Owns the tables of standards: standard, publication, clause version, revision, draft, text version, step."""

import datetime as dt
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, EnumText, Instant
from app.standards.matching import Origin
from app.standards.workflow import Move, State


class Standard(Base):
    """A service standard. Titles and audience are a projection of the newest published text."""

    __tablename__ = "standard"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.Text, unique=True)  # cs-04
    title_zh: Mapped[str | None] = mapped_column(sa.Text)
    title_en: Mapped[str | None] = mapped_column(sa.Text)
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    category: Mapped[str] = mapped_column(sa.Text, default="")
    journey: Mapped[str] = mapped_column(sa.Text, default="all")
    audience: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    visibility: Mapped[str] = mapped_column(sa.Text, default="internal")
    primary_language: Mapped[str] = mapped_column(sa.Text, default="zh")
    used_clause_ids: Mapped[list[str]] = mapped_column(sa.JSON, default=list)  # ids are never reused
    source_name: Mapped[str | None] = mapped_column(
        sa.Text, index=True
    )  # the file it was imported from, undated
    created_at: Mapped[dt.datetime] = mapped_column(Instant)


class PublicationState(StrEnum):
    """How far a publication is through the protocol."""

    INTENDED = "intended"  # the journal row is kept; recovery finishes it
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # an intent that another publication overtook; it never became visible


class Publication(Base):
    """One publication of a standard: the frozen bytes, the manifest and the commit that carries both.

    `content` maps each path in the store to its text. `effective_at` is the instant computed once from
    `effective_on` and `zone`; the old text stays acceptable until `transition_until`.
    """

    __tablename__ = "publication"

    id: Mapped[int] = mapped_column(primary_key=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    revision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))
    version: Mapped[str] = mapped_column(sa.Text)
    op_key: Mapped[str] = mapped_column(sa.Text, unique=True)
    state: Mapped[PublicationState] = mapped_column(EnumText(PublicationState))
    content: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    manifest: Mapped[str] = mapped_column(sa.Text)
    content_sha256: Mapped[str] = mapped_column(sa.Text)
    manifest_sha256: Mapped[str] = mapped_column(sa.Text)
    parent: Mapped[str | None] = mapped_column(sa.Text)
    commit_id: Mapped[str] = mapped_column(sa.Text, unique=True)
    author_subject: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(Instant)
    effective_on: Mapped[dt.date]
    zone: Mapped[str] = mapped_column(sa.Text)
    effective_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    transition_until: Mapped[dt.datetime | None] = mapped_column(Instant)
    took_effect_at: Mapped[dt.datetime | None] = mapped_column(
        Instant
    )  # activation is an event, written once
    change_note: Mapped[str] = mapped_column(sa.Text, default="")

    standard: Mapped[Standard] = relationship()

    __table_args__ = (
        sa.Index(
            "uq_publication_parent",
            "parent",
            unique=True,
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        ),
        sa.Index(
            "uq_publication_version",
            "standard_id",
            "version",
            unique=True,
            sqlite_where=sa.text("state <> 'superseded'"),
            postgresql_where=sa.text("state <> 'superseded'"),
        ),
    )


class ClauseChange(StrEnum):
    """What a publication did to a clause."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    RETIRED = "retired"


class ClauseVersion(Base):
    """The text of one clause in one publication, both languages in one row; a projection of the publication."""

    __tablename__ = "clause_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(sa.ForeignKey("publication.id"), index=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str] = mapped_column(sa.Text)
    position: Mapped[int]
    change: Mapped[ClauseChange] = mapped_column(EnumText(ClauseChange))
    is_editorial: Mapped[bool] = mapped_column(default=False)
    chapter_zh: Mapped[str] = mapped_column(sa.Text, default="")
    chapter_en: Mapped[str] = mapped_column(sa.Text, default="")
    heading_zh: Mapped[str | None] = mapped_column(sa.Text)
    heading_en: Mapped[str | None] = mapped_column(sa.Text)
    body_zh: Mapped[str | None] = mapped_column(sa.Text)
    body_en: Mapped[str | None] = mapped_column(sa.Text)
    hash_zh: Mapped[str | None] = mapped_column(sa.Text)
    hash_en: Mapped[str | None] = mapped_column(sa.Text)
    clause_hash: Mapped[str] = mapped_column(sa.Text)  # of all parts together: what is acknowledged
    tags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    audience: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    measures: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    effective_at: Mapped[dt.datetime] = mapped_column(Instant)
    transition_until: Mapped[dt.datetime | None] = mapped_column(Instant)

    publication: Mapped[Publication] = relationship()

    __table_args__ = (
        sa.UniqueConstraint("publication_id", "clause_id"),
        sa.Index("ix_clause_version_clause", "standard_id", "clause_id", "effective_at"),
    )


class RenderedText(Base):
    """The HTML of a text, made once for each text hash."""

    __tablename__ = "rendered_text"

    text_sha256: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    renderer: Mapped[str] = mapped_column(
        sa.Text, primary_key=True
    )  # its version: a new renderer makes new rows
    html: Mapped[str] = mapped_column(sa.Text)


class NeedSource(StrEnum):
    """Where the need for a revision comes from (S3, 修订需求发起)."""

    COMPLAINTS = "complaints"
    SURVEY = "survey"
    INTERVIEW = "interview"
    STAFF_IDEA = "staff_idea"
    BENCHMARK = "benchmark"
    LAW = "law"
    AUDIT = "audit"
    SUGGESTION = "suggestion"


class Revision(Base):
    """One revision of one standard, from proposal to sealed dossier. `state` is written by `lifecycle` only."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(sa.Text, unique=True)  # 26-014
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), index=True)
    state: Mapped[State] = mapped_column(EnumText(State), index=True)
    state_since: Mapped[dt.datetime] = mapped_column(Instant)
    title: Mapped[str] = mapped_column(sa.Text)
    title_en: Mapped[str | None] = mapped_column(sa.Text)
    problem: Mapped[str] = mapped_column(sa.Text, default="")  # in the words of whoever wrote it
    problem_en: Mapped[str | None] = mapped_column(sa.Text)  # where it is said in English as well
    benefit: Mapped[str] = mapped_column(sa.Text, default="")
    benefit_en: Mapped[str | None] = mapped_column(sa.Text)
    wanted_change: Mapped[str] = mapped_column(sa.Text, default="")
    affected: Mapped[str] = mapped_column(sa.Text, default="")
    urgency_note: Mapped[str] = mapped_column(sa.Text, default="")
    source: Mapped[NeedSource | None] = mapped_column(EnumText(NeedSource))
    wants_new_clause: Mapped[bool] = mapped_column(default=False)
    duplicates_seen: Mapped[bool] = mapped_column(default=False)
    proposer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    drafter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    base_publication_id: Mapped[int | None] = mapped_column(sa.ForeignKey("publication.id", use_alter=True))
    merged_into_id: Mapped[int | None] = mapped_column(sa.ForeignKey("revision.id"))
    is_fast_track: Mapped[bool] = mapped_column(default=False)
    is_emergency: Mapped[bool] = mapped_column(default=False)
    is_on_hold: Mapped[bool] = mapped_column(default=False)
    hold_reason: Mapped[str] = mapped_column(sa.Text, default="")
    change_note: Mapped[str] = mapped_column(sa.Text, default="")
    # The drafted frame {language: preamble, chapters, places}, and who wrote it; empty where it is as published.
    frame: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict, server_default="{}")
    undo_until: Mapped[dt.datetime | None] = mapped_column(Instant)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    standard: Mapped[Standard] = relationship(foreign_keys=[standard_id])


class RevisionClause(Base):
    """A clause that an open revision concerns; a clause is in at most one open revision."""

    __tablename__ = "revision_clause"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)


class ClauseLock(Base):
    """Which open revision holds a clause: the primary key is the rule 'in at most one'."""

    __tablename__ = "clause_lock"

    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)


class DraftKind(StrEnum):
    """What a draft does to a clause."""

    CHANGED = "changed"
    NEW = "new"
    RETIRED = "retired"


class Materiality(StrEnum):
    """The drafter's claim about a change, checked by the machine and confirmed in review."""

    MATERIAL = "material"
    EDITORIAL = "editorial"


class ClauseDraft(Base):
    """The working text of one clause in one revision. `lock_version` rises with each save."""

    __tablename__ = "clause_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    clause_id: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[DraftKind] = mapped_column(EnumText(DraftKind))
    # Where the clause goes: behind one clause or in front of one; neither is the old place, for a new one the end.
    after_clause_id: Mapped[str | None] = mapped_column(sa.Text)
    before_clause_id: Mapped[str | None] = mapped_column(sa.Text)
    origin: Mapped[Origin | None] = mapped_column(EnumText(Origin))  # of what it came, or into what it went
    other_clause_id: Mapped[str | None] = mapped_column(sa.Text)  # the clause that `origin` speaks of
    heading_zh: Mapped[str] = mapped_column(sa.Text, default="")
    heading_en: Mapped[str] = mapped_column(sa.Text, default="")
    body_zh: Mapped[str] = mapped_column(sa.Text, default="")
    body_en: Mapped[str] = mapped_column(sa.Text, default="")
    tags: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    audience: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    measures: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    materiality: Mapped[Materiality | None] = mapped_column(EnumText(Materiality))
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why retired
    base_hash: Mapped[str | None] = mapped_column(sa.Text)
    author_ids: Mapped[list[int]] = mapped_column(
        sa.JSON, default=list
    )  # everybody who ever saved it: four eyes
    lock_version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[dt.datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    __table_args__ = (sa.UniqueConstraint("revision_id", "clause_id"),)


class DraftCopy(Base):
    """A text somebody typed that lost a conflict or was overwritten; nothing typed is ever lost."""

    __tablename__ = "draft_copy"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    clause_id: Mapped[str] = mapped_column(sa.Text)
    fields: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    why: Mapped[str] = mapped_column(sa.Text)
    kept_at: Mapped[dt.datetime] = mapped_column(Instant)
    kept_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))


class TextVersion(Base):
    """A frozen text of a revision. It can be signed once it is pinned in the store."""

    __tablename__ = "text_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"))
    number: Mapped[int]
    content: Mapped[dict[str, str]] = mapped_column(sa.JSON)  # path -> text
    parts: Mapped[dict[str, str]] = mapped_column(
        sa.JSON
    )  # part -> sha256, of the touched parts and the frame
    content_sha256: Mapped[str] = mapped_column(sa.Text)
    why: Mapped[str] = mapped_column(sa.Text)  # save, submit, sign_off, pilot, schedule
    commit_id: Mapped[str | None] = mapped_column(sa.Text)
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    made_by_subject: Mapped[str] = mapped_column(sa.Text)

    revision: Mapped[Revision] = relationship()

    __table_args__ = (sa.UniqueConstraint("revision_id", "number"),)

    @property
    def is_pinned(self) -> bool:
        """Tells whether the text stands in the store and may be signed."""
        return self.commit_id is not None


class RevisionStep(Base):
    """One step of a revision: the archive is the list of these rows."""

    __tablename__ = "revision_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    move: Mapped[Move] = mapped_column(EnumText(Move))
    from_state: Mapped[State] = mapped_column(EnumText(State))
    to_state: Mapped[State] = mapped_column(EnumText(State))
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)
    text_version_id: Mapped[int | None] = mapped_column(sa.ForeignKey("text_version.id"))
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class RevisionNote(Base):
    """A note on the revision as a whole, in its discussion."""

    __tablename__ = "revision_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(sa.Text)
    at: Mapped[dt.datetime] = mapped_column(Instant)
