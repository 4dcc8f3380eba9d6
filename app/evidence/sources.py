"""Owns how each maker's interface is asked page by page, and what a page has to be. Stores nothing, knows no connector row.

Zendesk: incremental export of tickets by cursor,
https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/ Jira: search by
JQL, https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ and version 2 of Data
Center, https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0/#api/2/search-search. Read on
2026-11-22.
"""

import base64
import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from app.evidence.connector_models import ConnectorKind
from app.evidence.http_answers import Answer, Fault

ZENDESK_PAGE = 500  # of at most 1,000: a page should stay far below the limit on bytes
JIRA_PAGE = 100
OVERLAP = 10  # issues asked for twice, so that one deleted meanwhile hides none behind it
LATEST_START = dt.timedelta(minutes=5)
JIRA_LAG = dt.timedelta(minutes=10)  # JQL knows minutes, and its index comes after the change
COMMENTS_PAGE = 100
MOST_COMMENT_PAGES = 20  # of one issue
LONGEST_WAIT = 24 * 3600
JIRA_FIELDS = (
    "summary,description,created,updated,status,priority,resolution,resolutiondate,labels,components,issuetype,project"
    ",reporter,assignee,comment"
)

Position = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer that is what was asked for: a JSON object, with its bytes and headers."""

    data: dict[str, Any]
    answer: Answer


Get = Callable[[str], Reply]


@dataclass(frozen=True)
class Page:
    """One page: its bodies by file name, how many items it has, where it goes on, and whether it was the last for now."""

    bodies: dict[str, bytes]
    count: int
    position: Position
    is_last: bool


def headers_of(kind: ConnectorKind, account: str, token: str) -> dict[str, str]:
    """Returns the headers that say who asks: a Zendesk and a Jira Cloud by account and token, a Data Center by its token."""
    made = {"Accept": "application/json"}
    if kind is ConnectorKind.JIRA_SERVER and not account:
        return {**made, "Authorization": f"Bearer {token}"}
    user = f"{account}/token" if kind is ConnectorKind.ZENDESK else account
    return {**made, "Authorization": "Basic " + base64.b64encode(f"{user}:{token}".encode()).decode()}


def first_position(starts: dt.datetime, now: dt.datetime) -> Position:
    """Returns where a connector begins: at a moment, and some minutes ago at the latest, as Zendesk asks for."""
    return {"since": min(starts, now - LATEST_START).isoformat()}


def next_page(kind: ConnectorKind, only: str, position: Position, get: Get) -> Page:
    """Returns the page at a position. Raises Fault for an answer that is no page, or one that leads in a circle."""
    if kind is ConnectorKind.ZENDESK:
        return _zendesk(position, get)
    return _jira(kind, only, position, get)


def reply_of(answer: Answer, now: dt.datetime) -> Reply:
    """Returns the answer with its JSON object. Raises Fault: by status, for another kind of content, for broken JSON."""
    _check_status(answer, now)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" or answer.headers.get("content-encoding", "identity") != "identity":
        raise Fault("connector.no_json", kind=kind[:60] or "–")
    try:
        found = json.loads(answer.body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise Fault("connector.json_broken") from None
    if not isinstance(found, dict):
        raise Fault("connector.json_broken")
    return Reply(found, answer)


def seconds_to_wait(value: str | None, now: dt.datetime) -> int | None:
    """Returns the seconds that a Retry-After header asks for, given in seconds or as a date; None for anything else."""
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    until = until.replace(tzinfo=until.tzinfo or dt.UTC)
    return max(0, min(round((until - now).total_seconds()), LONGEST_WAIT))


def _check_status(answer: Answer, now: dt.datetime) -> None:
    status, wait = answer.status, seconds_to_wait(answer.headers.get("retry-after"), now)
    if status == 200:
        return
    if status in (401, 403):
        raise Fault("connector.not_let_in", stops=True, status=status)
    if status == 429:
        raise Fault("connector.asked_to_wait", retry_after=wait)
    if status in (408, 425) or status >= 500:
        raise Fault("connector.their_fault", status=status, retry_after=wait)
    if 300 <= status < 400:
        raise Fault("connector.led_elsewhere", stops=True, status=status)
    raise Fault("connector.refused", stops=True, status=status)


def _zendesk(position: Position, get: Get) -> Page:
    cursor = position.get("cursor")
    where = {"cursor": cursor} if cursor else {"start_time": _epoch(position["since"])}
    path = "/api/v2/incremental/tickets/cursor.json?"
    reply = get(path + urlencode({**where, "per_page": ZENDESK_PAGE, "include": "metric_sets"}))
    data = reply.data
    tickets, after, ended = data.get("tickets"), data.get("after_cursor"), data.get("end_of_stream")
    if not isinstance(tickets, list) or not isinstance(ended, bool) or not isinstance(after, str | None):
        raise Fault("connector.other_shape", missing="tickets, after_cursor, end_of_stream")
    if not ended and (not after or after == cursor):
        raise Fault("connector.in_a_circle")
    body = {"page.json": reply.answer.body}
    return Page(body, len(tickets), {"cursor": after} if after else position, ended)


def _jira(kind: ConnectorKind, only: str, position: Position, get: Get) -> Page:
    version = 3 if kind is ConnectorKind.JIRA_CLOUD else 2
    walk = position if "jql" in position else _begin(version, only, position, get)
    reply = _search(kind, version, walk, get)
    issues = reply.data.get("issues")
    if not isinstance(issues, list):
        raise Fault("connector.other_shape", missing="issues")
    is_cloud = kind is ConnectorKind.JIRA_CLOUD
    after = _after_token(reply.data, walk) if is_cloud else _after_number(reply.data, issues, walk)
    bodies = {"page.json": reply.answer.body, **_more_comments(version, issues, get)}
    return Page(bodies, len(issues), after or {"since": walk["next_since"]}, after is None)


def _search(kind: ConnectorKind, version: int, walk: Position, get: Get) -> Reply:
    asked = {"jql": walk["jql"], "maxResults": JIRA_PAGE, "fields": JIRA_FIELDS, "expand": "changelog"}
    if kind is ConnectorKind.JIRA_SERVER:
        return get(f"/rest/api/{version}/search?" + urlencode({**asked, "startAt": walk.get("start", 0)}))
    more = {"nextPageToken": walk["token"]} if walk.get("token") else {}
    try:
        return get(f"/rest/api/{version}/search/jql?" + urlencode({**asked, **more}))
    except Fault as fault:
        if more and fault.params.get("status") == 400:
            # a token lives for some days only: the walk begins again, what is known changes nothing
            raise Fault("connector.place_forgotten", back_to={"since": walk["since"]}) from None
        raise


def _begin(version: int, only: str, position: Position, get: Get) -> Position:
    """Returns a walk through everything changed since: its JQL stays the same until the last page.

    Ordered by creation, so that an issue changed meanwhile does not push others past the reader. JQL reads times in the
    zone of the account that asks, which is why it is asked for.
    """
    reply = get(f"/rest/api/{version}/myself")
    try:
        zone = ZoneInfo(str(reply.data.get("timeZone")))
    except (ValueError, KeyError, OSError):
        raise Fault("connector.other_shape", missing="timeZone") from None
    since = dt.datetime.fromisoformat(position["since"])
    jql = f'updated >= "{since.astimezone(zone):%Y-%m-%d %H:%M}" ORDER BY created ASC, key ASC'
    try:
        theirs = parsedate_to_datetime(reply.answer.headers.get("date", ""))
    except (ValueError, TypeError, IndexError):
        raise Fault("connector.other_shape", missing="Date") from None
    made = {"since": position["since"], "next_since": (theirs - JIRA_LAG).isoformat()}
    return {**made, "jql": f"({only}) AND {jql}" if only else jql}


def _after_token(data: dict[str, Any], walk: Position) -> Position | None:
    token = data.get("nextPageToken")
    if not token or data.get("isLast") is True:
        return None
    if not isinstance(token, str) or token == walk.get("token"):
        raise Fault("connector.in_a_circle")
    return {**walk, "token": token}


def _after_number(data: dict[str, Any], issues: list[Any], walk: Position) -> Position | None:
    total, start = data.get("total"), int(walk.get("start", 0))
    if not isinstance(total, int):
        raise Fault("connector.other_shape", missing="total")
    end = start + len(issues)
    if end >= total:
        return None
    further = max(end - OVERLAP, start + 1)
    if not issues or data.get("startAt", start) != start:
        raise Fault("connector.in_a_circle")
    return {**walk, "start": further}


def _more_comments(version: int, issues: list[Any], get: Get) -> dict[str, bytes]:
    """Returns the pages of comments that a search leaves out of issues with many, by a name of their own."""
    made: dict[str, bytes] = {}
    for issue in issues:
        try:
            name, inside = str(issue["key"]), issue["fields"]["comment"]
            known, total = len(inside["comments"]), int(inside["total"])
        except (KeyError, TypeError, ValueError):
            continue
        for number in range(MOST_COMMENT_PAGES):
            start = number * COMMENTS_PAGE
            if known >= total or start >= total:
                break
            where = urlencode({"startAt": start, "maxResults": COMMENTS_PAGE})
            path = f"/rest/api/{version}/issue/{quote(name, safe='')}/comment?{where}"
            made[f"comments-{len(made) + 1}.json"] = get(path).answer.body
    return made


def _epoch(moment: str) -> int:
    return int(dt.datetime.fromisoformat(moment).timestamp())
