"""Owns the notice to customers of a publication: the suggestion, editing, approval by a second person, its mail.

The texts stand on the plan. An approval is for the texts as they are: whoever changes one takes it back
(requirement 49).
"""

import datetime as dt
import hashlib

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core import activity, clock, events
from app.core.access import Actor, Permission
from app.core.db import db
from app.core.errors import FieldError, Invalid, NotAllowed, Reason, Refused, Stale
from app.core.text import clean_text
from app.publishing import queries
from app.publishing.models import PublicationPlan
from app.publishing.notice_text import LANGUAGES, Changed, Odd, Side, Turn, odd_numbers, sentence_of, turn_of
from app.standards import measure_words
from app.standards import queries as standards
from app.standards.measures import Measure
from app.standards.models import ClauseDraft, ClauseVersion, DraftKind, Revision
from app.standards.scripts import rule_of
from app.standards.workflow import State
from app.web.filters import day
from app.web.language import LOCALES

LIMIT_NOTICE = 1000
PUBLIC = "public"
OVER = (State.DECLINED, State.WITHDRAWN, State.ARCHIVED)


def changes_of(revision: Revision) -> list[Changed]:
    """Returns the clauses of a revision that change for customers, with their texts before and after, by clause id."""
    if revision.standard.visibility != PUBLIC:
        return []
    drafts = {d.clause_id: d for d in standards.clause_drafts(revision.id)}
    before = _before(revision, set(drafts))
    made = []
    for clause_id, draft in sorted(drafts.items()):
        old = before.get(clause_id)
        was = old is not None and PUBLIC in old.tags
        stays = draft.kind is not DraftKind.RETIRED and PUBLIC in draft.tags
        if was or stays:
            made.append(
                Changed(clause_id, _side(old) if old and was else None, _side(draft) if stays else None)
            )
    return made


def suggestion(revision: Revision, plan: PublicationPlan, changes: list[Changed]) -> dict[str, str]:
    """Returns what could be told to customers, in both languages; empty texts where nothing changes for them."""
    return {language: _suggested(language, plan, changes) if changes else "" for language in LANGUAGES}


def compose(actor: Actor, revision: Revision, *, zh: str, en: str, seen: str) -> PublicationPlan:
    """Keeps both texts of the notice; an approval before is taken back. `seen` is `mark_of` the texts that were edited.

    Raises NotAllowed without the permission to draft or publish, Refused without a plan and once the notice went out,
    Stale when somebody else changed it meanwhile, Invalid for a text that is too long.
    """
    if not (actor.may(Permission.PUBLISH) or actor.may(Permission.DRAFT)):
        raise NotAllowed("move.no_permission", permission=Permission.DRAFT.value)
    plan = _open_plan(revision)
    texts = {"zh": clean_text(zh, 8192, field="zh").strip(), "en": clean_text(en, 8192, field="en").strip()}
    if texts == texts_of(plan):
        return plan  # the same form again
    if seen != mark_of(plan):
        raise Stale("publishing.notice_changed")
    wrong = [
        FieldError(language, Reason("publishing.notice_long", {"most": LIMIT_NOTICE, "length": len(text)}))
        for language, text in texts.items()
        if len(text) > LIMIT_NOTICE
    ]
    if wrong:
        raise Invalid(wrong)
    plan.customer_notice_zh, plan.customer_notice_en = texts["zh"], texts["en"]
    edited(actor, plan)
    db.session.flush()
    activity.record(actor, "customer_notice.edited", "revision", revision.number, sha256=mark_of(plan))
    return plan


def edited(actor: Actor, plan: PublicationPlan) -> None:
    """Notes who changed the texts of a notice; it waits for an approval again."""
    plan.notice_edited_by_id, plan.notice_edited_at = actor.person_id, clock.now()
    plan.notice_approved_by_id, plan.notice_approved_at = None, None


def approve(actor: Actor, revision: Revision, *, seen: str, numbers_meant: bool = False) -> PublicationPlan:
    """Approves the notice as it stands, as a second person; again changes nothing.

    `seen` is `mark_of` the texts that were read. Numbers that do not agree are approved only with `numbers_meant`.
    Raises NotAllowed, Refused (own text, a language missing, numbers), Stale when the texts are others by now.
    """
    if not may_approve_at_all(actor):
        raise NotAllowed("move.no_permission", permission=Permission.PUBLISH.value)
    plan = _plan(revision)
    if seen != mark_of(plan):
        raise Stale("publishing.notice_changed")
    if plan.notice_approved_at is not None:
        return plan
    _open_plan(revision)
    if plan.notice_edited_by_id == actor.person_id:
        raise Refused("publishing.notice_own")
    if not all(texts_of(plan).values()):
        raise Refused("publishing.notice_half")
    if not numbers_meant and odd_numbers(texts_of(plan), changes_of(revision)):
        raise Refused("publishing.notice_numbers")
    plan.notice_approved_by_id, plan.notice_approved_at = actor.person_id, clock.now()
    db.session.flush()
    activity.record(actor, "customer_notice.approved", "revision", revision.number, sha256=mark_of(plan))
    events.announce(events.CustomerNoticeApproved(revision.id, mark_of(plan)))
    return plan


