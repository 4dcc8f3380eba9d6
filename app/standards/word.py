"""Owns reading Word files: what a file may contain before it is opened, and its text. It keeps nothing of the form.

Every part is checked first as bytes: how many, how large, no entities. Only then does the reader see the file.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

import mammoth
from defusedxml import DefusedXmlException
from defusedxml.sax import parseString

from app.core.errors import Invalid, Reason, TooLarge
from app.core.markup import paste_clean
from app.standards.importing import ImportedText, read_text
from app.standards.word_numbers import with_numbers
from app.standards.word_outline import style_map, with_levels

LIMIT_WORD_BYTES = 20 * 1024 * 1024
LIMIT_PARTS = 1000
LIMIT_UNPACKED_BYTES = 50 * 1024 * 1024
LIMIT_RATIO = 100
LIMIT_XML_DEPTH = 200
LEAST_BYTES_FOR_RATIO = 1024 * 1024
"""A small part may pack well without being a bomb."""

MAIN_PART = re.compile(r"word/document\d{0,3}\.xml")
"""Some programs count the main part: `word/document2.xml`."""
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='标题'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='副标题'] => p:fresh
"""
_COUNTED = {"ins": "inserted", "del": "deleted", "drawing": "pictures", "pict": "pictures"}
_WARNINGS = {
    "inserted": "import.insertions_taken",
    "deleted": "import.deletions_dropped",
    "pictures": "import.pictures_dropped",
}


def read_word(name: str, data: bytes) -> ImportedText:
    """Returns the text of a .docx or .docm file; `name` gives the title where the text has none.

    Headings, lists, tables and bold are kept. Tracked insertions are taken and deletions dropped; that, macros,
    pictures and comments left out are told as warnings. Raises TooLarge beyond 20 MB; Invalid `import.zip_*` for
    more than 1,000 parts, 50 MB unpacked, a ratio above 100, names that lead elsewhere; `import.bad_xml` for entities;
    `import.not_word` for what is no Word file; and as `read_text`.
    """
    if len(data) > LIMIT_WORD_BYTES:
        raise TooLarge("import.too_large", limit_bytes=LIMIT_WORD_BYTES)
    content = _inspect(data)
    try:
        file, outline = _with_headings(data, content)
        html = mammoth.convert_to_html(
            file,
            style_map=f"{STYLES}{outline}",
            convert_image=mammoth.images.img_element(lambda image: {}),
        ).value
    except (KeyError, ValueError, AttributeError, IndexError, TypeError, RecursionError, OSError) as error:
        raise Invalid.of("file", "import.not_word") from error
    return read_text(name, paste_clean(html), tuple(_warnings(content)))


@dataclass
class _Content:
    """What the inspection counted: kinds of things in the text, and names of parts."""

    names: tuple[str, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def main(self) -> str:
        """Returns the name of the part that holds the text, empty where there is none."""
        return min((name for name in self.names if MAIN_PART.fullmatch(name)), default="")


def _inspect(data: bytes) -> _Content:
    """Checks every part within the limits, by what it really unpacks to: a size in the file may lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > LIMIT_PARTS:
                raise Invalid.of("file", "import.zip_too_many", limit=LIMIT_PARTS)
            content = _Content(tuple(part.filename for part in parts))
            left = LIMIT_UNPACKED_BYTES
            for part in parts:
                left -= _inspect_part(archive, part, left, content)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
    ) as error:
        raise Invalid.of("file", "import.not_word") from error
    if not content.main:
        raise Invalid.of("file", "import.not_word")
    return content


def _with_headings(data: bytes, content: _Content) -> tuple[io.BytesIO, str]:
    """Returns the file with the numbers that Word counts itself, and how its styles are read, by levels of the outline."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    main, styles = parts[content.main], parts.get("word/styles.xml", b"")
    told = with_levels(main)
    if "word/numbering.xml" in parts:
        told = with_numbers(told, parts["word/numbering.xml"], styles)
    if told is main:
        return io.BytesIO(data), style_map(styles)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, told if name == content.main else part)
    made.seek(0)
    return made, style_map(styles)


def _inspect_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, content: _Content) -> int:
    """Checks one part and returns how many bytes it unpacks to."""
    path = part.filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path:
        raise Invalid.of("file", "import.zip_bad_name", name=part.filename[:60])
    if part.file_size > left:
        raise Invalid.of("file", "import.zip_too_large", limit_bytes=LIMIT_UNPACKED_BYTES)
    with archive.open(part) as stream:
        unpacked = stream.read(left + 1)
    if len(unpacked) > left:
        raise Invalid.of("file", "import.zip_too_large", limit_bytes=LIMIT_UNPACKED_BYTES)
    if len(unpacked) > max(LEAST_BYTES_FOR_RATIO, LIMIT_RATIO * part.compress_size):
        raise Invalid.of("file", "import.zip_ratio", limit=LIMIT_RATIO)
    if path.endswith((".xml", ".rels")):
        _inspect_xml(unpacked, content, is_main=bool(MAIN_PART.fullmatch(path)))
    return len(unpacked)


def _inspect_xml(part: bytes, content: _Content, *, is_main: bool) -> None:
    counter = _Counter()
    try:
        parseString(part, counter, forbid_dtd=True)
    except (DefusedXmlException, SAXException) as error:
        raise Invalid.of("file", "import.bad_xml") from error
    if is_main:
        content.counts = counter.counts


class _Counter(ContentHandler):
    """Counts the things that a warning tells of, and refuses elements nested deeper than any real file."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = 0
        self.counts: dict[str, int] = {}

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        self.depth += 1
        if self.depth > LIMIT_XML_DEPTH:
            raise Invalid.of("file", "import.bad_xml")
        counted = _COUNTED.get(name.rpartition(":")[2])
        if counted:
            self.counts[counted] = self.counts.get(counted, 0) + 1

    def endElement(self, name: str) -> None:
        self.depth -= 1


def _warnings(content: _Content) -> list[Reason]:
    told = [
        Reason(_WARNINGS[kind], {"count": count})
        for kind, count in sorted(content.counts.items())
        if kind in _WARNINGS
    ]
    if any(name.lower().endswith("vbaproject.bin") for name in content.names):
        told.append(Reason("import.macros_ignored"))
    if "word/comments.xml" in content.names:
        told.append(Reason("import.comments_dropped"))
    return told
