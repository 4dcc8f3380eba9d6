"""Owns the health page: what waits, what failed and can be tried again, which mails a person must decide on."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.admin import health as state
from app.admin.pages import admin
from app.archive import anchoring
from app.core import activity, clock, clock_watch, jobs
from app.core.access import Permission, requires
from app.core.db import transaction
from app.notices import service as notices
from app.people import sign_in
from app.web.banner import flash_done


@admin.get("/admin/health")
@requires(Permission.MANAGE_SYSTEM)
def health() -> ResponseReturnValue:
    """Shows the clock when it is doubted, jobs, mails, the anchor of the log, store against database, versions."""
    anchor = anchoring.newest()
    hold = clock_watch.held()
    return render_template(
        "admin/health.html",
        jobs=state.job_counts(),
        failed=state.failed_jobs(),
        mails=state.mail_counts(),
        undecided=state.undecided_mails(),
        anchor=anchor,
        unanchored=activity.head()[0] - (anchor.last_seq if anchor else 0),
        versions=state.versions(),
        hold=hold,
        held_since=clock_watch.noticed(hold) if hold else None,
        now=clock.now(),
    )


@admin.post("/admin/health/store")
@requires(Permission.MANAGE_SYSTEM)
def check_store() -> ResponseReturnValue:
    """Compares the end of the store's main line with the newest publication; a POST, because it starts a process."""
    found = state.agreement()
    if found.is_whole and not found.intended:
        flash_done(_("Store and database agree."))
    elif found.is_whole:
        flash_done(_("Store and database agree; a publication is being finished."))
    else:
        flash_done(
            _(
                "Store and database differ: the database expects %(expected)s, the store ends at %(found)s.",
                expected=(found.expected or "-")[:12],
                found=(found.found or "-")[:12],
            )
        )
    return redirect(url_for(".health"), 303)


@admin.post("/admin/health/clock")
@requires(Permission.MANAGE_SYSTEM)
def confirm_clock() -> ResponseReturnValue:
    """Keeps that somebody looked at the clock and found it right; within a minute dates arrive again."""
    with transaction():
        hold = clock_watch.confirm(sign_in.actor())
    if hold is not None:
        clock_watch.release()  # after the commit: without its line in the log no hold ends
        flash_done(_("You confirmed the time. Dates arrive again within a minute."))
    return redirect(url_for(".health"), 303)


@admin.post("/admin/health/jobs/<int:job_id>/again")
@requires(Permission.MANAGE_SYSTEM)
def try_job_again(job_id: int) -> ResponseReturnValue:
    """Puts a failed job back in the queue; the job finds out itself what is done already."""
    with transaction():
        jobs.try_again(job_id)
        activity.record(sign_in.actor(), "job.tried_again", "job", job_id)
    flash_done(_("The job waits in the queue again."))
    return redirect(url_for(".health"), 303)


@admin.post("/admin/health/mails/<int:mail_id>/<any(again,leave):decision>")
@requires(Permission.MANAGE_SYSTEM)
def decide_mail(mail_id: int, decision: str) -> ResponseReturnValue:
    """Decides on a mail that failed or may have left: send it again, or leave it."""
    with transaction():
        notices.decide_mail(sign_in.actor(), mail_id, send_again=decision == "again")
    flash_done(_("The mail is sent again.") if decision == "again" else _("The mail is left as it is."))
    return redirect(url_for(".health"), 303)
