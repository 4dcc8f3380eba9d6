"""The ready-made situations of `tests/story.py` reach the stages they promise."""

from app.standards.workflow import State
from tests import story
from tests.house_fixtures import House


def test_a_revision_walks_from_proposal_to_force(house: House) -> None:
    revision, publication = story.given_in_force(house)
    assert revision.state is State.IN_FORCE
    assert publication.version == "1.1" and publication.took_effect_at == publication.effective_at
