"""Owns the words of the demonstration's revisions: what each is about and how its clause changes, in both languages."""

from dataclasses import dataclass, field

from app.standards.models import NeedSource


@dataclass(frozen=True)
class Story:
    """One revision of the demonstration. `zh` and `en` are (old words, new words) in the clause's text;
    an empty old word adds the new words at the end."""

    key: str
    code: str
    clause: str
    title: str
    title_en: str
    problem: str
    benefit: str
    problem_en: str = ""
    benefit_en: str = ""
    zh: tuple[str, str] = ("", "")
    en: tuple[str, str] = ("", "")
    source: NeedSource = NeedSource.COMPLAINTS
    value: int | None = None  # the new value of the clause's first measure
    proposer: str = "wangfang"
    evidence: str = "月度投诉分析"
    notice: tuple[str, str] = ("", "")
    hypothesis: str = ""
    points: int = 3
    extra: dict[str, str] = field(default_factory=dict)


STORIES: dict[str, Story] = {
    story.key: story
    for story in (
        Story(
            "archived", "cs-05", "c10", "约好的回电必须打到", "Keep the call-back we promised",
            "约好回电的客户里，两成没有在说好的时间接到电话",
            "客户不用一直守着电话，说好的时间一定有人打来",
            problem_en="One in five customers who were promised a call-back was not reached at the time agreed",
            benefit_en="Customers need not sit by the phone: at the time agreed somebody calls",
            zh=("", "\n\n未接通的，应当在 10 分钟后再打一次，并发短信告知下一次回电的时间。"),
            en=("", "\n\nIf nobody answers, the agent must call again after 10 minutes and send a text message "
                "with the time of the next call."),
            notice=("从现在起，未接通的回电 10 分钟后会再打一次，并有短信告知。",
                    "From now on we call again after 10 minutes if we did not reach you, and send you a text message."),
            hypothesis="按时回电的比例上升至少 3 个百分点", points=3,
        ),
        Story(
            "in_force", "cs-02", "c09", "升级的投诉两小时内由主管接手", "A supervisor takes over within two hours",
            "升级后的投诉常常停在一线，客户以为没人管",
            "客户要求升级后，马上知道是谁在负责",
            problem_en="Escalated complaints often stay at the front line, and customers think nobody cares",
            benefit_en="A customer who asks for escalation knows at once who is in charge",
            zh=("", "\n\n接手的主管应当向客户报出自己的姓氏和直拨方式。"),
            en=("", "\n\nThe supervisor who takes over must give the customer a name and a direct contact."),
            notice=("要求升级的投诉，接手的主管会告诉您他的姓氏和直拨方式。",
                    "When you ask for escalation, the supervisor gives you a name and a direct contact."),
            hypothesis="两小时内接手的比例上升至少 5 个百分点", points=5, source=NeedSource.AUDIT,
            evidence="八月质检：升级工单交接不清",
        ),
        Story(
            "coming", "cs-01", "c02", "电话接听由 30 秒改为 20 秒", "Answer the phone in 20 seconds instead of 30",
            "满意度调查里，等接通是第二大不满",
            "客户打进来更快有人接",
            problem_en="Waiting for an answer is the second largest cause of dissatisfaction in the survey",
            benefit_en="Customers who call reach somebody sooner",
            zh=("30 秒", "20 秒"), en=("30 seconds", "20 seconds"), value=20, source=NeedSource.SURVEY,
            evidence="第三季度满意度调查",
            notice=("客服电话将在 20 秒内接听（原 30 秒）。您无需任何操作。",
                    "We answer calls within 20 seconds (was 30). You need do nothing."),
        ),
        Story(
            "ready", "cs-04", "c08", "拒绝退货要说清依据", "Say on what ground a return is refused",
            "被拒的客户里，四成说不知道为什么被拒",
            "客户一次就明白为什么不能退、还能怎么办",
            problem_en="Four in ten customers whose return is refused say they do not know why",
            benefit_en="The customer understands at once why it is refused and what can be done",
            zh=("", "\n\n答复中应当写明依据的条款和客户可以采取的下一步。"),
            en=("", "\n\nThe answer must name the rule it rests on and the next step open to the customer."),
            source=NeedSource.STAFF_IDEA, evidence="一线员工建议 7 条", proposer="wumin",
        ),
        Story(
            "piloting", "cs-01", "c03", "普通咨询 10 分钟改为 8 分钟内首次答复", "First reply to ordinary questions in 8 minutes",
            "同行已经做到 8 分钟，我们的客户开始拿来比较",
            "客户的普通咨询更快得到第一次答复",
            problem_en="Competitors reply within 8 minutes, and our customers have begun to compare",
            benefit_en="Ordinary questions get their first reply sooner",
            zh=("10 分钟", "8 分钟"), en=("10 minutes", "8 minutes"), value=8, source=NeedSource.BENCHMARK,
            evidence="外部对标：两家同行公布的时限", hypothesis="8 分钟内答复的比例上升至少 3 个百分点",
        ),
        Story(
            "in_review", "cs-05", "c04", "机器人应答准确率提高到 88%", "Raise the bot's answer accuracy to 88%",
            "机器人答错后客户要重说一遍，转人工的抱怨在上升",
            "客户少重复一遍问题",
            problem_en="After a wrong answer of the bot customers must say everything again; complaints about handing over grow",
            benefit_en="Customers repeat themselves less",
            zh=("85%", "88%"), en=("85%", "88%"), value=88, evidence="机器人对话抽样 400 段",
        ),
        Story(
            "recheck", "cs-02", "c05", "复杂投诉每天主动告知进度", "Tell the customer about progress every day",
            "复杂投诉处理期间客户平均来问 2.6 次",
            "客户不用追着问进度",
            problem_en="While a complex complaint is worked on, the customer asks 2.6 times on average",
            benefit_en="Customers need not chase for news",
            zh=("", "\n\n处理超过 24 小时的，应当每个工作日 18:00 前主动告知一次进度。"),
            en=("", "\n\nWhere it takes longer than 24 hours, the customer must be told about progress once every "
                "working day before 18:00."),
        ),
        Story(
            "fresh", "cs-03", "c07", "录音到期 15 天内删除", "Delete recordings within 15 days of their end",
            "到期的录音最长还要再留 30 天，客户问起时说不清楚",
            "客户的录音到期后更快删除",
            problem_en="Recordings stay up to 30 days after their end, and nobody can tell customers why",
            benefit_en="Customers' recordings are deleted sooner",
            zh=("30 日内", "15 日内"), en=("within 30 days", "within 15 days"), source=NeedSource.LAW,
            evidence="个人信息保护影响评估",
        ),
        Story(
            "drafting", "cs-03", "c11", "远程协助前逐项征得同意", "Ask for consent item by item before remote help",
            "有客户反映协助人员打开了与问题无关的页面",
            "客户清楚地知道对方能看到什么",
            problem_en="Customers report that helpers opened pages that had nothing to do with the problem",
            benefit_en="The customer knows exactly what the other side can see",
            zh=("", "\n\n开始前应当逐项说明将查看的页面，"), source=NeedSource.LAW, evidence="合规检查提示",
        ),
        Story(
            "scoring", "cs-02", "c08", "回访改为三天内完成", "Follow up within three days",
            "回访拖到一周以后，客户已经不记得当时的情况", "客户的意见趁热被听到",
            problem_en="Follow-up calls come after a week, when customers no longer remember what happened",
            benefit_en="Customers are heard while it is fresh",
        ),
        Story(
            "scoring2", "cs-05", "c07", "转人工不再重复选菜单", "No second menu after asking for a person",
            "要求转人工的客户平均还要点 3 次菜单", "客户一次就能找到人",
            problem_en="Customers who ask for a person still press through 3 menus on average",
            benefit_en="Customers reach a person the first time",
        ),
        Story(
            "triage", "cs-01", "c12", "大促期间公布实时等待时间", "Show the live waiting time in the sale season",
            "大促期间客户不知道要等多久，反复进线", "客户可以自己决定等还是换个时间",
            problem_en="In the sale season customers do not know how long they will wait, and call again and again",
            benefit_en="Customers can choose to wait or to come back later",
            proposer="zhuhong", source=NeedSource.STAFF_IDEA, evidence="双十一值班记录",
        ),
        Story(
            "draft", "cs-04", "c05", "退货入口放到订单第一屏", "Put the return entry on the first screen of the order",
            "客户找不到退货入口", "",
            problem_en="Customers do not find where to ask for a return", proposer="huli", source=NeedSource.STAFF_IDEA, evidence="",
        ),
        Story(
            "declined", "cs-01", "c01", "全部渠道增加方言服务", "Offer dialects on all channels",
            "部分老年客户希望用方言沟通", "老年客户沟通更顺",
            problem_en="Some elderly customers would like to be served in their dialect",
            benefit_en="Elderly customers are understood better", source=NeedSource.SURVEY, evidence="满意度调查留言 18 条",
        ),
        Story(
            "withdrawn", "cs-04", "c06", "收货确认改为视频验货", "Confirm receipt by video",
            "收货状态争议较多", "减少争议",
            problem_en="It is often disputed in which condition goods arrived",
            benefit_en="Fewer disputes", proposer="zhuhong", source=NeedSource.STAFF_IDEA, evidence="班组会记录",
        ),
        Story(
            "fast", "cs-03", "c13", "信息泄露两小时内告知客户", "Tell customers of a leak within two hours",
            "上周第三方泄露事件中，客户第二天才得到通知", "客户能及时改密码、防诈骗",
            problem_en="In last week's leak at a third party customers were told a day later",
            benefit_en="Customers can change passwords and beware of fraud in time", source=NeedSource.LAW,
            evidence="事件复盘报告",
            zh=("", "\n\n发现泄露后，应当在 2 小时内以短信告知受影响的客户并说明应对办法。"),
            en=("", "\n\nAfter a leak is found, the customers concerned must be told by text message within 2 hours, "
                "with what they can do."),
        ),
    )
}  # fmt: skip

