"""Owns the rule that says which sign-offs still count: per part and hash, never for the text as a whole. Pure.

Source: mission.md row 21, experience.md D6, trust.md 3.6.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """In which field somebody signs."""

    LEGAL = "legal"
    BUSINESS = "business"
    IT = "it"


class Need(StrEnum):
    """How many of a step's reviewers have to sign."""

    ANY = "any"  # one of them; the least busy is asked
    COUNT = "count"  # n of them; all are asked
    ALL = "all"  # every one who is asked


@dataclass(frozen=True)
class Step:
    """One step of a review plan: who looks at what, and how many signatures it takes.

    `order` puts steps in series (lower first); steps of one order run side by side. `department` is the code of the
    reviewers' department, `tags` those of the clauses it looks at; empty asks everybody, and looks at everything, of
    the field. An advisory step (`is_required` False) is asked and holds nothing up.
    """

    key: str
    kind: Kind
    order: int = 1
    department: str = ""
    tags: tuple[str, ...] = ()
    need: Need = Need.ANY
    count: int = 1
    is_required: bool = True

    def looks_at(self, tags: Iterable[str]) -> bool:
        """Tells whether a clause with these tags concerns the step, as far as the plan limits it."""
        return not self.tags or not set(self.tags).isdisjoint(tags)


# What counts until somebody writes a plan: the three fields side by side, one reviewer each (architecture.md, S3).
DEFAULT_STEPS = tuple(Step(kind.value, kind) for kind in Kind)
NO_TAGS: Mapping[str, Iterable[str]] = MappingProxyType({})
NOBODY: Mapping[str, int] = MappingProxyType({})
NO_MUSTS: Mapping[str, frozenset[int]] = MappingProxyType({})


@dataclass(frozen=True)
class Signed:
    """One sign-off as the rule reads it. `lines` is {part: sha256}; `order` rises with time."""

    step: str
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
        return clause_of(self.part)

    @property
    def is_claim(self) -> bool:
        """States that the part is what is claimed of the clause's change, not words of the text."""
        return is_claim(self.part)


@dataclass(frozen=True)
class Field:
    """How one step stands: what is still to be signed, who signed what counts, how many have to.

    `given` is {part: people whose signature stands on the text of now}.
    """

    step: Step
    open_parts: tuple[Stale, ...]
    signers: tuple[int, ...]
    needed: int = 1
    given: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def kind(self) -> Kind:
        """Returns the field the step belongs to."""
        return self.step.kind

    @property
    def is_fresh(self) -> bool:
        """Tells whether every part of the step is signed as it stands now by as many as it takes."""
        return not self.open_parts

    @property
    def is_recheck(self) -> bool:
        """Tells whether only parts that were signed before, with another text, are open."""
        texts = [part for part in self.open_parts if not part.is_claim] or self.open_parts
        return bool(texts) and all(part.signed_hash is not None for part in texts)

    def open_for(self, person_id: int | None) -> tuple[Stale, ...]:
        """Returns the open parts that this person has not signed as they stand now."""
        return tuple(p for p in self.open_parts if person_id not in self.given.get(p.part, frozenset()))


def clause_of(part: str) -> str | None:
    """Returns the clause id of a part such as `c07/zh`, None for `front/zh`, `order/zh`, `between/zh`."""
    head = part.split("/")[0]
    return head if len(head) > 1 and head[0] == "c" and head[1:].isdigit() else None


def claim_part(clause_id: str) -> str:
    """Returns the part that stands for what is claimed of a clause's change: wording only, or more."""
    return f"{clause_id}/claim"


def is_claim(part: str) -> bool:
    """Tells whether a part is the claim on a clause's change."""
    clause_id = clause_of(part)
    return clause_id is not None and part == claim_part(clause_id)


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


def scope_of(
    step: Step, parts: Iterable[str], technical: Iterable[str], tagged: Mapping[str, Iterable[str]] = NO_TAGS
) -> frozenset[str]:
    """Returns the changed parts a step has to sign: those of its field, with tags only of clauses that carry one.

    `tagged` is {clause id: its tags, of the draft and of the text in force}.
    """
    found = scope(step.kind, parts, technical)
    if not step.tags:
        return found
    return frozenset(part for part in found if step.looks_at(tagged.get(clause_of(part) or "", ())))


