"""Owns how a person's name stands in a text: beside a form of address or behind a label. Guesses no other names."""

import re

_HAN = r"[一-鿿]"
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|司徒|端木|南宫|独孤|长孙|宇文|轩辕"
# The commonest surnames; those that are also everyday words before 先生 (老, 那, 有, 新) are left out.
_SURNAME = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
    "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳"
    "骆祁耿关卫柯詹欧莫涂甘冷祝辛管项宁闵符肖阮路岑凌裴霍房屈沙"
)
# Before a job title the list is shorter: 客房经理, 基金经理, 高级经理 and 有关主管 name nobody.
_SURNAME_BEFORE_TITLE = (
    "王李张刘陈杨赵黄周吴徐孙胡朱林何郭马罗梁宋郑谢韩唐冯董萧曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范姚谭廖邹熊陆郝崔邱秦顾侯邵"
    "孟尹黎贺赖龚"
)
_SURNAMES = rf"(?:{_COMPOUND}|[{_SURNAME}])"
# A word of grammar inside the would-be given name: 高兴的女士 is nobody's name.
_NOT_IN_NAMES = set(
    "的了是在和与有我你他她它这那位个们让请给被把跟向对说问找要会能就也都还来去到为从叫称不没很司店厂部校院课"
)
# A surname that ends an everyday word: 语文老师, 历史老师, 客房经理.
_WORD_ENDS = {
    "语文",
    "历史",
    "英文",
    "中文",
    "客房",
    "有关",
    "基金",
    "地方",
    "对方",
    "双方",
    "大方",
    "官方",
    "本店",
    "保安",
    "公安",
}
_NOT_NAMES = {
    "高级",
    "项目",
    "金牌",
    "安全",
    "文明",
    "方便",
    "常见",
    "万能",
    "和平",
    "马上",
    "方先",
    "任何",
    "高兴",
}

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
_LABELS = ("姓名", "联系人", "收件人", "收货人", "寄件人", "户名", "持卡人", "名字", "投诉人", "客户名")
_HAN_LABELS = (*_ADDRESSES, *(title.partition("(")[0] for title in _TITLES), *_LABELS, "我叫", "本人叫")
_LATIN_LABELS = (
    "mr", "ms", "miss", "mx", "dr", "prof", "mister", "madame", "sir", "dear", "name", "contact", "recipient", "cardholder", "speaking",
    "spoke",
)  # fmt: skip

ADDRESSED_HAN = re.compile(
    rf"(?P<value>(?!(?<=[感谢多答])谢){_SURNAMES}{_HAN}{{0,2}}?)(?={'|'.join(_ADDRESSES)})"
)
TITLED_HAN = re.compile(rf"(?P<value>{_COMPOUND}|[{_SURNAME_BEFORE_TITLE}])(?={'|'.join(_TITLES)})")
LABELLED_HAN = re.compile(
    rf"(?:(?:{'|'.join(_LABELS)})[ ]?(?:[:：]|是|为|叫)[ ]?|我叫|我的名字是?|本人叫)"
    rf"(?P<value>{_SURNAMES}{_HAN}{{1,2}}?)(?!{_HAN})"
)
_WORD = r"[A-Z][A-Za-zÀ-ÖØ-öø-ÿ'’-]{0,30}"
ADDRESSED_LATIN = re.compile(
    rf"(?<![A-Za-z])(?:(?:Mr|Mrs|Ms|Mx|Dr|Prof|Mister|Miss|Madame|Sir|Dear)(?![A-Za-z])\.?[ ]{{1,2}}(?P<value>{_WORD}(?:[ ]{_WORD}){{0,2}}))"
)
ADDRESSED_MIXED = re.compile(rf"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss)\.?[ ]?(?P<value>{_HAN}{{1,3}})")
LABELLED_LATIN = re.compile(
    rf"(?<![A-Za-z])(?i:my name is|my name's|name ?:|customer name is|contact person ?:|recipient ?:|cardholder ?:|speaking with|spoke to|spoke with|mr|mrs)\.?[ ]"
    rf"{{1,2}}(?P<value>{_WORD}(?:[ ]{_WORD}){{0,2}}|(?<=[mM]r )[a-z]{{2,20}}|(?<=[mM]rs )[a-z]{{2,20}})"
)
_NOT_LATIN = {
    "Sir", "Madam", "Customer", "Customers", "Team", "Support", "All", "Agent", "Service", "Manager", "Colleague",
    "Colleagues", "Friend", "Friends", "User", "Client", "Guest", "Staff", "Everyone", "You", "I", "The", "Ladies",
}  # fmt: skip


def has_han(text: str) -> bool:
    """True when the text holds at least one Han character."""
    return re.search(_HAN, text) is not None


def holds_han_label(text: str) -> bool:
    """True when the text holds a form of address or a label that a Chinese name stands beside."""
    return any(word in text for word in _HAN_LABELS)


def holds_latin_label(text: str) -> bool:
    """True when the text holds a form of address or a label that a Latin name stands behind."""
    folded = text.lower()
    return any(word in folded for word in _LATIN_LABELS)


def is_name_han(match: re.Match[str]) -> bool:
    """True unless the characters are an everyday word or hold a word of grammar."""
    value = match.group("value")
    start = match.start("value")
    if match.string[max(0, start - 1) : start + 1] in _WORD_ENDS:
        return False
    return value not in _NOT_NAMES and not _NOT_IN_NAMES.intersection(value[1:])


def is_name_latin(match: re.Match[str]) -> bool:
    """True unless the word is how letters address anybody: Dear Customer, Dear Sir."""
    value: str = match.group("value")
    return value.split()[0] not in _NOT_LATIN
