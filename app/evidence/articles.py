"""Owns the register of articles elsewhere that cite clauses: entering, removing, amended, which a publication touches.

An article is another system's: we keep where it is, its title and what it cites, never its text (requirement 71).
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db, transaction
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason
from app.core.text import one_line
from app.evidence.article_models import Article, ArticleClause
from app.evidence.masking import mask
from app.evidence.models import Suggestion
from app.evidence.readers import rows as reading
from app.evidence.registers import clause_place
from app.evidence.suggestion_queries import OPEN_SUGGESTIONS
from app.evidence.ticket_rows import Row
from app.evidence.tickets import RefusedRow
from app.standards.models import ClauseChange, ClauseVersion, Standard
from app.standards.words import spoken_id

NAME = "knowledge-base"
"""What a system that sends articles has its token for; the same token reads the feed of all clauses."""

HEADERS = {
    "address": ("url", "link", "地址", "链接", "网址"),
    "title": ("name", "标题", "文章", "文章标题"),
    "clauses": ("clause", "cites", "条款", "引用条款", "条款编号"),
    "amended": ("done", "已修改", "已更新"),
}
FIELDS = reading.fields_of(HEADERS)
REQUIRED = ("address", "title", "clauses")
LISTS = ("articles", "pages", "docs", "data")
LIMIT_ADDRESS_BYTES, LIMIT_TITLE_BYTES = 1000, 400
MOST_CLAUSES, MOST_ROWS, MOST_SHOWN, MOST_REFUSED = 200, 20_000, 200, 1000
_BETWEEN = re.compile(r"[,;，；、|]")
YES = frozenset({"1", "true", "yes", "y", "是"})


@dataclass(frozen=True)
class Cited:
    """An article as it stands beside a clause it cites."""

    address: str
    title: str
    is_to_amend: bool


@dataclass
class Came:
    """What came of rows; `refused` are those that were not taken, each with its line and reason."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Row] = field(default_factory=list)


def put(
    actor: Actor,
    *,
    address: str,
    title: str,
    clauses: Sequence[str],
    source: str = "",
    is_amended: bool = False,
) -> tuple[Article | None, str]:
    """Keeps an article with the clauses it cites (`CS-04-C07`), in place of what was known of its address.

    Returns it with `created`, `updated` or `unchanged`; an article that cites nothing more is forgotten:
    None, `updated`. `is_amended` says that it agrees with the newest texts. Raises Invalid per field,
    NotAllowed.
    """
    _must_manage(actor)
    where = one_line(address, LIMIT_ADDRESS_BYTES, field="address")
    words = mask(one_line(title, LIMIT_TITLE_BYTES, field="title")).text
    wrong = []
    if not _is_address(where):
        wrong.append(FieldError("address", Reason("article.address")))
    if not words:
        wrong.append(FieldError("title", Reason("article.title")))
    if len(clauses) > MOST_CLAUSES:
        wrong.append(FieldError("clauses", Reason("article.many", {"most": MOST_CLAUSES})))
    if wrong:
        raise Invalid(wrong)
    places = {(s.id, c): s for s, c in (clause_place(spoken) for spoken in clauses if spoken.strip())}
    row = db.session.scalar(sa.select(Article).where(Article.address == where))
    if not places:
        if row is None:
            raise Invalid.of("clauses", "article.clauses")
        db.session.delete(row)
        db.session.flush()
        activity.record(actor, "article.removed", "article", row.id)
        return None, "updated"
    what = "updated" if row else "created"
    if row is None:
        row = Article(
            address=where, title=words, source=source, added_by_id=actor.person_id, at=clock.now(), clauses=[]
        )
        db.session.add(row)
    elif not _differs(row, words, set(places), is_amended):
        return row, "unchanged"
    row.title, row.at = words, clock.now()
    row.clauses = [c for c in row.clauses if (c.standard_id, c.clause_id) in places]
    known = {(c.standard_id, c.clause_id) for c in row.clauses}
    row.clauses += [ArticleClause(standard_id=s, clause_id=c) for s, c in sorted(set(places) - known)]
    if is_amended:
        _agrees(row)
    db.session.flush()
    activity.record(actor, "article.kept", "article", row.id, clauses=len(places))
    return row, what


def amended(actor: Actor, article_id: int) -> Article:
    """Notes that an article agrees with the newest texts again; a second time changes nothing. Raises NotFound."""
    _must_manage(actor)
    row = article(article_id)
    if row.is_to_amend:
        _agrees(row)
        activity.record(actor, "article.amended", "article", row.id)
    return row


def remove(actor: Actor, article_id: int) -> None:
    """Takes an article out of the register. Raises NotFound."""
    _must_manage(actor)
    row = article(article_id)
    db.session.delete(row)
    db.session.flush()
    activity.record(actor, "article.removed", "article", article_id)


def bring_in(actor: Actor, path: Path, source: str) -> Came:
    """Keeps the articles of a file; a bad row is refused with its line, the others are kept. Commits by itself.

    A file that breaks off before its end leaves its first rows: sending it again changes nothing twice.
    """
    came = Came()
    for number, (line, file, values) in enumerate(
        reading.read_rows(path, FIELDS, LISTS, REQUIRED, Counter())
    ):
        refused = values if isinstance(values, RefusedRow) else None
        if number >= MOST_ROWS:
            refused = RefusedRow(line, "", "article.rows", {"most": MOST_ROWS}, file)
        if refused is None and not isinstance(values, RefusedRow):
            refused = _keep(actor, values, source, line, file, came)
        if refused is not None and len(came.refused) < MOST_REFUSED:
            came.refused.append(
                {"line": refused.line, "field": refused.field, "reason": refused.reason_key, "params": refused.params,
                 "file": refused.file}
            )  # fmt: skip
        if number >= MOST_ROWS:
            break
    return came