def required(
    parts: Iterable[str],
    technical: Iterable[str],
    steps: Sequence[Step] = DEFAULT_STEPS,
    tagged: Mapping[str, Iterable[str]] = NO_TAGS,
) -> tuple[str, ...]:
    """Returns the keys of the steps that have something to sign, in the order of the plan."""
    changed, technical_ids = list(parts), set(technical)
    return tuple(step.key for step in steps if scope_of(step, changed, technical_ids, tagged))


def fields(
    signed: Sequence[Signed],
    current: Mapping[str, str],
    technical: Iterable[str],
    authors: Mapping[str, Iterable[int]] | None = None,
    *,
    steps: Sequence[Step] = DEFAULT_STEPS,
    tagged: Mapping[str, Iterable[str]] = NO_TAGS,
    asked: Mapping[str, int] = NOBODY,
    musts: Mapping[str, frozenset[int]] = NO_MUSTS,
) -> dict[str, Field]:
    """Returns how each step with something to sign stands against the current parts `{part: sha256}`, by its key.

    For a part count the newest lines of its step that name one hash; one of a person who wrote the clause
    (`authors`: {clause id: person ids}) never counts. A line with another hash, or that does not approve, sets aside
    those before it. `asked` is {step: how many people are asked}, for steps that need all of them; `musts`
    are the people added to a step, without whom no part of it is signed.

    A claim is confirmed of the words as they stand: it counts from whoever signed every other part of its clause
    as it is now. A signature older than the record of claims has none in its lines and is not asked for one (ADR 28).
    """
    wrote = {clause: set(people) for clause, people in (authors or {}).items()}
    technical_ids = set(technical)
    made = {}
    for step in steps:
        wanted = scope_of(step, current, technical_ids, tagged)
        if wanted:
            must = musts.get(step.key, frozenset())
            made[step.key] = _field(step, needed(step, asked), signed, current, wanted, wrote, must)
    return made


def needed(step: Step, asked: Mapping[str, int]) -> int:
    """Returns how many people have to sign a part for a step; at least one."""
    counts = {Need.ANY: 1, Need.COUNT: step.count, Need.ALL: asked.get(step.key, 1)}
    return max(1, counts[step.need])


def _field(
    step: Step,
    count: int,
    signed: Sequence[Signed],
    current: Mapping[str, str],
    wanted: frozenset[str],
    wrote: Mapping[str, set[int]],
    must: frozenset[int],
) -> Field:
    newest: dict[str, tuple[str | None, frozenset[int]]] = {}
    nothing: tuple[str | None, frozenset[int]] = (None, frozenset())
    silent: dict[str, frozenset[int]] = {}
    for sign_off in sorted((s for s in signed if s.step == step.key), key=lambda s: s.order):
        for part, digest in sign_off.lines.items():
            if sign_off.signer_id in wrote.get(clause_of(part) or "", ()):
                continue
            before, people = newest.get(part, nothing)
            together = people if before == digest else frozenset[int]()
            newest[part] = (digest, together | {sign_off.signer_id}) if sign_off.approves else nothing
        _note_silence(silent, sign_off)
    given = {p: newest[p][1] for p in wanted if newest.get(p, nothing)[0] == current[p]}
    given |= _claims_given(wanted, given, silent)
    given = {part: who for part, who in given.items() if who}
    open_parts = tuple(
        Stale(part, newest.get(part, nothing)[0] if part not in given else None, current[part])
        for part in sorted(wanted)
        if len(given.get(part, ())) < count or not must <= given.get(part, frozenset())
    )
    signers = tuple(sorted({person for _digest, people in newest.values() for person in people}))
    return Field(step, open_parts, signers, count, given)


def _note_silence(silent: dict[str, frozenset[int]], sign_off: Signed) -> None:
    """Keeps whose newest signature on a clause names no claim: those from before claims were among what is signed."""
    for clause_id in {c for c in map(clause_of, sign_off.lines) if c}:
        before = silent.get(clause_id, frozenset())
        names_it = claim_part(clause_id) in sign_off.lines or not sign_off.approves
        silent[clause_id] = before - {sign_off.signer_id} if names_it else before | {sign_off.signer_id}


def _claims_given(
    wanted: frozenset[str], given: Mapping[str, frozenset[int]], silent: Mapping[str, frozenset[int]]
) -> dict[str, frozenset[int]]:
    nobody = frozenset[int]()
    made = {}
    for part in wanted:
        clause_id = clause_of(part)
        if clause_id is not None and is_claim(part):
            words = [given.get(p, nobody) for p in wanted if clause_of(p) == clause_id and p != part]
            made[part] = (given.get(part, nobody) | silent.get(clause_id, nobody)).intersection(*words)
    return made
