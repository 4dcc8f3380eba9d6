"""Owns reading a folder of texts as clauses that somebody names in a table: by id, by heading, by number. Stores nothing.

The texts may be standards of the house, or anybody's Markdown, text or Word files.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from app.core.errors import FieldError, Invalid
from app.core.text import one_line
from app.standards.clause_names import names_of, plain_name
from app.standards.document import Clause, parse_document
from app.standards.files import own_text, read_file
from app.standards.identity import assign_ids, first_front
from app.standards.imports import ENDINGS
from app.standards.word import LIMIT_WORD_BYTES

_LANGUAGE = r"(?:zh|en)(?:[-_][A-Za-z]{2,4})?"
_LANGUAGE_ENDS = re.compile(rf"(?i)(?:^|[._-]){_LANGUAGE}$")
_ABOUT_THE_FOLDER = frozenset({"readme", "license", "licence", "notice", "changelog", "contributing"})
_GIVEN_ID = re.compile(r"(?m)^#{1,6}[ \t]+(.{1,300}?)[ \t]*\{#([^\s{}]{1,60})[^{}\n]{0,200}\}[ \t]*#*[ \t]*$")


@dataclass
class FolderClause:
    """A clause of a folder: `key` is `cs-04/c07`, the languages of one standard stand together.

    `names` are the other names by which a table may mean it, in the form of `plain_name`.
    """

    key: str
    chapter: str = ""
    heading: str = ""
    body: str = ""
    names: set[str] = field(default_factory=set)


class UnreadableText(Invalid):
    """A text of the folder cannot be read; `file` names it."""

    def __init__(self, file: str, errors: list[FieldError]) -> None:
        super().__init__(errors)
        self.file = file


def clauses_of(path: Path) -> list[FolderClause]:
    """Returns the clauses of all texts of a folder, or of one text; empty where there is none.

    The code of a standard is what its head says, else the name of its file, or of the folder that holds its
    languages (`returns/zh.md`, `returns/en.md`; `returns.zh.md`). Its ids are those given in its headings (`{#c07}`),
    else c01, c02, … in order. Raises UnreadableText.
    """
    root = path if path.is_dir() else path.parent
    files = sorted(p for p in path.rglob("*") if _is_text(p, root)) if path.is_dir() else [path]
    files = [one for one in files if one.stem.lower() not in _ABOUT_THE_FOLDER] or files
    codes = _codes(files, root)
    found: dict[str, FolderClause] = {}
    for file in files:
        for code, clause in _read(file, codes[file]):
            key = f"{code}/{clause.id}"
            here = found.setdefault(key, FolderClause(key))
            here.heading = "\n".join(one for one in (here.heading, clause.heading) if one)
            here.body = "\n".join(one for one in (here.body, clause.body) if one)
            here.chapter = "\n".join(one for one in (here.chapter, clause.chapter) if one)
            here.names |= names_of((code, codes[file], *_places(file, root)), clause.id, clause.heading)
    return list(found.values())


@dataclass(frozen=True)
class _Read:
    id: str
    chapter: str
    heading: str
    body: str


def _is_text(path: Path, root: Path) -> bool:
    hidden = any(part.startswith((".", "__")) for part in path.relative_to(root).parts)
    return path.is_file() and path.suffix.lower() in ENDINGS and not hidden


def _codes(files: list[Path], root: Path) -> dict[Path, str]:
    """Returns the code of each text: short where that is clear, with its folders where two texts would share it."""
    short, long = {}, {}
    for file in files:
        inside = file.relative_to(root).with_suffix("")
        stem = _LANGUAGE_ENDS.sub("", inside.name)
        long[file] = (inside.parent / stem if stem else inside.parent).as_posix().lower()
        long[file] = root.name.lower() if long[file] in ("", ".") else long[file]
        short[file] = long[file].rpartition("/")[2]
    meant: dict[str, set[str]] = {}
    for file in files:
        meant.setdefault(short[file], set()).add(long[file])
    return {file: short[file] if len(meant[short[file]]) == 1 else long[file] for file in files}


def _places(file: Path, root: Path) -> tuple[str, ...]:
    inside = file.relative_to(root)
    return file.stem, file.name, inside.as_posix(), inside.with_suffix("").as_posix()


def _read(file: Path, code: str) -> list[tuple[str, _Read]]:
    try:
        with file.open("rb") as stream:
            data = stream.read(LIMIT_WORD_BYTES + 1)
        own = own_text(file.name, data)
        if own is not None:
            try:
                document = parse_document(own)
            except Invalid:
                if not _GIVEN_ID.search(own):
                    raise
            else:
                title = document.front.title
                return [(document.front.code, _of(clause, title)) for clause in document.clauses]
        imported = read_file(file.name, data)
        document = assign_ids(imported, None, front=first_front(imported, "doc-01"))
    except Invalid as error:
        if [one.key for one in error.reasons] == ["import.no_clause"]:
            return []  # nothing but headings stands in it
        raise UnreadableText(file.name, list(error.errors)) from error
    given = _given_ids(data)
    taken = set(given.values())
    made: list[tuple[str, _Read]] = []
    for clause in document.clauses:
        in_order = f"{clause.id}-{len(made) + 1}" if clause.id in taken else clause.id
        name = given.get(plain_name(clause.heading), in_order)
        made.append((code, _of(clause, document.front.title, name)))
    return made


def _of(clause: Clause, chapter: str, name: str = "") -> _Read:
    return _Read(name or clause.id, chapter, clause.heading, clause.body)


def _given_ids(data: bytes) -> dict[str, str]:
    """Returns `{heading: id}` of the ids that headings carry; a heading that stands twice with two ids gives none."""
    found: dict[str, set[str]] = {}
    for heading, name in _GIVEN_ID.findall(data.decode("utf-8", "replace")):
        found.setdefault(plain_name(one_line(heading)), set()).add(name.lower())
    return {heading: ids.pop() for heading, ids in found.items() if len(ids) == 1}
