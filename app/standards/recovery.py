"""Owns the agreement of store and database after a crash or a restored backup. Every step may itself be killed.

The journal row keeps the frozen bytes, so a lost commit is rebuilt with the same id; the commit carries the manifest,
so a lost row is imported. Where both sides moved on, nothing is guessed: read-only until a person decides.
"""

from dataclasses import dataclass, field

from app.core import activity, errors, processes
from app.core.access import SYSTEM
from app.core.db import db
from app.standards import journal
from app.standards.commit import Commit
from app.standards.from_manifests import import_publication
from app.standards.git import GitFailed, Unreadable
from app.standards.journal import Finish, Row
from app.standards.models import PublicationState
from app.standards.store import Store
from app.standards.store_names import MAIN

READ_ONLY_FILE = "read-only"
BOOT_FILE = "store.boot"  # the start of the machine since which everything was read back once


@dataclass
class Recovered:
    """What a recovery did, by name, for the log and for a person. All empty: everything agreed before."""

    stale: list[str] = field(default_factory=list)  # lock and temporary files of dead writers
    damaged: list[str] = field(default_factory=list)  # objects and refs that did not read back
    rebuilt: list[str] = field(default_factory=list)  # commits made again from the journal
    imported: list[str] = field(
        default_factory=list
    )  # commits whose rows were made again from their manifests
    finished: list[str] = field(default_factory=list)  # intents rolled forward
    superseded: list[str] = field(default_factory=list)  # intents that another publication overtook
    tagged: list[str] = field(default_factory=list)  # tags made again

    def as_data(self) -> dict[str, list[str]]:
        """Returns the lists that are not empty."""
        return {name: list(value) for name, value in vars(self).items() if value}


def read_only_reason(store: Store) -> str | None:
    """Returns why this instance must not publish, None where it may."""
    try:
        return (store.path.parent / READ_ONLY_FILE).read_text().strip() or "unknown"
    except FileNotFoundError:
        return None


def is_whole_since_boot(store: Store) -> bool:
    """Tells whether every published file was read back since the machine was started; False where it cannot tell."""
    try:
        noted = (store.path.parent / BOOT_FILE).read_text().strip()
    except FileNotFoundError:
        return False
    return noted == processes.boot() != ""


def note_boot(store: Store) -> None:
    """Notes that the store is whole; only a machine that stops can lose what was written from now on."""
    # Torn by a kill it names no start, and everything is read back once more.
    (store.path.parent / BOOT_FILE).write_text(f"{processes.boot()}\n")


def settle(store: Store, finish: Finish) -> None:
    """Makes sure that a publication may begin: two small queries when everything agrees, else `recover`.

    Raises Diverged in read-only mode.
    """
    reason = read_only_reason(store)
    if reason is not None:
        raise errors.Diverged("store.diverged", why=reason)
    if not journal.is_agreed(store.head()):
        recover(store, finish)


def recover(store: Store, finish: Finish, *, thorough: bool = False) -> Recovered:
    """Brings store and database to agreement and returns what it did; doing it again does nothing.

    Runs at start, before serving, with `thorough`: then every published file is read back and every tag looked at.
    `finish` is that of `publish`. Raises Diverged, after setting read-only mode, when both sides moved on or somebody
    else wrote; a recovery that finds agreement ends that mode.
    """
    db.session.commit()
    with store.lock():
        done = Recovered(stale=store.remove_stale_locks())
        try:
            if thorough:
                _heal(store, done)
            _agree(store, finish, done)
            _tag(store, done, thorough=thorough)
        except errors.Diverged as error:
            (store.path.parent / READ_ONLY_FILE).write_text(f"{error.reasons[0].params.get('why', error)}\n")
            raise
        (store.path.parent / READ_ONLY_FILE).unlink(missing_ok=True)
        if done.as_data():
            activity.record(SYSTEM, "store.recovered", "store", "main", **done.as_data())
            db.session.commit()
        if thorough:
            note_boot(store)
        return done


def roll_forward(store: Store, publication_id: int, finish: Finish) -> None:
    """Takes an intent whose commit stands ready from its journal row to the end: ref, tag, published row.

    Raises Diverged when main stands where no publication of this journal put it.
    """
    intent = journal.row(publication_id)
    if not store.compare_and_swap(MAIN, intent.commit_id, intent.parent, intent.at):
        raise errors.Diverged("store.diverged", why=f"main moved while {intent.commit_id} was published")
    _finish_reached(store, intent, finish)


