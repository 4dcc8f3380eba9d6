"""Owns what some sources need before their fields can be looked up: joins by id, comments in a cell, scores of surveys.

A shape turns one item into plain values; which of them is which field says the mapping.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.evidence.readers.documents import Item
from app.evidence.readers.mapped_values import at_path
from app.evidence.readers.mapping_files import NEEDED, MappingFile, Shape
from app.evidence.readers.values import Unreadable, parse_text, parse_whole, take
from app.evidence.tickets import Author, Turn

Values = dict[str, Any]
Instant = Callable[[object], datetime | None]
_KINDS = {"ticket_metrics": "metric_set", "metric_sets": "metric_set", "satisfaction_ratings": "rating"}


class Shaper:
    """The plain shape: an item is a ticket, perhaps inside one more object."""

    joins = False

    def __init__(self, mapping: MappingFile) -> None:
        self.mapping = mapping
        self.lists = mapping.lists
        self.needed: tuple[str, ...] = NEEDED

    def join(self, item: Item) -> None:
        """Keeps an item that belongs to a ticket, in a first reading of all files."""

    def is_ticket(self, item: Item) -> bool:
        """Says whether an item is a ticket."""
        return True

    def flat(self, value: Mapping[str, Any], instant: Instant) -> Mapping[str, Any]:
        """Returns the item with everything that belongs to it, for its paths to be looked up. Raises Unreadable."""
        for key in self.mapping.unwrap:
            inside = value.get(key)
            if isinstance(inside, dict):
                return inside
        return value

    def finish(self, values: Values, instant: Instant) -> Values:
        """Returns the fields as they are read further, after columns and paths were looked up. Raises Unreadable."""
        return values

    def count_unused(self, unused: Counter[str]) -> None:
        """Adds what was kept and belongs to no ticket."""


class ZendeskShaper(Shaper):
    """Tickets of Zendesk's interface with metrics, ratings and comments of other pages, joined by the ticket's id."""

    joins = True

    def __init__(self, mapping: MappingFile) -> None:
        super().__init__(mapping)
        self._joined: dict[str, dict[str, Any]] = defaultdict(dict)
        self._comments: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self._agents: set[str] = set()
        self._used: set[str] = set()

    def join(self, item: Item) -> None:
        """Keeps metrics, the newest rating, comments, and who is an agent."""
        value = item.value
        kind = self._kind(item)
        if kind == "user" and value.get("role") in ("agent", "admin"):
            self._agents.add(str(value.get("id")))
        owner = str(value.get("ticket_id"))
        if kind == "comment":
            self._comments[owner][str(value.get("id"))] = value
        elif kind in ("metric_set", "rating"):
            known = self._joined[owner].get(kind)
            if known is None or str(value.get("updated_at")) >= str(known.get("updated_at")):
                self._joined[owner][kind] = value

    def is_ticket(self, item: Item) -> bool:
        """Says whether an item is a ticket."""
        return self._kind(item) == "ticket"

    def _kind(self, item: Item) -> str:
        value = item.value
        if item.within in _KINDS:
            return _KINDS[item.within]
        if item.within == "users":
            return "user"
        if "ticket_id" in value:
            if "reply_time_in_minutes" in value:
                return "metric_set"
            return "rating" if "score" in value else "comment"
        return "other" if item.within == "comments" else "ticket"

    def flat(self, value: Mapping[str, Any], instant: Instant) -> Mapping[str, Any]:
        """Returns the ticket with its metrics, rating and comments; a deleted one without a beginning keeps its end."""
        made = dict(super().flat(value, instant))
        owner = str(made.get("id"))
        self._used.add(owner)
        made.update({kind: one for kind, one in self._joined.get(owner, {}).items() if not made.get(kind)})
        rating = made.get("rating")
        if isinstance(rating, dict) and not at_path(made, "satisfaction_rating.score"):
            made["satisfaction_rating"] = rating
        if made.get("deleted_at"):
            made.setdefault("created_at", made["deleted_at"])
            made.setdefault("updated_at", made["deleted_at"])
            made["status"] = "deleted"
        comments = {**self._comments.get(owner, {})}
        for one in made.get("comments") or ():
            if isinstance(one, dict):
                comments[str(one.get("id"))] = one
        made["turns"] = [self._turn(one, made.get("requester_id"), instant) for one in comments.values()]
        return made

    def _turn(self, comment: Mapping[str, Any], requester: object, instant: Instant) -> Turn:
        at = take(comment, "created_at", instant)
        if at is None:
            raise Unreadable("import.date_missing")
        writer = str(comment.get("author_id"))
        is_customer = writer == str(requester) and writer not in self._agents
        author = Author.SYSTEM if writer.startswith("-") else Author.CUSTOMER if is_customer else Author.AGENT
        text = comment.get("plain_body") or comment.get("body")
        return Turn(at, author, parse_text(text), comment.get("public") is not False)

    def count_unused(self, unused: Counter[str]) -> None:
        """Counts what belongs to tickets that are not there."""
        unused["metrics and ratings"] += sum(owner not in self._used for owner in self._joined)
        unused["comments"] += sum(len(v) for owner, v in self._comments.items() if owner not in self._used)
        for name in ("metrics and ratings", "comments"):
            if not unused[name]:
                del unused[name]


class JiraServiceShaper(Shaper):
    """Requests of Jira Service Management with service levels and comments of other pages, joined by the request's id."""

    joins = True
    _OWNER = re.compile(r"/request/([^/]+)/(?:sla|comment)\b")

    def __init__(self, mapping: MappingFile) -> None:
        super().__init__(mapping)
        self._levels: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self._comments: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)

    def is_ticket(self, item: Item) -> bool:
        """Says whether an item is a request."""
        return "issueKey" in item.value

    def join(self, item: Item) -> None:
        """Keeps service levels and comments by the request their own address names."""
        owner = self._OWNER.search(str(at_path(item.value, "_links.self")))
        if owner is None or self.is_ticket(item):
            return
        if "completedCycles" in item.value or "ongoingCycle" in item.value:
            self._levels[owner[1]][str(item.value.get("id"))] = item.value
        elif "body" in item.value:
            self._comments[owner[1]][str(item.value.get("id"))] = item.value

    def flat(self, value: Mapping[str, Any], instant: Instant) -> Mapping[str, Any]:
        """Returns the request with `field.<id>` of its form, `reply`, `solution` of its service levels, and its turns."""
        made = dict(value)
        for one in value.get("requestFieldValues") or ():
            if isinstance(one, dict):
                content = one.get("value")
                plain = content.get("name") or content.get("value") if isinstance(content, dict) else content
                made[f"field.{one.get('fieldId')}"] = plain
        owners = (str(value.get("issueId")), str(value.get("issueKey")))
        levels = [*_inside(value.get("sla"))]
        comments = [*_inside(value.get("comments"))]
        for owner in owners:
            levels += self._levels.get(owner, {}).values()
            comments += self._comments.get(owner, {}).values()
        for level in levels:
            self._add_level(made, level)
        reporter = at_path(value, "reporter.accountId") or at_path(value, "reporter.name")
        made["turns"] = [self._turn(one, reporter, instant) for one in comments]
        return made

    def _add_level(self, made: Values, level: Mapping[str, Any]) -> None:
        """Takes from a service level when its last cycle stopped, and how much of its own hours had gone by."""
        name = str(level.get("name")).casefold()
        first = "first response" in name or "首次" in name
        solved = "resolution" in name or "resolve" in name or "解决" in name
        cycles = [one for one in level.get("completedCycles") or () if isinstance(one, dict)]
        if not cycles or not (first or solved):
            return
        cycle = cycles[0] if first else cycles[-1]
        which = "reply" if first else "solution"
        made[f"{which}.at"] = at_path(cycle, "stopTime.iso8601") or at_path(cycle, "stopTime.epochMillis")
        spent = [at_path(one, "elapsedTime.millis") for one in ([cycle] if first else cycles)]
        made[f"{which}.working"] = sum(one for one in spent if isinstance(one, int)) / 60_000

    def _turn(self, comment: Mapping[str, Any], reporter: object, instant: Instant) -> Turn:
        at = instant(at_path(comment, "created.iso8601") or at_path(comment, "created.epochMillis"))
        if at is None:
            raise Unreadable("import.date_missing")
        writer = at_path(comment, "author.accountId") or at_path(comment, "author.name")
        author = Author.CUSTOMER if writer is not None and writer == reporter else Author.AGENT
        return Turn(at, author, parse_text(comment.get("body")), comment.get("public") is not False)


