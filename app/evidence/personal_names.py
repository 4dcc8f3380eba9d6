"""Owns how a person's name stands in a text: beside a form of address or behind a label. Guesses no other names."""

import re

_HAN = r"[一-鿿]"
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|端木|南宫|独孤|长孙|宇文|轩辕"
# The commonest surnames; those that are also everyday words before 先生 (老, 那, 有, 新) are left out.
_SURNAME = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳"
    "骆祁耿关卫柯詹欧莫涂甘冷祝辛管项宁闵符肖阮路岑凌裴霍房屈沙覃缪褚佘游纪曲桂戚卞巩苗谷盛简邬闫燕宫麦滕荣齐娄臧晏冉敖仇苟蓝鞠奚隋鲍穆"
    "佟栾庄桑柴蒙艾匡冼卓晁储"
)
# Before a job title the list is shorter: 客房经理, 基金经理, 高级经理 and 有关主管 name nobody.
_SURNAME_BEFORE_TITLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范姚谭廖邹熊陆郝崔邱秦顾侯邵"
    "孟尹黎贺赖龚雷莫覃缪褚佘纪曲戚卞闫汤庞樊殷陶翟颜倪芦俞葛伍韦聂焦柳邢岳骆祁耿柯詹阮裴霍段史毛"
)
# A word of grammar inside the would-be given name: 高兴的女士 is nobody's name.
_NOT_IN_NAMES = set(
    "的了是在和与有我你他她它这那位个们让请给被把跟向对说问找要会能就也都还来去到为从叫称不没很司店厂部校院课"
)
# A surname that ends an everyday word: 语文老师, 历史老师, 客房经理, 主管郝先生.
_WORD_ENDS = (
    "语文", "历史", "英文", "中文", "客房", "有关", "基金", "地方", "对方", "双方", "大方", "官方", "本店", "保安", "公安", "主管",
    "接管", "导游", "旅游", "年纪", "感谢", "谢谢", "多谢", "答谢", "致谢", "小康", "完毕",
)  # fmt: skip
_NOT_WORD_END = rf"(?<!{'|'.join(_WORD_ENDS)})"
_SURNAMES = rf"(?:{_COMPOUND}|[{_SURNAME}]{_NOT_WORD_END})"
_SURER_SURNAMES = rf"(?:{_COMPOUND}|[{_SURNAME_BEFORE_TITLE}]{_NOT_WORD_END})"
_NOT_NAMES = {
    "高级", "项目", "金牌", "安全", "文明", "方便", "常见", "万能", "和平", "马上", "方先", "任何", "高兴", "谢谢", "顾客", "路人",
    "方式", "方法", "方面", "方案", "程序", "安排", "任意", "高峰", "史上", "常客", "常年", "黄牛", "马大哈", "马虎", "何苦", "何必",
    "何时", "何人", "于是", "向来", "金卡", "白卡", "桑拿", "管理", "关键", "关系", "单位", "万一", "简单", "齐全", "荣幸", "武断",
    "周一", "周二", "周三", "周四", "周五", "周六", "周日", "周天", "周末", "毛病", "段落", "纪念", "曲折", "戚友",
    # Places that begin like a name.
    "江苏", "江西", "安徽", "宁波", "宁夏", "温州", "金华", "黄山", "唐山", "邢台", "石家庄", "岳阳", "常州", "常熟", "常德", "万州",
    "武汉", "武昌", "余姚", "余杭", "江阴", "江门", "梁山", "汤阴", "柳州", "葫芦", "桂林", "齐河", "荣成", "蓝田", "曲阜", "卫辉",
}  # fmt: skip

_ADDRESSES = (
    "先生",
    "女士",
    "小姐",
    "太太",
    "夫人",
    "老师",
    "师傅",
    "阿姨",
    "叔叔",
    "同学",
    "大哥",
    "大姐",
    "老板",
)
_TITLES = (
    "经理", "主管(?!部门)", "医生", "大夫", "律师", "主任", "队长", "店长", "教授", "工程师", "客服", "专员", "组长", "总监", "会计", "警官",
)  # fmt: skip
_LABELS = (
    "姓名", "联系人", "收件人", "收货人", "寄件人", "发件人", "户名", "持卡人", "名字", "投诉人", "申请人", "客户名", "收款人", "取件人",
)  # fmt: skip
_SELF = ("我叫", "本人叫", "本人", "我是", "我姓", "免贵姓", "尊敬的", "亲爱的")
_JOBS_BEFORE = ("客服", "专员", "快递员", "快递", "导购", "店员", "店长", "经理", "主管", "师傅", "骑手", "顾问", "销售", "司机")  # fmt: skip
_HAN_LABELS = (*_ADDRESSES, *(title.partition("(")[0] for title in _TITLES), *_LABELS, *_SELF, *_JOBS_BEFORE)
_HAN_LABEL = re.compile("|".join(sorted(set(_HAN_LABELS))))  # five times as quick as one word after the other
_LATIN_LABELS = (
    "mr", "ms", "miss", "mx", "dr", "prof", "mister", "madame", "sir", "dear", "name", "contact", "recipient", "holder", "speaking",
    "spoke", "this is", "attn", "regards", "sincerely", "faithfully", "ship to", "thanks", "cheers",
)  # fmt: skip

