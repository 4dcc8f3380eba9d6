"""Owns what a publication means in rows: clause versions, titles, rendered texts. It decides nothing by itself."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping

from app.core import events
from app.core.db import db
from app.standards import descent, queries
from app.standards.document import Document, parts, primary_of
from app.standards.draft_places import keep_places
from app.standards.manifest import ManifestClause, read_manifest
from app.standards.matching import Lineage, Origin
from app.standards.models import ClauseChange, ClauseDraft, ClauseVersion, Publication, Revision, Standard

EDITORIAL = "editorial"  # the key under which a manifest's reasons list editorial clauses
LINEAGE = "lineage"  # the key under which they list what was split, joined and replaced


def clause_hash(hashes: Mapping[str, str]) -> str:
    """Returns the one sha256 of a clause over its parts: of the lines `<sha256>  <part>` sorted by part."""
    lines = "".join(f"{digest}  {part}\n" for part, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def clause_hashes(documents: Mapping[str, Document]) -> dict[str, dict[str, str]]:
    """Returns `{clause id: {language or "measures": sha256}}` of a standard's texts."""
    made: dict[str, dict[str, str]] = {}
    for key, digest in parts(documents).items():
        clause_id, _, part = key.partition("/")
        if clause_id not in ("front", "order", "between"):
            made.setdefault(clause_id, {})[part] = digest
    return made


def manifest_clauses(
    standard_id: int,
    documents: Mapping[str, Document],
    effective_at: dt.datetime,
    transition_until: dt.datetime | None,
) -> tuple[ManifestClause, ...]:
    """Returns the clauses of a coming publication: changed ones with the new instant, the others with their own.

    Clauses of the newest publication that are gone stand at the end as retired.
    """
    newest = queries.newest_publication(standard_id)
    before = {c.clause_id: c for c in read_manifest(newest.manifest).clauses} if newest else {}
    made: list[ManifestClause] = []
    hashes = clause_hashes(documents)
    for position, clause in enumerate(primary_of(documents).clauses):
        digest = clause_hash(hashes[clause.id])
        old = before.get(clause.id)
        same = old is not None and old.clause_hash == digest and not old.is_retired
        made.append(
            ManifestClause(
                clause_id=clause.id,
                position=position,
                clause_hash=digest,
                hashes=hashes[clause.id],
                effective_at=old.effective_at if same and old else effective_at,
                transition_until=old.transition_until if same and old else transition_until if old else None,
            )
        )
    present = {c.clause_id for c in made}
    for clause_id, old in sorted(before.items()):
        if clause_id not in present:
            gone_at = old.effective_at if old.is_retired else effective_at
            made.append(
                ManifestClause(
                    clause_id=clause_id,
                    position=len(made),
                    clause_hash=old.clause_hash,
                    hashes={},
                    effective_at=gone_at,
                    transition_until=old.transition_until if old.is_retired else transition_until,
                    is_retired=True,
                )
            )
    return tuple(made)


def lineage_of(drafts: Iterable[ClauseDraft]) -> list[dict[str, str]]:
    """Returns what the drafts split, join and replace, as a manifest's reasons list it: {clause, origin, other}."""
    return [
        {"clause": d.clause_id, "origin": d.origin.value, "other": d.other_clause_id}
        for d in drafts
        if d.origin is not None and d.other_clause_id is not None
    ]


def finish(publication: Publication) -> None:
    """Writes the rows that follow from a publication and announces it; runs once in its second transaction."""
    documents = queries.documents_of(publication)
    manifest = read_manifest(publication.manifest)
    before = _newest_before(publication)
    editorial = set(manifest.reasons.get(EDITORIAL, ()))
    for clause in manifest.clauses:
        db.session.add(_row(publication, clause, documents, before.get(clause.clause_id), editorial))
    _project_standard(publication, documents)
    said = [
        Lineage(Origin(step["origin"]), step["clause"], step["other"])
        for step in manifest.reasons.get(LINEAGE, ())
    ]
    older = _documents_before(publication)
    descent.record(publication, older, documents, said)
    if older:
        ids = [[clause.id for clause in primary_of(texts).clauses] for texts in (older, documents)]
        keep_places(publication.standard_id, *ids)
    if publication.revision_id is not None:
        revision = db.session.get_one(Revision, publication.revision_id)
        revision.undo_until = None
    db.session.flush()
    events.announce(events.Published(publication.id, publication.standard_id, publication.revision_id))


def _row(
    publication: Publication,
    clause: ManifestClause,
    documents: Mapping[str, Document],
    before: str | None,
    editorial: Collection[str],
) -> ClauseVersion:
    row = ClauseVersion(
        publication_id=publication.id,
        standard_id=publication.standard_id,
        clause_id=clause.clause_id,
        position=clause.position,
        change=_change(clause, before),
        is_editorial=clause.clause_id in editorial,
        chapter_zh="",
        chapter_en="",
        hash_zh=clause.hashes.get("zh"),
        hash_en=clause.hashes.get("en"),
        clause_hash=clause.clause_hash,
        tags=[],
        audience=[],
        measures=[],
        effective_at=clause.effective_at,
        transition_until=clause.transition_until,
    )
    primary = primary_of(documents)
    for language, document in documents.items():
        if document.has(clause.clause_id):
            text = document.clause(clause.clause_id)
            setattr(row, f"heading_{language}", text.heading)
            setattr(row, f"body_{language}", text.body)
            setattr(row, f"chapter_{language}", text.chapter)
    if primary.has(clause.clause_id):
        text = primary.clause(clause.clause_id)
        row.tags = list(text.tags)
        row.audience = list(text.audience or primary.front.audience)
        row.measures = [m.to_data() for m in primary.measures_of(clause.clause_id)]
    return row


def _change(clause: ManifestClause, before: str | None) -> ClauseChange:
    if clause.is_retired:
        return ClauseChange.UNCHANGED if before == "retired" else ClauseChange.RETIRED
    if before is None or before == "retired":
        return ClauseChange.NEW
    return ClauseChange.UNCHANGED if before == clause.clause_hash else ClauseChange.CHANGED


def _newest_before(publication: Publication) -> dict[str, str]:
    older = [p for p in queries.publications(publication.standard_id) if p.id < publication.id]
    if not older:
        return {}
    return {
        c.clause_id: "retired" if c.is_retired else c.clause_hash
        for c in read_manifest(older[0].manifest).clauses
    }


def _documents_before(publication: Publication) -> dict[str, Document]:
    older = [p for p in queries.publications(publication.standard_id) if p.id < publication.id]
    return queries.documents_of(older[0]) if older else {}


def _project_standard(publication: Publication, documents: Mapping[str, Document]) -> None:
    standard = db.session.get_one(Standard, publication.standard_id)
    primary = primary_of(documents)
    standard.title_zh = documents["zh"].front.title if "zh" in documents else None
    standard.title_en = documents["en"].front.title if "en" in documents else None
    standard.category = primary.front.category
    standard.journey = str(primary.front.journey or "all")
    standard.audience = list(primary.front.audience)
    standard.visibility = str(primary.front.visibility or "internal")
    standard.primary_language = primary.front.language
    standard.used_clause_ids = sorted({*standard.used_clause_ids, *(c.id for c in primary.clauses)})
