"""Owns what reviewers are asked: the checklists, the questions and duties of the rule packs, the answers so far."""

import json
from pathlib import Path

import sqlalchemy as sa

from app.core.db import db
from app.reviews import queries, rule_packs
from app.reviews.freshness import Kind
from app.reviews.models import ChecklistAnswer
from app.standards import queries as standards
from app.standards.models import Revision

CHECKLISTS = Path(__file__).resolve().parents[2] / "standards_repo" / "starter" / "checklists.json"


_checklists: dict[str, list[dict[str, object]]] = {}


def answers(revision_id: int, step: str) -> dict[str, ChecklistAnswer]:
    """Returns the answers of a step's reviewers by checklist item."""
    rows = db.session.scalars(
        sa.select(ChecklistAnswer).where(
            ChecklistAnswer.revision_id == revision_id, ChecklistAnswer.step == step
        )
    )
    return {row.item: row for row in rows}


def checklist(kind: Kind, tags: set[str]) -> list[dict[str, object]]:
    """Returns the checklist items of a field that the tags of the changed clauses call for, in their order.

    Legal is asked the questions of the rule packs too. Each is {key, zh, en, why_zh, why_en, law, tags}; an
    item without tags is always asked, one with `is_optional` may stay without an answer.
    """
    items = _items(kind)
    return [i for i in items if not i.get("tags") or tags & set(i["tags"])]  # type: ignore[call-overload]


def checklist_keys(kind: Kind) -> frozenset[str]:
    """Returns the keys of all checklist items of a field."""
    return frozenset(str(item["key"]) for item in _items(kind))


def optional_keys(kind: Kind) -> frozenset[str]:
    """Returns the keys of the items of a field that nobody has to answer."""
    return frozenset(str(item["key"]) for item in _items(kind) if item.get("is_optional"))


def asked_items(revision: Revision, key: str) -> list[str]:
    """Returns the keys of the questions that a step is asked about the changed clauses it looks at, in order."""
    step, tagged = queries.step_of(revision, key), queries.tags_of_clauses(revision)
    changed = {d.clause_id for d in standards.clause_drafts(revision.id)}
    wanted = [tags for clause, tags in tagged.items() if clause in changed and step.looks_at(tags)]
    return [str(item["key"]) for item in checklist(step.kind, set().union(*wanted))]


def obligations(revision: Revision) -> list[rule_packs.Obligation]:
    """Returns what laws oblige the clauses to that the revision changes, by the tags of before and after."""
    tagged, changed = queries.tags_of_clauses(revision), standards.clause_ids(revision.id)
    return rule_packs.obligations_for({tag for clause in changed for tag in tagged.get(clause, ())})


def longest_notice(revision: Revision) -> rule_packs.Obligation | None:
    """Returns the duty that asks for most days between publishing and effect of this revision; None without one."""
    asking = [o for o in obligations(revision) if o.notice_days]
    return max(asking, key=lambda o: o.notice_days or 0, default=None)


def _items(kind: Kind) -> list[dict[str, object]]:
    if not _checklists:
        _checklists.update(json.loads(CHECKLISTS.read_text("utf-8")))
    items = _checklists.get(kind.value, [])
    return items + rule_packs.questions() if kind is Kind.LEGAL else items
