"""Owns what reviews give to shared pages: desk tasks, the review stage, whom it waits for, the dossier's signatures."""

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import clock
from app.core.access import Actor, Permission
from app.people import queries as people
from app.reviews import plans, queries, signatures, waiting_notes
from app.reviews.counsel_queries import CounselRow
from app.reviews.models import ReviewTask, TaskState
from app.reviews.plan import picture
from app.reviews.task_rows import step_states
from app.reviews.words import field_words, step_words
from app.standards.models import Revision
from app.standards.revision_page import name_of
from app.standards.workflow import State
from app.web.contributions import Act, DossierSection, StageBlock, Task, Waiting
from app.web.language import pick

RANK_REVIEW, RANK_READ = 15, 75
MINUTES_A_CLAUSE, MINUTES_A_RECHECK, MINUTES_A_NOTE = 2, 1, 2
SHOWN_STATES = (State.IN_REVIEW, State.PILOTING, State.READY, State.SCHEDULED, State.IN_FORCE, State.ARCHIVED)


def tasks(actor: Actor) -> Iterable[Task]:
    """Yields the reviews that wait for the actor, first ones and second looks, and notes that wait for the drafter's answer."""
    if actor.person_id is not None and actor.may(Permission.REVIEW):
        yield from _reviews(actor.person_id)
    if actor.person_id is not None and actor.may(Permission.DRAFT):
        yield from _notes(actor.person_id)


def _notes(person_id: int) -> Iterable[Task]:
    for found in waiting_notes.of_drafter(person_id):
        yield Task(
            words=ngettext(
                "%(num)s note waits for your answer: %(title)s (%(number)s)",
                "%(num)s notes wait for your answer: %(title)s (%(number)s)",
                found.count,
                title=pick(found.title, found.title_en),
                number=found.number,
            ),
            url=url_for("reviews.review", number=found.number, _anchor=f"thread-{found.thread_id}"),
            minutes=MINUTES_A_NOTE * found.count,
            why=_("You draft this revision."),
            kind="note",
        )


def _reviews(person_id: int) -> Iterable[Task]:
    for task, revision, count in queries.open_tasks_of(person_id):
        if revision.is_on_hold or revision.state is not State.IN_REVIEW:
            continue
        is_recheck = task.state is TaskState.RECHECK
        words = {
            "title": pick(revision.title, revision.title_en),
            "number": revision.number,
            "field": field_words(task.kind, True),
        }
        yield Task(
            words=_("Look again: %(title)s (%(number)s)", **words)
            if is_recheck
            else _("%(field)s: %(title)s (%(number)s)", **words),
            url=url_for("reviews.review", number=revision.number, field=task.step),
            minutes=MINUTES_A_RECHECK if is_recheck else max(1, count) * MINUTES_A_CLAUSE + 2,
            due=task.due_at,
            why=_("A clause you signed changed.") if is_recheck else _why(task),
            meta=ngettext("%(num)s clause", "%(num)s clauses", count),
            kind="review",
        )


def waiting(revision: Revision) -> Iterable[Waiting]:
    """Yields each reviewer whose signature is missing: "Zhao (Legal), day 2"."""
    if revision.state is not State.IN_REVIEW:
        return
    open_tasks = [t for t in queries.tasks(revision.id) if t.state in (TaskState.WAITING, TaskState.RECHECK)]
    names = people.by_ids({t.assignee_id or 0 for t in open_tasks})
    steps = {step.key: step for step in plans.steps_of(revision.id)}
    for task in open_tasks:
        person = names.get(task.assignee_id or 0)
        name = name_of(person) if person else _("nobody yet")
        words = {"name": name, "field": step_words(steps[task.step]), "day": _day(task)}
        yield Waiting(_("%(name)s (%(field)s), day %(day)s", **words), task.due_at)


