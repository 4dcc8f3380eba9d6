"""Owns the verbs of outside counsel: inviting by a link, taking it back, stating who is there, writing, signing (ADR 21).

A link is found by the sha256 of its secret. It is open until it is used by signing, taken back or expired.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.calendar import add_working_days
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, NotFound, Reason, Refused
from app.core.text import clean_text, one_line
from app.reviews import counsel_queries, queries, service, threads
from app.reviews.freshness import Kind, Step, clause_of
from app.reviews.models import CounselInvitation, CounselSignOff, Decision, ThreadNote
from app.reviews.rounds import END_OF_DAY_HOUR
from app.reviews.sign_offs import must_be_current
from app.standards import texts
from app.standards.manifest import fingerprint_of
from app.standards.models import Revision, TextVersion
from app.standards.workflow import State
from app.web.language import LANGUAGES, LOCALES

FEWEST_DAYS, MOST_DAYS, USUAL_DAYS = 1, 20, 5
LIMIT_NAME_BYTES = 400
LIMIT_NOTES = 50  # of one invitation


@dataclass(frozen=True)
class Identity:
    """Who somebody outside says they are; `number` is a bar or registration number, empty where there is none."""

    name: str
    firm: str
    role: str
    number: str = ""


def why_not_invite(actor: Actor, revision: Revision, step: Step) -> Reason | None:
    """Returns why the actor may not invite outside counsel to a step now, None where nothing is in the way.

    Reviewers of a legal step may, and directors; who wrote in the text may not, for they would answer for it.
    """
    if step.kind is not Kind.LEGAL:
        return Reason("counsel.only_legal")
    try:
        if not actor.may(Permission.TRIAGE):
            service.must_review(actor, revision, step.key)
    except (NotAllowed, Refused) as refusal:
        return refusal.reasons[0]
    if revision.is_on_hold or revision.state is not State.IN_REVIEW:
        return Reason("review.not_in_review", {"number": revision.number, "state": revision.state.value})
    if actor.person_id is None or actor.person_id in queries.authors_of(revision):
        return Reason("review.own_text", {"clause": ""})
    return None


def invite(
    actor: Actor,
    revision: Revision,
    key: str,
    *,
    name: str,
    firm: str,
    email: str,
    language: str,
    working_days: int = USUAL_DAYS,
    clause_ids: Sequence[str] = (),
    question: str = "",
) -> tuple[CounselInvitation, str]:
    """Invites somebody outside to a legal step, or to named clauses of it; returns the invitation and the link's secret.

    The secret is returned this once and kept nowhere. The link ends at the end of the last of `working_days` (1 to 20).
    Raises Invalid for what is missing in the form, clauses that are not changed and an address for which a link to
    the step is open (a form sent twice makes one), NotAllowed and Refused as a review does.
    """
    service.lock(revision)
    step = queries.step_of(revision, key)
    reason = why_not_invite(actor, revision, step)
    if reason is not None:
        kind = (
            NotAllowed
            if reason.key in ("move.no_permission", "review.own_text", "review.not_of_step")
            else Refused
        )
        raise kind(reason)
    who, errors = _identity(Identity(name, firm, "-"))
    address = one_line(email, LIMIT_NAME_BYTES, field="email")
    errors += _wrong_link(address, language, working_days)
    errors += _wrong_clauses(revision, key, clause_ids)
    if counsel_queries.has_open_link(revision.id, key, address):
        errors.append(FieldError("email", Reason("counsel.open_already", {"email": address})))
    if errors:
        raise Invalid(errors)
    secret = secrets.token_urlsafe(32)
    row = CounselInvitation(
        subject=f"o-{secrets.token_hex(4)}",
        revision_id=revision.id,
        step=step.key,
        clause_ids=sorted(set(clause_ids)),
        name=who.name,
        firm=who.firm,
        email=address,
        language=language,
        question=clean_text(question, service.LIMIT_NOTE_BYTES, field="question").strip(),
        secret_hash=hash_of(secret),
        invited_by_id=actor.person_id,
        invited_at=clock.now(),
        expires_at=clock.at(add_working_days(clock.today(), working_days), END_OF_DAY_HOUR),
    )
    db.session.add(row)
    db.session.flush()
    activity.record(
        actor, "counsel.invited", "revision", revision.number, counsel=row.subject, ends=row.expires_at,
        clauses=row.clause_ids,
    )  # fmt: skip
    return row, secret


def take_back(actor: Actor, revision: Revision, invitation_id: int) -> CounselInvitation:
    """Takes a link back: from now on it opens nothing. Again changes nothing; what is signed stays signed (Refused)."""
    row = counsel_queries.invitation(revision, invitation_id)
    if actor.person_id != row.invited_by_id and not actor.may(Permission.TRIAGE):
        raise NotAllowed("counsel.not_yours")
    if row.sign_off is not None:
        raise Refused("counsel.signed_already")
    if row.taken_back_at is None:
        row.taken_back_at = clock.now()
        activity.record(actor, "counsel.taken_back", "revision", revision.number, counsel=row.subject)
    return row


def state_identity(row: CounselInvitation, identity: Identity, *, is_said: bool) -> str:
    """Keeps who is there and returns the mark for the browser; only the browser that stated last goes on.

    Raises Invalid for what is missing, also where the statement itself is not made (`is_said`).
    """
    _must_be_open(row)
    who, errors = _identity(identity)
    if not is_said:
        errors.append(FieldError("said", Reason("counsel.statement_missing")))
    if errors:
        raise Invalid(errors)
    mark = secrets.token_urlsafe(32)
    row.stated_name, row.stated_firm = who.name, who.firm
    row.stated_role, row.stated_number = who.role, who.number
    row.stated_at, row.browser_hash = clock.now(), hash_of(mark)
    revision = db.session.get_one(Revision, row.revision_id)
    activity.record(actor_of(row), "counsel.stated", "revision", revision.number, counsel=row.subject)
    return mark


def is_stated(row: CounselInvitation, mark: str | None) -> bool:
    """Tells whether this browser is the one in which the identity was stated last."""
    return bool(mark and row.browser_hash) and hmac.compare_digest(
        hash_of(mark or ""), row.browser_hash or ""
    )


def write_note(row: CounselInvitation, clause_id: str, text: str) -> ThreadNote:
    """Opens a discussion on a clause that counsel may read; the drafter and the person who invited are told."""
    _must_be_open(row)
    revision = db.session.get_one(Revision, row.revision_id)
    if clause_id not in counsel_queries.clauses_open_to(revision, row):
        raise NotFound("document.unknown_clause", clause=clause_id[:40])
    if counsel_queries.count_notes(row) >= LIMIT_NOTES:
        raise Refused("counsel.too_many_notes", limit=LIMIT_NOTES)
    return threads.open_from_outside(actor_of(row), revision, clause_id, text, counsel_id=row.id)


def sign(
    row: CounselInvitation,
    decision: Decision,
    *,
    text_version: TextVersion,
    parts: dict[str, str],
    comment: str = "",
    clause_id: str = "",
) -> CounselSignOff:
    """Signs what was read and uses the link up; it moves no revision. Sent twice it is one signature.

    Raises Stale (naming the clauses) when the text moved on since, Invalid where conditions, or of a return the clause
    and the reason, are missing.
    """
    revision = db.session.get_one(Revision, row.revision_id)
    service.lock(revision)
    db.session.refresh(row)
    if row.sign_off is not None:
        return row.sign_off
    _must_be_open(row)
    if revision.is_on_hold or revision.state is not State.IN_REVIEW:
        raise Refused("review.not_in_review", number=revision.number, state=revision.state.value)
    current = texts.current_parts(revision)
    wanted = counsel_queries.open_parts(revision, row, current)
    if not wanted:
        raise Refused("review.nothing_to_sign")
    words = clean_text(comment, service.LIMIT_NOTE_BYTES, field="comment").strip()
    _must_be_complete(decision, words, clause_id, {clause_of(part) or "" for part in wanted})
    must_be_current(revision, text_version, parts, current, set(wanted))
    signed = CounselSignOff(
        invitation=row,
        version=text_version,
        decision=decision,
        clause_id=clause_id or None if decision is Decision.RETURN else None,
        comment=words,
        statement=statement_of(row),
        lines=parts,
        fingerprint=fingerprint_of(parts),
        signed_at=clock.now(),
        zone=str(clock.zone()),
    )
    db.session.add(signed)
    db.session.flush()
    activity.record(
        actor_of(row), "counsel.signed", "revision", revision.number, counsel=row.subject,
        decision=decision.value, text_version=text_version.number, fingerprint=signed.fingerprint,
    )  # fmt: skip
    events.announce(events.CounselSigned(revision.id, row.id))
    return signed


def statement_of(row: CounselInvitation) -> str:
    """Returns the sentence that counsel signs under, in the language of the invitation: who they say they are."""
    with force_locale(LOCALES[row.language]):
        words = {"name": row.stated_name, "firm": row.stated_firm, "role": row.stated_role}
        if row.stated_number:
            return str(
                _(
                    "I am %(name)s, %(role)s, of %(firm)s, registered under %(number)s.",
                    number=row.stated_number,
                    **words,
                )
            )
        return str(_("I am %(name)s, %(role)s, of %(firm)s.", **words))


def actor_of(row: CounselInvitation) -> Actor:
    """Returns who acts for an invitation: nobody of the house, under a subject of its own."""
    return Actor(person_id=None, subject=row.subject)


def hash_of(secret: str) -> str:
    """Returns what is kept of a secret: its sha256. The secret has 256 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _identity(given: Identity) -> tuple[Identity, list[FieldError]]:
    made = Identity(
        one_line(given.name, LIMIT_NAME_BYTES, field="name"),
        one_line(given.firm, LIMIT_NAME_BYTES, field="firm"),
        one_line(given.role, LIMIT_NAME_BYTES, field="role"),
        one_line(given.number, LIMIT_NAME_BYTES, field="number"),
    )
    missing = [field for field in ("name", "firm", "role") if not getattr(made, field)]
    return made, [FieldError(field, Reason(f"counsel.{field}_missing")) for field in missing]


