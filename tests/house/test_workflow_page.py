"""The law of a revision as a page that a person reads when it changes: tests/house/workflow.txt."""

from pathlib import Path

import pytest

from app import wiring
from app.standards.workflow import RULES, Fact, Move, Rule, State

PAGE = Path(__file__).with_name("workflow.txt")


def page(rules: tuple[Rule, ...]) -> str:
    """Returns the whole table, a rule a line."""
    lines = ["move | from | to | who | facts"]
    for rule in rules:
        sources = ", ".join(s.value for s in rule.sources)
        who = rule.permission.value if rule.permission else "system only"
        facts = ", ".join(f.value for f in rule.facts) or "none"
        lines.append(f"{rule.move.value} | {sources} | {rule.target.value} | {who} | {facts}")
    return "\n".join(lines) + "\n"


def test_the_law_is_the_checked_in_page() -> None:
    assert page(RULES) == PAGE.read_text(encoding="utf-8"), (
        "the law changed: read the difference, then write the new page with "
        "`.venv/bin/python -m tests.house.test_workflow_page`"
    )


def test_a_changed_rule_is_caught() -> None:
    planted = (*RULES[:-1], Rule(Move.EMERGENCY, (State.IN_REVIEW,), State.SCHEDULED, None, ()))
    assert page(planted) != PAGE.read_text(encoding="utf-8")


def test_each_fact_has_the_one_function_that_proves_it() -> None:
    missing = set(Fact) - set(wiring.FACTS)
    assert not missing, f"name on app/wiring.py who proves {sorted(missing)}"


@pytest.mark.parametrize(
    "state", [s for s in State if s not in (State.ARCHIVED, State.DECLINED, State.WITHDRAWN)]
)
def test_every_state_but_the_ends_can_be_left(state: State) -> None:
    assert any(state in rule.sources for rule in RULES)


if __name__ == "__main__":
    PAGE.write_text(page(RULES), encoding="utf-8")
