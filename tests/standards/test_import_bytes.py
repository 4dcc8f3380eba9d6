"""How the bytes of a file are read: its encoding, its language, what no text holds, another program's head."""

import pytest

from app.core.errors import Invalid
from app.standards.files import read_file
from app.standards.importing import decode, language_of, read_markdown


@pytest.mark.parametrize(
    ("data", "text", "warned"),
    [
        ("退款标准".encode(), "退款标准", False),
        ("\ufeff退款标准".encode(), "退款标准", False),
        ("退款标准".encode("gb18030"), "退款标准", True),
        ("退款标准".encode("gbk"), "退款标准", True),
        ("\ufeff退款".encode("utf-16-le"), "退款", False),
        ("\ufeff退款".encode("utf-16-be"), "退款", False),
        (b"plain", "plain", False),
        (b"", "", False),
    ],
)
def test_bytes_are_read_in_the_encoding_they_have(data: bytes, text: str, warned: bool) -> None:
    found, warnings = decode(data)
    assert found == text
    assert [w.params for w in warnings] == ([{"encoding": "GB18030"}] if warned else [])


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"ok\nok\n\xff\xff\xff", 3),
        (b"caf\xe9 au lait", 1),
        (b"\xef\xbb\xbfx\n\xff", 2),
        (b"\x89PNG\r\n\x1a\n\xff", 1),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_the_line(data: bytes, line: int) -> None:
    with pytest.raises(Invalid) as caught:
        decode(data)
    assert [(e.reason.key, e.line) for e in caught.value.errors] == [("import.not_text", line)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("退款标准", "zh"),
        ("Refunds", "en"),
        ("退款 API 与 SLA 的标准说明文字", "zh"),
        ("The word 退款 means refund.", "en"),
        ("", "en"),
        ("123", "en"),
    ],
)
def test_the_language_follows_the_letters(text: str, language: str) -> None:
    assert language_of(text) == language


def test_another_programs_head_is_left_out_but_for_its_title() -> None:
    text = b"---\ntitle: Understand people\nid: 1\nlayout: play\n---\n\nText.\n\n## List\n\n- one\n"
    read = read_markdown("01.md", text)
    assert (read.title, read.clause_count) == ("Understand people", 1)
    assert [warning.key for warning in read.warnings] == ["import.foreign_head"]
    assert "layout" not in read.preamble
    toml = read_markdown(
        "01.md", '+++\ntitle = "退款"\ndate = 2020-01-01\n+++\n\n## 受理\n\n登记。\n'.encode()
    )
    assert (toml.title, toml.preamble) == ("退款", "")


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("x.md", b"", "import.no_clause"),
        ("x.md", b"# Only a title\n", "import.no_clause"),
        ("x.md", "# T\n\n## A\n\nx\u202ey".encode(), "text.bidi"),
        ("x.md", b"# T\n\n## A\n\nx\x00y", "text.control"),
        ("x.md", b"# T\n\n## A\n\n" + b"[" * 5000, "markup.too_nested"),
        ("x.md", b"# T\n\n## A\n\n" + b"> " * 30 + b"x", "markup.too_nested"),
        ("x.exe", b"MZ", "import.unknown_kind"),
        ("x", b"text", "import.unknown_kind"),
        ("x.docx", b"no zip at all", "import.not_word"),
        ("x.docx", b"", "import.not_word"),
    ],
    ids=["empty", "title", "bidi", "nul", "brackets", "quotes", "exe", "no ending", "no zip", "empty word"],
)
def test_a_file_that_cannot_be_read_says_why(name: str, data: bytes, key: str) -> None:
    with pytest.raises(Invalid) as caught:
        read_file(name, data)
    assert caught.value.errors[0].reason.key == key