def _wrong_link(address: str, language: str, working_days: int) -> list[FieldError]:
    errors = []
    if "@" not in address.strip("@") or " " in address:
        errors.append(FieldError("email", Reason("counsel.email_missing")))
    if language not in LANGUAGES:
        errors.append(FieldError("language", Reason("web.not_a_choice")))
    if not FEWEST_DAYS <= working_days <= MOST_DAYS:
        errors.append(FieldError("days", Reason("counsel.days", {"low": FEWEST_DAYS, "high": MOST_DAYS})))
    return errors


def _wrong_clauses(revision: Revision, key: str, clause_ids: Sequence[str]) -> list[FieldError]:
    wanted = {clause_of(part) for part in counsel_queries.parts_of_step(revision, key)}
    if set(clause_ids) - wanted:
        return [FieldError("clauses", Reason("counsel.clause_not_changed"))]
    return [] if wanted else [FieldError("clauses", Reason("review.nothing_to_sign"))]


def _must_be_open(row: CounselInvitation) -> None:
    if not counsel_queries.is_open(row):
        raise NotFound("counsel.no_link")


def _must_be_complete(decision: Decision, words: str, clause_id: str, known: set[str]) -> None:
    if decision is Decision.APPROVE_WITH_CONDITIONS and not words:
        raise Invalid.of("comment", "review.condition_missing")
    if decision is not Decision.RETURN:
        return
    if clause_id not in known:
        raise Invalid.of("clause", "counsel.return_clause")
    if not words:
        raise Invalid.of("comment", "counsel.return_reason")
