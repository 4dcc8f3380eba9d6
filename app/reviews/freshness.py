"""Owns the rule that says which sign-offs still count: per part and hash, never for the text as a whole. Pure.

Source: mission.md row 21, experience.md D6, trust.md 3.6.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """In which field somebody signs."""

    LEGAL = "legal"
    BUSINESS = "business"
    IT = "it"


@dataclass(frozen=True)
class Signed:
    """One sign-off as the rule reads it. `lines` is {part: sha256}; `order` rises with time."""

    kind: Kind
    signer_id: int
    order: int
    approves: bool
    lines: Mapping[str, str]


@dataclass(frozen=True)
class Stale:
    """A part that was signed with another hash (None: never signed) and stands there differently now."""

    part: str
    signed_hash: str | None
    current_hash: str

    @property
    def clause_id(self) -> str | None:
        """Returns the clause the part belongs to, None for the frame of the text."""
        head = self.part.split("/")[0]
        return head if head[0] == "c" and head[1:].isdigit() else None


@dataclass(frozen=True)
class Field:
    """How one field stands: what is still to be signed, and who signed what counts."""

    kind: Kind
    open_parts: tuple[Stale, ...]
    signers: tuple[int, ...]

    @property
    def is_fresh(self) -> bool:
        """Tells whether every part of the field is signed as it stands now."""
        return not self.open_parts

    @property
    def is_recheck(self) -> bool:
        """Tells whether only parts that were signed before, with another text, are open."""
        return bool(self.open_parts) and all(part.signed_hash is not None for part in self.open_parts)


def clause_of(part: str) -> str | None:
    """Returns the clause id of a part such as `c07/zh`, None for `front/zh`, `order/zh`, `between/zh`."""
    head = part.split("/")[0]
    return head if len(head) > 1 and head[0] == "c" and head[1:].isdigit() else None


def scope(kind: Kind, parts: Iterable[str], technical: Iterable[str]) -> frozenset[str]:
    """Returns the changed parts a field has to sign.

    Legal signs everything; business signs clauses; IT signs clauses tagged technical and clauses whose measure
    changes, because somebody must be able to measure it (S3, 可行性验证).
    """
    changed = list(parts)
    if kind is Kind.LEGAL:
        return frozenset(changed)
    clauses = {clause_of(part) for part in changed} - {None}
    if kind is Kind.IT:
        measured = {clause_of(part) for part in changed if part.endswith("/measures")}
        clauses &= set(technical) | measured
    return frozenset(part for part in changed if clause_of(part) in clauses)


def required(parts: Iterable[str], technical: Iterable[str]) -> tuple[Kind, ...]:
    """Returns the fields that have something to sign, in the order legal, business, IT."""
    changed = list(parts)
    return tuple(kind for kind in Kind if scope(kind, changed, technical))


def fields(
    signed: Sequence[Signed],
    current: Mapping[str, str],
    technical: Iterable[str],
    authors: Mapping[str, Iterable[int]] | None = None,
) -> dict[Kind, Field]:
    """Returns how each required field stands against the current parts `{part: sha256}`.

    For a part counts the newest line of its field; one of a person who wrote the clause (`authors`:
    {clause id: person ids}) never counts. A line that does not approve opens the part again.
    """
    wrote = {clause: set(people) for clause, people in (authors or {}).items()}
    technical_ids = set(technical)
    return {
        kind: _field(kind, signed, current, scope(kind, current, technical_ids), wrote)
        for kind in required(current, technical_ids)
    }


def _field(
    kind: Kind,
    signed: Sequence[Signed],
    current: Mapping[str, str],
    wanted: frozenset[str],
    wrote: Mapping[str, set[int]],
) -> Field:
    newest: dict[str, tuple[str | None, int]] = {}
    for sign_off in sorted((s for s in signed if s.kind is kind), key=lambda s: s.order):
        for part, digest in sign_off.lines.items():
            if sign_off.signer_id in wrote.get(clause_of(part) or "", ()):
                continue
            newest[part] = (digest if sign_off.approves else None, sign_off.signer_id)
    open_parts = tuple(
        Stale(part, newest.get(part, (None, 0))[0], current[part])
        for part in sorted(wanted)
        if newest.get(part, (None, 0))[0] != current[part]
    )
    signers = tuple(sorted({person for digest, person in newest.values() if digest is not None}))
    return Field(kind, open_parts, signers)
