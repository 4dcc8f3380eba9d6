"""Owns the errors a verb may raise: reason keys with values. The words are made in `app/web/reasons.py`."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reason:
    """One reason why something is refused: a key such as `review.own_text` and the values its sentence needs."""

    key: str
    params: dict[str, object] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted((k, str(v)) for k, v in self.params.items()))))


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field; `line` is the physical line of a file, None for a form."""

    field: str
    reason: Reason
    line: int | None = None


class DomainError(Exception):
    """The base of all refusals. `status` is the HTTP answer, `reasons` is never empty."""

    status = 400

    def __init__(self, *reasons: Reason | str, **params: object) -> None:
        made = tuple(r if isinstance(r, Reason) else Reason(r, params) for r in reasons)
        self.reasons: tuple[Reason, ...] = made or (Reason("error.unknown"),)
        super().__init__(", ".join(r.key for r in self.reasons))


class BadInput(DomainError):
    """The request itself is malformed (400)."""

    status = 400


class NotSignedIn(DomainError):
    """Somebody must sign in first (401)."""

    status = 401


class NotAllowed(DomainError):
    """The actor may not do this (403)."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or none that this actor may know of (404)."""

    status = 404


class Stale(DomainError):
    """What the actor saw has changed meanwhile (409)."""

    status = 409


class Refused(DomainError):
    """The rules refuse the move; every reason is named (409)."""

    status = 409


class TooLarge(DomainError):
    """The input is larger than its limit (413)."""

    status = 413


class Invalid(DomainError):
    """Fields are wrong (422). `errors` lists each field with its reason, in reading order."""

    status = 422

    def __init__(self, errors: Iterable[FieldError]) -> None:
        self.errors: tuple[FieldError, ...] = tuple(errors)
        super().__init__(*(e.reason for e in self.errors))

    @classmethod
    def of(cls, field: str, key: str, **params: object) -> "Invalid":
        """Makes the error for one field."""
        return cls([FieldError(field, Reason(key, params))])


class TooMany(DomainError):
    """Too many tries; the parameter `until` says when to try again (429)."""

    status = 429


class Unavailable(DomainError):
    """A part is not available now; trying again later is safe (503)."""

    status = 503


class Diverged(Unavailable):
    """Store and database contradict each other; a named person must decide (503, read only)."""
