"""What differs between two whole texts: by clause id, in words and in targets."""

from decimal import Decimal

from app.standards.comparison import Change, ClauseState, compare, shown
from app.standards.measures import Comparison, Measure, Unit
from app.standards.redline import redline
from app.standards.targets import Direction


def clause(clause_id: str, zh: str = "", en: str = "", **more: object) -> ClauseState:
    headings = (
        {"zh": f"标题 {clause_id}", "en": f"Heading {clause_id}"} if en else {"zh": f"标题 {clause_id}"}
    )
    bodies = {"zh": zh, "en": en} if en else {"zh": zh}
    return ClauseState(clause_id, headings, bodies, **more)  # type: ignore[arg-type]


def reply_within(hours: int) -> Measure:
    return Measure("m01", "c01", "first_reply_time", Comparison.AT_MOST, Decimal(hours), Unit.HOUR)


def test_the_same_text_has_no_difference() -> None:
    text = [clause("c01", "甲"), clause("c02", "乙")]
    made = compare(text, text, "zh")
    assert made.is_empty
    assert made.same == 2


def test_each_kind_of_change_is_named_and_counted() -> None:
    before = [clause("c01", "24 小时内答复"), clause("c02", "乙"), clause("c03", "丙")]
    after = [clause("c01", "12 小时内答复"), clause("c03", "丙"), clause("c04", "丁")]
    made = compare(before, after, "zh")
    assert [(d.clause_id, d.change) for d in made.differences] == [
        ("c01", Change.CHANGED),
        ("c02", Change.RETIRED),
        ("c04", Change.NEW),
    ]
    assert made.counts[Change.CHANGED] == made.counts[Change.NEW] == made.counts[Change.RETIRED] == 1
    assert made.same == 1


def test_a_changed_number_is_shown_whole() -> None:
    made = compare([clause("c01", "24 小时内答复")], [clause("c01", "12 小时内答复")], "zh")
    assert [(s.kind, s.text) for s in made.differences[0].body][:2] == [("delete", "24"), ("insert", "12")]


def test_a_moved_clause_is_moved_and_not_deleted_and_added() -> None:
    before = [clause("c01", "甲"), clause("c02", "乙"), clause("c03", "丙")]
    made = compare(before, [before[2], before[0], before[1]], "zh")
    assert [(d.clause_id, d.change) for d in made.differences] == [("c03", Change.MOVED)]


def test_a_target_is_compared_as_data() -> None:
    before = [clause("c01", "甲", measures=(reply_within(24),))]
    after = [clause("c01", "甲", measures=(reply_within(12),))]
    made = compare(before, after, "zh")
    [(metric, change)] = made.differences[0].targets
    assert metric == "first_reply_time"
    assert change.direction is Direction.STRICTER
    assert (made.stricter, made.looser) == (1, 0)
    assert not made.differences[0].is_editorial


def test_punctuation_alone_is_editorial_and_drawn_dotted() -> None:
    made = compare([clause("c01", "答复客户,并退款")], [clause("c01", "答复客户，并退款")], "zh")
    assert made.differences[0].is_editorial
    assert ("width", "，") in shown(made.differences[0].body)


def test_a_change_in_both_languages_is_shown_in_the_one_asked_for() -> None:
    made = compare([clause("c01", "甲", "one")], [clause("c01", "乙", "two")], "zh")
    assert (made.differences[0].language, made.differences[0].other_languages) == ("zh", ("en",))
    assert not made.differences[0].is_other


def test_a_change_in_the_other_language_alone_is_shown_there() -> None:
    [difference] = compare([clause("c01", "甲", "one")], [clause("c01", "甲", "two")], "zh").differences
    assert (difference.language, difference.is_other, difference.other_languages) == ("en", True, ())
    assert [s.kind for s in difference.body] == ["delete", "insert"]


def test_a_missing_language_falls_back_to_the_other() -> None:
    made = compare([clause("c01", "甲")], [clause("c01", "乙")], "en")
    assert made.differences[0].language == "zh"


def test_marks_of_form_are_not_shown_as_changes() -> None:
    made = compare([clause("c01", "- 一\n- 二")], [clause("c01", "* 一\n* 二")], "zh")
    assert all(s.kind == "equal" for s in made.differences[0].body)


def test_shown_keeps_old_and_new_words() -> None:
    assert shown(redline("七天", "三天")) != []
    assert {kind for kind, _text in shown(redline("退款到七天", "退款到三天"))} == {
        "equal",
        "delete",
        "insert",
    }
