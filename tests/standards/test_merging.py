"""Two at once: different clauses come together by themselves, one clause tells the second, nothing is overwritten."""

from collections import Counter
from pathlib import Path

import pytest

from app.core import clock
from app.core.db import db, transaction
from app.core.errors import Refused
from app.standards import drafting, library, projection, queries
from app.standards.conflicts import fitted
from app.standards.document import write_document
from app.standards.drafted_documents import draft_documents
from app.standards.drafting import ClauseText
from app.standards.git import merged
from app.standards.models import Revision
from app.standards.publication import publish
from app.standards.store_access import store
from bench.merges import Three, join, judge, made_merges, real_merges
from tests.house_fixtures import House
from tests.standards import reading_world
from tests.standards.reading_world import revision_in_drafting
from tests.standards.test_pages_edit import EDIT, change, draft_of, fields, resolution
from tests.standards.test_pages_edit import drafting as drafting_house

drafting_page = drafting_house
BASE = "# 规则\n\n## 甲\n\n第一行。\n\n第二行。\n\n第三行。\n\n## 乙\n\n乙的内容。\n\n## 丙\n\n丙的内容。"


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "made"),
    [
        ("一\n二\n三\n四", "一\n二\n三\n肆", "壹\n二\n三\n四", "壹\n二\n三\n肆"),
        ("一", "二", "一", "二"),
        ("一", "一", "三", "三"),
        ("一", "二", "二", "二"),
        ("一", "二", "三", None),
        ("一\n二", "一", "一\n贰", None),
        ("", "甲", "", "甲"),
        ("", "甲", "乙", None),
        ("<<<<<<< ours\n二\n三\n四", "<<<<<<< ours\n二\n三\n肆", "x\n二\n三\n四", "x\n二\n三\n肆"),
    ],
)
def test_changes_of_different_lines_fit_together(base: str, ours: str, theirs: str, made: str | None) -> None:
    assert merged(base, ours, theirs) == made
    assert merged(base, theirs, ours) == made


PARAGRAPH = "应当先核对身份，再查订单；查到后，应当在 24 小时内答复。\n\n> 这样说：“好的。”"


@pytest.mark.parametrize(
    ("ours", "theirs", "made"),
    [
        (("先核对身份", "先核对订单号"), ("24 小时", "12 小时"), True),
        (("“好的。”", "“马上办。”"), ("24 小时", "12 小时"), True),
        (("24 小时", "8 小时"), ("24 小时", "12 小时"), False),
        (("内答复。", "内书面答复。"), ("24 小时", "12 小时"), False),
    ],
)
def test_changes_of_different_phrases_of_one_paragraph_fit_together(
    ours: tuple[str, str], theirs: tuple[str, str], made: bool
) -> None:
    both = PARAGRAPH.replace(*ours).replace(*theirs) if made else None
    assert fitted(PARAGRAPH, PARAGRAPH.replace(*ours), PARAGRAPH.replace(*theirs)) == both
    assert fitted(PARAGRAPH, PARAGRAPH.replace(*theirs), PARAGRAPH.replace(*ours)) == both
    english = "Check who asks first, then look. Answer within 24 hours. Say why.\nEnd."
    assert fitted(
        english, english.replace("Check", "Ask"), english.replace("why", "what")
    ) == english.replace("Check", "Ask").replace("why", "what")


def three(ours: tuple[str, str], theirs: tuple[str, str]) -> Three:
    for old, _new in (ours, theirs):
        assert old in BASE
    return Three("own", BASE, BASE.replace(*ours), BASE.replace(*theirs))


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict", "told", "conflicts"),
    [
        (("乙的内容", "乙改过"), ("丙的内容", "丙改过"), "own: Git merges, the same text here", (), ()),
        (("第一行", "首行"), ("第三行", "末行"), "own: Git merges, the same text here", ("c01",), ()),
        (
            ("第一行", "首行"),
            ("第一行", "头行"),
            "own: Git conflicts, three texts are shown",
            ("c01",),
            ("c01",),
        ),
        (
            ("## 乙\n\n乙的内容。\n\n", ""),
            ("乙的内容", "乙改过"),
            "own: Git conflicts, three texts are shown",
            ("c02",),
            ("c02",),
        ),
        (
            ("## 丙", "## 新\n\n新的。\n\n## 丙"),
            ("第一行", "首行"),
            "own: Git merges, the same text here",
            (),
            (),
        ),
    ],
)
def test_a_replay_says_what_becomes_of_two_revisions(
    ours: tuple[str, str],
    theirs: tuple[str, str],
    verdict: str,
    told: tuple[str, ...],
    conflicts: tuple[str, ...],
) -> None:
    replay = three(ours, theirs)
    assert judge(replay) == verdict
    assert (join(replay).told, join(replay).conflicts) == (told, conflicts)


FRAMED = (
    "# 规则\n\n引言第一段。\n\n引言第二段。\n\n## 第一章 受理\n\n### 甲\n\n甲的内容。\n\n### 乙\n\n乙的内容。"
    "\n\n## 第二章 办结\n\n### 丙\n\n丙的内容。"
)


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict", "told"),
    [
        (("引言第一段", "开头"), ("甲的内容", "甲改过"), "own, the frame changed: Git merges, the same text here", ()),
        (("甲的内容", "甲改过"), ("### 乙", "## 第三章 新\n\n### 乙"), "own, the frame changed: Git merges, the same text here", ()),
        (("第一章 受理", "第一章 接收"), ("引言第一段", "开头"), "own, the frame changed: Git merges, the same text here", ("frame",)),
        (("## 第二章 办结\n\n", ""), ("引言第二段", "末段"), "own, the frame changed: Git merges, the same text here", ("frame",)),
        (("引言第一段", "开头"), ("引言第一段", "起头"), "own, the frame changed: Git conflicts, three texts are shown", ("frame",)),
        (("第二章 办结", "第二章 完"), ("第二章 办结", "第二章 结"), "own, the frame changed: Git conflicts, three texts are shown", ("frame",)),
    ],
)  # fmt: skip
def test_a_replay_says_what_becomes_of_two_frames(
    ours: tuple[str, str], theirs: tuple[str, str], verdict: str, told: tuple[str, ...]
) -> None:
    replay = Three("own", FRAMED, FRAMED.replace(*ours), FRAMED.replace(*theirs))
    assert judge(replay) == verdict
    assert join(replay).told == told


