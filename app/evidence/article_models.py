"""Owns the tables of articles elsewhere that cite clauses, such as those of a knowledge base 知识库."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Instant
from app.standards.models import Standard


class Article(Base):
    """An article of another system. `source` is the system or file that told us, empty for one entered by hand."""

    __tablename__ = "article"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(sa.Text, unique=True)
    title: Mapped[str] = mapped_column(sa.Text)
    source: Mapped[str] = mapped_column(sa.Text, default="")
    added_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)

    clauses: Mapped[list["ArticleClause"]] = relationship(
        lazy="selectin", order_by="ArticleClause.id", cascade="all, delete-orphan"
    )

    @property
    def is_to_amend(self) -> bool:
        """Tells whether a clause it cites was changed since somebody last looked at it."""
        return any(link.publication_id is not None for link in self.clauses)


class ArticleClause(Base):
    """A clause that an article cites. `publication_id` changed it since; None while the article says what we say."""

    __tablename__ = "article_clause"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(sa.ForeignKey("article.id"), index=True)
    standard_id: Mapped[int] = mapped_column(sa.ForeignKey("standard.id"))
    clause_id: Mapped[str] = mapped_column(sa.Text)
    publication_id: Mapped[int | None] = mapped_column(sa.ForeignKey("publication.id"), index=True)

    standard: Mapped[Standard] = relationship(lazy="joined")

    __table_args__ = (
        sa.UniqueConstraint("article_id", "standard_id", "clause_id"),
        sa.Index("ix_article_clause_clause", "standard_id", "clause_id"),
    )