def on_published(event: events.Published) -> None:
    """Marks the articles that cite a clause the publication changed or retired: somebody has to amend them."""
    changed = sa.select(ClauseVersion.clause_id).where(
        ClauseVersion.publication_id == event.publication_id,
        ClauseVersion.change.in_((ClauseChange.CHANGED, ClauseChange.RETIRED)),
    )
    db.session.execute(
        sa.update(ArticleClause)
        .where(ArticleClause.standard_id == event.standard_id, ArticleClause.clause_id.in_(changed))
        .values(publication_id=event.publication_id)
        .execution_options(synchronize_session="fetch")
    )


def article(article_id: int) -> Article:
    """Returns an article. Raises NotFound."""
    row = db.session.get(Article, article_id)
    if row is None:
        raise NotFound("article.unknown")
    return row


def articles(place: tuple[Standard, str] | None = None, *, only_to_amend: bool = False) -> Sequence[Article]:
    """Returns the articles by title, at most 200; of one clause, or those to be amended, where asked."""
    query = sa.select(Article).order_by(Article.title, Article.id).limit(MOST_SHOWN)
    links = sa.select(ArticleClause.article_id)
    if place is not None:
        links = links.where(ArticleClause.standard_id == place[0].id, ArticleClause.clause_id == place[1])
    if only_to_amend:
        links = links.where(ArticleClause.publication_id.is_not(None))
    if place is not None or only_to_amend:
        query = query.where(Article.id.in_(links))
    return db.session.scalars(query).all()


def by_clause(standard_id: int, clause_ids: Collection[str]) -> dict[str, list[Cited]]:
    """Returns `{clause id: the articles that cite it, by title}` of these clauses; those nobody cites are absent."""
    query = (
        sa.select(
            ArticleClause.clause_id, Article.address, Article.title, ArticleClause.publication_id.is_not(None)
        )
        .join(Article, Article.id == ArticleClause.article_id)
        .where(ArticleClause.standard_id == standard_id, ArticleClause.clause_id.in_(clause_ids))
        .order_by(Article.title, Article.id)
    )
    made: dict[str, list[Cited]] = {}
    for clause_id, address, title, is_to_amend in db.session.execute(query):
        made.setdefault(clause_id, []).append(Cited(address, title, is_to_amend))
    return made


def titles_and_suggestions(standard_id: int) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Returns what stands beside the clauses of a standard: titles of articles, and open suggestions; one query.

    Both by clause id; suggestions on the whole standard stand under "".
    """
    cited = (
        sa.select(ArticleClause.clause_id, Article.title, sa.literal(0).label("count"))
        .join(Article, Article.id == ArticleClause.article_id)
        .where(ArticleClause.standard_id == standard_id)
    )
    waiting = (
        sa.select(Suggestion.clause_id, sa.literal(""), sa.func.count(Suggestion.id))
        .where(Suggestion.standard_id == standard_id, Suggestion.state.in_(OPEN_SUGGESTIONS))
        .group_by(Suggestion.clause_id)
    )
    titles: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    rows: Any = db.session.execute(sa.union_all(cited, waiting))
    for row in rows:
        if row[2]:
            counts[row[0] or ""] = row[2]
        else:
            titles.setdefault(row[0], []).append(row[1])
    return {clause_id: sorted(listed) for clause_id, listed in titles.items()}, counts


def to_amend_count() -> int:
    """Returns how many articles say what we no longer say."""
    query = sa.select(sa.func.count(sa.distinct(ArticleClause.article_id)))
    return db.session.scalar(query.where(ArticleClause.publication_id.is_not(None))) or 0


def split_clauses(written: str) -> list[str]:
    """Returns the clause ids of a cell or box, written with commas of either language, semicolons or spaces between."""
    return _BETWEEN.sub(" ", written).split()


def spoken(link: ArticleClause) -> str:
    """Returns a cited clause as people say it."""
    return spoken_id(link.standard.code, link.clause_id)


def _keep(
    actor: Actor, values: dict[str, Any], source: str, line: int, file: str, came: Came
) -> RefusedRow | None:
    given = values.get("clauses")
    listed = given if isinstance(given, list) else split_clauses(str(given or ""))
    try:
        with transaction():
            _row, what = put(
                actor,
                address=str(values.get("address") or ""),
                title=str(values.get("title") or ""),
                clauses=[str(one) for one in listed],
                source=source,
                is_amended=str(values.get("amended") or "").strip().casefold() in YES,
            )
    except Invalid as refusal:
        first = refusal.errors[0]
        return RefusedRow(line, first.field, first.reason.key, dict(first.reason.params), file)
    setattr(came, what, getattr(came, what) + 1)
    return None


def _differs(row: Article, title: str, places: set[tuple[int, str]], is_amended: bool) -> bool:
    known = {(c.standard_id, c.clause_id) for c in row.clauses}
    return row.title != title or known != places or (is_amended and row.is_to_amend)


def _agrees(row: Article) -> None:
    for link in row.clauses:
        link.publication_id = None


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and parts.password is None
        and " " not in address
    )


def _must_manage(actor: Actor) -> None:
    if not (actor.is_system or actor.may(Permission.MANAGE_EVIDENCE)):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)
