"""Owns how a mapping that is kept as data is read and checked: which columns or paths are which field. Reads no export."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FOLDER = Path(__file__).parents[1] / "mappings"
NEEDED = ("external_id", "created_at")
FIELDS = frozenset(
    "external_id created_at updated_at first_reply_at resolved_at closed_at reopened_at first_reply_minutes resolution_minutes"
    " first_reply_working_minutes resolution_working_minutes channel region customer_group product category priority"
    " complexity status subject text conversation tags agent team reopened satisfaction is_complaint deleted requester recommendation".split()
)
TAG_MARKS = "|;,\uff0c\uff1b\u3001\uff5c"  # between tags in one cell
REPEATED = frozenset(("tags", "conversation"))


class Shape(StrEnum):
    """How an item of the file becomes plain fields before the mapping is applied."""

    PLAIN = "plain"
    ZENDESK = "zendesk"  # comments, satisfaction and metrics joined by the ticket's id
    JIRA_TABLE = "jira_table"  # comments as "date;author;text" in repeated columns
    JIRA_SERVICE = (
        "jira_service"  # values of request fields, service levels, comments, joined by the request's id
    )
    SCORE = "score"  # an answer to a survey
    LISTENING = "listening"  # a post somebody wrote about us


@dataclass(frozen=True)
class MappingFile:
    """One mapping as data. `fields` are the columns or paths that may hold a field, the first that is there counts.

    `codes` translate a source's values, in lower case; `dates` are the forms of its times beside ISO 8601, as
    `strptime` knows them, `epoch` and `epoch_ms` for numbers; `tag_marks` stand between tags in one cell.
    `zone` is where times without an offset are local, None for the organisation's own. `tried` tells whether
    it was compared with a live export or with the documentation only; `dated` is the day of that, and `notes`
    say to the reader what was found nowhere.
    """

    name: str
    title: str
    title_zh: str
    reads: str
    reads_zh: str
    document: str
    url: str
    dated: date
    tried: bool
    fields: Mapping[str, tuple[str, ...]]
    shape: Shape = Shape.PLAIN
    lists: tuple[str, ...] = ()
    unwrap: tuple[str, ...] = ()
    zone: str | None = None
    dates: tuple[str, ...] = ()
    codes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    solved: frozenset[str] = frozenset()
    deleted: frozenset[str] = frozenset()
    channel: str | None = None
    complaint_at_most: int | None = None
    tag_marks: str = TAG_MARKS
    notes: str = ""
    notes_zh: str = ""

    def zone_of(self, own: tzinfo) -> tzinfo:
        """Returns where a time without an offset is local."""
        if self.zone is None:
            return own
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)


def load(data: Mapping[str, Any]) -> MappingFile:
    """Returns the mapping that an object of JSON describes. Raises ValueError, naming what is wrong with it."""
    try:
        fields = {name: _words(words) for name, words in data["fields"].items()}
        made = MappingFile(
            name=data["name"],
            title=data["title"]["en"],
            title_zh=data["title"]["zh"],
            reads=data["reads"]["en"],
            reads_zh=data["reads"]["zh"],
            document=data["document"]["title"],
            url=data["document"]["url"],
            dated=datetime.strptime(data["document"]["dated"], "%Y-%m-%d").replace(tzinfo=UTC).date(),
            tried=data["tried_on_live_export"],
            fields=fields,
            shape=Shape(data.get("shape", "plain")),
            lists=_words(data.get("lists", ())),
            unwrap=_words(data.get("unwrap", ())),
            zone=data.get("zone"),
            dates=_words(data.get("dates", ())),
            codes={
                name: {str(code).casefold(): value for code, value in table.items()}
                for name, table in data.get("codes", {}).items()
            },
            solved=frozenset(data.get("solved", ())),
            deleted=frozenset(data.get("deleted", ())),
            channel=data.get("channel"),
            complaint_at_most=data.get("complaint_at_most"),
            tag_marks=data.get("tag_marks", TAG_MARKS),
            notes=data.get("notes", {}).get("en", ""),
            notes_zh=data.get("notes", {}).get("zh", ""),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a mapping lacks {error}") from error
    unknown = (set(fields) | set(made.codes)) - FIELDS
    if unknown or not set(NEEDED) <= set(fields):
        raise ValueError(f"the mapping {made.name} has unknown or too few fields: {sorted(unknown)}")
    return made


def shipped() -> tuple[MappingFile, ...]:
    """Returns the mappings that come with the house, by name."""
    return tuple(load(json.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.json")))


def _words(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
