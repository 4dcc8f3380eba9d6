"""Words pasted from Word and Excel: with the script's help as HTML, without it as plain words, and hostile ones."""

import pytest

from app.core.markup import plain, render
from app.standards.pasting import clean_html, clean_words
from tests.house_fixtures import House
from tests.review_cases import make_drafting
from tests.standards.test_pages_edit import EDIT, change, draft_of, fields

EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta name=ProgId content=Excel.Sheet>
<style>td {mso-style-parent:style0;}</style></head><body><!--StartFragment--><table border=0 cellpadding=0>
<col width=87><tr height=20><td class=xl65>渠道</td><td class=xl65>时限</td></tr>
<tr height=20><td>电话</td><td align=right x:num>20&nbsp;秒</td></tr></table><!--EndFragment--></body></html>"""
WORD = """<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><style>p.MsoNormal{mso-pagination:none}</style></head>
<body lang=ZH-CN><!--StartFragment--><h2>答复时限<o:p></o:p></h2>
<p class=MsoNormal><span style='mso-bidi-font-size:10.5pt'>应在<b>24&nbsp;小时</b>内答复，“已收到”不算。<o:p></o:p></span></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span><![endif]>说明同意</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span><![endif]>或写明理由</p><!--EndFragment--></body></html>"""
HOSTILE = [
    "<script>alert(1)</script>字",
    "<img src=x onerror=alert(1)>字",
    '<a href="javascript:alert(1)">字</a>',
    "<svg><style><img src=x onerror=alert(1)></style></svg>字",
    '<p style="background:url(//evil.example/x)">字</p>',
    "<o:p><!--[if gte mso 9]><xml><w:macro>x</w:macro></xml><![endif]--></o:p>字",
    "<table><tr><td>" * 500 + "字",
    "<h1># {#c99 .legal}</h1>字",
    "<b>" * 5000 + "字",
]


def test_words_of_a_word_processor_become_a_clause_text() -> None:
    assert clean_html(WORD) == (
        "**答复时限**\n\n应在**24 小时**内答复，“已收到”不算。\n\n- 说明同意\n- 或写明理由"
    )


def test_a_table_of_a_spreadsheet_becomes_a_table() -> None:
    assert clean_html(EXCEL) == "| 渠道 | 时限 |\n| --- | --- |\n| 电话 | 20 秒 |"
    assert "<table>" in render(clean_html(EXCEL))


@pytest.mark.parametrize("html", HOSTILE)
def test_hostile_html_leaves_words_and_nothing_that_acts(html: str) -> None:
    text = clean_html(html)
    assert "字" in plain(text)
    shown = render(text)
    for bad in ("<script", "<img", "<svg", "onerror", "javascript:", "style="):
        assert bad not in shown.replace("&lt;", "")
    assert not any(line.startswith("#") for line in text.split("\n"))


@pytest.mark.parametrize(
    ("pasted", "made"),
    [
        ("·\t第一点\n•\t第二点", "- 第一点\n- 第二点"),
        ("1.\t登记\n2.\t回电", "1. 登记\n2. 回电"),
        (
            "渠道\t时限\n电话\t20\u00a0秒\n之后的话",
            "| 渠道 | 时限 |\n| --- | --- |\n| 电话 | 20 秒 |\n\n之后的话",
        ),
        ("前面\na|b\tc\nd\te", "前面\n\n| a\\|b | c |\n| --- | --- |\n| d | e |"),
        ("只有一行\t有制表符", "只有一行\t有制表符"),
        ("“引号”留着，24\u00a0小时", "“引号”留着，24 小时"),
        ("1. 手写的\n- 也是\n* 星号", "1. 手写的\n- 也是\n* 星号"),
        ("", ""),
    ],
)
def test_plain_words_of_a_paste_are_tidied_and_typed_ones_stay(pasted: str, made: str) -> None:
    assert clean_words(pasted) == made
    assert clean_words(made) == made


def test_the_page_cleans_with_and_without_a_script(web: House) -> None:
    with web.app.app_context():
        make_drafting(web)
    client = web.client("drafter")
    sent = fields(client.get(EDIT).text)
    token = {"X-CSRFToken": sent["csrf_token"]}
    answer = client.post(f"{EDIT}/paste", data=WORD.encode(), headers=token, content_type="text/html")
    assert answer.json["text"].startswith("**答复时限**")
    assert client.post(f"{EDIT}/paste", data=b"\xff\xfe<p>x", headers=token).status_code in (200, 422)
    assert client.post(f"{EDIT}/paste", data="a\u202eb".encode(), headers=token).status_code == 422
    assert client.post("/r/99-999/edit/c07/paste", data=b"", headers=token).status_code == 404
    assert draft_of(web) is None
    body = sent["body_zh"] + "\n渠道\t时限\n电话\t20 秒"
    assert client.post(EDIT, data=change(sent, body_zh=body)).status_code == 303
    assert "| 电话 | 20 秒 |" in draft_of(web).body_zh


def test_undo_goes_back_one_save_after_another_and_loses_nothing(web: House) -> None:
    with web.app.app_context():
        make_drafting(web)
    client = web.client("drafter", language="en")
    for words in ("一稿。", "二稿。", "三稿。"):
        client.post(EDIT, data=change(fields(client.get(EDIT).text), body_zh=words, then="stay"))
    client.post(f"{EDIT}/autosave", data=change(fields(client.get(EDIT).text), body_zh="没存的话。"))
    token = {"csrf_token": fields(client.get(EDIT).text)["csrf_token"]}
    assert "Undo the last save" in client.get(EDIT).text
    for expected in ("三稿。", "二稿。", "一稿。"):
        assert client.post(f"{EDIT}/undo", data=token).status_code == 303
        assert draft_of(web).body_zh == expected
    assert "Undo the last save" not in client.get(EDIT).text
    assert client.post(f"{EDIT}/undo", data=token).status_code == 404
    page = client.get(EDIT).text
    assert page.count("taken back") == 3
    client.post(EDIT, data=change(fields(page), body_zh="新的。", then="stay"))
    client.post(f"{EDIT}/undo", data=token)
    assert draft_of(web).body_zh == "一稿。"
