"""Owns the rule that says what a person still has to read: only material changes of clauses they must follow. Pure.

Source: mission.md rows 35 to 37 and rule 5, experience.md D10.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Version:
    """One published text of a clause as the rule reads it. `order` rises with each publication.

    `is_baseline` marks texts that came with the library: whoever was here before knows them already.
    """

    clause_id: str
    clause_hash: str
    order: int
    published_on: dt.date
    effective_at: dt.datetime
    audience: tuple[str, ...]
    is_editorial: bool = False
    is_retired: bool = False
    is_baseline: bool = False


@dataclass(frozen=True)
class Reader:
    """Whom it is about: roles, day of joining, and the (clause id, hash) pairs acknowledged so far.

    `since` names the first day of roles that were granted after the day of joining.
    """

    roles: frozenset[str]
    joined_on: dt.date
    acknowledged: frozenset[tuple[str, str]]
    since: Mapping[str, dt.date] = field(default_factory=dict)

    def follows_since(self, audience: Iterable[str]) -> dt.date:
        """Returns the first day on which the reader had to follow what is written for the audience."""
        days = [self.since.get(role, self.joined_on) for role in self.roles & set(audience)]
        return max(self.joined_on, min(days, default=self.joined_on))


@dataclass(frozen=True)
class Delta:
    """A clause to read: `before` is the text the person knew last (None: new to them), `now` the text to know."""

    clause_id: str
    before: str | None
    now: str
    effective_at: dt.datetime
    is_retired: bool = False
    name: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """Returns what acknowledging it keeps: the clause and the name of the text, see `names`."""
        return (self.clause_id, self.name or self.now)


def to_read(versions: Iterable[Version], reader: Reader) -> tuple[Delta, ...]:
    """Returns the clauses the reader has to read now, in the order of their publication, each once.

    Editorial changes are skipped: who knew the text before them knows it after them. A version that was
    overtaken before it was read is not asked any more, only the newest one.
    """
    by_clause: dict[str, list[Version]] = {}
    for version in versions:
        by_clause.setdefault(version.clause_id, []).append(version)
    found = [
        (chain[-1].order, delta)
        for clause_id, chain in ((c, sorted(v, key=lambda v: v.order)) for c, v in by_clause.items())
        if (delta := _delta(clause_id, chain, reader)) is not None
    ]
    return tuple(delta for _order, delta in sorted(found, key=lambda f: (f[0], f[1].clause_id)))


def _delta(clause_id: str, chain: Sequence[Version], reader: Reader) -> Delta | None:
    newest = chain[-1]
    if not reader.roles & set(newest.audience):
        return None
    written, follows_since = names(chain), reader.follows_since(newest.audience)
    known: str | None = None
    last: Version | None = None
    for index, version in enumerate(chain):
        follows = version.is_editorial and known is not None and known == written[index - 1]
        if follows or _knows(version, written[index], reader, follows_since):
            known, last = written[index], version
    if last is None and newest.is_retired:
        return None
    if last is not None and _plain(last) == _plain(newest):
        return None
    seen = last.clause_hash if last else None
    return Delta(clause_id, seen, newest.clause_hash, newest.effective_at, newest.is_retired, written[-1])


def names(chain: Sequence[Version]) -> list[str]:
    """Returns what acknowledging each text of one clause is kept as, in the order of publication.

    The hash; `retired:` and the hash for a retirement; with `@` and the publication's order when the clause goes
    back to a text it had before: who has read the text in between must be told that it no longer holds.
    """
    plain = [
        f"retired:{version.clause_hash}" if version.is_retired else version.clause_hash for version in chain
    ]
    made: list[str] = []
    for index, name in enumerate(plain):
        if index and plain[index - 1] == name:
            made.append(made[-1])
        else:
            made.append(f"{name}@{chain[index].order}" if name in plain[:index] else name)
    return made


def pairs(versions: Iterable[Version]) -> set[tuple[str, str]]:
    """Returns every (clause id, name) that can be acknowledged: what a form may send back."""
    chains: dict[str, list[Version]] = {}
    for version in sorted(versions, key=lambda v: v.order):
        chains.setdefault(version.clause_id, []).append(version)
    return {(clause_id, name) for clause_id, chain in chains.items() for name in names(chain)}


def _plain(version: Version) -> str:
    return f"retired:{version.clause_hash}" if version.is_retired else version.clause_hash


def _knows(version: Version, name: str, reader: Reader, follows_since: dt.date) -> bool:
    if version.is_baseline and version.published_on >= follows_since:
        return True
    return (version.clause_id, name) in reader.acknowledged
