"""Owns the proof of what a page showed: a signed text with person, standard and pairs. Knows no table."""

from collections.abc import Sequence

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

Pair = tuple[str, str]


def seal(person_id: int, standard_id: int, pairs: Sequence[Pair]) -> str:
    """Returns the pairs as a text that nobody can change, good for this person and standard only."""
    return str(_serializer().dumps([person_id, standard_id, [list(pair) for pair in pairs]]))


def opened(token: str, person_id: int, standard_id: int) -> list[Pair]:
    """Returns the pairs of a sealed text; empty when it was changed or made for somebody or something else."""
    try:
        owner, standard, pairs = _serializer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return []
    if (owner, standard) != (person_id, standard_id):
        return []
    return [(str(clause_id), str(name)) for clause_id, name in pairs]


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="training.shown")
