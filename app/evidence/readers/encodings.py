"""Owns how the bytes of a foreign file are recognised: which encoding, and whether a line never ends. Reads no values.

Everything is looked at in blocks before the first row is read, so a file that cannot be read as a whole is
refused before anything of it was taken, and a line of gigabytes costs no more memory than a short one.
"""

import codecs
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from app.evidence.readers.files import Part
from app.evidence.tickets import RefusedRow

BLOCK_BYTES = 1024 * 1024
LONGEST_LINE_BYTES = 8 * BLOCK_BYTES
_ENOUGH_LINES = 20_000  # non-ASCII lines after which the encoding is certain
_DAMAGED = (zipfile.BadZipFile, EOFError, NotImplementedError)
_FOREIGN_SHARE = 0.25  # of the characters beyond ASCII: more broken ones than this and the text is no UTF-8


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a table are read. `sure` is False when it was concluded and a person should look at a sample."""

    name: str  # Python's name of the codec
    title: str  # what people call it
    sure: bool = True


UTF_8 = Encoding("utf-8", "UTF-8")
UTF_8_MARKED = Encoding("utf-8-sig", "UTF-8 (BOM)")
UTF_16 = Encoding("utf-16", "UTF-16")
GB18030 = Encoding("gb18030", "GB18030", sure=False)


def detect_encoding(part: Part) -> Encoding:
    """Says how a table is written: by its mark if it has one, else UTF-8 unless most of its non-ASCII lines are not.

    A single garbled line in a UTF-8 file so stays one refused row and does not turn the whole file into mojibake, which
    GB18030 would do silently: nearly every pair of bytes is a character there.
    """
    marked = _marked(part)
    if marked is not None:
        return marked
    good = bad = 0
    for lines in _whole_lines(part):
        for line in lines.splitlines() if not lines.isascii() else ():
            if not line.isascii():
                fits = _is_utf_8(line)
                good, bad = good + fits, bad + (not fits)
        if good + bad > _ENOUGH_LINES:
            break
    return GB18030 if bad > good else UTF_8


def examine_table(part: Part) -> Encoding | RefusedRow:
    """Returns how a table is written, or why it cannot be read as a whole.

    `import.line_too_long` names the line that goes on for more than LONGEST_LINE_BYTES, as soon as it has; also
    `import.archive_broken` and, for UTF-16 that breaks, `import.bytes_unreadable`.
    """
    try:
        endless = _endless_line(part)
        if endless is not None:
            limit: dict[str, object] = {"limit": LONGEST_LINE_BYTES // BLOCK_BYTES}
            return RefusedRow(endless, "", "import.line_too_long", limit, part.name)
        encoding = detect_encoding(part)
        if encoding is UTF_16 and not _decodes(part, encoding):
            return RefusedRow(0, "", "import.bytes_unreadable", {"encoding": encoding.title}, part.name)
    except _DAMAGED:
        return RefusedRow(0, "", "import.archive_broken", {}, part.name)
    return encoding


def examine_text(part: Part) -> Encoding | RefusedRow:
    """Returns how a JSON file is written, or `import.bytes_unreadable` or `import.archive_broken` for the whole of it."""
    try:
        encoding = _marked(part) or (GB18030 if _is_foreign(part) else UTF_8)
        if _decodes(part, encoding):
            return encoding
    except _DAMAGED:
        return RefusedRow(0, "", "import.archive_broken", {}, part.name)
    return RefusedRow(0, "", "import.bytes_unreadable", {"encoding": encoding.title}, part.name)


def _blocks(part: Part) -> Iterator[bytes]:
    with part.open() as stream:
        while block := stream.read(BLOCK_BYTES):
            yield block


def _marked(part: Part) -> Encoding | None:
    with part.open() as stream:
        head = stream.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return UTF_8_MARKED
    return UTF_16 if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def _whole_lines(part: Part) -> Iterator[bytes]:
    """Yields the file in pieces that end where a line ends; a line that never ends comes in pieces of its own."""
    rest = b""
    for block in _blocks(part):
        block = rest + block
        cut = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        if not cut and len(block) < LONGEST_LINE_BYTES:
            rest = block
            continue
        cut = cut or len(block)
        yield block[:cut]
        rest = block[cut:]
    if rest:
        yield rest


def _endless_line(part: Part) -> int | None:
    """Returns the number of the first line longer than the limit; None when all end in time."""
    lines, since = 1, 0
    for block in _blocks(part):
        first = min((at for at in (block.find(b"\n"), block.find(b"\r")) if at >= 0), default=len(block))
        if since + first > LONGEST_LINE_BYTES:
            return lines
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        lines += block.count(b"\n") or block.count(b"\r")
        since = since + len(block) if last < 0 else len(block) - last - 1
    return None


def _decodes(part: Part, encoding: Encoding) -> bool:
    decoder = codecs.getincrementaldecoder(encoding.name)()
    try:
        for block in _blocks(part):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _is_foreign(part: Part) -> bool:
    """Says whether so much of the text is no UTF-8 that it was never meant to be."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    broken = beyond = 0
    for block in _blocks(part):
        text = decoder.decode(block)
        if not text.isascii():
            broken += text.count("\N{REPLACEMENT CHARACTER}")
            beyond += sum(character > "\x7f" for character in text)
        if beyond > _ENOUGH_LINES:
            break
    return beyond > 0 and broken / beyond > _FOREIGN_SHARE


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
