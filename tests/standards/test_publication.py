"""Publishing on both databases: once, whole, or not at all."""

import dataclasses
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import current_app

from app.core import activity, errors
from app.core.db import db
from app.standards import journal, publication, recovery
from app.standards.manifest import read_manifest
from app.standards.models import Publication, PublicationState
from app.standards.store import Store
from app.standards.store_names import MAIN, manifest_path, text_path
from tests.faults import world


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with two publications, inside the application context of a database of its own."""
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgresql" else ""
    app = world.open_app(tmp_path, url)
    made = Store(tmp_path / "store.git")
    with app.app_context():
        world.prepare(made, 2)
        yield made
        db.session.remove()
        db.engine.dispose()
    made.close()


def row(version: str) -> Publication:
    return db.session.scalars(sa.select(Publication).where(Publication.version == version)).one()


def publish(store: Store, request: publication.PublicationRequest) -> int:
    return publication.publish(store, request, check=world.nothing_to_check, finish=world.finish)


def test_a_publication_stands_in_store_and_database(store: Store) -> None:
    published_id = world.publish(store, 3)
    found = row("1.3")
    assert (found.id, found.state) == (published_id, PublicationState.PUBLISHED)
    assert found.commit_id == store.head()
    assert store.refs("refs/tags/std/")[f"refs/tags/std/{world.CODE}/v1.3"] == found.commit_id
    assert (
        store.read_file(found.commit_id, text_path(world.CODE, "zh"))
        == found.content[text_path(world.CODE, "zh")].encode()
    )
    assert world.violations(store) == []


def test_the_manifest_names_what_came_before(store: Store) -> None:
    world.publish(store, 3)
    found = read_manifest(row("1.3").manifest)
    assert found.previous == row("1.2").manifest_sha256
    assert found.base_version == "1.2"
    query = sa.select(activity.ActivityLine.hash).where(activity.ActivityLine.seq == found.activity[0])
    assert db.session.scalars(query).one() == found.activity[1]


def test_the_same_request_again_is_the_same_publication(store: Store) -> None:
    first = world.publish(store, 3)
    lines = activity.head()
    assert world.publish(store, 3) == first
    assert activity.head() == lines


def test_a_key_used_for_another_text_is_refused(store: Store) -> None:
    world.publish(store, 3)
    other = dataclasses.replace(world.request_for(3), content=world.request_for(4).content)
    with pytest.raises(errors.Stale) as refused:
        publish(store, other)
    assert refused.value.reasons[0].key == "publication.key_used"
    assert world.violations(store) == []


def test_a_version_is_published_once(store: Store) -> None:
    head = store.head()
    with pytest.raises(errors.Stale) as refused:
        publish(store, dataclasses.replace(world.request_for(3), version="1.2", op_key="another"))
    assert refused.value.reasons[0].key == "publication.version_taken"
    assert store.head() == head
    assert world.violations(store) == []


def test_a_refusing_check_leaves_nothing(store: Store) -> None:
    head, lines = store.head(), activity.head()
    db.session.commit()

    def refuse() -> None:
        raise errors.Refused("review.not_fresh")

    with pytest.raises(errors.Refused):
        publication.publish(store, world.request_for(3), check=refuse, finish=world.finish)
    assert (store.head(), activity.head()) == (head, lines)
    assert world.violations(store) == []
    world.publish(store, 3)
    assert world.violations(store, 3) == []


def test_consequences_that_fail_are_made_by_the_next_start(store: Store) -> None:
    def fail(_publication: Publication) -> None:
        raise errors.Unavailable("database.busy")

    with pytest.raises(errors.Unavailable):
        publication.publish(store, world.request_for(3), check=world.nothing_to_check, finish=fail)
    assert row("1.3").state is PublicationState.INTENDED
    db.session.commit()
    assert list(world.recover(store)) == ["finished"]
    assert world.violations(store, 3) == []


def test_the_next_publisher_finishes_what_a_dead_one_began(store: Store) -> None:
    def fail(_publication: Publication) -> None:
        raise errors.Unavailable("database.busy")

    with pytest.raises(errors.Unavailable):
        publication.publish(store, world.request_for(3), check=world.nothing_to_check, finish=fail)
    world.publish(store, 4)
    assert [r.version for r in journal.rows()] == ["1.1", "1.2", "1.3", "1.4"]
    assert world.violations(store, 3) == []


def test_a_language_that_is_gone_leaves_the_store_with_the_next_publication(store: Store) -> None:
    request = world.request_for(3)
    zh_only = {text_path(world.CODE, "zh"): request.content[text_path(world.CODE, "zh")]}
    publish(store, dataclasses.replace(request, content=zh_only))
    head = str(store.head())
    assert store.read_file(head, text_path(world.CODE, "en")) is None
    assert store.read_file(head, manifest_path(world.CODE, "1.2")) is not None
    assert world.violations(store) == []


def test_of_ten_publishers_of_one_version_one_wins(store: Store) -> None:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    answers: list[str] = []

    def race(n: int) -> None:
        with app.app_context():
            request = dataclasses.replace(world.request_for(3), op_key=f"racer-{n}")
            try:
                publish(store, request)
                answers.append("won")
            except errors.Stale as refused:
                answers.append(refused.reasons[0].key)
            finally:
                db.session.remove()
                store.close()

    threads = [threading.Thread(target=race, args=(n,)) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["publication.version_taken"] * 9 + ["won"]
    assert world.violations(store, 3) == []


def test_nothing_is_published_in_read_only_mode(store: Store) -> None:
    (store.path.parent / recovery.READ_ONLY_FILE).write_text("somebody decides\n")
    with pytest.raises(errors.Diverged):
        world.publish(store, 3)
    assert recovery.read_only_reason(store) == "somebody decides"
    assert world.recover(store) == {}
    assert recovery.read_only_reason(store) is None
    world.publish(store, 3)


def test_a_foreign_commit_on_main_stops_publishing(store: Store) -> None:
    with store.lock():
        head = store.head()
        commit = store.build_commit(
            head, {text_path(world.CODE, "zh"): b"x"}, "Improve it\n", "p-1", world.AT
        )
        assert store.compare_and_swap(MAIN, commit, head, world.AT)
    with pytest.raises(errors.Diverged):
        world.publish(store, 3)
    assert commit in str(recovery.read_only_reason(store))
    with pytest.raises(errors.Diverged):
        world.recover(store)
