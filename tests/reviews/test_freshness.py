"""Freshness: a sign-off binds to hashes; only what changed in the signer's field is asked again."""

from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reviews.claims import DIGESTS, ClaimChange, changes, said, with_claims
from app.reviews.freshness import (
    DEFAULT_STEPS,
    Field,
    Kind,
    Need,
    Signed,
    Stale,
    Step,
    clause_of,
    fields,
    is_claim,
    required,
    scope,
)
from app.standards.models import Materiality

LAWYER, SALES, ENGINEER, DRAFTER = 1, 2, 3, 4
TEXT = {"c07/zh": "z1", "c07/en": "e1", "c07/measures": "m1", "c09/zh": "z9", "front/zh": "f1"}


def signed(kind: Kind, person: int, order: int = 1, approves: bool = True, **changes: str) -> Signed:
    lines = {part: TEXT[part] for part in scope(kind, TEXT, ())} | {
        k.replace("_", "/"): v for k, v in changes.items()
    }
    return Signed(kind, person, order, approves, lines)


ALL = [signed(Kind.LEGAL, LAWYER), signed(Kind.BUSINESS, SALES), signed(Kind.IT, ENGINEER)]


def standing(sign_offs: list[Signed], current: Mapping[str, str] = TEXT) -> dict[Kind, list[str]]:
    return {
        kind: [s.part for s in field.open_parts] for kind, field in fields(sign_offs, current, ()).items()
    }


@pytest.mark.parametrize(
    ("part", "clause"),
    [
        ("c07/zh", "c07"),
        ("c123/measures", "c123"),
        ("front/zh", None),
        ("order/zh", None),
        ("between/zh", None),
        ("c/zh", None),
    ],
)
def test_parts_belong_to_clauses_or_to_the_frame(part: str, clause: str | None) -> None:
    assert clause_of(part) == clause


@pytest.mark.parametrize(
    ("kind", "technical", "expected"),
    [
        (Kind.LEGAL, (), set(TEXT)),
        (Kind.BUSINESS, (), {"c07/zh", "c07/en", "c07/measures", "c09/zh"}),
        (Kind.IT, (), {"c07/zh", "c07/en", "c07/measures"}),
        (Kind.IT, ("c09",), {"c07/zh", "c07/en", "c07/measures", "c09/zh"}),
    ],
)
def test_each_field_signs_what_concerns_it(kind: Kind, technical: tuple, expected: set[str]) -> None:
    assert scope(kind, TEXT, technical) == expected


@pytest.mark.parametrize(
    ("parts", "technical", "kinds"),
    [
        ({}, (), ()),
        ({"front/zh": "f2"}, (), (Kind.LEGAL,)),
        ({"c09/zh": "z"}, (), (Kind.LEGAL, Kind.BUSINESS)),
        ({"c09/zh": "z"}, ("c09",), (Kind.LEGAL, Kind.BUSINESS, Kind.IT)),
        ({"c09/zh": "z"}, ("c07",), (Kind.LEGAL, Kind.BUSINESS)),
    ],
)
def test_only_fields_with_something_to_sign_are_required(parts: dict, technical: tuple, kinds: tuple) -> None:
    assert required(parts, technical) == kinds


def test_nothing_signed_leaves_everything_open() -> None:
    assert standing([]) == {kind: sorted(scope(kind, TEXT, ())) for kind in Kind}


def test_signed_as_it_stands_is_fresh() -> None:
    found = fields(ALL, TEXT, ())
    assert all(field.is_fresh for field in found.values())
    assert [field.signers for field in found.values()] == [(LAWYER,), (SALES,), (ENGINEER,)]


def test_a_change_reopens_that_part_with_both_hashes_and_nothing_else() -> None:
    found = fields(ALL, {**TEXT, "c09/zh": "z9b"}, ())
    assert found[Kind.LEGAL].open_parts == (Stale("c09/zh", "z9", "z9b"),)
    assert found[Kind.BUSINESS].open_parts == (Stale("c09/zh", "z9", "z9b"),)
    assert found[Kind.IT].is_fresh
    assert found[Kind.LEGAL].open_parts[0].clause_id == "c09"
    assert found[Kind.LEGAL].is_recheck


