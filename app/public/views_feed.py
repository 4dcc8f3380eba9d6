"""Owns the doors through which other systems read the clauses in force: JSON, plain HTML, Atom. A token opens all of them."""

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.core import clock
from app.core.access import Permission, open_to_all
from app.core.errors import NotSignedIn
from app.evidence import articles, push_tokens
from app.evidence.views_push import bearer
from app.people import sign_in
from app.public import clause_feed, page
from app.public.clause_feed import LANGUAGES, FeedStandard
from app.public.pages import public
from app.standards.models import Standard
from app.web.errors import error_page


@public.errorhandler(NotSignedIn)
def ask_for_token(refusal: NotSignedIn) -> ResponseReturnValue:
    """Answers 401 and says that a bearer's token is wanted."""
    response = error_page(refusal.status, refusal.reasons)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@public.get("/feed/standards.json")
@open_to_all
def feed_list() -> ResponseReturnValue:
    """Lists the standards with when each changed last and where it is read."""
    everything = may_read_all()
    return _answer(
        jsonify(
            {
                "format": "touchstone-standards-1",
                "standards": [
                    {
                        "code": one.standard.code.upper(),
                        "title": {"zh": one.standard.title_zh, "en": one.standard.title_en},
                        "changed_at": one.changed_at.isoformat() if one.changed_at else None,
                        "clauses": len(one.clauses),
                        "json": url_for(".feed_standard", code=one.standard.code, _external=True),
                        "html": url_for(".feed_page", code=one.standard.code, _external=True),
                    }
                    for one in clause_feed.listed(everything=everything)
                ],
                "changes": url_for(".feed_changes", _external=True),
            }
        )
    )


@public.get("/feed/<code>.json")
@open_to_all
def feed_standard(code: str) -> ResponseReturnValue:
    """Gives one standard as data, both languages, with the address of each clause."""
    everything = may_read_all()
    found = clause_feed.one(code, everything=everything)
    addresses = _addresses(found, everything)
    return _answer(jsonify(clause_feed.data_of(found, _address(found.standard, everything), addresses)))


@public.get("/feed/<code>.html")
@open_to_all
def feed_page(code: str) -> ResponseReturnValue:
    """Gives one standard as a plain page to be taken into a knowledge base; `?lang=` leaves one language."""
    everything = may_read_all()
    found = clause_feed.one(code, everything=everything)
    asked = request.args.get("lang", "")
    body = render_template(
        "public/feed_page.html",
        found=found,
        languages=(asked,) if asked in LANGUAGES else LANGUAGES,
        addresses=_addresses(found, everything),
        address=_address(found.standard, everything),
    )
    return _answer(Response(body, mimetype="text/html"))


@public.get("/feed/changes.atom")
@open_to_all
def feed_changes() -> ResponseReturnValue:
    """Gives what changed as an Atom feed in the reader's language: of all standards to whoever may read all."""
    everything = may_read_all()
    body = render_template(
        "public/feed.xml",
        changes=page.changes(everything=everything),
        now=clock.now(),
        address=url_for(".feed_changes", _external=True),
        home=url_for(".feed_list", _external=True),
        address_of=lambda standard: _address(standard, everything),
    )
    return _answer(Response(body, mimetype="application/atom+xml"))


def may_read_all() -> bool:
    """Tells whether the reader may read more than customers: staff signed in, or a system with the token for it.

    Raises NotSignedIn for a token that opens nothing: a system shall notice that its token was taken back.
    """
    secret = bearer()
    if secret:
        if not push_tokens.is_known(secret, articles.NAME):
            raise NotSignedIn("push.token")
        return True
    reader = sign_in.signed_in()
    return reader is not None and reader.actor.may(Permission.READ_STANDARDS)


def _address(standard: Standard, everything: bool) -> str:
    endpoint = "standards.standard" if everything else ".standard"
    return url_for(endpoint, code=standard.code, _external=True)


def _addresses(found: FeedStandard, everything: bool) -> dict[str, str]:
    code, rows = found.standard.code, [c.row.clause_id for c in (*found.clauses, *found.coming)]
    if everything:
        return {c: url_for("standards.clause", code=code, clause_id=c, _external=True) for c in rows}
    return {c: url_for(".standard", code=code, _anchor=c, _external=True) for c in rows}


def _answer(response: Response) -> ResponseReturnValue:
    """What did not change since the reader's last look is answered with 304; what is read depends on who reads."""
    response.headers["Vary"] = "Authorization, Cookie"
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)
