"""Owns what a text may contain before it is stored: normal form, line ends, invisible and dangerous characters.

It does not know Markdown (`core/markup.py`) nor the format of a standard (`standards/document.py`).
"""

import re
import unicodedata

from app.core.errors import FieldError, Invalid, Reason

SCRIPTS_WRITTEN_WITH_LATIN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
"""Scripts whose writers mix in Latin letters every day; `客服A组` is no disguise."""

_ZERO_WIDTH = "\u00ad\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\u061c"
_JOINERS = "\u200c\u200d"
_TAGS = "\U000e0000-\U000e007f"
_EMOJI = "\u2190-\u2bff\u3030\u303d\ufe0f\U0001f000-\U0001faff"
_JOINING_LETTERS = "\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\ufb50-\ufdff\ufe70-\ufefc"

# Nearly every text is made of these alone, and needs nothing: letters of Chinese and Western European languages, their
# punctuation, tabs and LF. None of them is removed, refused or a mark that joins the character before it.
_PLAIN = re.compile(
    "[\t\n -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e]*"
)
_REMOVED = re.compile(f"[{_ZERO_WIDTH}]")
_STRAY_JOINER = re.compile(
    f"(?<![{_JOINING_LETTERS}{_EMOJI}])[{_JOINERS}]|[{_JOINERS}](?![{_JOINING_LETTERS}{_EMOJI}])"
)
_TAG_RUN = re.compile(f"(\U0001f3f4[{_TAGS}]+\U000e007f)|[{_TAGS}]+")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_REFUSED = re.compile(
    "(?P<bidi>[\u202a-\u202e\u2066-\u2069])"
    "|(?P<surrogate>[\ud800-\udfff])"
    "|(?P<control>[\x00-\x08\x0b-\x1f\x7f-\x9f])"
    "|(?P<noncharacter>[\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "])"
)
_SPACES = re.compile(r"\s+")


def clean_text(value: str, limit_bytes: int | None = None, *, field: str = "text") -> str:
    """Returns the text as it is stored: NFC, LF line ends, nothing invisible.

    Line separators (CR, CRLF, U+2028, U+2029) become LF. Zero-width characters are removed; a joiner (U+200C,
    U+200D) stays between emoji and between letters of Arabic, Indic and Mongolian scripts, tag characters stay
    in flags. Everything else is kept exactly. Cleaning twice changes nothing.

    Raises Invalid with the character's name and the line for a direction override (`text.bidi`, it makes a text
    read differently from what is signed), a control character other than tab and LF (`text.control`), half
    of a surrogate pair (`text.surrogate`) and a noncharacter (`text.noncharacter`); `text.too_long` beyond
    `limit_bytes` of UTF-8.
    """
    text = value if _PLAIN.fullmatch(value) else _clean(value, field)
    if limit_bytes is not None and len(text.encode()) > limit_bytes:
        raise Invalid.of(field, "text.too_long", limit_bytes=limit_bytes)
    return text


def _clean(value: str, field: str) -> str:
    text = _LINE_ENDS.sub("\n", value)
    refused = _REFUSED.search(text)
    if refused:
        line = text.count("\n", 0, refused.start()) + 1
        reason = Reason(f"text.{refused.lastgroup}", {"character": character_name(refused.group())})
        raise Invalid([FieldError(field, reason, line)])
    text = _TAG_RUN.sub(lambda run: run.group(1) or "", _REMOVED.sub("", text))
    return unicodedata.normalize("NFC", _drop_stray_joiners(text))


def one_line(value: str, limit_bytes: int | None = None, *, field: str = "text") -> str:
    """Returns the text cleaned as by `clean_text` and on one line, each run of white space as one space."""
    return clean_text(_SPACES.sub(" ", clean_text(value, field=field)).strip(), limit_bytes, field=field)


def cut(text: str, characters: int) -> str:
    """Returns a text of at most so many characters; what was cut off is an ellipsis."""
    return text if len(text) <= characters else text[: characters - 1] + "…"


def character_name(character: str) -> str:
    """Names one character for a person: `U+202E RIGHT-TO-LEFT OVERRIDE`; only the number where it has no name."""
    code = f"U+{ord(character):04X}"
    return f"{code} {unicodedata.name(character, '')}".strip()


def fold_name(value: str, *, field: str = "name") -> str:
    """Returns the form in which two user names are compared: NFKC, case folded, on one line.

    Full-width `ＡＤＭＩＮ` and `admin` are the same name. Raises Invalid `name.mixed_scripts` when letters of
    scripts that look alike stand together (Cyrillic `а` in `аdmin`), `name.empty` when nothing is left.
    """
    name = one_line(unicodedata.normalize("NFKC", one_line(value, field=field)).casefold(), field=field)
    name = unicodedata.normalize("NFKC", name)
    if not name:
        raise Invalid.of(field, "name.empty")
    scripts = {_script(character) for character in name if character.isalpha()}
    alone = scripts - SCRIPTS_WRITTEN_WITH_LATIN
    if len(alone) > 1 or (alone - {"LATIN"} and scripts - alone):
        raise Invalid.of(field, "name.mixed_scripts", scripts=", ".join(sorted(scripts)))
    return name


def _drop_stray_joiners(text: str) -> str:
    """Removes joiners without the right neighbours, again until none is left: one removal can expose the next."""
    cleaned = _STRAY_JOINER.sub("", text)
    while cleaned != text:
        text, cleaned = cleaned, _STRAY_JOINER.sub("", cleaned)
    return text


def _script(letter: str) -> str:
    """Returns the first word of the letter's Unicode name, which is its script: LATIN, CYRILLIC, CJK."""
    return unicodedata.name(letter, "UNKNOWN").split()[0].split("-")[0]
