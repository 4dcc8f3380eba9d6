"""Owns the demonstration's registers and what people said about issues and suggestions. Its competitors are made up."""

import datetime as dt
from functools import partial

from app.core.access import VISITOR
from app.demo.people import actor
from app.demo.timeline import Timeline
from app.evidence import articles, issue_verbs, register_queries, registers, suggestions
from app.evidence import queries as evidence
from app.evidence.models import Issue
from app.evidence.register_models import BenchmarkKind, ReviewOutcome
from app.standards.measures import Comparison, Unit

DIRECTOR = "wangfang"
MOST, LEAST = Comparison.AT_MOST, Comparison.AT_LEAST
# (kind, who, clause, metric, comparison, value, unit, source, days ago, note)
BENCHMARKS = (
    (BenchmarkKind.COMPETITOR, "远山商城", "CS-01-C03", "first_reply_time", MOST, "8", Unit.MINUTE,
     "远山商城官网，《服务承诺》第 2 条（示例）", -62, "只限在线客服，电话不在内。"),
    (BenchmarkKind.COMPETITOR, "晴川优选", "CS-04-C07", "first_reply_time", MOST, "12", Unit.HOUR,
     "晴川优选应用内公示（示例）", -35, ""),
    (BenchmarkKind.COMPETITOR, "晴川优选", "CS-04-C09", "refund_time", MOST, "7", Unit.WORKING_DAY,
     "晴川优选应用内公示（示例）", -35, ""),
    (BenchmarkKind.COMPETITOR, "远山商城", "CS-01-C02", "phone_answer_time", MOST, "40", Unit.SECOND,
     "神秘客户拨打 60 次的中位数（示例）", -41, "我们自己测得，不是对方公布的数字。"),
    (BenchmarkKind.NORM, "ISO 9001 质量手册", "CS-01-C11", "csat", LEAST, "85", Unit.POINT,
     "本公司质量手册 9.1.2，年度审核确认（示例）", -80, "标准本身不写数值，数值是公司手册定的。"),
    (BenchmarkKind.INDUSTRY, "网络零售客服行业均值", "CS-05-C04", "bot_accuracy", LEAST, "88", Unit.PERCENT,
     "行业协会年度报告，第 14 页（示例）", -90, ""),
)  # fmt: skip
# Articles of a knowledge base that does not exist: (address, title, clauses it cites).
ARTICLES = (
    ("https://wiki.example.com/service/returns", "退换货常见问题（知识库示例）", ("CS-04-C07", "CS-04-C09")),
    ("https://wiki.example.com/service/phone", "电话多久接听（知识库示例）", ("CS-01-C02",)),
    (
        "https://wiki.example.com/bot/answers",
        "Bot answers: response times (sample)",
        ("CS-01-C02", "CS-01-C03", "CS-05-C04"),
    ),
)
# The words of the benchmarks in English, in their order: (who, source, note).
BENCHMARKS_EN = (
    ("Yuanshan Store", "Its website, service promise, item 2 (sample)", "Online chat only, not the phone."),
    ("Qingchuan Select", "Posted in its app (sample)", ""),
    ("Qingchuan Select", "Posted in its app (sample)", ""),
    ("Yuanshan Store", "Median of 60 mystery calls (sample)", "Measured by us; not a figure they published."),
    ("ISO 9001 quality manual", "Our quality manual 9.1.2, confirmed by the yearly audit (sample)",
     "The norm names no figure; the figure is our manual's."),
    ("Average of online retail", "Yearly report of the trade association, page 14 (sample)", ""),
)  # fmt: skip
# (code, Chinese title, English title, duty, source, in force on, clauses, duty and source in English)
LAWS = (
    ("pipl-17", "个人信息保护法第十七条：告知", "Personal Information Protection Law, article 17: notice",
     "收集个人信息之前，要把谁在收集、为什么、怎么用、存多久、怎么行使权利说清楚，用词要让人看得懂。",
     "《中华人民共和国个人信息保护法》", dt.date(2021, 11, 1), ("CS-03-C05", "CS-03-C11"),
     "Before collecting, say who collects, why, how it is used, how long it is kept and which rights there are, in plain words.",
     "Personal Information Protection Law of the PRC"),
    ("pipl-57", "个人信息保护法第五十七条：泄露的通知", "Personal Information Protection Law, article 57: leaks",
     "发生或可能发生泄露的，要马上补救，并通知主管部门和受影响的个人；通知写明种类、原因、可能的危害和应对办法。",
     "《中华人民共和国个人信息保护法》", dt.date(2021, 11, 1), ("CS-03-C13",),
     "After a leak, or where one may come, act at once and tell the authority and the people concerned what leaked, why, "
     "what harm may follow and what they can do.",
     "Personal Information Protection Law of the PRC"),
    ("cpl-25", "消费者权益保护法第二十五条：七日无理由退货",
     "Consumer Rights Law, article 25: seven days to return",
     "网购商品自收到之日起七日内可以退，不用说明理由；有几类商品除外；商家收到退货之日起七日内退款。",
     "《中华人民共和国消费者权益保护法》", dt.date(2014, 3, 15), ("CS-04-C01", "CS-04-C02", "CS-04-C09"),
     "Goods bought online may be returned within seven days of receipt without a reason, some kinds of goods excepted; "
     "the refund follows within seven days of the goods' return.",
     "Consumer Rights Protection Law of the PRC"),
    ("trade-sale-6", "网络零售行业自律公约第六条：大促时限（示例）", "Trade pledge, article 6: sale times (made up)",
     "大促期间放宽答复时限的，要提前公布起止日期，并写在订单页上。",
     "行业协会公约（示例，不是真实文件）", None, ("CS-04-C13", "CS-01-C12"),
     "Whoever lengthens time limits in a sale announces first and last day beforehand, on the order page too.",
     "Pledge of the trade association (sample, no real document)"),
)  # fmt: skip
CHANGED_LAW = "trade-sale-6"
CHANGE = "修订稿：大促期间的首次答复不得晚于 36 小时，受理凭证上要写明当期时限。"
KEPT_REVIEW = ("cs-05", "半年里机器人与回电条款各修订过一次，其余条款达标，没有新法规，保持不变。")
ECHOED_CLAUSE = ("cs-04", "c09")
ECHOES = ("wumin", "huli", "demo-echo-1", "demo-echo-2")
STAFF_IDEA = "班前会把当天生效的条款念一遍，再各说一句今天会怎么跟客户讲，比群里转发管用。"