def may_approve_at_all(actor: Actor) -> bool:
    """Tells whether the actor may approve notices of others: whoever publishes, or the chair."""
    return actor.may(Permission.PUBLISH) or actor.may(Permission.CONFIRM_RANK)


def waits_for(plan: PublicationPlan, actor: Actor) -> bool:
    """Tells whether a notice in both languages waits for this person to approve it."""
    waits = plan.notice_approved_at is None and all(texts_of(plan).values())
    return waits and may_approve_at_all(actor) and plan.notice_edited_by_id != actor.person_id


def is_open(revision: Revision, plan: PublicationPlan) -> bool:
    """Tells whether the notice can still be edited: until it went out, and while the revision goes on."""
    went_out = plan.publication_id is not None and plan.notice_approved_at is not None
    return revision.state not in OVER and not went_out


def texts_of(plan: PublicationPlan) -> dict[str, str]:
    """Returns both texts by language, empty ones too."""
    return {"zh": plan.customer_notice_zh.strip(), "en": plan.customer_notice_en.strip()}


def mark_of(plan: PublicationPlan) -> str:
    """Returns what tells two states of the texts apart: a sha256."""
    texts = texts_of(plan)
    return hashlib.sha256(f"{texts['zh']}\n\x1f{texts['en']}".encode()).hexdigest()


def odds(revision: Revision, plan: PublicationPlan) -> list[Odd]:
    """Returns what of the numbers in the notice does not agree with the clauses that change."""
    return odd_numbers(texts_of(plan), changes_of(revision))


def mail_of(revision: Revision, plan: PublicationPlan, language: str, address: str) -> tuple[str, str]:
    """Returns subject and text of the mail to customers in a language; `address` is the public page of the standard."""
    standard = revision.standard
    with force_locale(LOCALES[language]):
        title = (standard.title_zh if language == "zh" else standard.title_en) or standard.title_zh or ""
        subject = _("What changes for you from %(day)s: %(title)s", day=_day(plan.effective_on), title=title)
        closing = _("Read it in full: %(address)s", address=address)
    return str(subject), f"{texts_of(plan)[language]}\n\n{closing}\n"


def _suggested(language: str, plan: PublicationPlan, changes: list[Changed]) -> str:
    with force_locale(LOCALES[language]):
        on = _day(plan.effective_on)
        lines = [_("From %(day)s this changes for you:", day=on)]
        lines += [f"· {_line(change, language)}" for change in changes]
        if any(change.before for change in changes):
            lines.append(_("What you asked us before this day is handled as before."))
        if plan.transition_days:
            until = _day(plan.effective_on + dt.timedelta(days=plan.transition_days))
            lines.append(_("Until %(day)s the earlier text counts for you as well.", day=until))
        lines.append(_("You need do nothing."))
        return "\n".join(str(line) for line in lines)


def _line(change: Changed, language: str) -> str:
    heading = change.heading(language)
    if change.after is None:
        return str(_("%(heading)s: we no longer promise this.", heading=heading))
    sentence = sentence_of(change, language)
    numbers = list(change.promises())
    if not sentence and numbers:
        sentence = str(_("%(sentence)s.", sentence=measure_words.measure_sentence(numbers[0][1])))
    words = [
        str(
            _("%(heading)s: %(sentence)s", heading=heading, sentence=sentence or _("the wording is clearer."))
        )
    ]
    old = next((before for before, _after in numbers if before is not None), None)
    if old is not None:
        words.append(str(_("Until now: %(value)s.", value=measure_words.value_words(old.value, old.unit))))
    turn = turn_of(change)
    if change.before is None:
        words.append(str(_("This is new.")))
    elif turn is Turn.BETTER:
        words.append(str(_("This is better for you than before.")))
    elif turn is Turn.WORSE:
        words.append(str(_("This is less than we promised before.")))
    return ("" if language == "zh" else " ").join(words)


def _day(value: dt.date) -> str:
    return day(value)


def _before(revision: Revision, clause_ids: set[str]) -> dict[str, ClauseVersion]:
    """The newest published texts of the clauses that are not this revision's own."""
    own = queries.publication_of(revision.id)
    found: dict[str, ClauseVersion] = {}
    for row in standards.clause_versions(revision.standard_id):
        if row.clause_id in clause_ids and (own is None or row.publication_id < own.id):
            found[row.clause_id] = row
    return found


def _side(row: ClauseDraft | ClauseVersion) -> Side:
    headings = {"zh": row.heading_zh, "en": row.heading_en}
    bodies = {"zh": row.body_zh, "en": row.body_en}
    return Side(
        {language: words for language, words in headings.items() if words},
        {language: rule_of(body) for language, body in bodies.items() if body},
        tuple(Measure.from_data(m) for m in row.measures),
    )


def _plan(revision: Revision) -> PublicationPlan:
    plan = queries.plan(revision.id)
    if plan is None:
        raise Refused("publishing.no_plan")
    return plan


def _open_plan(revision: Revision) -> PublicationPlan:
    plan = _plan(revision)
    if not is_open(revision, plan):
        raise Refused("publishing.notice_out")
    return plan
