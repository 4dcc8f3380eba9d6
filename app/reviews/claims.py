"""Owns the claim beside a changed clause, wording only or more, as a part that is signed with the clause's words. Pure.

The hash of the part `c07/claim` is the sha256 of the one word `editorial` or `material` (ADR 28).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from app.reviews.freshness import Stale, claim_part, clause_of, is_claim
from app.standards.manifest import sha256_of
from app.standards.models import Materiality

DIGESTS = {claim: sha256_of(claim.value) for claim in Materiality}
_CLAIMS = {digest: claim for claim, digest in DIGESTS.items()}


class Drafted(Protocol):
    """What is looked at in a draft."""

    clause_id: str
    materiality: Materiality | None


@dataclass(frozen=True)
class ClaimChange:
    """The claim on a clause is another one than was confirmed."""

    clause_id: str
    old: Materiality
    new: Materiality


def with_claims(parts: Mapping[str, str], drafts: Iterable[Drafted]) -> dict[str, str]:
    """Returns the changed parts {part: sha256} with the claim of each changed clause.

    A clause of which nobody claims anything, such as one whose claim the machine took back, changes what people do.
    """
    editorial = {d.clause_id for d in drafts if d.materiality is Materiality.EDITORIAL}
    made = {part: digest for part, digest in parts.items() if not is_claim(part)}
    for clause_id in {c for c in map(clause_of, made) if c}:
        claim = Materiality.EDITORIAL if clause_id in editorial else Materiality.MATERIAL
        made[claim_part(clause_id)] = DIGESTS[claim]
    return dict(sorted(made.items()))


def said(lines: Mapping[str, str]) -> dict[str, Materiality]:
    """Returns {clause id: claim} of what was signed or would be; empty for a signature older than the record."""
    return {
        clause_of(part) or "": _CLAIMS[digest]
        for part, digest in sorted(lines.items())
        if is_claim(part) and digest in _CLAIMS
    }


def claimed(lines: Mapping[str, str], claim: Materiality | str) -> tuple[str, ...]:
    """Returns the clauses of which the lines make this claim."""
    return tuple(clause_id for clause_id, found in said(lines).items() if found == claim)


def changes(confirmed: Mapping[str, str], open_parts: Iterable[Stale]) -> tuple[ClaimChange, ...]:
    """Returns which open claims are other ones than those among the lines that were confirmed."""
    before = said(confirmed)
    now = said({p.part: p.current_hash for p in open_parts})
    return tuple(
        ClaimChange(clause_id, before[clause_id], claim)
        for clause_id, claim in now.items()
        if before.get(clause_id, claim) is not claim
    )
