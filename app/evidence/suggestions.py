"""Owns the verbs on suggestions: receiving one, linking it to a revision, answering it, forgetting who wrote it."""

import datetime as dt
import hashlib
import hmac
import secrets

import sqlalchemy as sa
from flask import current_app

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import Invalid, NotAllowed, Refused, TooMany
from app.core.text import clean_text, one_line
from app.evidence.masking import mask
from app.evidence.models import EvidenceKind, EvidenceLink, Suggestion, SuggestionEcho, SuggestionState
from app.standards import queries as standards_queries
from app.standards.models import Revision, Standard
from app.standards.workflow import ENDS

LIMIT_CHARACTERS = 500
LIMIT_ANSWER_BYTES = 8 * 1024
LIMIT_CONTACT_BYTES = 200
CONTACT_DAYS = 90  # contact details go after so many days, told to the writer beforehand
HOUR = dt.timedelta(hours=1)
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is mistaken for another when read aloud


def receive_suggestion(
    actor: Actor,
    *,
    text: str,
    language: str,
    standard_code: str | None = None,
    clause_id: str | None = None,
    contact: str = "",
    network: str = "",
    nominated: bool = False,
) -> Suggestion:
    """Keeps a suggestion, masked, and returns it with its tracking number; anybody may send one.

    `network` is where it came from, kept as a keyed hash only. Raises TooMany (with `until`) for more than
    `suggestion_tries` in an hour from one network, Invalid for a text that is empty, too long or unprintable.
    """
    now = clock.now()
    place = _network_hash(network) if network and actor.person_id is None else None
    if place is not None:
        _must_not_flood(place, now)
    words = clean_text(text, field="text").strip()
    if not words:
        raise Invalid.of("text", "suggestion.empty")
    if len(words) > LIMIT_CHARACTERS:
        raise Invalid.of("text", "suggestion.too_long", limit=LIMIT_CHARACTERS, length=len(words))
    reach = one_line(contact, LIMIT_CONTACT_BYTES, field="contact")
    standard = _clause_place(standard_code, clause_id)
    row = Suggestion(
        ref=_new_ref(),
        standard_id=standard.id if standard else None,
        clause_id=clause_id if standard and clause_id else None,
        text=mask(words).text,
        language="en" if language == "en" else "zh",
        contact=reach or None,
        delete_contact_on=clock.today() + dt.timedelta(days=CONTACT_DAYS) if reach else None,
        is_staff=actor.person_id is not None,
        person_id=actor.person_id,
        state=SuggestionState.RECEIVED,
        network_hash=place,
        is_nominated=nominated and actor.person_id is not None,  # the award is for staff
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    activity.record(actor, "suggestion.received", "suggestion", row.id, clause=row.clause_id)
    events.announce(events.SuggestionReceived(row.id))
    return row


def say_me_too(actor: Actor, suggestion: Suggestion, *, network: str = "") -> bool:
    """Counts one more who wants the same; the same person or network counts once. Returns whether it was new.

    Raises TooMany as `receive_suggestion` does.
    """
    now = clock.now()
    place = _network_hash(network) if network and actor.person_id is None else None
    if place is not None:
        _must_not_flood(place, now)
    same = SuggestionEcho.network_hash == place if place else SuggestionEcho.person_id == actor.person_id
    known = sa.select(SuggestionEcho.id).where(SuggestionEcho.suggestion_id == suggestion.id, same)
    is_own = actor.person_id is not None and suggestion.person_id == actor.person_id
    if is_own or db.session.scalar(known) is not None:
        return False
    db.session.add(
        SuggestionEcho(suggestion_id=suggestion.id, person_id=actor.person_id, network_hash=place, at=now)
    )
    db.session.flush()
    activity.record(actor, "suggestion.echoed", "suggestion", suggestion.id)
    return True


def answer_suggestion(
    actor: Actor, suggestion: Suggestion, *, adopted: bool, answer: str, seen: SuggestionState | None = None
) -> None:
    """Answers a suggestion in plain words, taken up or not. Raises Invalid without words: every answer has a reason.

    `seen` is the state the actor saw; Refused when somebody else closed it meanwhile.
    """
    _must_manage(actor)
    words = clean_text(answer, LIMIT_ANSWER_BYTES, field="answer").strip()
    if not words:
        raise Invalid.of("answer", "suggestion.answer_missing")
    if seen is not None and seen is not suggestion.state:
        raise Refused("suggestion.answered_meanwhile", ref=suggestion.ref)
    close(actor, suggestion, adopted=adopted, answer=mask(words).text)


def close(actor: Actor, suggestion: Suggestion, *, adopted: bool, answer: str) -> None:
    """Writes the answer down; used by the verb above and where a revision came into force."""
    now = clock.now()
    suggestion.state = SuggestionState.ANSWERED_ADOPTED if adopted else SuggestionState.ANSWERED_NOT
    suggestion.answer, suggestion.answered_by_id, suggestion.answered_at = answer, actor.person_id, now
    suggestion.first_answer_at = suggestion.first_answer_at or now
    db.session.flush()
    activity.record(actor, "suggestion.answered", "suggestion", suggestion.id, adopted=adopted)
    events.announce(events.SuggestionAnswered(suggestion.id))


def link_suggestion(actor: Actor, suggestion: Suggestion, revision: Revision) -> EvidenceLink:
    """Gives the suggestion to a revision as evidence; its writer sees that it is being worked on."""
    _must_manage(actor)
    if revision.state in ENDS:
        raise Refused("evidence.revision_ended", number=revision.number)
    suggestion.revision_id, suggestion.state = revision.id, SuggestionState.LINKED
    link = db.session.scalar(
        sa.select(EvidenceLink).where(
            EvidenceLink.revision_id == revision.id,
            EvidenceLink.kind == EvidenceKind.SUGGESTION,
            EvidenceLink.key == suggestion.ref,
        )
    )
    if link is None:
        link = EvidenceLink(
            revision_id=revision.id, kind=EvidenceKind.SUGGESTION, key=suggestion.ref, note="",
            added_by_id=actor.person_id, at=clock.now(),
        )  # fmt: skip
        db.session.add(link)
        db.session.flush()
        activity.record(actor, "suggestion.linked", "revision", revision.number, suggestion=suggestion.id)
    return link


def forget_contacts() -> int:
    """Takes away contact details and networks that have served; returns how many rows were touched.

    Contact goes on its promised day, the network hash after a day: longer it counts nothing.
    """
    gone = db.session.execute(
        sa.update(Suggestion)
        .where(Suggestion.delete_contact_on.is_not(None), Suggestion.delete_contact_on <= clock.today())
        .values(contact=None, delete_contact_on=None)
    )
    old = db.session.execute(
        sa.update(Suggestion)
        .where(Suggestion.network_hash.is_not(None), Suggestion.at < clock.now() - 24 * HOUR)
        .values(network_hash=None)
    )
    echoes = db.session.execute(
        sa.update(SuggestionEcho)
        .where(SuggestionEcho.network_hash.is_not(None), SuggestionEcho.at < clock.now() - 24 * HOUR)
        .values(network_hash=None)
    )
    return int(gone.rowcount + old.rowcount + echoes.rowcount)  # type: ignore[attr-defined]


def _must_not_flood(place: str, now: dt.datetime) -> None:
    if db.session.get_bind().dialect.name == "postgresql":
        # Two at once would both count the same rows; the lock of this network lives until commit.
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(int(place[:15], 16))))
    # Suggestions and "me too" count together: both are somebody writing to us.
    times = sorted(
        moment
        for table in (Suggestion, SuggestionEcho)
        for moment in db.session.scalars(
            sa.select(table.at).where(table.network_hash == place, table.at > now - HOUR)
        )
    )
    if len(times) >= current_app.config["SETTINGS"].suggestion_tries:
        raise TooMany("suggestion.too_many", until=times[0] + HOUR)


def _network_hash(network: str) -> str:
    # Keyed, because the plain hash of an address is found by trying all of them.
    return hmac.new(current_app.config["SECRET_KEY"].encode(), network.encode(), hashlib.sha256).hexdigest()


def _clause_place(code: str | None, clause_id: str | None) -> Standard | None:
    if not code:
        return None
    standard = standards_queries.standard(code)
    if clause_id and clause_id not in standard.used_clause_ids:
        raise Invalid.of("clause", "proposal.unknown_clause", clause=clause_id[:40])
    return standard


def _new_ref() -> str:
    while True:
        letters = [secrets.choice(LETTERS) for _ in range(8)]
        ref = f"S-{''.join(letters[:4])}-{''.join(letters[4:])}"
        if db.session.scalar(sa.select(Suggestion.id).where(Suggestion.ref == ref)) is None:
            return ref


def _must_manage(actor: Actor) -> None:
    if not actor.may(Permission.MANAGE_EVIDENCE):
        raise NotAllowed("move.no_permission", permission=Permission.MANAGE_EVIDENCE.value)
