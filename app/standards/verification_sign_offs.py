"""Owns the check of the sign-offs that a manifest names: each fingerprint, and who confirmed what is claimed. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.standards.manifest import Manifest, fingerprint_of, sha256_of
from app.standards.projection import EDITORIAL


def wrong_sign_offs(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yields (key, detail) of what does not agree in the sign-offs of a manifest; nothing where it names none.

    `verify.signature`: a fingerprint is not the sha256 of its lines, or the words of a claim are not what its line
    holds. `verify.claim`: a clause is published as wording only, and nobody who signed it confirmed that. Sign-offs
    from before claims were recorded say nothing of them, so a clause that one of them covers is not asked about.
    """
    signed = [s for s in manifest.sign_offs if isinstance(s.get("lines"), Mapping)]
    for sign_off in signed:
        if not _is_whole(sign_off):
            yield "verify.signature", str(sign_off.get("signer"))
    for clause_id in manifest.reasons.get(EDITORIAL, ()):
        lines = [s["lines"] for s in signed if not s.get("outside") and _covers(s["lines"], clause_id)]
        said = [found.get(f"{clause_id}/claim") for found in lines]
        if said and None not in said and sha256_of(EDITORIAL) not in said:
            yield "verify.claim", str(clause_id)


def _is_whole(sign_off: Mapping[str, Any]) -> bool:
    lines = sign_off["lines"]
    claims = sign_off.get("claims", {})
    return fingerprint_of(lines) == sign_off.get("fingerprint") and all(
        lines.get(f"{clause_id}/claim") == sha256_of(str(claim)) for clause_id, claim in claims.items()
    )


def _covers(lines: Mapping[str, str], clause_id: str) -> bool:
    return any(part.startswith(f"{clause_id}/") for part in lines)