def blocks(revision: Revision, actor: Actor) -> Iterable[StageBlock]:
    """Yields the review stage: how many of those asked signed, each with who and when, and the plan as a picture."""
    if revision.state not in (*SHOWN_STATES, State.DRAFTING):
        return
    rows = queries.tasks(revision.id)
    if not rows:
        return
    rows = [t for t in rows if t.state is not TaskState.CLOSED] or rows
    done = sum(t.state is TaskState.SIGNED for t in rows)
    summary = _("%(done)s of %(total)s signed", done=done, total=len(rows))
    names = people.by_ids({t.assignee_id or 0 for t in rows})
    steps = queries.steps_now(revision.id)
    context = {
        "rows": rows,
        "names": names,
        "is_open": revision.state is State.IN_REVIEW,
        "steps": {step.key: step for step in steps},
        "picture": picture(steps),
        "step_states": step_states(rows),
    }
    yield StageBlock(4, summary, "reviews/_block_review.html", context)


def acts(revision: Revision, actor: Actor) -> Iterable[Act]:
    """Yields the review as the one act of the reviewer it waits for, as a way to look for all others."""
    if revision.state is not State.IN_REVIEW or not actor.may(Permission.READ_REVISIONS):
        return
    mine = [
        t
        for t in queries.tasks(revision.id)
        if t.assignee_id == actor.person_id and t.state in (TaskState.WAITING, TaskState.RECHECK)
    ]
    if mine:
        words = _("Look again and sign") if mine[0].state is TaskState.RECHECK else _("Review and sign")
        url = url_for("reviews.review", number=revision.number, field=mine[0].step)
        yield Act(words, url, RANK_REVIEW)
    else:
        yield Act(_("Read the review"), url_for("reviews.review", number=revision.number), RANK_READ)


def dossier(revision: Revision) -> Iterable[DossierSection]:
    """Yields the signatures and discussions of a revision, and the signatures as a table."""
    rows, outside = signatures.signatures_of(revision), signatures.outside_of(revision)
    threads = queries.threads(revision.id, None)
    if not rows and not threads and not outside:
        return
    names = people.by_ids({i for t in threads for n in t.notes for i in (n.author_id, t.resolved_by_id) if i})
    header = ["field", "signer", "for", "meaning", "signed_at", "zone", "text_version", "fingerprint",
              "wording_only"]  # fmt: skip
    table: list[list[object]] = [
        [
            r.sign_off.kind.value,
            r.signer.subject if r.signer else "",
            r.stands_in_for.subject if r.stands_in_for else "",
            r.sign_off.decision.value,
            clock.local(r.sign_off.signed_at).isoformat(),
            r.sign_off.zone,
            r.version.number,
            r.sign_off.fingerprint,
            " ".join(r.claimed("editorial")),
        ]
        for r in rows
    ]
    context = {"rows": rows, "outside": outside, "threads": threads, "names": names}
    tables: dict[str, tuple[list[str], list[list[object]]]] = {"signatures": (header, table)}
    if outside:
        tables["signatures-outside"] = _outside_table(outside)
    yield DossierSection("reviews", 40, "reviews/dossier_reviews.html", context, tables)


def _outside_table(rows: list[CounselRow]) -> tuple[list[str], list[list[object]]]:
    header = ["signer", "answerable", "meaning", "signed_at", "zone", "text_version", "fingerprint"]
    made: list[list[object]] = []
    for row in rows:
        asked, signed = row.invitation, row.invitation.sign_off
        if signed is not None:
            at = clock.local(signed.signed_at).isoformat()
            made.append(
                [asked.subject, asked.invited_by.subject, signed.decision.value, at, signed.zone,
                 signed.version.number, signed.fingerprint]
            )  # fmt: skip
    return header, made


def _why(task: ReviewTask) -> str:
    if task.for_id:
        return str(_("You stand in for a colleague on leave."))
    if task.why == "claimed":
        return str(_("You took it on."))
    if task.why == "hand_over":
        return str(_("A colleague handed it over to you."))
    return str(_("You review for %(field)s.", field=field_words(task.kind)))


def _day(task: ReviewTask) -> int:
    return (clock.today() - clock.local(task.asked_at).date()).days + 1
