"""Owns the words of the demo's tickets: what customers write and agents answer, in Chinese and English. Draws nothing.

Every text is made up. Slots: `{p}` product, `{o}` order number, `{n}` days. Telephone numbers, names and cards that the
generator adds are of ranges nobody has, and are there so that masking has something to do. The file is long because it
is a list.
"""

from collections.abc import Mapping

PRODUCTS: Mapping[str, tuple[str, str]] = {
    "earphones": ("蓝牙耳机", "wireless earphones"),
    "phone": ("手机", "phone"),
    "tablet": ("平板电脑", "tablet"),
    "laptop": ("笔记本电脑", "laptop"),
    "watch": ("智能手表", "smart watch"),
    "charger": ("充电器", "charger"),
    "speaker": ("音箱", "speaker"),
    "kettle": ("电热水壶", "kettle"),
    "vacuum": ("扫地机器人", "robot vacuum"),
    "lamp": ("台灯", "desk lamp"),
    "router": ("路由器", "router"),
    "camera": ("摄像头", "camera"),
}

OPENINGS = {
    "zh": ("", "", "", "你好，", "您好，", "在吗？", "客服你好，", "麻烦问一下，", "打扰一下，"),
    "en": ("", "", "", "Hello. ", "Hi. ", "Hi there. ", "Good morning. "),
}
CLOSINGS = {
    "zh": (
        "",
        "",
        "",
        "谢谢。",
        "麻烦尽快处理。",
        "急用，请帮忙看看。",
        "等你们答复。",
        "希望给个说法。",
        "请告诉我大概什么时候有结果。",
    ),
    "en": (
        "",
        "",
        "",
        " Thanks.",
        " Please help.",
        " I need it soon.",
        " Waiting for your answer.",
        " What happens next?",
    ),
}

SUBJECTS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "order": (("订单问题", "修改订单", "取消订单"), ("Order question", "Change my order", "Cancel an order")),
    "payment": (("支付失败", "重复扣款", "发票和付款"), ("Payment failed", "Charged twice", "Invoice")),
    "logistics": (
        ("快递没到", "物流不更新", "派送问题"),
        ("Where is my parcel", "Delivery problem", "Tracking stuck"),
    ),
    "returns": (
        ("退货申请", "申请退货", "退货进度"),
        ("Return request", "Return an item", "Status of my return"),
    ),
    "exchange": (("换货申请", "申请换货"), ("Exchange request", "Swap for another one")),
    "refund": (
        ("退款没到账", "退款进度", "退款金额不对"),
        ("Refund not received", "Refund status", "Wrong refund amount"),
    ),
    "complaint": (("投诉", "服务投诉", "我要投诉"), ("Complaint", "Complaint about service")),
    "escalation": (("投诉升级", "要求主管回复"), ("Escalation", "Please pass this to a manager")),
    "bot": (("转人工", "机器人答非所问"), ("Let me talk to a person", "The bot does not help")),
    "technical": (("设备故障", "无法连接", "APP打不开"), ("Device fault", "Cannot connect", "App crashes")),
    "identity": (
        ("账号验证", "改绑手机号", "无法登录"),
        ("Account verification", "Change phone number", "Cannot sign in"),
    ),
    "privacy": (("删除个人信息", "查询我的个人信息"), ("Delete my data", "Copy of my personal data")),
    "callback": (("预约回电", "请回电话"), ("Call me back", "Callback request")),
}

NO_REPLY_SUBJECTS = (
    ("退货没人回复", "退货申请一直没回", "退货申请石沉大海", "退换货申请没人处理"),
    ("No reply to my return", "Return request ignored", "Still no answer on my return"),
)
NO_REPLY = (
    (
        "提交退货申请{n}天了，一直没人回复，订单号{o}。",
        "退货申请像石沉大海一样，{n}天没有任何消息。",
        "在APP里申请退{p}，一直没回，到底同不同意？",
        "{n}天前就申请了退货，没人回复也没人打电话。",
        "客服让我等，等了{n}天退货申请还是没人回复。",
        "查询号都给了，就是一直没回复我，{p}的退货申请卡在审核中。",
        "退{p}的申请石沉大海，页面一直显示待审核，订单{o}。",
        "申请退货以后一直没回，七天无理由都快过期了。",
        "催了两次，退货申请还是没人回复，是不是不想退？",
        "说好24小时内答复，现在{n}天了一直没回。",
    ),
    (
        "I asked to return my {p} {n} days ago and nobody has replied.",
        "Still no reply to my return request for order {o}.",
        "My return request seems to have disappeared, no answer for {n} days.",
        "The app says my return of the {p} is waiting for approval, but nobody answers.",
        "You promise an answer within 24 hours. It has been {n} days without a reply.",
        "No reply to my return request, and I have reminded you twice.",
    ),
)

