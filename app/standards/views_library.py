"""Owns the pages that find things: home, the library, search, the jump to a code."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core.access import Permission, open_to_all, requires
from app.people import sign_in
from app.standards import search as finder
from app.standards import shelf
from app.standards.pages import standards
from app.web.navigation import exists
from app.web.paging import paginate


@standards.get("/")
@open_to_all
def home() -> ResponseReturnValue:
    """Leads staff to their desk and customers to the commitments; to the library where neither is there."""
    if sign_in.signed_in() is not None:
        desk = next((e for e in ("notices.desk", "insights.desk", "people.desk") if exists(e)), None)
        return redirect(url_for(desk or "standards.library"))
    return redirect(url_for("public.commitments" if exists("public.commitments") else "standards.library"))


@standards.get("/s")
@requires(Permission.READ_STANDARDS)
def library() -> ResponseReturnValue:
    """Shows the standards that fit the filters of the address, 50 a page, and the changes that are coming."""
    wish = shelf.Wish(
        words=request.args.get("q", "").strip()[: finder.LIMIT_WORDS],
        category=request.args.get("category") or None,
        audience=request.args.get("audience") or None,
        journey=request.args.get("journey") or None,
    )
    hits = finder.clauses(wish.words) if wish.words else []
    made = shelf.shelf(wish, {hit.standard.id for hit in hits})
    page = paginate(len(made.rows), lambda offset, limit: made.rows[offset : offset + limit])
    return render_template("standards/library.html", shelf=made, page=page, wish=wish)


@standards.get("/search")
@requires(Permission.READ_STANDARDS)
def search() -> ResponseReturnValue:
    """Shows the clauses in force and the revisions that hold the words; a code leads straight to its thing."""
    words = request.args.get("q", "").strip()[: finder.LIMIT_WORDS]
    if finder.code_of(words) is not None:
        return redirect(url_for("standards.jump", code=words))
    may_see_revisions = sign_in.actor().may(Permission.READ_REVISIONS)
    return render_template(
        "standards/search.html",
        words=words,
        clauses=finder.clauses(words),
        revisions=finder.revisions(words) if may_see_revisions else [],
        excerpt=finder.excerpt,
    )


@standards.get("/j/<code>")
@requires(Permission.READ_STANDARDS)
def jump(code: str) -> ResponseReturnValue:
    """Leads from a code such as `26-014`, `CS-04-C07` or `E-1042` to its page."""
    found = finder.code_of(code)
    if found is None:
        return redirect(url_for("standards.search", q=code))
    if found.kind == "issue":
        if not exists("evidence.issue"):
            abort(404)
        return redirect(url_for("evidence.issue", number=found.value))
    if found.kind == "revision":
        return redirect(url_for("standards.revision", number=found.value))
    if found.kind == "clause":
        return redirect(url_for("standards.clause", code=found.value, clause_id=found.clause_id))
    return redirect(url_for("standards.standard", code=found.value))
