"""Owns the composer of the notice to customers: the suggestion, the texts, what of the numbers is odd, approval, the mail."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.access import Permission, requires
from app.core.db import transaction
from app.core.errors import Invalid, NotFound, Refused, Stale
from app.people import queries as people
from app.people import sign_in
from app.publishing import customer_notices as service
from app.publishing import queries
from app.publishing.notice_text import LANGUAGES
from app.publishing.pages import publishing
from app.standards import beside
from app.standards import queries as standards
from app.web.banner import flash_done
from app.web.forms import problems_from
from app.web.reasons import reason_words


@publishing.get("/r/<number>/publish/notice")
@requires(Permission.READ_REVISIONS)
def notice(number: str) -> ResponseReturnValue:
    """Shows the notice with what changes for customers; `?suggest=1` fills both boxes with the suggestion."""
    return _page(number)


@publishing.post("/r/<number>/publish/notice")
@requires(Permission.READ_REVISIONS)
def save_notice(number: str) -> ResponseReturnValue:
    """Keeps both texts; what was typed is never lost to somebody else's text."""
    revision, form = standards.revision(number), request.form
    typed = {"zh": form.get("zh", ""), "en": form.get("en", "")}
    try:
        with transaction():
            service.compose(sign_in.actor(), revision, **typed, seen=form.get("seen", ""))
    except Invalid as refusal:
        return _page(number, typed=typed, problems=problems_from(refusal.errors)), 422
    except Stale as refusal:
        return _page(
            number, typed=typed, problems=[("", reason_words(refusal.reasons[0]))], is_stale=True
        ), 409
    flash_done(_("The notice is kept. A second person approves it."))
    return redirect(url_for(".notice", number=number), 303)


@publishing.post("/r/<number>/publish/notice/approval")
@requires(Permission.READ_REVISIONS)
def approve_notice(number: str) -> ResponseReturnValue:
    """Approves the notice as the second person; sent twice it is one approval."""
    revision, form = standards.revision(number), request.form
    try:
        with transaction():
            service.approve(
                sign_in.actor(),
                revision,
                seen=form.get("seen", ""),
                numbers_meant=form.get("numbers_meant") == "y",
            )
    except (Refused, Stale) as refusal:
        return _page(number, problems=[("", reason_words(reason)) for reason in refusal.reasons]), 409
    flash_done(_("The notice is approved. Customers read it as soon as the version is published."))
    return redirect(url_for(".notice", number=number), 303)


@publishing.get("/r/<number>/publish/notice.<any(zh,en):language>.txt")
@requires(Permission.READ_REVISIONS)
def notice_mail(number: str, language: str) -> ResponseReturnValue:
    """Gives the mail to customers as a text, subject first. Only an approved notice is one."""
    revision = standards.revision(number)
    plan = queries.plan(revision.id)
    if plan is None or plan.notice_approved_at is None:
        raise NotFound("publishing.notice_unapproved")
    address = url_for("public.standard", code=revision.standard.code, _external=True)
    subject, text = service.mail_of(revision, plan, language, address)
    response = Response(f"{_('Subject')}: {subject}\n\n{text}", mimetype="text/plain")
    name = f"notice-{number}-{language}.txt"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(number: str, *, typed: dict[str, str] | None = None, **more: object) -> str:
    revision, actor = beside.revision_with_all(number), sign_in.actor()
    plan = queries.plan(revision.id)
    changes = service.changes_of(revision)
    texts = service.texts_of(plan) if plan else {"zh": "", "en": ""}
    offered = service.suggestion(revision, plan, changes) if plan else texts
    may_edit = actor.may(Permission.PUBLISH) or actor.may(Permission.DRAFT)
    shown = typed or (offered if request.args.get("suggest") == "1" or not any(texts.values()) else texts)
    names = people.by_ids(
        {i for i in ((plan.notice_edited_by_id, plan.notice_approved_by_id) if plan else ()) if i}
    )
    is_kept = plan is not None and any(texts.values())
    return render_template(
        "publishing/notice.html",
        revision=revision,
        plan=plan,
        changes=changes,
        texts=texts,
        shown=shown,
        is_suggested=shown == offered and shown != texts,
        odds=service.odds(revision, plan) if plan and is_kept else [],
        seen=service.mark_of(plan) if plan else "",
        is_open=plan is not None and service.is_open(revision, plan),
        may_edit=may_edit,
        may_approve=plan is not None and service.waits_for(plan, actor),
        editor=names.get(plan.notice_edited_by_id or 0) if plan else None,
        approver=names.get(plan.notice_approved_by_id or 0) if plan else None,
        mails={
            language: service.mail_of(
                revision,
                plan,
                language,
                url_for("public.standard", code=revision.standard.code, _external=True),
            )
            for language in LANGUAGES
        }
        if plan and plan.notice_approved_at
        else {},
        limit=service.LIMIT_NOTICE,
        errors=dict(more.get("problems") or []),  # type: ignore[call-overload]
        **more,
    )