BODIES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "order": (
        (
            "订单{o}地址填错了，能改吗？",
            "想取消订单{o}，{p}不想要了。",
            "下单后显示缺货，{p}什么时候能发？",
            "订单{o}拆成两单发货，另一件在哪里？",
            "优惠券没有用上，订单{o}能补差价吗？",
            "想把{p}换个颜色，还没有发货。",
        ),
        (
            "the address of order {o} is wrong, can you change it?",
            "I want to cancel order {o}.",
            "when will the {p} be in stock?",
            "my coupon was not used for order {o}.",
        ),
    ),
    "payment": (
        (
            "付款时提示失败，可是银行已经扣钱了，订单{o}。",
            "同一笔订单扣了两次钱。",
            "{p}的电子发票一直下载不了。",
            "分期付款的手续费和页面写的不一样。",
            "用余额支付不了，提示系统繁忙。",
        ),
        (
            "the payment for order {o} failed but my bank was charged.",
            "I was charged twice for the {p}.",
            "I cannot download the invoice of order {o}.",
        ),
    ),
    "logistics": (
        (
            "物流{n}天没有更新了，订单{o}到底在哪？",
            "显示已签收，可是我没有收到{p}。",
            "快递放在驿站没有通知我。",
            "{p}的包装破了，里面有没有坏不知道。",
            "能不能改派送时间，我白天不在家。",
            "订单{o}发错仓了，预计还要{n}天。",
            "快递员不肯送货上门。",
        ),
        (
            "tracking of order {o} has not moved for {n} days.",
            "it says delivered, but I have no {p}.",
            "the parcel arrived open.",
            "can you deliver order {o} in the evening?",
        ),
    ),
    "returns": (
        (
            "想退{p}，签收第{n}天，还能七天无理由吗？",
            "{p}和描述不一样，申请退货，订单{o}。",
            "收到的{p}屏幕有划痕，要求退货。",
            "退货的运费谁出？",
            "{p}用了一次就坏了，要退货。",
            "已经拆封的{p}可以退吗？",
            "退货申请提交了，需要寄回哪里？",
            "买多了一个{p}，想退掉，没拆封。",
        ),
        (
            "I want to return the {p} of order {o}.",
            "the {p} is not as described, I would like to send it back.",
            "who pays for sending the {p} back?",
            "the {p} broke after {n} days, I want to return it.",
        ),
    ),
    "exchange": (
        ("{p}颜色发错了，申请换货。", "{p}有杂音，想换一个新的，订单{o}。", "换货的新{p}什么时候寄出？"),
        (
            "I received the wrong colour, please exchange the {p}.",
            "the {p} is faulty, can I have another one?",
        ),
    ),
    "refund": (
        (
            "退款审核通过{n}天了，钱还没到账。",
            "订单{o}退款少退了运费。",
            "退款退到哪里了？银行卡查不到。",
            "退的是优惠券不是钱，我不同意。",
            "取消订单以后退款要几天？",
        ),
        (
            "the refund of order {o} was approved {n} days ago and is not on my account.",
            "you refunded less than I paid for the {p}.",
            "where does the refund go?",
        ),
    ),
    "complaint": (
        (
            "客服态度很差，一句话没说完就结束了会话。",
            "同一个问题问了{n}个人，每个人说法不一样。",
            "答应昨天送到的，又失约了。",
            "宣传的赠品没有给，感觉被骗了。",
            "安装师傅乱收费，要求退还。",
            "{p}修了两次还是坏的，我要投诉。",
        ),
        (
            "the agent ended the chat before I could explain.",
            "I asked {n} people and got {n} different answers.",
            "you promised delivery yesterday and broke the promise.",
        ),
    ),
    "escalation": (
        ("上次的处理结果我不接受，要求主管回复。", "再不解决我就向消协反映，订单{o}。"),
        ("I do not accept the last answer, I want to speak to a manager.",),
    ),
    "bot": (
        (
            "机器人一直重复同一句话，我要转人工。",
            "输入人工没有反应。",
            "机器人说的退款规则和页面不一样。",
            "问{p}怎么连蓝牙，机器人给我推荐商品。",
        ),
        (
            "the bot repeats itself, I want a person.",
            "the bot does not understand my question about the {p}.",
        ),
    ),
    "technical": (
        (
            "{p}连不上网络，重启过了。",
            "{p}升级以后开不了机。",
            "APP一打开就闪退。",
            "{p}充不进电，指示灯不亮。",
            "{p}声音断断续续，怎么设置？",
        ),
        (
            "my {p} does not connect any more.",
            "the {p} does not start after the update.",
            "the app crashes when I open it.",
        ),
    ),
    "identity": (
        (
            "换了手机号，收不到验证码。",
            "登录提示账号异常，要怎么验证？",
            "实名认证一直不通过。",
            "有人用我的账号下单，订单{o}不是我买的。",
        ),
        ("I have a new number and get no codes.", "my account is locked.", "order {o} was not placed by me."),
    ),
    "privacy": (
        (
            "请删除我的个人信息并注销账号。",
            "我想知道你们保存了我的哪些信息。",
            "不要再给我发推销短信，撤回同意。",
        ),
        ("please delete my personal data.", "please send me a copy of the data you hold about me."),
    ),
    "callback": (
        ("请今天下午给我回电话，关于{p}。", "打了三次热线没接通，请回电。", "机器人说会回电，订单{o}。"),
        ("please call me back about order {o}.", "I could not get through, please call me."),
    ),
}