def _finish_reached(store: Store, intent: Row, finish: Finish) -> None:
    store.write_tag(intent.code, intent.version, intent.commit_id, intent.at)
    journal.mark_published(intent, finish)


def _agree(store: Store, finish: Finish, done: Recovered) -> None:
    rows = journal.rows()
    published = [row for row in rows if row.state is PublicationState.PUBLISHED]
    intents = {row.commit_id: row for row in rows if row.state is PublicationState.INTENDED}
    chain = _chain(store)
    reached, known = [commit.id for commit in chain], [row.commit_id for row in published]
    if reached[: len(known)] != known[: len(reached)]:
        raise errors.Diverged(
            "store.diverged", why=f"main {reached[-1]} and database {known[-1]} both moved on"
        )
    for row in published[len(reached) :]:
        _rebuild(store, row)
        done.rebuilt.append(row.commit_id)
    tip = next(iter(reversed(max(reached, known, key=len))), None)
    waiting = [intent for commit_id, intent in intents.items() if commit_id not in reached]
    for intent in waiting:
        if intent.parent != tip:  # first: the publication that took the parent needs its place in the journal
            journal.mark_superseded(intent)
            done.superseded.append(intent.commit_id)
    for commit in chain[len(known) :]:
        _take_over(store, commit, intents.get(commit.id), finish, done)
    for intent in waiting:
        if intent.parent == tip:
            _rebuild(store, intent)
            _finish_reached(store, intent, finish)
            done.finished.append(intent.commit_id)


def _take_over(store: Store, commit: Commit, intent: Row | None, finish: Finish, done: Recovered) -> None:
    """Gives a commit of main that the database does not know as published its row."""
    if intent is None:
        import_publication(store, commit, finish)
        done.imported.append(commit.id)
        return
    store.sync_ref(MAIN)
    _finish_reached(store, intent, finish)
    done.finished.append(commit.id)


def _chain(store: Store) -> list[Commit]:
    try:
        return store.commits(MAIN)
    except (GitFailed, Unreadable, errors.NotFound) as error:
        raise errors.Diverged("store.diverged", why="main does not read back") from error


def _rebuild(store: Store, row: Row) -> None:
    _rebuild_objects(store, row)
    if not store.compare_and_swap(MAIN, row.commit_id, row.parent, row.at):
        raise errors.Diverged("store.diverged", why=f"main is not the parent of {row.commit_id}")


def _rebuild_objects(store: Store, row: Row) -> None:
    frozen = journal.frozen(row.id)
    made = store.build_commit(row.parent, frozen.files, frozen.message, row.author_subject, row.at)
    if made != row.commit_id:
        raise errors.Diverged("store.diverged", why=f"the journal of {row.commit_id} makes {made}")


def _heal(store: Store, done: Recovered) -> None:
    """Removes what does not read back and makes it again from the journal, oldest first."""
    tip = store.points_at(MAIN)
    rows = [row for row in journal.rows() if row.state is PublicationState.PUBLISHED]
    ids = [row.commit_id for row in rows]
    # Rows after the tip were never in this store (or it is an older backup): `_agree` adds them.
    meant = rows[: ids.index(tip) + 1] if tip in ids else rows if tip else []
    if all(_is_whole(store, row) for row in meant) and (tip is None or store.head() == tip):
        return
    done.damaged = store.remove_damaged_objects()
    for row in meant:
        if not _is_whole(store, row):
            _rebuild_objects(store, row)


def _is_whole(store: Store, row: Row) -> bool:
    try:
        return store.exists(row.commit_id) and all(
            store.read_file(row.commit_id, path) == data
            for path, data in journal.frozen(row.id).files.items()
        )
    except Unreadable:
        return False


def _tag(store: Store, done: Recovered, *, thorough: bool) -> None:
    fresh = {*done.rebuilt, *done.imported}
    for row in journal.rows():
        if (thorough or row.commit_id in fresh) and store.write_tag(
            row.code, row.version, row.commit_id, row.at
        ):
            done.tagged.append(f"{row.code} {row.version}")
