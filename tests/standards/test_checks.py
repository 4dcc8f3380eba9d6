"""The facts this room proves: reasons, free clauses, something changed, classified, no stopping check."""

import pytest

from app.core.db import db, transaction
from app.standards import checks, drafting, queries, service
from app.standards.lifecycle import Attempt
from app.standards.models import Materiality, Revision
from app.standards.workflow import Move
from tests.house_fixtures import House
from tests.snapshots import remembered
from tests.standards.reading_world import draft_eight_minutes, publish, revision_in_drafting


def attempt(house: House, move: Move = Move.SUBMIT, **more: object) -> Attempt:
    return Attempt(move, house.actor("drafter"), **more)  # type: ignore[arg-type]


def keys(reasons: tuple[object, ...]) -> list[str]:
    return [r.key for r in reasons]  # type: ignore[attr-defined]


@remembered
def in_drafting(house: House) -> Revision:
    """Returns a revision of cs-01 in drafting, nothing drafted yet."""
    publish("cs-01")
    return revision_in_drafting(house)


@pytest.fixture
def revision(house: House) -> Revision:
    return in_drafting(house)


@pytest.mark.parametrize(("reason", "holds"), [("", False), ("  \n", False), ("太贵", True)])
def test_a_reason_is_more_than_blanks(house: House, revision: Revision, reason: str, holds: bool) -> None:
    found = checks.prove_reason_given(revision, attempt(house, reason=reason))
    assert (found == ()) is holds


def test_sending_back_names_a_clause_of_the_revision(house: House, revision: Revision) -> None:
    prove = checks.prove_clause_reason_given
    assert keys(prove(revision, attempt(house))) == ["move.clause_missing", "move.reason_missing"]
    assert keys(prove(revision, attempt(house, clause_id="c09", reason="x"))) == ["move.clause_unknown"]
    assert keys(prove(revision, attempt(house, clause_id="c03"))) == ["move.reason_missing"]
    assert prove(revision, attempt(house, clause_id="c03", reason="写明例外")) == ()


def test_nothing_drafted_is_nothing_changed(house: House, revision: Revision) -> None:
    assert keys(checks.prove_something_changed(revision, attempt(house))) == ["revision.nothing_changed"]
    draft_eight_minutes(house, revision)
    assert checks.prove_something_changed(revision, attempt(house)) == ()


def test_a_changed_clause_wants_to_be_classified(house: House, revision: Revision) -> None:
    draft_eight_minutes(house, revision)
    [reason] = checks.prove_changes_classified(revision, attempt(house))
    assert (reason.key, reason.params) == ("revision.not_classified", {"clause": "C03"})
    draft = queries.clause_draft(revision.id, "c03")
    assert draft is not None
    with transaction():
        drafting.save_clause(
            house.actor("drafter"), revision, "c03",
            drafting.ClauseText(materiality=Materiality.MATERIAL), seen_version=draft.lock_version,
        )  # fmt: skip
    assert checks.prove_changes_classified(revision, attempt(house)) == ()


def test_a_new_clause_needs_no_classification(house: House, revision: Revision) -> None:
    with transaction():
        drafting.add_clause(
            house.actor("drafter"), revision, after_clause_id="c03", heading_zh="夜间", heading_en="At night"
        )
    assert checks.prove_changes_classified(revision, attempt(house)) == ()


def test_a_text_that_disagrees_with_its_measure_stops(house: House, revision: Revision) -> None:
    draft_eight_minutes(house, revision)
    with house.app.test_request_context():
        assert checks.prove_no_stopping_check(revision, attempt(house)) == ()
        draft = queries.clause_draft(revision.id, "c03")
        assert draft is not None
        text = drafting.ClauseText(body_zh=draft.body_zh.replace("8 分钟", "9 分钟"))
        with transaction():
            drafting.save_clause(
                house.actor("drafter"), revision, "c03", text, seen_version=draft.lock_version
            )
        reasons = checks.prove_no_stopping_check(revision, attempt(house))
        assert keys(reasons) == ["revision.text_stopped"]
        assert "8" in str(reasons[0].params["problem"])


def test_a_dead_reference_stops_and_one_to_another_standard_does_not(
    house: House, revision: Revision
) -> None:
    publish("cs-02")
    draft_eight_minutes(house, revision)

    def refer(clause: str) -> None:
        draft = queries.clause_draft(revision.id, "c03")
        assert draft is not None
        text = drafting.ClauseText(body_zh=f"{draft.body_zh.split('见')[0]}见 {clause}。")
        with transaction():
            drafting.save_clause(
                house.actor("drafter"), revision, "c03", text, seen_version=draft.lock_version
            )

    with house.app.test_request_context():
        refer("CS-02-C01")
        assert checks.prove_no_stopping_check(revision, attempt(house)) == ()
        refer("CS-02-C99")
        assert keys(checks.prove_no_stopping_check(revision, attempt(house))) == ["revision.text_stopped"]


def test_a_clause_held_by_another_revision_is_named(house: House, revision: Revision) -> None:
    draft_eight_minutes(house, revision)
    with transaction():
        second = service.make_revision(house.actor("director"), revision.standard, title="另一项")
        service.set_clauses(house.actor("director"), second, ["c03", "c04"])
    [reason] = checks.prove_clauses_free(second, attempt(house, Move.PROPOSE))
    assert reason.params == {"clause": "C03", "number": revision.number}
    assert checks.prove_clauses_free(revision, attempt(house, Move.PROPOSE)) == ()
    db.session.rollback()