def test_a_change_outside_the_field_keeps_the_signature() -> None:
    assert standing(ALL, {**TEXT, "front/zh": "f2"}) == {
        Kind.LEGAL: ["front/zh"],
        Kind.BUSINESS: [],
        Kind.IT: [],
    }


def test_a_change_taken_back_makes_the_signature_fresh_again() -> None:
    assert standing(ALL, {**TEXT, "c09/zh": "z9"}) == {kind: [] for kind in Kind}


def test_a_clause_never_signed_is_no_recheck() -> None:
    found = fields(ALL, {**TEXT, "c09/zh": "z9b", "c11/zh": "z11"}, ())
    assert found[Kind.LEGAL].open_parts == (Stale("c09/zh", "z9", "z9b"), Stale("c11/zh", None, "z11"))
    assert not found[Kind.LEGAL].is_recheck


def test_a_recheck_needs_only_the_reopened_part() -> None:
    again = Signed(Kind.LEGAL, LAWYER, 9, True, {"c09/zh": "z9b"})
    assert standing([*ALL, again], {**TEXT, "c09/zh": "z9b"})[Kind.LEGAL] == []


def test_the_newest_line_counts_and_a_refusal_opens_the_part() -> None:
    refusal = Signed(Kind.LEGAL, LAWYER, 2, False, {"c07/zh": "z1"})
    assert standing([*ALL, refusal])[Kind.LEGAL] == ["c07/zh"]
    approval = Signed(Kind.LEGAL, LAWYER, 3, True, {"c07/zh": "z1"})
    assert standing([approval, refusal, *ALL])[Kind.LEGAL] == []


def test_one_field_cannot_sign_for_another() -> None:
    business = Signed(Kind.BUSINESS, SALES, 9, True, dict(TEXT))
    assert standing([business])[Kind.LEGAL] == sorted(TEXT)


def test_nobody_approves_their_own_clause() -> None:
    own = Signed(Kind.LEGAL, DRAFTER, 1, True, dict(TEXT))
    found = fields([own], TEXT, (), {"c07": [DRAFTER]})
    assert [s.part for s in found[Kind.LEGAL].open_parts] == ["c07/en", "c07/measures", "c07/zh"]
    other = Signed(
        Kind.LEGAL, LAWYER, 2, True, {part: TEXT[part] for part in ("c07/zh", "c07/en", "c07/measures")}
    )
    assert fields([own, other], TEXT, (), {"c07": [DRAFTER]})[Kind.LEGAL].is_fresh


def test_an_authors_refusal_does_not_count_either() -> None:
    own = Signed(Kind.LEGAL, DRAFTER, 9, False, dict(TEXT))
    assert fields([*ALL, own], TEXT, (), {"c07": [DRAFTER], "c09": [DRAFTER]})[Kind.LEGAL].open_parts == (
        Stale("front/zh", None, "f1"),
    )


def test_a_field_without_anything_is_not_a_recheck() -> None:
    assert not Field(DEFAULT_STEPS[0], (), ()).is_recheck


hashes = st.sampled_from(["h1", "h2", "h3"])
texts = st.dictionaries(st.sampled_from(["c01/zh", "c01/en", "c02/zh", "c02/measures", "front/zh"]), hashes)
sign_offs = st.lists(
    st.builds(Signed, st.sampled_from(Kind), st.integers(1, 4), st.integers(1, 99), st.booleans(), texts),
    max_size=8,
)


@given(sign_offs, texts)
def test_a_field_is_fresh_only_if_every_part_was_approved_with_its_present_hash(
    given_sign_offs: list[Signed], current: dict[str, str]
) -> None:
    for kind, field in fields(given_sign_offs, current, ()).items():
        if field.is_fresh:
            for part in scope(field.kind, current, ()):
                assert any(
                    s.step == kind and s.approves and s.lines.get(part) == current[part]
                    for s in given_sign_offs
                )


@given(sign_offs, texts, st.sampled_from(["c01/zh", "c02/zh", "front/zh"]))
def test_changing_one_part_never_closes_or_opens_another(
    given_sign_offs: list[Signed], current: dict[str, str], part: str
) -> None:
    if part not in current:
        return
    before = fields(given_sign_offs, current, ())
    after = fields(given_sign_offs, {**current, part: "changed"}, ())
    for kind in before:
        others = {s for s in before[kind].open_parts if s.part != part}
        assert {s for s in after[kind].open_parts if s.part != part} == others


