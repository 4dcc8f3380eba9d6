"""Owns choosing the reader for a file by its name and its first lines. It reads nothing itself."""

from pathlib import PurePosixPath

from app.core.errors import Invalid
from app.standards.importing import (
    MARKDOWN_ENDINGS,
    WORD_ENDINGS,
    ImportedText,
    decode,
    is_own_format,
    read_markdown,
)
from app.standards.word import read_word


def read_file(name: str, data: bytes) -> ImportedText:
    """Returns the text of a Markdown, plain text or Word file, chosen by the ending of its name.

    Raises Invalid `import.unknown_kind` for another ending, and what the readers raise.
    """
    ending = _ending(name)
    if ending in MARKDOWN_ENDINGS:
        return read_markdown(name, data)
    if ending in WORD_ENDINGS:
        return read_word(name, data)
    raise Invalid.of("file", "import.unknown_kind", value=ending[:20])


def own_text(name: str, data: bytes) -> str | None:
    """Returns the text when the file is a standard in our own format (`document.py`), ready to be parsed; else None."""
    if _ending(name) not in MARKDOWN_ENDINGS:
        return None
    text, _ = decode(data)
    return text if is_own_format(text) else None


def _ending(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).suffix.lower()