# After the sale the clause on returns in sale times surges: (days ago, language, text).
SURGE_CLAUSE = ("cs-04", "c13")
SURGE = (
    (-4, "zh", "双十一买的外套十天了还没退完，大促的时限到底是几天？"),
    (-4, "zh", "客服说大促要等，但没说等到哪一天，希望写明截止日期。"),
    (-3, "zh", "大促期间退货慢可以理解，超过时限应当主动告诉我们。"),
    (-3, "en", "Your sale-time limit is not on the order page. I only learned of it after asking twice."),
    (-3, "zh", "同一天退的两件，一件按平时算，一件按大促算，看不懂。"),
    (-2, "zh", "大促结束了还按大促的时限算，能不能按收到退货那天算？"),
    (-2, "zh", "建议大促时限不要超过平时的两倍。"),
    (-2, "zh", "时限往后延了，能不能先退一部分款？"),
    (-1, "en", "Please say in one sentence until which day returns of the sale are settled."),
    (-1, "zh", "退货仓爆仓的通知应当发给所有退货的人，而不是问了才说。"),
)

SUGGESTIONS = (
    ("cs-04", "c09", "zh", "退款到账能不能在 APP 里看到进度？每次都要打电话问。", True,
     "已采纳：订单页将显示退款进度，正在随修订一起上线。"),
    ("cs-01", "c02", "zh", "打电话总要听很长一段录音，能不能直接转人工？", False, ""),
    ("cs-04", "c07", "zh", "上午申请退货，到晚上都没有人回复，希望写清楚多久一定会答复。", False, ""),
    ("cs-05", "c07", "en", "Please let me reach a person without repeating my order number three times.", False, ""),
    ("cs-04", "c12", "zh", "运费到底谁出，希望一句话说明白。", False,
     "这次没有采纳单独改写：运费规则已在条款中按原因列出，我们会在退货页面加一句提示。"),
    ("cs-01", "c03", "en", "Could the chat show how many people are waiting before me?", True,
     "Taken up: from next month the chat shows your place in the line and the usual wait."),
)  # fmt: skip
