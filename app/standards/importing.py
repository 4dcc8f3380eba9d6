"""Owns reading files that others wrote into a text with chapters and clauses: bytes, encoding, language, Markdown.

It reads no Word files (`word.py`), gives no ids (`identity.py`) and stores nothing (`library.py`).
"""

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from app.core.errors import FieldError, Invalid, Reason, TooLarge
from app.core.markup import render
from app.core.text import clean_text, one_line
from app.standards import grammar
from app.standards.frontmatter import LIMIT_TITLE_BYTES
from app.standards.structure import Found, Structure, find_structure
from app.standards.yaml_strings import load_strings

LIMIT_FILE_BYTES = grammar.LIMIT_TEXT_BYTES
LEAST_SHARE_OF_HAN = 0.15
"""Of all letters; a Chinese text full of English names still has more, an English one with a few names less."""
MARKDOWN_ENDINGS = (".md", ".markdown", ".txt")
WORD_ENDINGS = (".docx", ".docm")
FENCES = ("---", "+++")
"""What another program's head stands between: the first in YAML, the second in TOML."""

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]")
_LATIN = re.compile("[A-Za-z]")
_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd]")


@dataclass(frozen=True)
class ImportedText:
    """A text as it was read, before its clauses have ids. `warnings` tell what a person should look at again."""

    title: str
    language: str
    preamble: str
    blocks: tuple[Found, ...]
    warnings: tuple[Reason, ...] = ()

    @property
    def clause_count(self) -> int:
        """How many clauses were found."""
        return sum(1 for block in self.blocks if block.is_clause)


def read_markdown(name: str, data: bytes) -> ImportedText:
    """Returns the text of a Markdown or plain text file; `name` gives the title where the text has none.

    Raises TooLarge beyond 512 KB; Invalid with the line for bytes that are no text, for characters that are refused
    (`core/text.py`) and for what cannot be rendered (`core/markup.py`).
    """
    if len(data) > LIMIT_FILE_BYTES:
        raise TooLarge("import.too_large", limit_bytes=LIMIT_FILE_BYTES)
    text, warnings = decode(data)
    return read_text(name, text, warnings)


def read_text(name: str, text: str, warnings: tuple[Reason, ...] = ()) -> ImportedText:
    """Returns the imported text of Markdown that is already decoded."""
    cleaned = clean_text(text, LIMIT_FILE_BYTES)
    head_title, body, head_warnings = _without_foreign_head(cleaned)
    structure = find_structure(body)
    title = structure.title or head_title or one_line(PurePosixPath(name.replace("\\", "/")).stem)
    if not title:
        raise Invalid.of("title", "document.missing", name="title")
    title = title.encode()[:LIMIT_TITLE_BYTES].decode(errors="ignore")
    blocks = tuple(_checked(replace(block, heading=block.heading or title)) for block in structure.blocks)
    if not any(block.is_clause for block in blocks):
        raise Invalid.of("text", "import.no_clause")
    render(structure.preamble)
    return ImportedText(
        title,
        language_of(cleaned),
        structure.preamble,
        blocks,
        (*warnings, *head_warnings, *_warnings(structure)),
    )


def decode(data: bytes) -> tuple[str, tuple[Reason, ...]]:
    """Returns the text of bytes in UTF-8 (with or without mark), UTF-16 with mark or GB18030, with a warning to
    check it in the last case, where the encoding is only a good guess.

    Raises Invalid `import.not_text` with the line of the first byte that fits no encoding.
    """
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError as error:
                raise _no_text(data, len(mark) + error.start) from error
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise _no_text(data, error.start) from error
        if _PRIVATE.search(text) or not _HAN.search(text):
            raise _no_text(data, error.start) from error
        return text, (Reason("import.encoding", {"encoding": "GB18030"}),)


def language_of(text: str) -> str:
    """Returns `zh` when at least 15 of 100 letters are Han characters, else `en`."""
    han = sum(1 for _ in _HAN.finditer(text))
    letters = han + sum(1 for _ in _LATIN.finditer(text))
    return "zh" if letters and han / letters >= LEAST_SHARE_OF_HAN else "en"


def is_own_format(text: str) -> bool:
    """States that a text is a file of a standard (`document.py`), which needs no import: its head has a code."""
    head = _head_of(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    return head is not None and re.search(r"(?m)^code[ \t]*:", head) is not None


def _no_text(data: bytes, at: int) -> Invalid:
    line = data.count(b"\n", 0, at) + 1
    return Invalid([FieldError("file", Reason("import.not_text"), line)])


def _head_of(text: str) -> str | None:
    """Returns what stands between the first two lines of `---`, or of `+++`, when the text begins with one."""
    lines = text.split("\n")
    fence = lines[0].rstrip()
    if fence not in FENCES:
        return None
    ends = [index for index, line in enumerate(lines[1:], 1) if line.rstrip() in (fence, "...")]
    return "\n".join(lines[1 : ends[0]]) if ends else None


def _without_foreign_head(text: str) -> tuple[str, str, tuple[Reason, ...]]:
    """Returns title, text and warnings: another program's head is left out, but for its title."""
    head = _head_of(text)
    is_toml = text.startswith("+++")
    if head is None or ("=" if is_toml else ":") not in head:
        return "", text, ()
    rest = text.split("\n", head.count("\n") + 3)[-1]
    try:
        title = _title_in_toml(head) if is_toml else _title_in_yaml(head)
    except (Invalid, ValueError, RecursionError):  # a head we cannot read is as foreign as one we can
        title = ""
    return title, rest, (Reason("import.foreign_head"),)


def _title_in_yaml(head: str) -> str:
    node = load_strings(f"{head}\n").get("title")
    return one_line(node.value) if node and isinstance(node.value, str) else ""


def _title_in_toml(head: str) -> str:
    found = tomllib.loads(head).get("title")
    return one_line(found) if isinstance(found, str) else ""


def _checked(block: Found) -> Found:
    """Returns the block if its text can be rendered; Invalid names its heading's text otherwise."""
    try:
        render(block.body)
    except Invalid as error:
        raise Invalid(replace(fault, field=block.heading[:60]) for fault in error.errors) from error
    return block


def _warnings(structure: Structure) -> tuple[Reason, ...]:
    return (Reason("import.open_code_block"),) if structure.has_open_code else ()
