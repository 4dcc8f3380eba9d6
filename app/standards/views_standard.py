"""Owns the pages of one standard: as it binds, one version, one clause. Its past stands in `views_history.py`."""

import datetime as dt

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.core import clock
from app.core.access import Permission, requires
from app.core.errors import NotFound
from app.people import queries as people_queries
from app.people import sign_in
from app.standards import descent, handbook, kept, queries, reading, shelf
from app.standards.models import Revision, Standard
from app.standards.pages import standards
from app.standards.reading import BOTH, LANGUAGES
from app.web import contributions
from app.web.contributions import ClauseNote
from app.web.language import current_language


@standards.get("/s/<code>")
@requires(Permission.READ_STANDARDS)
def standard(code: str) -> ResponseReturnValue:
    """Shows the standard as it binds today, or on the date of `?on=`; `?text=` chooses zh, en or both."""
    if code != code.lower():
        query = request.query_string.decode("ascii", "replace")
        return redirect(url_for(".standard", code=code.lower()) + (f"?{query}" if query else ""), 301)
    row = queries.standard(code)
    day, is_bad_date = _asked_day()
    text, languages = _asked_text()
    made = reading.as_of(row, clock.now() if day is None else clock.start_of(day), languages)
    return render_template(
        "standards/standard.html",
        reading=made,
        standard=row,
        day=day,
        is_bad_date=is_bad_date,
        text=text,
        owner=_owner(row),
        passages=_passages(
            made,
            day,
            contributions.clause_notes_for(row, sign_in.actor()),
            _in_progress(row),
            "proposals.new",
        ),
        pdf=handbook.link_of(made.version, text if text in LANGUAGES else current_language()),
    )


@standards.get("/s/<code>/v/<version>")
@requires(Permission.READ_STANDARDS)
def version(code: str, version: str) -> ResponseReturnValue:
    """Shows one version word for word, with what became of it."""
    row = queries.standard(code)
    found = queries.publication(row.id, version)
    text, languages = _asked_text()
    made = reading.as_published(row, found, languages)
    newest = reading.in_force_of(made.publications, clock.now())
    return render_template(
        "standards/version.html",
        reading=made,
        standard=row,
        version=found,
        in_force=newest,
        state=_state_of(found.effective_at, found.id, newest.id if newest else None),
        passages=_passages(made, None, {}, {}, None),
        text=text,
        pdf=handbook.link_of(found, text if text in LANGUAGES else current_language()),
    )


@standards.get("/s/<code>/<string(minlength=3, maxlength=5):clause_id>")
@requires(Permission.READ_STANDARDS)
def clause(code: str, clause_id: str) -> ResponseReturnValue:
    """Shows one clause: its text in force, every version it had with the redline, and what hangs on it."""
    row = queries.standard(code)
    wanted = clause_id.lower()
    if wanted not in row.used_clause_ids:
        raise NotFound("standard.unknown_clause", clause=clause_id.upper())
    text, languages = _asked_text()
    asked = languages or (current_language(),)
    life = shelf.clause_life(row, wanted, asked[0])
    now = clock.now()
    in_force = next((s for s in life if s.row.effective_at <= now and reading.is_there(s.row)), None)
    gone = next((s for s in life if s.row.effective_at <= now), None)
    shown = in_force or life[0]
    return render_template(
        "standards/clause.html",
        standard=row,
        clause_id=wanted,
        life=life,
        shown=shown,
        is_in_force=in_force is not None and in_force is gone,
        is_retired=gone is not None and not reading.is_there(gone.row),
        clause=reading.clause_of(row, shown.row, asked, reading.pilots_at(row, now).get(wanted, ())),
        notes=contributions.clause_notes_for(row, sign_in.actor()).get(wanted, []),
        in_progress=_in_progress(row).get(wanted, []),
        relatives=descent.relatives(row.id, wanted) if shown.has_relatives else [],
        text=text,
        now=now,
    )


def _asked_day() -> tuple[dt.date | None, bool]:
    """Returns the date of `?on=`, None for today; and whether what was asked for is no date."""
    raw = request.args.get("on", "").strip()
    if not raw:
        return None, False
    try:
        day = dt.date.fromisoformat(raw)
        clock.start_of(day)
    except (ValueError, OverflowError):
        return None, True
    return (None if day == clock.today() else day), False


def _asked_text() -> tuple[str, tuple[str, ...]]:
    """Returns the value of `?text=` and the languages it means; the page's language by default."""
    text = request.args.get("text")
    if text == BOTH:
        first = current_language()
        return BOTH, (first, "en" if first == "zh" else "zh")
    if text in LANGUAGES:
        return text, (text,)
    return current_language(), (current_language(),)


def _passages(
    made: reading.Reading,
    day: dt.date | None,
    notes: dict[str, list[ClauseNote]],
    in_progress: dict[str, list[Revision]],
    suggest: str | None,
) -> Markup:
    """Returns the HTML of all clauses, made once for everything it depends on: words, notes, revisions, language."""
    may_follow = sign_in.actor().may(Permission.READ_REVISIONS)
    key = (
        made.key, current_language(), day is None, may_follow, suggest,
        tuple((clause_id, tuple(listed)) for clause_id, listed in notes.items()),
        tuple((clause_id, tuple(r.number for r in listed)) for clause_id, listed in in_progress.items()),
    )  # fmt: skip

    def make() -> Markup:
        html = render_template(
            "standards/_text.html",
            reading=made,
            standard=made.standard,
            day=day,
            notes=notes,
            in_progress=in_progress,
            suggest=suggest,
            may_follow=may_follow,
        )
        return Markup(html)  # noqa: S704 - our own template, escaped there

    return kept.once("passages", key, make)


def _owner(row: Standard) -> object:
    return people_queries.by_ids([row.owner_id or 0]).get(row.owner_id or 0)


def _in_progress(row: Standard) -> dict[str, list[Revision]]:
    """Returns the open revisions by clause, for those who may open a revision's page."""
    if not sign_in.actor().may(Permission.READ_REVISIONS):
        return {}
    return shelf.open_revisions_by_clause(row.id)


def _state_of(effective_at: dt.datetime, publication_id: int, in_force_id: int | None) -> str:
    if publication_id == in_force_id:
        return "in_force"
    return "coming" if effective_at > clock.now() else "superseded"
