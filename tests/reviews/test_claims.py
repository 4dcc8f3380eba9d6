"""What is claimed of a change, wording only or more, is signed with its words; another claim is asked again."""

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from app.core.db import db, transaction
from app.core.errors import Stale
from app.notices.models import Notice
from app.notices.words import notice_words
from app.reviews import (
    claims,
    queries,
    signatures,
    signed_lines,
)
from app.reviews.freshness import Kind
from app.reviews.models import SignOffLine, TaskState
from app.standards import drafting
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.manifest import fingerprint_of
from app.standards.models import Materiality, Revision
from app.standards.verification_sign_offs import wrong_sign_offs
from tests.house_fixtures import House
from tests.review_cases import make_review
from tests.reviews.test_signing import save, sign, states, version, words_of


def claim(house: House, revision: Revision, said: Materiality) -> None:
    """Saves c12 with the same words and another claim."""
    draft = standards.clause_draft(revision.id, "c12")
    assert draft is not None
    with transaction():
        text = ClauseText(body_zh=draft.body_zh, materiality=said)
        drafting.save_clause(house.actor("drafter"), revision, "c12", text, seen_version=draft.lock_version)
    db.session.expire_all()


def test_another_claim_reopens_who_confirmed_the_first_and_says_so(house: House) -> None:
    revision = make_review(house, ("c07", "c12"))
    save(house, revision, "c12", body_zh=words_of(revision, "c12") + "\n\n本条适用于全部渠道。")
    claim(house, revision, Materiality.EDITORIAL)
    number = version(revision).number
    first = sign(house, revision, Kind.LEGAL)
    for kind in (Kind.BUSINESS, Kind.IT):
        sign(house, revision, kind)
    assert claims.said({x.part: x.part_sha256 for x in first.lines}) == {
        "c07": Materiality.MATERIAL,
        "c12": Materiality.EDITORIAL,
    }
    claim(house, revision, Materiality.MATERIAL)
    assert version(revision).number == number, "a claim is no text"
    assert states(revision) == {
        Kind.LEGAL: TaskState.RECHECK,
        Kind.BUSINESS: TaskState.RECHECK,
        Kind.IT: TaskState.SIGNED,  # c12 is not of its field
    }
    for kind in (Kind.LEGAL, Kind.BUSINESS):
        field = queries.standing(revision)[kind]
        assert [s.part for s in field.open_parts] == ["c12/claim"] and field.is_recheck
    told = db.session.scalars(sa.select(Notice).where(Notice.kind.like("recheck%"))).all()
    assert {n.person_id for n in told} == {house.person("lawyer").id, house.person("seller").id}
    words = {notice_words(n.kind, n.params) for n in told}
    assert words == {"〔复核〕26-001：你签署后，对 C12 改动的声明由“文字性修改”变为“改变要求”"}
    with pytest.raises(Stale, match=r"review\.claim_moved_on"):
        sign(house, revision, Kind.LEGAL, parts={"c12/claim": claims.DIGESTS[Materiality.EDITORIAL]})
    db.session.rollback()
    again = sign(house, revision, Kind.LEGAL)
    assert [x.part for x in again.lines] == ["c12/claim"]
    claim(house, revision, Materiality.EDITORIAL)
    assert states(revision)[Kind.BUSINESS] is TaskState.SIGNED, "what was confirmed stands again"
    assert states(revision)[Kind.LEGAL] is TaskState.RECHECK


def test_a_manifest_holds_the_claims_and_its_check_finds_what_nobody_confirmed(sqlite_house: House) -> None:
    house = sqlite_house
    revision = make_review(house, ("c07", "c12"))
    save(house, revision, "c12", body_zh=words_of(revision, "c12") + "\n\n本条适用于全部渠道。")
    claim(house, revision, Materiality.EDITORIAL)
    sign(house, revision, Kind.LEGAL)

    def found(editorial: list[str], change: Callable[[dict], None] = lambda entry: None) -> list[str]:
        entries: list[Any] = copy.deepcopy(signed_lines.manifest_sign_offs(revision))
        change(entries[0])
        manifest = SimpleNamespace(sign_offs=entries, reasons={"editorial": editorial})
        return [key for key, _detail in wrong_sign_offs(manifest)]

    assert signed_lines.manifest_sign_offs(revision)[0]["claims"] == {"c07": "material", "c12": "editorial"}
    assert found(["c12"]) == found([]) == []
    assert found(["c07"]) == ["verify.claim"]
    assert found([], lambda entry: entry["lines"].pop("c12/claim")) == ["verify.signature"]
    assert found([], lambda entry: entry["claims"].update(c12="material")) == ["verify.signature"]
    assert found([], lambda entry: entry["lines"].update({"c12/zh": "0" * 64})) == ["verify.signature"]

    def from_before_the_record(entry: dict) -> None:
        entry["lines"] = {p: digest for p, digest in entry["lines"].items() if not p.endswith("/claim")}
        del entry["claims"]
        entry["fingerprint"] = fingerprint_of(entry["lines"])

    assert found(["c07", "c12"], from_before_the_record) == []


def test_signatures_from_before_claims_were_kept_stand(sqlite_house: House) -> None:
    house = sqlite_house
    revision = make_review(house, ("c07", "c12"))
    save(house, revision, "c12", body_zh=words_of(revision, "c12") + "\n\n本条适用于全部渠道。")
    sign(house, revision, Kind.LEGAL)
    db.session.execute(sa.delete(SignOffLine).where(SignOffLine.part.like("%/claim")))
    db.session.commit()
    assert queries.standing(revision)[Kind.LEGAL].is_fresh
    claim(house, revision, Materiality.EDITORIAL)
    assert states(revision)[Kind.LEGAL] is TaskState.SIGNED
    (row,) = signatures.signatures_of(revision)
    assert row.is_fresh and not row.claimed("editorial") and not row.claimed("material")