REPLIES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "returns": (
        (
            "您好，退货申请已经通过，请在7天内寄回，寄回地址已经发到您的手机。",
            "您好，退货申请需要补充一张商品照片，收到后当天审核。",
            "抱歉让您久等了，退货申请已经通过，退款会在7个工作日内原路退回。",
        ),
        (
            "Your return is approved; the address is in your messages.",
            "We need one photo of the item to go on.",
        ),
    ),
    "refund": (
        (
            "您好，款项已经退出，银行入账还要一两天，流水号已经发给您。",
            "您好，正在向财务核对，今天18点前答复您。",
        ),
        ("The refund has left us; your bank needs a day or two.", "We are checking with finance."),
    ),
    "complaint": (
        (
            "很抱歉给您带来不好的体验，我来负责到底，先记录一下经过。",
            "您反映的情况已经登记，24小时内给您处理结果。",
        ),
        ("I am sorry. I take care of this myself and will answer within 24 hours.",),
    ),
    "": (
        (
            "您好，已经查到您的订单，正在为您处理。",
            "您好，请稍等，我帮您核实一下。",
            "您好，请提供一下订单号。",
            "您好，这个问题我来帮您解决。",
        ),
        ("Thank you, I have found your order.", "One moment, I am checking.", "I can help you with that."),
    ),
}
FOLLOW_UPS = (
    ("好的，大概要多久？", "可以，麻烦快一点。", "还是不行。", "谢谢，我再等等。", "那运费呢？"),
    ("How long will it take?", "All right, thank you.", "It still does not work."),
)
NUDGES = (
    ("有人吗？还是没人回复。", "请问处理了吗？一直没回。", "再不回复我就投诉了。"),
    ("Is anybody there? Still no reply.", "Any news on this?"),
)
SOLUTIONS = (
    ("已经为您处理好了，还有其他问题吗？", "问题已经解决，感谢您的耐心。", "已经办理完成，稍后请您评价。"),
    ("This is done now. Anything else?", "Solved, thank you for your patience."),
)
AUTOMATIC = (
    ("已收到您的消息，客服会尽快联系您。", "您好，我是智能客服小石。"),
    ("We have received your message.", "Hello, I am the assistant."),
)
"""What the system says by itself; it counts as no reply."""

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡"
GIVEN_NAMES = (
    "芳",
    "伟",
    "娜",
    "秀英",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "杰",
    "娟",
    "涛",
    "超",
    "明",
    "霞",
    "平",
    "刚",
)
ENGLISH_NAMES = ("Alice Brown", "Tom Green", "Mary White", "John Young", "Emma Hill", "Peter Wood")
