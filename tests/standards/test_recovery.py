"""Recovery: damaged objects, lost stores, restored backups of different ages, and what nobody may guess."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core import activity, errors
from app.core.db import db
from app.standards import recovery
from app.standards.models import Publication
from app.standards.store import Store
from app.standards.store_names import MAIN, text_path
from tests.faults import world
from tests.standards.test_store import damage


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with three publications, inside an application context on SQLite."""
    app = world.open_app(tmp_path)
    made = Store(tmp_path / "store.git")
    with app.app_context():
        world.prepare(made, 3)
        yield made
        db.session.remove()
        db.engine.dispose()
    made.close()


def database(store: Store) -> Path:
    return store.path.parent / "touchstone.db"


def back_up_database(store: Store, name: str = "backup.db") -> Path:
    backup = store.path.parent / name
    with closing(sqlite3.connect(database(store))) as source, closing(sqlite3.connect(backup)) as target:
        source.backup(target)
    return backup


def restore_database(store: Store, backup: Path) -> None:
    db.session.remove()
    db.engine.dispose()
    for suffix in ("-wal", "-shm"):
        Path(f"{database(store)}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(backup, database(store))


def move_store(store: Store, to: str) -> Path:
    store.close()
    return shutil.move(store.path, store.path.parent / to)


def replace_store(store: Store, by: Path) -> None:
    store.close()
    shutil.rmtree(store.path)
    shutil.copytree(by, store.path)


def test_agreement_is_left_alone(store: Store) -> None:
    lines = activity.head()
    assert world.recover(store) == {}
    assert activity.head() == lines, "a recovery that does nothing says nothing"


def test_a_lost_store_is_rebuilt_with_the_same_ids(store: Store) -> None:
    head = store.head()
    move_store(store, "lost")
    (store.path.parent / "store.config.sha256").unlink()
    store.create()
    done = world.recover(store)
    assert len(done["rebuilt"]) == 3
    assert done["tagged"] == ["cs-04 1.1", "cs-04 1.2", "cs-04 1.3"]
    assert store.head() == head
    assert world.violations(store) == []


def test_an_older_store_is_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    backup = tmp_path / "older"
    shutil.copytree(store.path, backup)
    world.publish(store, 4)
    world.publish(store, 5)
    head = store.head()
    replace_store(store, backup)
    assert list(world.recover(store)) == ["rebuilt", "tagged"]
    assert store.head() == head
    assert world.violations(store, 5) == []


def test_an_older_database_is_brought_up_to_date(store: Store) -> None:
    backup = back_up_database(store)
    world.publish(store, 4)
    world.publish(store, 5)
    before = {
        r.version: (r.content, r.manifest, r.op_key, r.effective_at)
        for r in db.session.scalars(sa.select(Publication))
    }
    restore_database(store, backup)
    assert len(world.recover(store)["imported"]) == 2
    after = {
        r.version: (r.content, r.manifest, r.op_key, r.effective_at)
        for r in db.session.scalars(sa.select(Publication))
    }
    assert after == before
    assert world.violations(store, 5) == []
    assert world.publish(store, 5) == db.session.scalar(
        sa.select(Publication.id).where(Publication.version == "1.5")
    )


def test_an_empty_database_is_filled_from_the_manifests(store: Store) -> None:
    db.session.remove()
    db.drop_all()
    db.create_all()
    assert len(world.recover(store)["imported"]) == 3
    assert world.violations(store, 3) == []


def test_an_intent_in_a_restored_database_is_finished_where_main_has_it(store: Store) -> None:
    taken: list[Path] = []

    def back_up_now() -> None:
        taken.append(back_up_database(store))

    with pytest.raises(errors.Unavailable):
        recovery_interrupted(store, 4, back_up_now)
    world.recover(store)
    world.publish(store, 5)
    restore_database(store, taken[0])
    done = world.recover(store)
    assert [len(done["finished"]), len(done["imported"])] == [1, 1]
    assert world.violations(store, 5) == []


def recovery_interrupted(store: Store, n: int, then: object) -> None:
    """Publishes up to the moved ref and stops before the second transaction; `then` runs there."""

    def stop(_published: Publication) -> None:
        db.session.rollback()
        assert callable(then)
        then()
        raise errors.Unavailable("database.busy")

    world.publication.publish(store, world.request_for(n), check=world.nothing_to_check, finish=stop)


def test_an_overtaken_intent_is_given_up(store: Store, tmp_path: Path) -> None:
    backup = tmp_path / "older"
    shutil.copytree(store.path, backup)
    with pytest.raises(errors.Unavailable):
        recovery_interrupted(store, 4, lambda: None)
    intent = db.session.scalars(sa.select(Publication).where(Publication.version == "1.4")).one().commit_id
    db.session.commit()
    replace_store(store, backup)
    publish_from_another_node(Store(store.path))
    done = world.recover(store)
    assert done["superseded"] == [intent]
    assert len(done["imported"]) == 1
    assert world.violations(store) == []
    with pytest.raises(errors.Stale) as refused:
        world.publish(store, 4)
    assert refused.value.reasons[0].key == "publication.superseded"


def publish_from_another_node(other: Store) -> None:
    request = world.request_for(9)
    with other.lock():
        commit, _text, parent = world.write_commit(other, request)
        assert other.compare_and_swap(MAIN, commit, parent, request.at)
    other.close()


def test_where_both_moved_on_nothing_is_guessed(store: Store, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(store.path, older)
    backup = back_up_database(store)
    world.publish(store, 4)
    store_with_four = tmp_path / "four"
    shutil.copytree(store.path, store_with_four)
    replace_store(store, older)
    restore_database(store, backup)
    world.publish(store, 5)
    replace_store(store, store_with_four)
    with pytest.raises(errors.Diverged):
        world.recover(store)
    assert "both moved on" in str(recovery.read_only_reason(store))
    with pytest.raises(errors.Diverged):
        world.publish(store, 6)
    assert store.head() == store.commits()[-1].id


@pytest.mark.parametrize("emptied", [True, False], ids=["emptied", "one bit changed"])
def test_damaged_objects_are_rebuilt_from_the_journal(store: Store, emptied: bool) -> None:
    head = str(store.head())
    middle = store.commits()[1].id
    damaged = sorted({
        head,
        middle,
        store.list_files(head)[text_path(world.CODE, "zh")],
        store.list_files(middle)[text_path(world.CODE, "en")],
    })  # fmt: skip
    for object_id in damaged:
        damage(store, object_id, b"" if emptied else None)
    store.close()
    assert world.recover(store)["damaged"] == damaged
    assert store.head() == head
    assert world.violations(store) == []


def test_a_lost_tag_object_and_a_lost_tag_are_made_again(store: Store) -> None:
    tag = str(store.head(f"refs/tags/std/{world.CODE}/v1.2"))
    (store.path / "objects" / tag[:2] / tag[2:]).unlink()
    (store.path / f"refs/tags/std/{world.CODE}/v1.3").unlink()
    store.close()
    assert world.recover(store)["tagged"] == ["cs-04 1.2", "cs-04 1.3"]
    assert world.violations(store) == []


@pytest.mark.parametrize("content", ["", "not an id\n", "\0" * 41])
def test_a_broken_ref_is_made_again(store: Store, content: str) -> None:
    head = store.head()
    (store.path / MAIN).write_text(content)
    store.close()
    assert MAIN in world.recover(store)["stale"]
    assert store.head() == head
    assert world.violations(store) == []


def test_stale_locks_block_nobody(store: Store) -> None:
    for name in (
        "refs/heads/main.lock",
        f"refs/tags/std/{world.CODE}/v1.4.lock",
        "packed-refs.lock",
        "HEAD.lock",
    ):
        (store.path / name).write_text("")
    assert len(world.recover(store)["stale"]) == 4
    world.publish(store, 4)
    assert world.violations(store, 4) == []


def test_a_tag_that_names_another_commit_stops_everything(store: Store) -> None:
    (store.path / f"refs/tags/std/{world.CODE}/v1.2").write_text(f"{store.head()}\n")
    with pytest.raises(errors.Diverged):
        world.recover(store)


def test_a_recovery_is_told_once_in_the_log(store: Store) -> None:
    (store.path / "HEAD.lock").write_text("")
    world.recover(store)
    world.recover(store)
    lines = db.session.scalars(
        sa.select(activity.ActivityLine).where(activity.ActivityLine.verb == "store.recovered")
    )
    assert [line.data for line in lines] == [{"stale": ["HEAD.lock"]}]