def note(time: Timeline) -> None:
    """Notes on the timeline what stands in the registers and what people decided about what came in."""
    for row, english in zip(BENCHMARKS, BENCHMARKS_EN, strict=True):
        kind, name, clause, metric, comparison, value, unit, source, days, words = row
        add = partial(
            registers.add_benchmark, kind=kind, who=name, clause=clause, metric=metric, comparison=comparison,
            value=value, unit=unit, source=source, dated_on=time.day(days), note=words,
            who_en=english[0], source_en=english[1], note_en=english[2],
        )  # fmt: skip
        time.on(days + 1, lambda verb=add: verb(actor(DIRECTOR)), 16)  # type: ignore[misc]
    time.on(-100, _add_laws, 11)
    time.on(-150, _add_articles, 11)
    time.on(-8, partial(_change_law, time.day(45)), 11)
    time.on(-18, _keep_standard, 15)
    time.on(-20, lambda: issue_verbs.confirm(actor(DIRECTOR), _issue("escalation")), 9)
    time.on(-12, _merge_exchanges, 9)
    time.on(-6, lambda: suggestions.receive_suggestion(
        actor("wumin"), text=STAFF_IDEA, language="zh", nominated=True), 18)  # fmt: skip
    for place, name in enumerate(ECHOES):
        time.on(-7 + place, partial(_echo, name), 12, place)


def _add_laws() -> None:
    for code, zh, en, duty, source, since, clauses, duty_en, source_en in LAWS:
        registers.add_obligation(
            actor(DIRECTOR), code=code, title_zh=zh, title_en=en, duty=duty, source=source,
            in_force_on=since, clauses=clauses, duty_en=duty_en, source_en=source_en,
        )  # fmt: skip


def _add_articles() -> None:
    for address, title, clauses in ARTICLES:
        articles.put(
            actor(DIRECTOR), address=address, title=title, clauses=clauses, source="wiki.example.com"
        )


def _change_law(applies_on: dt.date) -> None:
    registers.note_change(
        actor(DIRECTOR), register_queries.obligation(CHANGED_LAW), applies_on=applies_on, words=CHANGE
    )


def _keep_standard() -> None:
    code, reason = KEPT_REVIEW
    for row in register_queries.overdue_reviews():
        if row.standard.code == code:
            registers.decide_review(actor(DIRECTOR), row, outcome=ReviewOutcome.KEEP, reason=reason)


def _merge_exchanges() -> None:
    """Exchanges without an answer are the same trouble as returns without one."""
    returns, exchanges = _issue("returns"), _issue("exchange")
    issue_verbs.merge(actor(DIRECTOR), exchanges, returns)


def _issue(category: str) -> Issue:
    return next(issue for issue in evidence.issues() if issue.category == category)


def _echo(name: str) -> None:
    row = next(
        one for one in evidence.suggestions(open_only=False)
        if one.standard and (one.standard.code, one.clause_id) == ECHOED_CLAUSE
    )  # fmt: skip
    if name.startswith("demo-"):
        suggestions.say_me_too(VISITOR, row, network=name)
    else:
        suggestions.say_me_too(actor(name), row)
