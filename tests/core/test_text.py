"""What a text may contain before it is stored: kept exactly, or refused with the character named."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import text
from app.core.errors import Invalid
from app.core.text import character_name, clean_text, fold_name, one_line
from tests.samples import OWN, SHARED, present


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [
        ("退款标准", "退款标准"),
        ("cafe\u0301", "café"),
        ("a\r\nb\rc\u2028d\u2029e", "a\nb\nc\nd\ne"),
        ("退\u200b款\ufeff标\u2060准\u00ad", "退款标准"),
        ("\ufeff标题", "标题"),
        ("a\u200db", "ab"),
        ("a\u200c\u200d\u200cb", "ab"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("क्\u200dष", "क्\u200dष"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("🏴\U000e0067\U000e0062\U000e007f", "🏴\U000e0067\U000e0062\U000e007f"),
        ("ok\U000e0068\U000e0069", "ok"),
        ("tab\tand  spaces  ", "tab\tand  spaces  "),
        ("", ""),
    ],
)
def test_text_is_stored_in_one_form(given_text: str, stored: str) -> None:
    assert clean_text(given_text) == stored


def test_what_is_kept_unread_would_be_kept_when_read() -> None:
    """Each character of a plain text is stored as it is, and none of them joins the one before it."""
    plain = [c for c in map(chr, range(0x11_0000)) if text._PLAIN.fullmatch(c)]
    joining = {
        chr(int(parts[1], 16))
        for c in map(chr, range(0x11_0000))
        if len(parts := unicodedata.decomposition(c).split()) == 2 and not parts[0].startswith("<")
    }
    assert len(plain) > 20_000 and len(joining) > 50
    assert not joining & set(plain)
    assert [c for c in plain if text._clean(c, "text") != c or unicodedata.combining(c)] == []


@pytest.mark.parametrize(
    ("refused", "key", "named"),
    [
        ("ab\u202ecd", "text.bidi", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066x", "text.bidi", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("a\x00b", "text.control", "U+0000"),
        ("\x1b[31mred", "text.control", "U+001B"),
        ("\x85", "text.control", "U+0085"),
        ("\x7f", "text.control", "U+007F"),
        ("half \ud83d", "text.surrogate", "U+D83D"),
        ("\ufffe", "text.noncharacter", "U+FFFE"),
        ("\U0010ffff", "text.noncharacter", "U+10FFFF"),
    ],
)
def test_a_dangerous_character_is_refused_by_name_and_line(refused: str, key: str, named: str) -> None:
    with pytest.raises(Invalid) as caught:
        clean_text(f"first line\n{refused}", field="title")
    (error,) = caught.value.errors
    assert (error.field, error.reason.key, error.reason.params["character"], error.line) == (
        "title",
        key,
        named,
        2,
    )


def test_a_text_is_measured_in_bytes_after_cleaning() -> None:
    assert clean_text("退款\u200b", 6) == "退款"
    with pytest.raises(Invalid) as caught:
        clean_text("退款了", 8)
    assert caught.value.errors[0].reason.key == "text.too_long"
    assert caught.value.errors[0].reason.params == {"limit_bytes": 8}


def test_one_line_makes_every_run_of_white_space_one_space() -> None:
    assert one_line("  退款\u3000 标准\n第二行\t ") == "退款 标准 第二行"


def test_a_character_without_a_name_is_called_by_its_number() -> None:
    assert character_name("\x01") == "U+0001"
    assert character_name("退") == "U+9000 CJK UNIFIED IDEOGRAPH-9000"


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("ＡＤＭＩＮ", "admin"),
        ("Admin ", "admin"),
        ("Straße", "strasse"),
        ("张伟", "张伟"),
        ("客服A组", "客服a组"),
        ("たなかTanaka", "たなかtanaka"),
        ("иванов", "иванов"),
        ("o'brien-2", "o'brien-2"),
    ],
)
def test_names_that_look_the_same_fold_to_the_same(name: str, folded: str) -> None:
    assert fold_name(name) == folded


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("аdmin", "name.mixed_scripts"),
        ("admіn", "name.mixed_scripts"),
        ("αdmin", "name.mixed_scripts"),
        ("张а", "name.mixed_scripts"),
        ("", "name.empty"),
        ("\u200b \u3000", "name.empty"),
        ("a\u202eb", "text.bidi"),
    ],
)
def test_a_disguised_name_is_refused(name: str, key: str) -> None:
    with pytest.raises(Invalid) as caught:
        fold_name(name)
    assert caught.value.errors[0].reason.key == key


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except Invalid:
        return
    assert clean_text(cleaned) == cleaned
    assert one_line(one_line(cleaned)) == one_line(cleaned)


@pytest.mark.parametrize(
    "source",
    present(OWN / "naughty_strings.json", SHARED / "security" / "blns.json"),
    ids=lambda path: path.stem,
)
def test_every_naughty_string_is_kept_or_refused_by_name(source: Path) -> None:
    """Kept means: but for line ends, zero-width characters and normal form, the same characters in the same order."""
    outcomes = [_outcome(string) for string in json.loads(source.read_text("utf-8"))]
    refused = [name for _, stored, name in outcomes if stored is None]
    kept = [(string, stored) for string, stored, _ in outcomes if stored is not None]
    assert all(name.startswith("U+") for name in refused)
    for string, stored in kept:
        if stored != unicodedata.normalize("NFC", string):
            changed = set(string) - set(stored)
            assert changed <= set("\ufeff\u200b\u2028\u2029\r"), f"{string!r} lost {changed}"
    assert len(kept) > len(refused) > 0


def _outcome(string: str) -> tuple[str, str | None, str]:
    """Returns the string with what is stored of it, or with None and the name of the character refused."""
    try:
        return string, clean_text(string), ""
    except Invalid as error:
        return string, None, str(error.errors[0].reason.params["character"])
