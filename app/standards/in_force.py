"""Owns the one rule that says which text binds: per clause, for an instant and a scope. Pure; reads no table."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Where:
    """A place a contact happened in. None means unknown or everywhere."""

    region: str | None = None
    channel: str | None = None
    customer_group: str | None = None


@dataclass(frozen=True)
class PublishedClause:
    """One clause in one publication, as rows or manifests tell it. `order` rises with each publication.

    `is_retired` says that from `effective_at` on the clause is gone.
    """

    clause_id: str
    clause_hash: str
    order: int
    position: int
    effective_at: dt.datetime
    transition_until: dt.datetime | None = None
    is_retired: bool = False
    key: object = None


@dataclass(frozen=True)
class Overlay:
    """A pilot text: in its place and time the clause reads `clause_hash` instead."""

    clause_id: str
    clause_hash: str
    starts_at: dt.datetime
    ends_at: dt.datetime | None
    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    customer_groups: tuple[str, ...] = ()
    key: object = None


@dataclass(frozen=True)
class Binding:
    """What binds for one clause: the version in force, the older one still accepted, a pilot text over both."""

    clause_id: str
    version: PublishedClause
    also_accepted: PublishedClause | None = None
    overlay: Overlay | None = None

    @property
    def clause_hash(self) -> str:
        """Returns the hash of the text that binds, the pilot text first."""
        return self.overlay.clause_hash if self.overlay else self.version.clause_hash


@dataclass(frozen=True)
class TextInForce:
    """The clauses that bind, in the order of the newest publication among them."""

    bindings: tuple[Binding, ...]
    coming: tuple[PublishedClause, ...] = field(default=())

    def binding(self, clause_id: str) -> Binding | None:
        """Returns the binding of a clause, None when the clause does not bind."""
        return next((b for b in self.bindings if b.clause_id == clause_id), None)


def text_in_force(
    published: Sequence[PublishedClause],
    instant: dt.datetime,
    where: Where | None = None,
    overlays: Iterable[Overlay] = (),
) -> TextInForce:
    """Returns which text binds at the instant in the place (`architecture.md`, Published and in force).

    For each clause: the version with the latest effective instant not after `instant`, of two with the same
    instant the later publication; during a transition the version before it stays acceptable; pilot texts
    whose scope holds the place come last. `coming` lists later versions, soonest first.
    """
    place = where or Where()
    by_clause: dict[str, list[PublishedClause]] = {}
    for clause in published:
        by_clause.setdefault(clause.clause_id, []).append(clause)
    bindings: list[Binding] = []
    coming: list[PublishedClause] = []
    for clause_id, versions in by_clause.items():
        ordered = _distinct(versions)
        past = [v for v in ordered if v.effective_at <= instant]
        coming.extend(v for v in ordered if v.effective_at > instant)
        if past and not past[-1].is_retired:
            bindings.append(_bind(clause_id, past, instant, place, overlays))
    bindings.sort(key=lambda b: (b.version.position, b.clause_id))
    coming.sort(key=lambda v: (v.effective_at, v.position))
    return TextInForce(tuple(bindings), tuple(coming))


def _distinct(versions: Sequence[PublishedClause]) -> list[PublishedClause]:
    """Returns the versions in the order of effect; of equal ones the row of the latest publication, for its place."""
    latest: dict[tuple[dt.datetime, str, bool], PublishedClause] = {}
    for version in sorted(versions, key=lambda v: v.order):
        latest[(version.effective_at, version.clause_hash, version.is_retired)] = version
    return sorted(latest.values(), key=lambda v: (v.effective_at, v.order))


def _bind(
    clause_id: str,
    past: Sequence[PublishedClause],
    instant: dt.datetime,
    place: Where,
    overlays: Iterable[Overlay],
) -> Binding:
    version = past[-1]
    before = past[-2] if len(past) > 1 and not past[-2].is_retired else None
    in_transition = version.transition_until is not None and instant < version.transition_until
    pilot = [o for o in overlays if o.clause_id == clause_id and covers(o, instant, place)]
    return Binding(
        clause_id=clause_id,
        version=version,
        also_accepted=before if before is not None and in_transition else None,
        overlay=max(pilot, key=lambda o: o.starts_at) if pilot else None,
    )


def covers(overlay: Overlay, instant: dt.datetime, place: Where) -> bool:
    """Tells whether a pilot text counts at the instant in the place; an empty list covers everything."""
    if instant < overlay.starts_at or (overlay.ends_at is not None and instant >= overlay.ends_at):
        return False
    return all(
        not wanted or (given is not None and given in wanted)
        for wanted, given in (
            (overlay.regions, place.region),
            (overlay.channels, place.channel),
            (overlay.customer_groups, place.customer_group),
        )
    )
