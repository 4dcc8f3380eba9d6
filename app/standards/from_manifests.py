"""Owns the way back from the store to the database: a commit of main, read by its manifest, becomes a row again."""

import sqlalchemy as sa

from app.core import errors
from app.core.db import db
from app.standards import journal
from app.standards.commit import Commit
from app.standards.journal import Finish
from app.standards.manifest import Manifest, read_manifest, sha256_of
from app.standards.models import Publication, PublicationState, Revision, Standard
from app.standards.store import Store
from app.standards.store_names import content_digest, manifest_path


def import_publication(store: Store, commit: Commit, finish: Finish) -> None:
    """Makes the journal row of a commit again, with its consequences, in one transaction.

    Raises Diverged when the commit is no publication, or its texts are not those its manifest names.
    """
    manifest, text = read_published(store, commit)
    content = {path: _text_of(store, commit.id, path) for path in manifest.paths}
    if content_digest(content) != manifest.content_sha256:
        raise errors.Diverged("store.diverged", why=f"the texts of {commit.id} are not those of its manifest")
    try:
        publication = Publication(
            standard_id=_standard_of(manifest).id,
            revision_id=_revision_of(manifest),
            version=manifest.version,
            op_key=manifest.op_key,
            state=PublicationState.PUBLISHED,
            content=content,
            manifest=text,
            content_sha256=manifest.content_sha256,
            manifest_sha256=sha256_of(text),
            parent=commit.parents[0] if commit.parents else None,
            commit_id=commit.id,
            author_subject=commit.author_subject,
            at=manifest.published_at,
            effective_on=manifest.effective_on,
            zone=manifest.zone,
            effective_at=manifest.effective_at,
            transition_until=manifest.transition_until,
            change_note=manifest.change_note,
        )
        db.session.add(publication)
        db.session.flush()
        journal.announce(publication, manifest.code, finish)
        db.session.commit()
    except BaseException:
        db.session.rollback()
        raise


def read_published(store: Store, commit: Commit) -> tuple[Manifest, str]:
    """Returns the manifest that a commit of main carries, and its text.

    Raises Diverged for a commit that is no publication of this program: somebody else wrote to main.
    """
    words = commit.message.split("\n", 1)[0].split(" ")
    if len(words) != 3 or words[0] != "Publish":
        raise errors.Diverged("store.diverged", why=f"{commit.id} is no publication")
    text = _text_of(store, commit.id, manifest_path(words[1], words[2]))
    if sha256_of(text) != commit.trailers.get("Manifest-SHA256"):
        raise errors.Diverged("store.diverged", why=f"the manifest of {commit.id} is not the one it names")
    return read_manifest(text), text


def _text_of(store: Store, commit: str, path: str) -> str:
    data = store.read_file(commit, path)
    if data is None:
        raise errors.Diverged("store.diverged", why=f"{commit} has no {path}")
    return data.decode()


def _standard_of(manifest: Manifest) -> Standard:
    found = db.session.scalar(sa.select(Standard).where(Standard.code == manifest.code))
    if found is None:
        found = Standard(code=manifest.code, created_at=manifest.published_at)
        db.session.add(found)
        db.session.flush()
    return found


def _revision_of(manifest: Manifest) -> int | None:
    return db.session.scalar(sa.select(Revision.id).where(Revision.number == manifest.revision))
