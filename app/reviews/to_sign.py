"""Owns what is said of parts that somebody may sign: their clauses, what belongs to none, their one fingerprint. Pure."""

from collections.abc import Mapping

from app.reviews import claims
from app.reviews.freshness import clause_of
from app.standards.manifest import fingerprint_of


class PartsToSign:
    """A page's view of what would be signed: `parts` is {part: sha256}."""

    parts: Mapping[str, str]

    @property
    def clause_ids(self) -> tuple[str, ...]:
        """Returns the clauses that would be signed, each once."""
        return tuple(dict.fromkeys(c for c in map(clause_of, self.parts) if c))

    @property
    def frame_parts(self) -> tuple[str, ...]:
        """Returns the parts that belong to no clause."""
        return tuple(p for p in self.parts if clause_of(p) is None)

    def claimed(self, claim: str) -> tuple[str, ...]:
        """Returns the clauses of whose change this is claimed, `editorial` or `material`, and would be confirmed."""
        return claims.claimed(self.parts, claim)

    @property
    def fingerprint(self) -> str:
        """Returns the fingerprint of what would be signed."""
        return fingerprint_of(self.parts)
