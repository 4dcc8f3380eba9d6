"""Owns which lines a signature has: those a step would sign now, and all signatures as a manifest names them."""

from app.people import queries as people
from app.reviews import claims, counsel_queries, plans, queries
from app.reviews.freshness import Kind, scope_of
from app.reviews.models import CounselInvitation, SignOff
from app.standards.models import Revision


def current_lines(revision: Revision) -> dict[str, dict[str, str]]:
    """Returns {step: {part: sha256}} that each step would sign now, whatever is signed."""
    parts, tagged = queries.parts_now(revision), queries.tags_of_clauses(revision)
    technical = queries.technical_clauses(tagged)
    return {
        step.key: {p: parts[p] for p in scope_of(step, parts, technical, tagged)}
        for step in plans.steps_of(revision.id)
    }


def manifest_sign_offs(revision: Revision) -> list[dict[str, object]]:
    """Returns the sign-offs as a manifest names them: subjects, meanings and hashes, no name and no comment.

    Those of outside counsel come last; they say so, and who inside answers for each. `step` is a step's key
    in the plan; manifests written before it was named have only the field, `kind`. `claims` says in words what the
    lines `<clause>/claim` hold as hashes; sign-offs older than that record have neither.
    """
    signed = queries.sign_offs(revision.id)
    people_by_id = people.by_ids({i for s in signed for i in (s.signer_id, s.for_id) if i})
    inside: list[dict[str, object]] = [
        {
            "kind": s.kind.value,
            "step": s.step,
            "signer": people_by_id[s.signer_id].subject,
            "for": people_by_id[s.for_id].subject if s.for_id in people_by_id else None,
            "decision": s.decision.value,
            "signed_at": s.signed_at.isoformat(),
            "zone": s.zone,
            "sign_in_age_seconds": s.sign_in_age_seconds,
            "confirmed_by": s.confirmed_by,
            "fingerprint": s.fingerprint,
            "lines": _lines(s),
            "claims": {c: said.value for c, said in claims.said(_lines(s)).items()},
        }
        for s in signed
    ]
    return inside + [_from_outside(row) for row in counsel_queries.invitations(revision.id) if row.sign_off]


def _lines(signed: SignOff) -> dict[str, str]:
    return {line.part: line.part_sha256 for line in signed.lines}


def _from_outside(row: CounselInvitation) -> dict[str, object]:
    signed = row.sign_off
    assert signed is not None
    return {
        "kind": Kind.LEGAL.value,
        "step": row.step,
        "signer": row.subject,
        "outside": True,
        "answerable": row.invited_by.subject,
        "decision": signed.decision.value,
        "signed_at": signed.signed_at.isoformat(),
        "zone": signed.zone,
        "fingerprint": signed.fingerprint,
        "lines": dict(signed.lines),
    }
