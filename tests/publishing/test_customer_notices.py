"""The notice to customers: suggested from the clauses, its numbers checked, approved by a second person, then public."""

import datetime as dt
from decimal import Decimal

import pytest
from flask_babel import force_locale

from app.core import clock, jobs
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused, Stale
from app.notices import webhooks
from app.notices.models import Delivery
from app.publishing import customer_notices as notices
from app.publishing import queries, service
from app.publishing.notice_text import Changed, Side, Turn, odd_numbers, sentence_of, turn_of
from app.standards import queries as standards
from app.standards.measures import Comparison, Kind, Measure, Unit
from app.standards.models import Revision
from tests import story
from tests.house_fixtures import House, csrf
from tests.listening import listening

ZH, EN = "退换货申请 12 小时内首次答复。", "We answer return requests within 12 hours."


def measure(value: int, comparison: Comparison = Comparison.AT_MOST, share: int | None = None) -> Measure:
    return Measure(
        "m01", "c07", "first_reply_time", comparison, Decimal(value), Unit.HOUR, Decimal(share) if share else None,
        kind=Kind.PROMISE,
    )  # fmt: skip


def changed(old: Measure | None, new: Measure | None, zh: str = "", en: str = "") -> Changed:
    before = (
        Side(
            {"zh": "首次答复"},
            {"zh": "我们尽快答复。24 小时内答复。", "en": "We answer within 24 hours."},
            (old,),
        )
        if old
        else None
    )
    after = (
        Side(
            {"zh": "首次答复"},
            {"zh": zh or "我们尽快答复。12 小时内答复。", "en": en or "We answer within 12 hours."},
            (new,),
        )
        if new
        else None
    )
    return Changed("c07", before, after)


@pytest.mark.parametrize(
    ("old", "new", "turn"),
    [
        (measure(24), measure(12), Turn.BETTER), (measure(12), measure(24), Turn.WORSE),
        (measure(12, share=90), measure(12, share=95), Turn.BETTER), (measure(12, share=90), measure(12, share=80), Turn.WORSE),
        (measure(12), measure(12, share=80), Turn.WORSE), (measure(80, Comparison.AT_LEAST), measure(85, Comparison.AT_LEAST), Turn.BETTER),
        (None, measure(12), Turn.OTHER), (measure(12), measure(12), Turn.OTHER), (measure(12), None, Turn.OTHER),
    ],
)  # fmt: skip
def test_what_a_change_of_a_promise_means_for_a_customer(
    old: Measure | None, new: Measure | None, turn: Turn
) -> None:
    assert turn_of(changed(old, new)) is turn


def test_the_sentence_that_names_the_new_number_is_taken() -> None:
    one = changed(measure(24), measure(12))
    assert (
        sentence_of(one, "zh") == "12 小时内答复。" and sentence_of(one, "en") == "We answer within 12 hours."
    )
    listed = changed(
        measure(24), measure(12), zh="| 项目 | 12 小时 |\n- 12 小时内答复", en="**Within 12 hours.**"
    )
    assert sentence_of(listed, "zh") == "" and sentence_of(listed, "en") == ""


@pytest.mark.parametrize(
    ("zh", "en", "found"),
    [
        (ZH, EN, []), ("自 2026 年 9 月 23 日起，12 小时内答复（原 24 小时）。", "Within 12 hours (was 24 hours).", []),
        ("半天内，即 12 小时内答复。", "Within 12 hours, half a day.", []),
        ("10 小时内答复。", EN, [("unknown", "zh"), ("missing", "zh"), ("apart", "zh"), ("apart", "en")]),
        ("很快答复。", "Soon.", [("missing", "zh"), ("missing", "en")]),
        (ZH, "", []), (ZH + "原来 24 小时。", EN, [("apart", "zh")]),
    ],
)  # fmt: skip
def test_numbers_that_do_not_agree_are_found(zh: str, en: str, found: list) -> None:
    odd = odd_numbers({"zh": zh, "en": en}, [changed(measure(24), measure(12))])
    assert [(o.key, o.language) for o in odd] == found


@pytest.fixture
def planned(sqlite_house: House) -> Revision:
    """A revision that is ready, its version and date set, nothing told to customers."""
    revision = story.given_ready(sqlite_house)
    with transaction():
        service.set_plan(
            sqlite_house.actor("director"), revision, effective_on=clock.today() + dt.timedelta(days=16)
        )
    return revision


def test_the_suggestion_says_day_change_and_what_it_means_in_both_languages(
    sqlite_house: House, planned: Revision
) -> None:
    plan, changes = queries.plan(planned.id), notices.changes_of(planned)
    assert plan and [c.clause_id for c in changes] == ["c07"]
    with force_locale("en"):
        texts = notices.suggestion(planned, plan, changes)
    assert (
        "9月23日" in texts["zh"]
        and "12" in texts["zh"]
        and "24" in texts["zh"]
        and "对您更有利" in texts["zh"]
    )
    assert "23 Sep" in texts["en"] and "12 hours" in texts["en"] and "better for you" in texts["en"]
    assert odd_numbers(texts, changes) == []


