"""The amendment table and the Word files: what they say, what accepting and rejecting leave, what LibreOffice reads."""

import dataclasses
import io
import re
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree

from app.core import jobs
from app.core.db import transaction
from app.core.markup import plain
from app.standards import amendment, amendment_pdf, amendment_word, outputs
from app.standards.amendment import Amendment
from app.standards.comparison import ClauseState, compare
from app.standards.measure_words import measure_sentence
from app.standards.models import Standard
from tests import story
from tests.house_fixtures import House, csrf
from tests.standards.test_comparison import clause, reply_within
from tests.standards.test_pages_handbook import pdf_text

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
GONE = {"accept": {"del", "moveFrom"}, "reject": {"ins", "moveTo"}}
"""What disappears, words and ends of paragraphs alike, when a person accepts or rejects every change."""

A, B, C = clause("c01", "甲甲甲"), clause("c02", "24 小时内答复。\n\n周末顺延。"), clause("c03", "丙丙丙")
FASTER = clause("c02", "12 小时内答复。\n\n周末顺延。")


def decided(data: bytes, decision: str) -> list[str]:
    """Returns the paragraphs that are left behind the two lines of the head, read from the file itself."""
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    lines, line = [], ""
    for paragraph in root.iter(f"{W}p"):
        for element in paragraph:
            name = element.tag.removeprefix(W)
            if name not in GONE[decision] and name != "pPr":
                line += "".join(e.text or "" for e in element.iter() if e.tag in (f"{W}t", f"{W}delText"))
        ends = {e.tag.removeprefix(W) for e in paragraph.findall(f"{W}pPr/{W}rPr/*")}
        if not ends & GONE[decision]:
            lines.append(line)
            line = ""
    return ([*lines, line] if line else lines)[2:]


def decided_in_libreoffice(path: Path, decision: str) -> list[str]:
    """Returns the paragraphs that are left behind the head, read from what LibreOffice made of the file."""
    text = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    (body,) = ElementTree.parse(path).getroot().iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text")
    (changes,) = body.findall(f"{text}tracked-changes")
    kinds = {change.get(f"{text}id"): change[0].tag.removeprefix(text) for change in changes}
    body.remove(changes)
    gone = "deletion" if decision == "accept" else "insertion"
    open_changes: set[str] = set()
    lines = [""]

    def read(element: Any) -> None:
        number = element.get(f"{text}change-id", "")
        if element.tag == f"{text}change-start" and kinds[number] == gone:
            open_changes.add(number)
        open_changes.discard(number if element.tag == f"{text}change-end" else "")
        lines[-1] += (
            "" if open_changes else {f"{text}s": " ", f"{text}tab": "\t"}.get(element.tag, element.text or "")
        )
        for child in element:
            read(child)
            lines[-1] += "" if open_changes else child.tail or ""
        if element.tag in (f"{text}p", f"{text}h") and not open_changes:
            lines.append("")

    for element in body:
        read(element)
    return [" ".join(line.split()) for line in lines if line.strip()][2:]


def on_paper(states: Sequence[ClauseState]) -> list[str]:
    """Returns the paragraphs that a text has on paper, in Chinese."""
    lines, chapter = [], ""
    for state in states:
        if state.clause_id == "preamble":
            lines += [state.bodies["zh"]] if state.bodies["zh"] else []
            continue
        if state.chapters.get("zh") and state.chapters["zh"] != chapter:
            lines.append(state.chapters["zh"])
        chapter = state.chapters.get("zh", "")
        lines.append(f"CS-04-{state.clause_id.upper()}  {state.headings['zh']}")
        lines += plain(state.bodies["zh"]).split("\n") if state.bodies.get("zh") else []
        lines += [measure_sentence(m) for m in state.measures]
        lines.append("适用对象：全体客服人员" if not state.audience else "适用对象：一线客服")
    return lines


