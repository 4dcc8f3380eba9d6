"""Word files: form kept, tracked changes settled and told, hostile files refused before they are opened."""

import base64
import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from app.core.errors import Invalid, TooLarge
from app.standards.document import write_document
from app.standards.identity import assign_ids, first_front
from app.standards.word import read_word


def word_file(write: Callable[[docx.document.Document], None]) -> bytes:
    """Returns the bytes of a .docx that `write` filled."""
    document = docx.Document()
    write(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def rules(document: docx.document.Document) -> None:
    """Writes a small set of rules the way people do: title, headings, bullets, numbers, a table."""
    document.add_heading("投诉处理办法", 0)
    document.add_paragraph("适用于全部渠道。")
    document.add_heading("受理", 1)
    document.add_heading("首次答复", 2)
    paragraph = document.add_paragraph("客服在")
    paragraph.add_run("10 分钟").bold = True
    paragraph.add_run("内答复 *不含* 节假日。")
    document.add_paragraph("说明编号", style="List Bullet")
    document.add_paragraph("说明时间", style="List Bullet")
    table = document.add_table(2, 2)
    for index, text in enumerate(["渠道", "分钟", "在线", "10"]):
        table.cell(index // 2, index % 2).text = text
    document.add_heading("升级", 2)
    document.add_paragraph("超时升级。", style="List Number")


def test_a_word_file_keeps_headings_lists_tables_and_bold() -> None:
    read = read_word("办法.docx", word_file(rules))
    assert (read.title, read.language, read.preamble, read.warnings) == (
        "投诉处理办法",
        "zh",
        "适用于全部渠道。",
        (),
    )
    assert [(block.heading, block.is_clause) for block in read.blocks] == [
        ("受理", False),
        ("首次答复", True),
        ("升级", True),
    ]
    assert read.blocks[1].body == (
        "客服在**10 分钟**内答复 \\*不含\\* 节假日。\n\n- 说明编号\n- 说明时间\n\n"
        "| 渠道 | 分钟 |\n| --- | --- |\n| 在线 | 10 |"
    )
    assert read.blocks[2].body == "1. 超时升级。"


def test_a_word_file_twice_gives_the_same_bytes() -> None:
    data = word_file(rules)
    read = read_word("办法.docx", data)
    first = assign_ids(read, None, front=first_front(read, "im-01"))
    assert write_document(assign_ids(read_word("办法.docx", data), first)) == write_document(first)


def test_articles_in_a_word_file_are_clauses() -> None:
    def write(document: docx.document.Document) -> None:
        for line in (
            "服务办法",
            "第一章　总则",
            "第一条　为规范服务，制定本办法。",
            "第二条　适用于客服。",
            "第三条　自发布之日起施行。",
        ):
            document.add_paragraph(line)

    read = read_word("x.docx", word_file(write))
    assert read.title == "服务办法"
    assert [block.heading for block in read.blocks] == ["第一章 总则", "第一条", "第二条", "第三条"]


def rewritten(data: bytes, changes: dict[str, Callable[[bytes], bytes]], added: dict[str, bytes]) -> bytes:
    """Returns the zip with parts changed and added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, bytes)(old.read(name)))
        for name, content in added.items():
            new.writestr(name, content)
    return stream.getvalue()


PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
INSERTED = '<w:ins w:id="1" w:author="a"><w:r><w:t>新增文字</w:t></w:r></w:ins>'
DELETED = '<w:del w:id="2" w:author="a"><w:r><w:delText>删除文字</w:delText></w:r></w:del>'


def test_tracked_changes_and_macros_are_settled_and_told() -> None:
    def track(part: bytes) -> bytes:
        return part.replace(
            "超时升级。</w:t></w:r>".encode(), f"超时升级。</w:t></w:r>{INSERTED}{DELETED}".encode()
        )

    data = rewritten(
        word_file(rules),
        {"word/document.xml": track},
        {"word/vbaProject.bin": b"x", "word/comments.xml": b"<c/>"},
    )
    read = read_word("x.docm", data)
    body = read.blocks[-1].body
    assert "新增文字" in body
    assert "删除文字" not in body
    assert [(warning.key, warning.params) for warning in read.warnings] == [
        ("import.deletions_dropped", {"count": 1}),
        ("import.insertions_taken", {"count": 1}),
        ("import.macros_ignored", {}),
        ("import.comments_dropped", {}),
    ]


def test_pictures_are_left_out_and_counted() -> None:
    def illustrate(document: docx.document.Document) -> None:
        rules(document)
        for _ in range(2):
            document.add_paragraph("见图。").add_run().add_picture(io.BytesIO(PIXEL))

    read = read_word("x.docx", word_file(illustrate))
    assert [(w.key, w.params) for w in read.warnings] == [("import.pictures_dropped", {"count": 2})]
    assert "见图。" in read.blocks[-1].body


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    ("changes", "added", "key"),
    [
        ({}, {f"word/x{number}.bin": b"" for number in range(1000)}, "import.zip_too_many"),
        ({}, {"word/zeros.bin": bytes(51 * 1024 * 1024)}, "import.zip_too_large"),
        ({}, {"word/zeros.bin": bytes(5 * 1024 * 1024)}, "import.zip_ratio"),
        ({}, {"../evil.xml": b"<x/>"}, "import.zip_bad_name"),
        ({}, {"/etc/x": b""}, "import.zip_bad_name"),
        ({}, {"C:\\x": b""}, "import.zip_bad_name"),
        ({}, {"word/a\\..\\..\\x": b""}, "import.zip_bad_name"),
        ({}, {"word/x.xml": ENTITY}, "import.bad_xml"),
        ({"word/document.xml": lambda _: ENTITY}, {}, "import.bad_xml"),
        ({"word/document.xml": lambda _: LAUGHS}, {}, "import.bad_xml"),
        ({"word/document.xml": lambda _: b"<a>" * 300 + b"</a>" * 300}, {}, "import.bad_xml"),
        ({"word/document.xml": lambda _: b"<a><b></a>"}, {}, "import.bad_xml"),
        ({"word/document.xml": lambda _: b"<x/>"}, {}, "import.not_word"),
        ({"[Content_Types].xml": lambda _: ENTITY}, {}, "import.bad_xml"),
    ],
    ids=[
        "many",
        "huge",
        "bomb",
        "up",
        "absolute",
        "drive",
        "backslash",
        "entity",
        "entity in text",
        "laughs",
        "deep",
        "broken",
        "other",
        "types",
    ],
)
def test_a_hostile_word_file_is_refused(
    changes: dict[str, Callable[[bytes], bytes]], added: dict[str, bytes], key: str
) -> None:
    with pytest.raises(Invalid) as caught:
        read_word("x.docx", rewritten(word_file(rules), changes, added))
    assert caught.value.errors[0].reason.key == key


def test_a_size_that_lies_is_found_out() -> None:
    """The central directory says 10 bytes; unpacking gives 60 MB."""
    data = bytearray(rewritten(word_file(rules), {}, {"word/zeros.bin": bytes(60 * 1024 * 1024)}))
    size = (60 * 1024 * 1024).to_bytes(4, "little")
    while (at := bytes(data).find(size)) >= 0:
        data[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Invalid) as caught:
        read_word("x.docx", bytes(data))
    assert caught.value.errors[0].reason.key in (
        "import.not_word",
        "import.zip_too_large",
        "import.zip_ratio",
    )


def test_a_word_file_beyond_the_limit_is_too_large() -> None:
    with pytest.raises(TooLarge):
        read_word("x.docx", bytes(20 * 1024 * 1024 + 1))


def test_a_spreadsheet_in_a_zip_is_no_word_file() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(Invalid) as caught:
        read_word("x.docx", stream.getvalue())
    assert caught.value.errors[0].reason.key == "import.not_word"


def counted(*levels: tuple[str, str]) -> Callable[[docx.document.Document, str, int], None]:
    """Returns what adds a paragraph that Word counts: `levels` are (form, text) as Word keeps them."""
    made = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlRestart w:val="{0 if "条" in text else place}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for place, (form, text) in enumerate(levels)
    )

    def add(document: docx.document.Document, words: str, level: int) -> None:
        numbering = document.part.numbering_part.element
        if not numbering.xpath("w:num[@w:numId='77']"):
            numbering.insert(
                0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{made}</w:abstractNum>')
            )
            numbering.append(
                parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>')
            )
        about = parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        document.add_paragraph(words)._p.get_or_add_pPr().append(about)

    return add


def test_numbers_that_word_counts_itself_are_read() -> None:
    """In such a file `第一条` stands nowhere in the text."""
    article = counted(("chineseCounting", "第%1章"), ("chineseCounting", "第%2条"))

    def law(document: docx.document.Document) -> None:
        document.add_heading("服务办法", 0)
        for words, level in (
            ("总则", 0),
            ("制定本办法。", 1),
            ("适用于客服。", 1),
            ("答复", 0),
            ("24 小时内答复。", 1),
        ):
            article(document, words, level)

    assert [(b.heading, b.body) for b in read_word("x.docx", word_file(law)).blocks] == [
        ("第一章 总则", ""),
        ("第一条", "制定本办法。"),
        ("第二条", "适用于客服。"),
        ("第二章 答复", ""),
        ("第三条", "24 小时内答复。"),
    ]
    section = counted(("decimal", "%1"), ("decimal", "%1.%2"))

    def policy(document: docx.document.Document) -> None:
        document.add_heading("制度", 0)
        for words, level in (("总则", 0), ("目的", 1), ("规范服务。", -1), ("范围", 1), ("客服部。", -1)):
            section(document, words, level) if level >= 0 else document.add_paragraph(words)

    assert [(b.heading, b.body) for b in read_word("x.docx", word_file(policy)).blocks] == [
        ("1 总则", ""),
        ("1.1 目的", "规范服务。"),
        ("1.2 范围", "客服部。"),
    ]


@pytest.mark.parametrize("kind", ["strict", "counted part"])
def test_files_of_other_programs_are_read(kind: str) -> None:
    """The strict form has other namespaces; some programs count the main part."""
    old = "http://schemas.openxmlformats.org/"
    swaps = {
        "strict": [
            (f"{old}wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"),
            (
                f"{old}officeDocument/2006/relationships",
                "http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        ],
        "counted part": [("word/document.xml", "word/document2.xml")],
    }[kind]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word_file(rules))) as old_file, zipfile.ZipFile(made, "w") as new_file:
        for part in old_file.infolist():
            name, data = part.filename, old_file.read(part)
            for before, after in swaps:
                data = data.replace(before.encode(), after.encode())
                name = name.replace(before, after).replace(
                    f"word/_rels/{before.removeprefix('word/')}", f"word/_rels/{after.removeprefix('word/')}"
                )
            new_file.writestr(name, data)
    assert read_word("x.docx", made.getvalue()) == read_word("x.docx", word_file(rules))


def test_a_level_of_the_outline_makes_a_heading_whatever_its_style_is_called() -> None:
    def policy(document: docx.document.Document) -> None:
        document.add_heading("制度", 0)
        first = document.styles.add_style("一级条目", WD_STYLE_TYPE.PARAGRAPH)
        first.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="0"/>'))
        document.styles.add_style("红色条目", WD_STYLE_TYPE.PARAGRAPH).base_style = first
        document.add_paragraph("受理", style="一级条目")
        document.add_paragraph("客服应当登记。")
        document.add_paragraph("答复", style="红色条目")
        document.add_paragraph("24 小时内答复。")
        level = parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="1"/>')
        document.add_paragraph("例外")._p.get_or_add_pPr().append(level)
        document.add_paragraph("节假日顺延。")

    assert [(b.heading, b.level, b.body) for b in read_word("x.docx", word_file(policy)).blocks] == [
        ("受理", 2, "客服应当登记。"),
        ("答复", 2, "24 小时内答复。"),
        ("例外", 3, "节假日顺延。"),
    ]
