"""Owns what laws oblige a changed text to: rule packs as data files, called up by the tags of its clauses. Writes nothing.

A pack is a file of `standards_repo/starter/rules`; its form stands in `standards_repo/README.md`.
"""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.web.language import pick

FOLDER = Path(__file__).resolve().parents[2] / "standards_repo" / "starter" / "rules"
LIMIT_NOTICE_DAYS = 365
_packs: list["Pack"] = []


@dataclass(frozen=True)
class Retention:
    """How long something is kept. `least_days` is None where the law names no number."""

    least_days: int | None
    zh: str
    en: str

    @property
    def words(self) -> str:
        """Returns the rule in the reader's language."""
        return pick(self.zh, self.en)


@dataclass(frozen=True)
class Obligation:
    """One duty of a law. `questions` are checklist items; `notice_days` lie at least between publishing and effect."""

    key: str
    law_zh: str
    law_en: str
    articles: str
    duty_zh: str
    duty_en: str
    tags: frozenset[str]
    questions: tuple[Mapping[str, Any], ...]
    notice_days: int | None
    retention: Retention | None

    @property
    def law(self) -> str:
        """Returns the law in the reader's language."""
        return pick(self.law_zh, self.law_en)

    @property
    def duty(self) -> str:
        """Returns the duty in the reader's language."""
        return pick(self.duty_zh, self.duty_en)


@dataclass(frozen=True)
class Pack:
    """One law with its obligations, and since when it is in force in this wording."""

    key: str
    law_zh: str
    law_en: str
    in_force: dt.date
    obligations: tuple[Obligation, ...]

    @property
    def law(self) -> str:
        """Returns the law in the reader's language."""
        return pick(self.law_zh, self.law_en)


def packs() -> tuple[Pack, ...]:
    """Returns all rule packs by key, read once a process. Raises ValueError as `read_packs`."""
    if not _packs:
        _packs.extend(read_packs(FOLDER))
    return tuple(_packs)


def read_packs(folder: Path) -> list[Pack]:
    """Returns the packs of a folder by file name. Raises ValueError naming the file, and the obligation, that is wrong."""
    made, seen = [], set[str]()
    for path in sorted(folder.glob("*.json")):
        try:
            pack = _pack(json.loads(path.read_text("utf-8")))
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"{path.name}: {error}") from error
        for named in [f"obligation {o.key}" for o in pack.obligations] + [
            f"question {q['key']}" for o in pack.obligations for q in o.questions
        ]:
            if named in seen:
                raise ValueError(f"{path.name}: the {named} stands twice")
            seen.add(named)
        made.append(pack)
    return made


def obligations_for(tags: Iterable[str]) -> list[Obligation]:
    """Returns the obligations that clauses with these tags call up, in the order of the packs."""
    wanted = set(tags)
    return [o for pack in packs() for o in pack.obligations if o.tags & wanted]


def questions() -> list[dict[str, Any]]:
    """Returns the questions of all packs as checklist items: the tags are those of their obligation."""
    return [
        {**question, "tags": sorted(o.tags), "retention": o.retention}
        for pack in packs()
        for o in pack.obligations
        for question in o.questions
    ]


def _pack(data: Mapping[str, Any]) -> Pack:
    law_zh, law_en = _text(data, "law_zh"), _text(data, "law_en")
    rows = tuple(_obligation(row, law_zh, law_en) for row in data["obligations"])
    return Pack(_text(data, "key"), law_zh, law_en, dt.date.fromisoformat(data["in_force"]), rows)


def _obligation(row: Mapping[str, Any], law_zh: str, law_en: str) -> Obligation:
    key, days, kept = _text(row, "key"), row["notice_days"], row["retention"]
    if days is not None and not (type(days) is int and 0 < days <= LIMIT_NOTICE_DAYS):
        raise ValueError(f"{key}: notice_days is {days!r}, a number from 1 to {LIMIT_NOTICE_DAYS} or null")
    if not row["tags"] or not all(isinstance(tag, str) and tag for tag in row["tags"]):
        raise ValueError(f"{key}: tags name at least one tag")
    for question in row["questions"]:
        for name in ("key", "zh", "en", "why_zh", "why_en"):
            _text(question, name)
    retention = Retention(kept["least_days"], _text(kept, "zh"), _text(kept, "en")) if kept else None
    return Obligation(
        key, law_zh, law_en, _text(row, "articles"), _text(row, "duty_zh"), _text(row, "duty_en"),
        frozenset(row["tags"]), tuple(row["questions"]), days, retention,
    )  # fmt: skip


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row[name]
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is a text that says something")
    return value
