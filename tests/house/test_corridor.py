"""The corridor: calls go left, each thing has one owner, decisions are pure, files say what they are."""

import pytest

from tests.house import rules

FILES = {str(p.relative_to(rules.APP)): p.read_text(encoding="utf-8") for p in rules.modules()}


@pytest.mark.parametrize(
    "rule",
    [rules.import_faults, rules.owner_faults, rules.purity_faults, rules.shape_faults],
    ids=lambda r: r.__name__,
)
def test_no_file_of_the_app_breaks_the_rule(rule: object) -> None:
    faults = [fault for path, source in FILES.items() for fault in rule(path, source)]  # type: ignore[operator]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("rule", "path", "source", "fault"),
    [
        (rules.import_faults, "standards/x.py", "from app.reviews import queries", "a room to its right"),
        (
            rules.import_faults,
            "reviews/x.py",
            "from app.standards.views import library",
            "a private part of standards",
        ),
        (
            rules.import_faults,
            "reviews/x.py",
            "from app.standards.queries import _parsed",
            "a private part of standards",
        ),
        (rules.import_faults, "reviews/x.py", "def f():\n    import json", "imports inside f()"),
        (rules.import_faults, "reviews/x.py", "from . import queries", "relative import"),
        (rules.import_faults, "reviews/x.py", "from app.wiring import wire", "imports the entrance"),
        (rules.import_faults, "reviews/x.py", "from app.factory import create_app", "imports the entrance"),
        (rules.owner_faults, "reviews/x.py", "import git", "Git belongs to the store"),
        (rules.owner_faults, "reviews/x.py", "from weasyprint import HTML", "WeasyPrint belongs"),
        (rules.owner_faults, "reviews/x.py", "import markdown", "Markdown belongs"),
        (
            rules.owner_faults,
            "reviews/x.py",
            "import datetime as dt\ndt.datetime.now()",
            "asks the machine for the time",
        ),
        (rules.owner_faults, "reviews/x.py", "import os\nos.environ['A']", "reads the environment"),
        (rules.owner_faults, "reviews/service.py", "revision.state = 'ready'", "writes Revision.state"),
        (
            rules.owner_faults,
            "reviews/service.py",
            "sa.update(Revision).where(x).values(state='ready')",
            "writes Revision.state",
        ),
        (rules.owner_faults, "reviews/service.py", "from flask import request", "only views know request"),
        (rules.purity_faults, "proposals/scoring.py", "import sqlalchemy", "pure decision file"),
        (rules.shape_faults, "reviews/x.py", "def f():\n    pass", "says nothing in its first line"),
        (rules.shape_faults, "reviews/x.py", '"""Owns x."""\ndef f():\n    pass', "has no docstring"),
    ],
)
def test_a_planted_fault_is_caught(rule: object, path: str, source: str, fault: str) -> None:
    found = rule(path, source)  # type: ignore[operator]
    assert any(fault in words for words in found), found