def words_before(text: str) -> ClauseState:
    return ClauseState("preamble", {}, {"zh": text})


def made_of(old: Sequence[ClauseState], new: Sequence[ClauseState]) -> Amendment:
    return Amendment(
        standard=Standard(code="cs-04", title_zh="退换货", title_en="Returns"),
        language="zh",
        old_words="1.0 版",
        new_words="2.0 版",
        old=old,
        new=new,
        comparison=compare(old, new, "zh"),
        is_draft=False,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([A, B], [A, FASTER]),
        ([A, B], [A, B, C]),
        ([A, B, C], [A, C]),
        ([A, B, C], [C, A, B]),
        ([A, B, C], [C, A, FASTER]),
        ([A, B, C], [FASTER, A]),
        ([], [A]),
        ([A, dataclasses.replace(B, chapters={"zh": "时限", "en": "Deadlines"})], [A, dataclasses.replace(FASTER, chapters={"zh": "时限要求"}), C]),
        ([dataclasses.replace(A, measures=(reply_within(24),))], [dataclasses.replace(A, measures=(reply_within(12),))]),
        ([A], [dataclasses.replace(A, measures=(reply_within(12),), audience=("agent",))]),
        ([clause("c01", "")], [A]),
        ([words_before("引言。"), A], [words_before("引言，已改。"), A]),
        ([words_before(""), A], [words_before("引言。"), FASTER]),
        ([clause("c01", "a & b 😀 ]]\\>")], [clause("c01", "a & c 😀 ]]\\>")]),
    ],
    ids=["changed", "new", "retired", "moved", "moved and changed", "all at once", "first text", "chapters",
         "target", "readers", "empty before", "introduction", "new introduction", "odd characters"],
)  # fmt: skip
def test_accepting_leaves_the_new_text_and_rejecting_the_old_one(
    sqlite_house: House, old: list[ClauseState], new: list[ClauseState]
) -> None:
    data = amendment_word.redline_word(made_of(old, new))
    with sqlite_house.app.test_request_context("/", headers={"Accept-Language": "zh"}):
        assert decided(data, "reject") == on_paper(old)
        assert decided(data, "accept") == on_paper(new)


def test_what_only_moved_is_one_move_of_one_name(sqlite_house: House) -> None:
    data = amendment_word.redline_word(made_of([A, B, C], [C, A, B]))
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml"))
    names = {
        kind: [e.get(f"{W}name") for e in root.iter(f"{W}{kind}RangeStart")]
        for kind in ("moveFrom", "moveTo")
    }
    assert names == {"moveFrom": ["c03"], "moveTo": ["c03"]}
    assert not list(root.iter(f"{W}ins")) and not list(root.iter(f"{W}del"))
    numbers = [e.get(f"{W}id") for e in root.iter() if e.get(f"{W}author")]
    assert len(numbers) == len(set(numbers))