class JiraTableShaper(Shaper):
    """A table of Jira: each comment stands in a column of its own as `date;author;text`."""

    def finish(self, values: Values, instant: Instant) -> Values:
        """Returns the row with its comments as turns; one without date and author is passed over."""
        turns: list[Turn] = []
        for cell in values.get("conversation") or ():
            moment, _, rest = str(cell).partition(";")
            writer, separator, text = rest.partition(";")
            if not separator:
                continue
            try:
                at = instant(moment.strip())
            except Unreadable as error:
                error.field = "comment"
                raise
            if at is not None:
                is_customer = writer.strip() == str(values.get("requester", "")).strip()
                turns.append(Turn(at, Author.CUSTOMER if is_customer else Author.AGENT, parse_text(text)))
        return {**values, "conversation": turns}


class AnswerShaper(Shaper):
    """Answers to surveys and posts of others: an id is made where the source gives none."""

    def __init__(self, mapping: MappingFile) -> None:
        super().__init__(mapping)
        scores = [name for name in ("recommendation", "satisfaction") if name in mapping.fields]
        self.needed = ("created_at", *(scores if mapping.shape is Shape.SCORE else ()))

    def finish(self, values: Values, instant: Instant) -> Values:
        """Returns the fields with an id; an answer to a recommendation question is tagged, since it is no satisfaction."""
        made = dict(values)
        if not str(made.get("external_id") or "").strip():
            whole = repr(sorted((name, str(value)) for name, value in made.items()))
            made["external_id"] = hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:24]
        if "recommendation" in made:
            score = take({"score": made.pop("recommendation")}, "score", parse_whole, 0, 10)
            if score is not None:
                group = "promoter" if score >= 9 else "passive" if score >= 7 else "detractor"
                tags = made.get("tags") or []
                made["tags"] = [*(tags if isinstance(tags, list) else [tags]), f"nps:{score}", group]
                if group == "detractor" and made.get("text"):
                    made["is_complaint"] = "true"
        return made


def shaper_of(mapping: MappingFile) -> Shaper:
    """Returns a new shaper for one reading."""
    return {
        Shape.ZENDESK: ZendeskShaper,
        Shape.JIRA_SERVICE: JiraServiceShaper,
        Shape.JIRA_TABLE: JiraTableShaper,
        Shape.SCORE: AnswerShaper,
        Shape.LISTENING: AnswerShaper,
    }.get(mapping.shape, Shaper)(mapping)


def _inside(value: object) -> list[dict[str, Any]]:
    """Returns the objects of a list, or of the `values` of a page."""
    found = value.get("values") if isinstance(value, Mapping) else value
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