def test_a_second_person_approves_and_a_change_takes_it_back(sqlite_house: House, planned: Revision) -> None:
    drafter, director, chair = (sqlite_house.actor(who) for who in ("drafter", "director", "chair"))
    plan = queries.plan(planned.id)
    assert plan
    first = notices.mark_of(plan)
    with transaction():
        notices.compose(drafter, planned, zh=ZH, en=EN, seen=first)
        notices.compose(drafter, planned, zh=ZH, en=EN, seen=first)  # the same form again
    with pytest.raises(Stale):
        notices.compose(director, planned, zh="别的", en=EN, seen=first)
    with pytest.raises(Invalid):
        notices.compose(director, planned, zh="长" * 1001, en=EN, seen=notices.mark_of(plan))
    with pytest.raises(NotAllowed):
        notices.compose(sqlite_house.actor("lawyer"), planned, zh="x", en="y", seen=notices.mark_of(plan))
    with pytest.raises(NotAllowed):
        notices.approve(drafter, planned, seen=notices.mark_of(plan))
    with pytest.raises(Stale):
        notices.approve(director, planned, seen=first)
    for _click in range(2):
        with transaction():
            notices.approve(director, planned, seen=notices.mark_of(plan))
    assert plan.notice_approved_by_id == director.person_id
    with transaction():
        notices.compose(director, planned, zh=ZH + "！", en=EN, seen=notices.mark_of(plan))
    assert plan.notice_approved_at is None
    with pytest.raises(Refused) as refused:
        notices.approve(director, planned, seen=notices.mark_of(plan))
    assert refused.value.reasons[0].key == "publishing.notice_own"
    with transaction():
        notices.approve(chair, planned, seen=notices.mark_of(plan))
    with transaction():
        notices.compose(director, planned, zh="10 小时内答复", en=EN, seen=notices.mark_of(plan))
    with pytest.raises(Refused) as refused:
        notices.approve(chair, planned, seen=notices.mark_of(plan))
    assert refused.value.reasons[0].key == "publishing.notice_numbers"
    with transaction():
        notices.approve(chair, planned, seen=notices.mark_of(plan), numbers_meant=True)


def test_the_approved_notice_goes_public_and_to_the_gateway_once(web: House) -> None:
    with web.app.app_context(), listening((200, {}, b"")) as gateway:
        with transaction():
            webhooks.add(
                web.actor("admin"),
                name="Push",
                address=f"http://{gateway.host}/",
                secret="",
                topics=["customer_notice"],
            )
        revision = story.given_scheduled(web)
        plan = queries.plan(revision.id)
        assert plan
        with transaction():  # written anew after it was scheduled: published before anybody approved it
            notices.compose(
                web.actor("director"),
                revision,
                zh=ZH + "热线 400-820-8820。",
                en=EN,
                seen=notices.mark_of(plan),
            )
        with clock.frozen(story.after_undo_window(revision)):
            jobs.run_due(leave=("make_handbook",))
            web.run_jobs()
            assert gateway.sent == [] and ZH not in web.client().get("/commitments/changes").text
            with transaction():
                notices.approve(web.actor("chair"), revision, seen=notices.mark_of(plan))
                notices.approve(web.actor("chair"), revision, seen=notices.mark_of(plan))
            web.run_jobs()
            assert ZH in web.client().get("/commitments/changes").text
        ((_path, body),) = gateway.sent
        assert body["type"] == "customer_notice" and "400-820-8820" in body["data"]["text_zh"]
        assert body["data"]["url"].endswith("/commitments/cs-04") and db.session.query(Delivery).count() == 1
        with pytest.raises(Refused):
            notices.compose(web.actor("director"), revision, zh="x", en="y", seen=notices.mark_of(plan))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_suggest_warn_keep_what_was_typed_and_give_the_mail(web: House, language: str) -> None:
    with web.app.app_context():
        number = story.given_ready(web).number
    drafter, director = web.client("drafter", language), web.client("director", language)
    address = f"/r/{number}/publish/notice"
    assert drafter.get(address).status_code == 200  # no plan yet: it says so
    token = csrf(director.get(f"/r/{number}/publish").text)
    plan = {
        "version": "minor",
        "effective_on": "2026-09-23",
        "transition_days": "14",
        "training_verdict": "reading",
        **token,
    }
    assert director.post(f"/r/{number}/publish", data=plan).status_code == 303
    page = drafter.get(address).text
    assert "9月23日" in page and "23 Sep" in page
    seen = {"seen": page.split('name="seen" value="')[1].split('"')[0], **csrf(page)}
    form = {"zh": "10 小时内答复。", "en": EN, **seen}
    assert drafter.post(address, data=form).status_code == 303
    stale = director.post(address, data={"zh": "我写的", "en": "mine", **seen, **token})
    assert stale.status_code == 409 and "我写的" in stale.text and "10 小时内答复。" in stale.text
    page = director.get(address).text
    assert "“10 小时”" in page and f'action="{address}/approval"' in page
    approval = {"seen": page.split('name="seen" value="')[1].split('"')[0], **token}
    assert director.get(f"/r/{number}/publish/notice.zh.txt").status_code == 404
    assert director.post(f"{address}/approval", data=approval).status_code == 409
    assert (
        drafter.post(f"{address}/approval", data={**approval, **csrf(drafter.get(address).text)}).status_code
        == 403
    )
    for _click in range(2):
        assert (
            director.post(f"{address}/approval", data={**approval, "numbers_meant": "y"}).status_code == 303
        )
    mail = director.get(f"/r/{number}/publish/notice.en.txt")
    assert mail.status_code == 200 and EN in mail.text and "/commitments/cs-04" in mail.text
    assert web.client("lawyer", language).get(address).status_code == 200
    with web.app.app_context():
        assert standards.revision(number).state.value == "ready"