def test_libreoffice_opens_both_files_and_finds_every_change(sqlite_house: House, tmp_path: Path) -> None:
    odd = clause("c05", "a & b 😀 <x>\n\n| 渠道 | 分钟 |\n| --- | --- |\n| 在线 | 10 |\n\n1. 一\n2. 二")
    old, new = (
        [A, B, C, odd],
        [FASTER, C, clause("c04", "新增一条"), clause("c05", "> 您好。\n\n1. 一\n2. 两")],
    )
    made = made_of(old, new)
    (tmp_path / "table.docx").write_bytes(amendment_word.table_word(made))
    (tmp_path / "redline.docx").write_bytes(amendment_word.redline_word(made))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "fodt",
         "--outdir", str(tmp_path), str(tmp_path / "table.docx"), str(tmp_path / "redline.docx")],
        check=True,
        capture_output=True,
        timeout=150,
    )  # fmt: skip
    table, redline = (
        (tmp_path / f"{name}.fodt").read_text(encoding="utf-8") for name in ("table", "redline")
    )
    with sqlite_house.app.test_request_context("/", headers={"Accept-Language": "zh"}):
        for decision, states in (("accept", new), ("reject", old)):
            lines = [" ".join(line.split()) for line in on_paper(states) if line.strip()]
            assert decided_in_libreoffice(tmp_path / "redline.fodt", decision) == lines
    assert table.count("<table:table-row") == 1 + 4
    assert all(words in table for words in ("CS-04-C01", "1.0 版", "2.0 版", "修订内容", "新增一条"))
    kinds = dict(
        re.findall(r'changed-region xml:id="(\w+)".*?<text:(insertion|deletion)>', redline, re.DOTALL)
    )
    spans = {"insertion": "", "deletion": ""}
    for number, kind in kinds.items():
        inside = redline.partition(f'change-start text:change-id="{number}"')[2]
        spans[kind] += inside.partition(f'change-end text:change-id="{number}"')[0]
    assert "甲甲甲" in spans["deletion"] and "新增一条" in spans["insertion"]
    assert ">24<" in spans["deletion"] and ">12<" in spans["insertion"]
    assert "丙丙丙" not in "".join(spans.values())


def test_a_draft_is_a_table_a_pdf_and_two_word_files(web: House, tmp_path: Path) -> None:
    with web.app.app_context():
        number = story.given_drafted(web).number
        web.app.extensions["sqlalchemy"].session.remove()
    client = web.client("director")
    page = client.get(f"/r/{number}/changes/amendments?text=zh")
    assert page.status_code == 200
    assert f"{number} 的草案" in page.text and "<del>" in page.text and "<ins>" in page.text
    for name in ("amendments.docx", "redline.docx"):
        file = client.get(f"/r/{number}/changes/{name}?text=en")
        assert file.data.startswith(b"PK") and f"-en-{name}" in file.headers["Content-Disposition"]
    answer = client.get(f"/r/{number}/changes/amendments.pdf?text=zh")
    assert answer.status_code == 302 and answer.location.endswith("/amendments/pdf?text=zh")
    work = client.get(answer.location)
    client.post(f"/r/{number}/changes/amendments/pdf", data={**csrf(work.text), "text": "zh"})
    client.post(f"/r/{number}/changes/amendments/pdf", data={**csrf(work.text), "text": "zh"})
    with web.app.app_context():
        assert jobs.db.session.query(jobs.Job).filter_by(name=amendment_pdf.JOB).count() == 1
        jobs.run_due(leave=("make_handbook",))
    with client.get(f"/r/{number}/changes/amendments.pdf?text=zh") as pdf:
        assert pdf.mimetype == "application/pdf"
        (tmp_path / "table.pdf").write_bytes(pdf.data)
    words = pdf_text(tmp_path / "table.pdf")
    assert "修订对照表" in words and f"{number} 的草案" in words and "草案" in words


def test_a_text_that_moved_on_makes_no_pdf_of_the_old_one(sqlite_house: House) -> None:
    revision = story.given_drafted(sqlite_house)
    with sqlite_house.app.test_request_context("/"):
        key = amendment.of_revision(revision, "zh").key
        with transaction():
            revision.title = "另一个题目"
        assert amendment.of_revision(revision, "zh").key == key
    made = amendment_pdf.make_amendment_pdf({"number": revision.number}, "zh", "0" * 64)
    assert made == {"changed": True}
    assert not outputs.path_of("0" * 64).exists()


@pytest.mark.parametrize(
    "path",
    [
        "/s/cs-04/compare/9.9..1.0/amendments",
        "/s/cs-04/compare/x/redline.docx",
        "/r/26-999/changes/amendments.pdf",
    ],
)
def test_what_is_not_there_is_not_found(web: House, path: str) -> None:
    with web.app.app_context():
        story.given_standard()
        web.app.extensions["sqlalchemy"].session.remove()
    assert web.client("director").get(path).status_code == 404
