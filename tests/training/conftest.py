"""A house with one publication to read: made once a run on SQLite and copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import clock
from app.core.db import db
from tests import story
from tests.house_fixtures import House, _open


@pytest.fixture(scope="session")
def published_folder(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which revision 26-001 changed clause c07 of cs-04 and its readers are asked."""
    folder = tmp_path_factory.mktemp("published") / "data"
    shutil.copytree(prepared, folder)
    for house in _open(folder):
        with house.app.app_context():
            _revision, publication = story.given_published(house)
            with clock.frozen(publication.at):
                house.run_jobs()
            db.session.commit()
    return folder


@pytest.fixture
def readers_web(published_folder: Path, tmp_path: Path) -> Iterator[House]:
    """The house for tests over HTTP."""
    folder = tmp_path / "data"
    shutil.copytree(published_folder, folder)
    yield from _open(folder)


@pytest.fixture
def readers(published_folder: Path, tmp_path: Path) -> Iterator[House]:
    """The house with an application context, for tests of verbs."""
    folder = tmp_path / "data"
    shutil.copytree(published_folder, folder)
    for house in _open(folder):
        with house.app.app_context():
            yield house
