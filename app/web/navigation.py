"""Owns the navigation: its items, who sees them and their counts. An item stands only where its page exists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from app.core.access import Permission
from app.web.viewer import Viewer, current_viewer

Counter = Callable[[Viewer], int]


@dataclass(frozen=True)
class Item:
    """One line of the navigation. `permissions` opens it to whoever holds any of them; empty is all staff.

    `endpoints` names the possible pages in order of preference; the first that exists and may be seen is taken.
    """

    key: str
    label: Any
    icon: str
    endpoints: tuple[str, ...]
    permissions: tuple[Permission, ...] = ()


_P = Permission
ITEMS = (
    Item("desk", _l("My desk"), "inbox", ("notices.desk", "insights.desk", "people.desk"), (_P.USE_DESK,)),
    Item("standards", _l("Standards"), "book-open", ("standards.library",), (_P.READ_STANDARDS,)),
    Item("revisions", _l("Revisions"), "file-pen-line", ("standards.revisions",), (_P.LIST_REVISIONS,)),
    Item("evidence", _l("Evidence"), "search-check", ("evidence.inbox",), (_P.READ_EVIDENCE,)),
    Item("scoring", _l("Scoring"), "scale", ("proposals.board",), (_P.SCORE, _P.CONFIRM_RANK)),
    Item("learning", _l("Learning"), "graduation-cap", ("training.learning",), (_P.ACKNOWLEDGE,)),
    Item(
        "audits",
        _l("Quality checks"),
        "clipboard-check",
        ("audits.plans", "audits.own_results"),
        (_P.AUDIT, _P.READ_TEAM, _P.READ_OWN_RESULTS, _P.READ_REPORTS),
    ),
    Item(
        "insights",
        _l("Insights"),
        "chart-line",
        ("insights.overview", "insights.process"),
        (_P.READ_INSIGHTS,),
    ),
    Item("committee", _l("Committee"), "users", ("committee.meetings",), (_P.READ_COMMITTEE,)),
    Item("suggest", _l("Suggest"), "lightbulb", ("evidence.suggest", "public.suggest")),
    Item("admin", _l("Admin"), "settings", ("admin.home",), (_P.MANAGE_PEOPLE, _P.MANAGE_SYSTEM)),
)
# The bell at the top: what one was told, beside the desk, which is what one has to do.
BELL = Item("notices", _l("Notices"), "bell", ("insights.all_notices",), (_P.USE_DESK,))
PUBLIC_ITEMS = (
    Item("commitments", _l("Our commitments"), "badge-check", ("public.commitments",)),
    Item("suggest", _l("Suggest"), "lightbulb", ("public.suggest", "evidence.suggest")),
)
# Pages of other rooms that the top bar leads to.
PLACES = {
    "home": "public.home",
    "search": "standards.search",
    "profile": "people.profile",
    "sign_in": "people.sign_in",
    "sign_out": "people.sign_out",
}


@dataclass(frozen=True)
class Link:
    """One line of the navigation as this viewer sees it."""

    key: str
    label: str
    icon: str
    url: str
    is_current: bool
    count: int


def provide_count(app: Flask, key: str, counter: Counter) -> None:
    """Names the function that counts what waits for the viewer behind a navigation item."""
    app.extensions.setdefault("web.counts", {})[key] = counter


def links_for(viewer: Viewer, items: tuple[Item, ...] = ITEMS) -> list[Link]:
    """Returns the navigation of the viewer in the order of the table; visitors get the public items only."""
    counts: dict[str, Counter] = current_app.extensions.get("web.counts", {})
    made = []
    for item in items:
        endpoint = _endpoint(item, viewer)
        if endpoint is None:
            continue
        url = url_for(endpoint)
        counter = counts.get(item.key)
        count = counter(viewer) if counter and viewer.is_signed_in else 0
        made.append(Link(item.key, str(item.label), item.icon, url, _is_current(url, endpoint), count))
    return made


def place_url(key: str) -> str | None:
    """Returns the address of a page the shell links to (`search`, `profile`, `sign_in`, `sign_out`), None if absent."""
    endpoint = PLACES[key]
    view = current_app.view_functions.get(endpoint)
    if view is None or not current_viewer().may(getattr(view, "required_permission", None)):
        return None
    return url_for(endpoint)


def _endpoint(item: Item, viewer: Viewer) -> str | None:
    if item.permissions and not any(viewer.may(permission) for permission in item.permissions):
        return None
    for endpoint in item.endpoints:
        view = current_app.view_functions.get(endpoint)
        if view is not None and viewer.may(getattr(view, "required_permission", None)):
            return endpoint
    return None


def _is_current(url: str, endpoint: str) -> bool:
    """Tells whether the page shown belongs to the item: its own page or one under its address."""
    if request.endpoint == endpoint:
        return True
    path = url.split("?")[0]
    return path != "/" and request.path.startswith(path.rstrip("/") + "/")


def exists(endpoint: str) -> bool:
    """Tells whether a page exists in this build, so that nothing links to one that does not."""
    return endpoint in current_app.view_functions


def navigation() -> list[Link]:
    """Returns the staff navigation of the current viewer."""
    return links_for(current_viewer())


def bell() -> Link | None:
    """Returns the way to the viewer's notices with the number of unread ones; None for visitors."""
    viewer = current_viewer()
    return next(iter(links_for(viewer, (BELL,))), None) if viewer.is_signed_in else None


def public_navigation() -> list[Link]:
    """Returns the customers' navigation."""
    return links_for(current_viewer(), PUBLIC_ITEMS)