EDITORIAL, MATERIAL = DIGESTS[Materiality.EDITORIAL], DIGESTS[Materiality.MATERIAL]
CLAIMED = {"c09/zh": "z9", "c09/en": "e9", "c09/claim": EDITORIAL, "c11/zh": "z11", "c11/claim": MATERIAL}
OLD = {part: digest for part, digest in CLAIMED.items() if not is_claim(part)}


@pytest.mark.parametrize(
    ("signed_lines", "current", "open_parts", "is_recheck"),
    [
        ([CLAIMED], CLAIMED, [], False),
        ([CLAIMED], {**CLAIMED, "c09/claim": MATERIAL}, ["c09/claim"], True),
        ([CLAIMED], {**CLAIMED, "c11/claim": EDITORIAL}, ["c11/claim"], True),
        # The same claim on other words is confirmed again with them, and of that clause alone.
        ([CLAIMED], {**CLAIMED, "c09/en": "e9b"}, ["c09/claim", "c09/en"], True),
        # A signature older than the record is not asked for a claim, whatever the claim is now ...
        ([OLD], CLAIMED, [], False),
        ([OLD], {**CLAIMED, "c09/claim": MATERIAL}, [], False),
        # ... until its words change; then the claim is signed with them and binds from there on.
        ([OLD], {**CLAIMED, "c09/zh": "z9b"}, ["c09/claim", "c09/zh"], True),
        ([OLD, {"c09/zh": "z9b", "c09/claim": EDITORIAL}], {**CLAIMED, "c09/zh": "z9b"}, [], False),
        (
            [OLD, {"c09/zh": "z9b", "c09/claim": EDITORIAL}],
            {**CLAIMED, "c09/zh": "z9b", "c09/claim": MATERIAL, "c11/claim": EDITORIAL},
            ["c09/claim"],
            True,
        ),
    ],
)
def test_a_claim_is_signed_with_its_words(
    signed_lines: list, current: dict, open_parts: list, is_recheck: bool
) -> None:
    rows = [Signed("legal", LAWYER, n, True, lines) for n, lines in enumerate(signed_lines)]
    found = fields(rows, current, ())[Kind.LEGAL]
    assert [s.part for s in found.open_parts] == open_parts
    assert found.is_recheck is is_recheck


def test_of_two_who_sign_only_who_confirmed_another_claim_is_asked_again() -> None:
    plan = (Step("legal", Kind.LEGAL, need=Need.COUNT, count=2),)
    rows = [Signed("legal", 1, 1, True, OLD), Signed("legal", 2, 2, True, CLAIMED)]
    assert fields(rows, CLAIMED, (), steps=plan)["legal"].is_fresh
    found = fields(rows, {**CLAIMED, "c09/claim": MATERIAL}, (), steps=plan)["legal"]
    assert [s.part for s in found.open_for(2)] == ["c09/claim"]
    assert found.open_for(1) == ()


def test_what_is_claimed_is_read_off_the_lines() -> None:
    parts = {"c07/zh": "a", "c07/measures": "gone", "c09/en": "b", "order/zh": "c"}
    drafts = [SimpleNamespace(clause_id=c, materiality=m) for c, m in CLAIMS_OF_DRAFTS]
    found = with_claims(parts, drafts)
    assert found == {**parts, "c07/claim": EDITORIAL, "c09/claim": MATERIAL}
    assert with_claims(found, drafts) == found
    assert said(found) == {"c07": Materiality.EDITORIAL, "c09": Materiality.MATERIAL}
    stale = fields([Signed("legal", 1, 1, True, found)], {**found, "c07/claim": MATERIAL}, ())["legal"]
    assert changes(found, stale.open_parts) == (
        ClaimChange("c07", Materiality.EDITORIAL, Materiality.MATERIAL),
    )
    assert changes({}, stale.open_parts) == ()


CLAIMS_OF_DRAFTS = (("c07", Materiality.EDITORIAL), ("c09", None), ("c12", Materiality.EDITORIAL))