@pytest.mark.samples
def test_real_merges_end_as_in_git(samples: Path) -> None:
    """Every merge of the two histories in which both sides touched one document."""
    files = sorted((samples / "policies").glob("*.bundle"))
    verdicts = Counter(judge(replay) for file in files for replay in real_merges(file))
    assert verdicts["real: Git merges, the same text here"] == 1
    assert verdicts["real, the frame changed: Git merges, the same text here"] == 1
    assert verdicts["real: Git conflicts, three texts are shown"] == 2
    assert sum(verdicts.values()) == 5 and not [name for name in verdicts if "other" in name], verdicts


def test_made_merges_end_as_in_git() -> None:
    text = (reading_world.STARTER / "cs-01" / "zh.md").read_text("utf-8").split("\n---\n", 1)[1]
    verdicts = Counter(judge(replay) for replay in made_merges("cs-01.md", text, 30))
    assert not [name for name in verdicts if "other" in name], verdicts
    assert verdicts["made: Git merges, the same text here"] >= 10, verdicts


def second_revision(house: House) -> Revision:
    return revision_in_drafting(house, title="另一处修订")


def save(house: House, who: str, revision: Revision, clause_id: str, old: str, new: str) -> None:
    body = queries.published_documents(revision.standard)["zh"].clause(clause_id).body
    assert old in body
    with transaction():
        text = ClauseText(body_zh=body.replace(old, new))
        drafting.save_clause(house.actor(who), revision, clause_id, text, seen_version=None)


def test_two_revisions_of_one_standard_come_together_and_one_clause_has_one(house: House) -> None:
    reading_world.publish("cs-01")
    first, second = revision_in_drafting(house), second_revision(house)
    save(house, "drafter", first, "c03", "10 分钟", "8 分钟")
    save(house, "colleague", second, "c04", "5 分钟", "4 分钟")
    with pytest.raises(Refused) as refusal:
        save(house, "colleague", second, "c03", "10 分钟", "6 分钟")
    reason = refusal.value.reasons[0]
    assert (reason.key, reason.params["number"]) == ("draft.clause_taken", first.number), (
        "told at once, by whom"
    )
    db.session.rollback()
    _publish(first)
    both = draft_documents(second)["zh"]
    assert "8 分钟" in both.clause("c03").body and "4 分钟" in both.clause("c04").body
    assert "10 分钟" not in both.clause("c03").body


def test_a_new_clause_stays_where_it_was_put_when_its_neighbour_goes_meanwhile(house: House) -> None:
    """Both put in a clause at the same place; the first also retires the clause before it."""
    reading_world.publish("cs-01")
    first, second = revision_in_drafting(house), second_revision(house)
    for who, revision in (("drafter", first), ("colleague", second)):
        with transaction():
            drafting.add_clause(
                house.actor(who), revision, after_clause_id="c03", heading_zh=f"新条款{who}", heading_en="New"
            )
    with transaction():
        drafting.retire_clause(house.actor("drafter"), first, "c03", reason="并入别处")
    _publish(first)
    headings = [clause.heading for clause in draft_documents(second)["zh"].clauses]
    before = [c.id for c in queries.published_documents(second.standard)["zh"].clauses]
    mine, theirs = headings.index("新条款colleague"), headings.index("新条款drafter")
    assert abs(mine - theirs) == 1 and "c03" not in before
    assert min(mine, theirs) == before.index("c02") + 1


def _publish(revision: Revision) -> None:
    """Publishes a revision's text by the order of writes; what leads there is walked in other tests."""
    documents = draft_documents(revision)
    standard = revision.standard
    request = library.request_for(
        standard, documents, version="1.1", op_key=f"test:{revision.number}", author_subject="p-0001",
        effective_on=clock.today(),
    )  # fmt: skip
    assert write_document(documents["zh"])
    publish(store(), request, check=lambda: None, finish=projection.finish)


def test_two_drafters_of_one_clause_find_both_changes_in_the_box_when_they_fit(drafting_page: House) -> None:
    one, two = drafting_page.client("drafter"), drafting_page.client("colleague")
    mine, theirs = fields(one.get(EDIT).text), fields(two.get(EDIT).text)
    assert two.post(EDIT, data=change(theirs, heading_zh="首次答复的时限", then="stay")).status_code == 303
    answer = one.post(EDIT, data=change(mine, body_zh=f"{mine['body_zh']}\n\n节假日照常答复。"))
    assert answer.status_code == 409, "the second is told, even where both fit"
    assert "两处改动可以合在一起" in answer.text
    sent = resolution(answer.text)
    assert sent["heading_zh"] == "首次答复的时限"
    assert str(sent["body_zh"]).endswith("节假日照常答复。")
    assert one.post(f"{EDIT}/resolve", data=change(sent, use="combined")).status_code == 303
    kept = draft_of(drafting_page)
    assert kept.heading_zh == "首次答复的时限" and kept.body_zh.endswith("节假日照常答复。")
