"""What a clause is checked against: the other language, other clauses, other standards; and the repairs of one click."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.access import SYSTEM
from app.standards import elsewhere, library, queries
from app.standards.agreement import Fix, fixes_of, read_fix, with_value
from app.standards.comparison import ClauseState
from app.standards.elsewhere import Place, check_elsewhere
from app.standards.measures import Comparison, Kind, Measure, Unit
from app.web.contributions import OtherText
from tests.house_fixtures import House
from tests.proposal_cases import starter
from tests.review_cases import make_drafting
from tests.standards.test_pages_edit import EDIT, change, draft_of, fields, twelve
from tests.standards.test_whole_text import form as whole_form

ANSWER = Measure(
    "m01", "c07", "first_reply_time", Comparison.AT_MOST, Decimal(24), Unit.HOUR, kind=Kind.PROMISE
)


def state(
    body_zh: str, *measures: Measure, clause_id: str = "c07", tags: tuple[str, ...] = ()
) -> ClauseState:
    return ClauseState(clause_id, {"zh": "答复"}, {"zh": body_zh}, tuple(measures), tags=tags)


def place(found: ClauseState, code: str = "cs-05", *, is_own: bool = False) -> Place:
    return Place(code, found, is_own)


def keys(*places: Place, before: ClauseState | None, after: ClauseState) -> list[tuple[str, str]]:
    return [(f.key, f.params["place"]) for f in check_elsewhere(before, after, places)]


def test_a_number_left_behind_is_found_in_this_text_and_in_clauses_about_the_same() -> None:
    before, after = (
        state("24 小时内答复。", ANSWER),
        state("12 小时内答复。", replace(ANSWER, value=Decimal(12))),
    )
    own = place(state("超过二十四小时的致歉。", clause_id="c12"), "cs-04", is_own=True)
    same = place(state("应在 24 小时内答复。", replace(ANSWER, kind=Kind.INTERNAL), tags=("public",)))
    other = place(state("机房 24 小时有人。", clause_id="c03"))
    found = keys(own, same, other, before=before, after=after)
    assert found == [
        ("wording.number_elsewhere", "CS-04-C12"),
        ("wording.number_elsewhere_public", "CS-05-C07"),
    ]
    assert keys(own, same, other, before=before, after=before) == []


def test_a_number_left_in_a_notice_or_before_the_first_clause_is_found() -> None:
    before, after = state("24 小时内答复。", ANSWER), state("12 小时内答复。", ANSWER)
    stale = OtherText("通知", "/n", {"zh": "我们 24 小时内答复您。", "en": ""}, names_the_old=True)
    change_told = OtherText("通知", "/n", {"zh": "答复由 24 小时缩短到 12 小时。"}, names_the_old=True)
    frame = OtherText("引言", "/f", {"zh": "24 小时内答复；急件 12 小时。"})
    for texts, expected in (([stale], ["通知"]), ([change_told], []), ([frame], ["引言"]), ([], [])):
        found = check_elsewhere(before, after, [], texts)
        assert [(f.key, f.params["text"]) for f in found] == [("wording.number_outside", w) for w in expected]
    assert check_elsewhere(None, after, [], [stale]) == []


def test_the_editor_shows_a_number_left_in_the_introduction_with_a_way_there(web: House) -> None:
    with web.app.app_context():
        make_drafting(web)
    client = web.client("drafter", language="en")
    whole = "/r/26-001/edit/all"
    sent = whole_form(client.get(whole).text)
    sent["preamble"] = f"24 小时内答复。\n\n{sent['preamble']}"
    assert client.post(whole, data=sent).status_code == 303
    typed = fields(client.get(EDIT).text)
    shown = client.post(
        f"{EDIT}/preview", data=change(typed, body_zh=typed["body_zh"].replace("24 小时", "12 小时"))
    )
    assert "still stands in the words before the first clause or a chapter" in shown.text
    assert f'href="{whole}"' in shown.text


def test_the_radar_finds_another_value_for_the_same_measure_and_population_only() -> None:
    after = state("12 小时内答复。", replace(ANSWER, value=Decimal(12)))
    same_length = replace(ANSWER, value=Decimal(720), unit=Unit.MINUTE)
    for measure, expected in (
        (ANSWER, [("wording.contradicts", "CS-05-C07")]),
        (same_length, []),
        (replace(ANSWER, channels=("phone",)), []),
        (replace(ANSWER, metric="refund_time"), []),
        (replace(ANSWER, kind=Kind.INTERNAL), []),
    ):
        assert keys(place(state("答复。", measure)), before=None, after=after) == expected


def test_a_script_that_says_what_is_never_to_be_said_is_found() -> None:
    after = state("> 这样说：“我保证今天到账，请放心。”")
    never = place(state("> 不要说：“我保证今天到账。”"))
    assert keys(never, before=None, after=after) == [("wording.never_say", "CS-05-C07")]
    assert keys(never, before=None, after=state("我保证今天到账。")) == []


@pytest.mark.parametrize(
    ("text", "language", "made"),
    [
        ("应在 24 小时内答复。", "zh", "应在 12 小时内答复。"),
        ("二十四小时内，最迟24小时。", "zh", "12小时内，最迟12小时。"),
        ("24 分钟，124 小时，2.24 小时", "zh", "24 分钟，124 小时，2.24 小时"),
        ("Within 24 hours, not 24 days.", "en", "Within 12 hours, not 24 days."),
    ],
)
def test_a_number_is_replaced_with_its_unit_only(text: str, language: str, made: str) -> None:
    assert with_value(text, Fix("12", "hour", "24", language)) == made


def test_a_repair_is_offered_only_where_there_is_one_way() -> None:
    twelve_hours = replace(ANSWER, value=Decimal(12))
    offered = fixes_of("24 小时内答复，7 天内办结。", "zh", twelve_hours)
    assert [fix.value for fix in offered] == ["fix-text:zh:hour:24:12", "fix-measure:m01:24"]
    assert fixes_of("24 小时或 48 小时内答复。", "zh", twelve_hours) == ()
    assert fixes_of("尽快答复。", "zh", twelve_hours) == ()
    assert fixes_of("half an hour", "en", twelve_hours) == ()


@pytest.mark.parametrize(
    "forged",
    ["", "fix", "fix-text:zh:hour:24", "fix-text:fr:hour:24:12", "fix-text:zh:year:24:12", "fix-text:zh:hour:24:1e9",
     "fix-measure:m01:", "fix-measure:m01:x", "next", "fix-text:zh:hour:24:12:13"],
)  # fmt: skip
def test_a_forged_repair_is_none(forged: str) -> None:
    assert read_fix(forged) is None


def test_one_click_brings_text_and_measure_together_from_either_side(web: House) -> None:
    with web.app.app_context():
        make_drafting(web)
    client = web.client("drafter", language="en")
    sent = fields(client.get(EDIT).text)
    sent = change(
        sent, body_zh="应在 24 小时内答复。", body_en="Answer within 24 hours.", **{"m0-value": "12"}
    )
    page = client.post(f"{EDIT}/preview", data=sent).text
    assert 'value="fix-text:zh:hour:24:12"' in page
    assert "Use 12 hours in the text" in page
    assert client.post(EDIT, data=change(sent, then="fix-text:zh:hour:24:12")).location.endswith("/edit/c07")
    assert draft_of(web).body_zh == "应在 12 小时内答复。"
    sent = fields(client.get(EDIT).text)
    client.post(EDIT, data=change(sent, then="fix-measure:m01:24"))
    assert draft_of(web).measures[0]["value"] == "24"
    sent = fields(client.get(EDIT).text)
    client.post(EDIT, data=change(sent, then="fix-measure:m99:7"))  # a forged one saves what was typed
    assert draft_of(web).measures[0]["value"] == "24"


def test_the_page_leads_to_the_clauses_that_still_say_the_old_number(web: House) -> None:
    with web.app.app_context():
        make_drafting(web)
        library.import_standard(SYSTEM, starter("cs-02"))
        cs_02 = queries.standard("cs-02")
        found = elsewhere.places_of(cs_02, queries.published_documents(cs_02), "c01")
        assert {p.code for p in found} == {"cs-02", "cs-04"}
        assert all(p.state.clause_id != "c01" for p in found if p.is_own)
    client = web.client("drafter")
    page = client.post(f"{EDIT}/preview", data=twelve(fields(client.get(EDIT).text))).text
    assert "/r/26-001/edit/c08" in page  # c08 answers again within 24 hours
