"""Checks that the checks of `./dev lint` find the faults they are there for, each planted in a small tree."""

import subprocess
from pathlib import Path

import pytest

from tools import catalogues, links

PAGE = (
    '<h1>{{ _("Changes") }}</h1>{% trans n=count %}{{ n }} clause{% pluralize %}{{ n }} clauses{% endtrans %}'
)
VIEW = 'from flask_babel import gettext as _\n\n\ndef view(name):\n    return _("Saved by %(name)s", name=name)\n'
CHINESE = """
msgid "Changes"
msgstr "改动"

msgid "%(n)s clause"
msgid_plural "%(n)s clauses"
msgstr[0] "%(n)s 个条款"

msgid "Saved by %(name)s"
msgstr "由%(name)s保存"
"""
HEAD = 'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def room(app: Path, name: str, chinese: str = CHINESE) -> Path:
    made = app / name
    (made / "templates" / name).mkdir(parents=True)
    (made / "__init__.py").touch()
    (made / "views.py").write_text(VIEW)
    (made / "templates" / name / "page.html").write_text(PAGE)
    catalogues.catalogue_path(made).parent.mkdir(parents=True)
    catalogues.catalogue_path(made).write_text(HEAD + chinese)
    return made


def test_complete_catalogue_has_no_fault(tmp_path: Path) -> None:
    room(tmp_path, "reviews")
    assert catalogues.check(tmp_path) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (
            'msgid "Changes"\nmsgstr "改动"\n',
            "",
            '"Changes" is not in the catalogue (./dev translate reviews)',
        ),
        ("改动", "", '"Changes" has no Chinese'),
        ('msgid "Changes"', '#, fuzzy\nmsgid "Changes"', '"Changes" is marked fuzzy'),
        ("由%(name)s保存", "由%(who)s保存", "unknown named placeholder 'who'"),
        (
            'msgid "Changes"',
            'msgid "Gone"\nmsgstr "去"\n\nmsgid "Changes"',
            '"Gone" is translated but used nowhere',
        ),
        ("%(n)s 个条款", "", '"%(n)s clause" has no Chinese'),
    ],
)
def test_fault_of_a_catalogue_is_found(tmp_path: Path, before: str, after: str, found: str) -> None:
    assert before in CHINESE
    room(tmp_path, "reviews", CHINESE.replace(before, after))
    faults = catalogues.check(tmp_path)
    assert len(faults) == 1
    assert found in faults[0]


def test_one_source_with_two_translations_is_found(tmp_path: Path) -> None:
    room(tmp_path, "pilots")
    room(tmp_path, "reviews", CHINESE.replace("改动", "变更"))
    assert catalogues.check(tmp_path) == [
        '"Changes" has two translations (pilots: 改动, reviews: 变更); agree on one or use pgettext'
    ]


def test_update_keeps_translations_and_changes_nothing_the_second_time(tmp_path: Path) -> None:
    made = room(tmp_path, "reviews", CHINESE.replace('msgid "Changes"\nmsgstr "改动"\n', ""))
    assert catalogues.update(made) == (3, 1)
    once = catalogues.catalogue_path(made).read_bytes()
    assert "由%(name)s保存".encode() in once
    assert catalogues.update(made) == (3, 1)
    assert catalogues.catalogue_path(made).read_bytes() == once


def test_the_rooms_have_all_their_chinese() -> None:
    assert catalogues.check(Path(__file__).parents[2] / "app") == []


def documents(root: Path, **texts: str) -> Path:
    subprocess.run(["git", "init", "-q", root], check=True)
    for name, text in texts.items():
        (root / f"{name}.md").write_text(text)
    return root


def test_links_that_lead_somewhere_have_no_fault(tmp_path: Path) -> None:
    (tmp_path / "picture.png").touch()
    text = "[a](other.md#two-words) ![b](picture.png) [c](#here) [d](https://example.invalid/x)\n\n# Here\n"
    documents(tmp_path, README=text, other="# Two *words*\n\n```\n[not](a-link.md)\n```\n")
    assert links.broken(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[a](gone.md)", "README.md: gone.md does not exist"),
        ("![a](gone.png)", "README.md: gone.png does not exist"),
        ('<p><img src="gone.png"></p>', "README.md: gone.png does not exist"),
        ("[a](other.md#gone)", "README.md: other.md#gone names no heading"),
        ("| a |\n|---|\n| [a](gone.md) |", "README.md: gone.md does not exist"),
    ],
)
def test_link_that_leads_nowhere_is_found(tmp_path: Path, text: str, found: str) -> None:
    documents(tmp_path, README=text, other="# Here\n")
    assert links.broken(tmp_path) == [found]


def test_documents_of_the_project_lead_somewhere() -> None:
    assert links.broken(links.ROOT) == []