# What may follow a name at once: nothing of a sentence, or the next field of an address.
_NAME_ENDS = rf"(?:(?!{_HAN})|(?=电话|手机|号码|联系|地址|身份证|证件|女士|先生|小姐))"
ADDRESSED_HAN = re.compile(rf"(?P<value>{_SURNAMES}{_HAN}{{0,2}}?)(?={'|'.join(_ADDRESSES)})")
TITLED_HAN = re.compile(rf"(?P<value>{_SURER_SURNAMES})(?={'|'.join(_TITLES)})")
LABELLED_HAN = re.compile(
    rf"(?:{'|'.join(_LABELS)})[ ]?(?:姓名)?(?:写的)?(?:[:：]|是|为|叫)?[ ]?(?P<value>{_SURNAMES}{_HAN}{{1,2}}?)(?:{_NAME_ENDS}|(?=的))"
    rf"|(?:我叫|我的名字是?|本人叫)(?P<called>{_SURNAMES}{_HAN}{{1,2}}?){_NAME_ENDS}"
)
SELF_HAN = re.compile(
    rf"(?:(?:我是|本人)(?P<value>{_SURER_SURNAMES}{_HAN}{{1,2}}?)(?:(?!{_HAN})|(?=电话|手机|身份证))"
    rf"|(?:我姓|免贵姓)(?P<family>{_SURNAMES})(?!{_HAN})"
    rf"|(?:尊敬的|亲爱的)(?P<greeted>{_SURNAMES}{_HAN}{{1,2}}?)(?=[:：,，!！]))"
)
NICKED_HAN = re.compile(rf"(?:{'|'.join(_JOBS_BEFORE)})小(?P<value>[{_SURNAME_BEFORE_TITLE}])")
_WORD = r"[A-Z][A-Za-zÀ-ÖØ-öø-ÿ'’-]{0,30}"
_WORDS = rf"{_WORD}(?:[ ]{_WORD}){{0,2}}"
_BEFORE_NAMES = r"(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mister|Miss|Madame|Sir)"
ADDRESSED_LATIN = re.compile(
    rf"(?<![A-Za-z])(?:{_BEFORE_NAMES}(?![A-Za-z])|Dear(?![A-Za-z])(?![ ]{{1,2}}{_BEFORE_NAMES}(?![a-z])))(?:\.[ ]{{0,2}}|[ ]{{1,2}})(?P<value>{_WORDS})"
)
ADDRESSED_MIXED = re.compile(rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss)\.?[ ]?(?P<value>{_HAN}{{1,3}})")
LABELLED_LATIN = re.compile(
    rf"(?<![A-Za-z])(?i:my name is|my name's|name ?:|customer name is|contact(?: person)? ?:|recipient ?:|(?:card|account) ?holder ?:|"
    rf"attn\.? ?:|ship to ?:|speaking with|spoke to|spoke with|mr|mrs)\.?[ ]"
    rf"{{1,2}}(?P<value>{_WORDS}|(?<=[mM]r )[a-z]{{2,20}}|(?<=[mM]rs )[a-z]{{2,20}})"
)
LOWERED_LATIN = re.compile(
    r"(?<![A-Za-z])(?i:my name is|my name's)[ ]{1,2}(?P<value>[a-z]{2,20}(?: [a-z]{2,20})?)(?=[,.;!\n]|$| and | but )"
)
CALLING_LATIN = re.compile(
    rf"(?<![A-Za-z])[Tt]his is (?P<value>{_WORDS})(?= (?:calling|speaking|here|again|from)(?![a-z]))"
)
SIGNED_LATIN = re.compile(
    rf"(?i:regards|sincerely|faithfully|yours truly|(?:thanks|cheers)(?=,?[ ]?\n))[,.!]?[ ]?\n?(?P<value>{_WORDS})[ .]?(?=\n|$)"
)
_NOT_LATIN = {
    "Sir",
    "Madam",
    "Customer",
    "Customers",
    "Team",
    "Support",
    "All",
    "Agent",
    "Service",
    "Manager",
    "Colleague",
    "Colleagues",
    "Friend",
    "Friends",
    "User",
    "Client",
    "Guest",
    "Staff",
    "Everyone",
    "You",
    "I",
    "The",
    "Ladies",
    "Your",
    "Yours",
    "Sincerely",
    "Thank",
    "Thanks",
    "Member",
    "Members",
    "Shopper",
    "Valued",
    "Passenger",
    "Reader",
    "Black",
    "Cyber",
}
_NOT_LOWERED = {
    "not", "on", "spelled", "spelt", "wrong", "misspelled", "missing", "in", "incorrect", "correct", "the", "still", "already", "at",
    "printed", "different", "shown", "hidden", "too", "long", "also", "same", "right", "there", "invalid", "now", "changed", "used",
}  # fmt: skip


def has_han(text: str) -> bool:
    """True when the text holds at least one Han character."""
    return re.search(_HAN, text) is not None


def holds_han_label(text: str) -> bool:
    """True when the text holds a form of address or a label that a Chinese name stands beside."""
    return _HAN_LABEL.search(text) is not None


def holds_latin_label(text: str) -> bool:
    """True when the text holds a form of address or a label that a Latin name stands behind."""
    folded = text.lower()
    return any(word in folded for word in _LATIN_LABELS)


def is_name_han(match: re.Match[str]) -> bool:
    """True unless the characters are an everyday word or hold a word of grammar."""
    value = match[match.lastgroup or "value"]
    return (
        value not in _NOT_NAMES and value[:2] not in _NOT_NAMES and not _NOT_IN_NAMES.intersection(value[1:])
    )


def is_name_lowered(match: re.Match[str]) -> bool:
    """True unless a sentence about names goes on: "my name is spelled wrong"."""
    return not _NOT_LOWERED.intersection(match["value"].split())


def is_name_latin(match: re.Match[str]) -> bool:
    """True unless the word is how letters address anybody: Dear Customer, Dear Sir."""
    value: str = match.group("value")
    return value.split()[0] not in _NOT_LATIN
