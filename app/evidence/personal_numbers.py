"""Owns what a number or address of a person looks like in Chinese and English text. Replaces nothing (`masking.py`).

All patterns read text whose full-width letters and digits were made half-width. They look at digits, not at word
boundaries: Chinese text has no spaces around a number.
"""

import datetime as dt
import re
from collections.abc import Callable

HALF_WIDTH = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: 0x20,
    0x00A0: 0x20,
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), 0x2D),
}

_SEPARATOR = r"[ .·-]{0,3}"
_ALONE = r"(?<!\d)"
_ENDS = r"(?!\d)"
# Decimals and amounts are no numbers of people; a list with commas may be.
_NOT_IN_DECIMALS = r"(?<!\d)(?<!\d\.)"
_NOT_BEFORE_DECIMALS = r"(?!\d)(?!\.\d)"
# What follows a quantity or an amount of money; such a number names nobody.
_UNIT = (
    r"(?!\s?(?:元|块|万|亿|角|分钱|件|个|次|台|条|份|天|日|小时|分钟|秒|米|克|公里|人|位|分(?!机)|%|"
    r"(?:yuan|rmb|cny|usd|dollars?|euros?|pounds?|units?|items?|pieces?|points?|times|days?|hours?|minutes?|ms|km|kg)(?![A-Za-z])))"
)
_IS = r"[ \t]{0,2}(?:号码?|编号|号)?[ \t]{0,2}(?:[:#=]|是|为|(?:no|nr|number|id)(?![A-Za-z])\.?:?|is(?![A-Za-z]))?[ \t]{0,2}(?:[:#=]|是|为|is(?![A-Za-z]))?[ \t]{0,2}#?"

EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64} ?@ ?[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}"
)
PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·.-]?"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9学警港澳挂](?![A-Za-z0-9])"
)
IDENTITY_18 = re.compile(rf"{_ALONE}[1-9](?:[ -]?\d){{16}}[ -]?[\dXx](?![\dA-Za-z])")
IDENTITY_15 = re.compile(rf"{_ALONE}[1-9]\d{{14}}{_ENDS}")
IDENTITY_LABELLED = re.compile(
    rf"(?i:身份证|证件|护照|港澳通行证|通行证|id card|identity(?: card)?|passport|national id|ssn){_IS}"
    r"(?P<value>(?:[A-Za-z]{1,2})?\d(?:[ -]?\d){5,16}[ -]?[\dXx])(?![\d*])"
)
CARD = re.compile(rf"{_ALONE}[2-69](?:[ -]?\d){{15,18}}{_ENDS}")
# Printed in fours like a card: hidden even when a digit was mistyped.
CARD_GROUPED = re.compile(
    rf"{_ALONE}[2-69]\d{{3}}(?P<between>[ -])\d{{4}}(?P=between)\d{{4}}(?P=between)\d{{4}}(?:(?P=between)\d{{1,3}})?{_ENDS}"
)
CARD_LABELLED = re.compile(
    rf"(?i:银行卡|信用卡|储蓄卡|借记卡|卡号|账户|(?:bank |credit |debit )?card|account){_IS}(?P<value>\d(?:[ -]?\d){{10,20}})(?!\d)"
)
ORDER_LABELLED = re.compile(
    r"(?i:订单|单号|工单|运单|快递单?|物流单?|退款单|退货单|售后单|流水|交易|发票|合同|会员|编号|案件|"
    r"(?<![A-Za-z])(?:orders?|tracking|tickets?|invoice|waybill|parcel|shipment|reference|ref|case|booking|transaction|rma))"
    rf"{_IS}(?P<value>(?:[A-Za-z]{{1,6}}-?)?\d(?:-?[A-Za-z0-9]){{4,30}}(?: \d{{3,8}}){{0,5}}){_UNIT}(?![A-Za-z0-9])"
)
# A purchase or a bill is an amount as often as a number: with # from five digits on, else from eight, or six after a zero.
BILL_LABELLED = re.compile(
    r"(?<![A-Za-z])(?i:purchases?|bills?|receipts?)[ \t]{1,2}(?:(?i:no|nr|number|id)\.?:?[ \t]{1,2})?"
    rf"(?:#[ \t]?(?P<value>\d{{5,30}})|(?P<bare>0\d{{5,30}}|\d{{8,30}})){_UNIT}(?![A-Za-z0-9]|[.,]\d)"
)
ORDER_PREFIXED = re.compile(
    rf"(?<![A-Za-z0-9/&])(?:[A-Za-z]{{1,6}}[-_]?\d(?:[-_]?\d){{7,30}}[A-Za-z]{{0,3}}|#\d{{5,30}})(?![A-Za-z0-9]){_UNIT}"
)
LONG_RUN = re.compile(
    rf"{_NOT_IN_DECIMALS}(?<![¥$€£])(?<![¥$€£] )\d(?:[ -]?\d){{9,30}}{_NOT_BEFORE_DECIMALS}{_UNIT}"
)
ACCOUNT_LABELLED = re.compile(
    rf"(?i:微信|wechat|weixin|qq|旺旺|支付宝|alipay|whatsapp|账号|帐号)(?:同号)?{_IS}(?:加|搜)?(?P<value>[A-Za-z0-9_][A-Za-z0-9_-]{{4,30}})(?![A-Za-z0-9@])"
)
MOBILE = re.compile(
    rf"(?<![\d+])(?:\+?(?:00)?86{_SEPARATOR})?1{_SEPARATOR}[3-9](?:{_SEPARATOR}\d){{9}}{_ENDS}"
    rf"|\+?(?:00)?86{_SEPARATOR}1{_SEPARATOR}[3-9](?:{_SEPARATOR}\d){{9}}{_ENDS}"
)
MOBILE_IN_HAN = re.compile(
    r"(?<![零〇一二三四五六七八九幺])[一幺][三四五六七八九][零〇一二三四五六七八九幺]{9}(?![零〇一二三四五六七八九幺])"
)
INTERNATIONAL = re.compile(rf"(?<![\d+])(?:\+|(?<!\d[. -])00(?=[1-9]))\d(?:[ .()-]{{0,2}}\d){{6,14}}{_ENDS}")
LANDLINE = re.compile(
    rf"{_NOT_IN_DECIMALS}\(?0[1-9]\d{{1,3}}\)?[ -]{{0,2}}[1-9]\d{{2,3}}[ -]?\d{{3,4}}(?!\d)(?:[ ]?(?:转|ext\.?|-)[ ]?\d{{1,6}})?{_ENDS}"
)
AMERICAN = re.compile(
    rf"{_NOT_IN_DECIMALS}(?:1[ .-])?(?:\([2-9]\d{{2}}\)[ .-]?|[2-9]\d{{2}}[ .-])\d{{3}}[ .-]\d{{4}}{_ENDS}{_UNIT}"
)
PHONE_LABELLED = re.compile(
    r"(?i:电话|手机|座机|固话|联系方式|号码|致电|回电|拨打|(?<![A-Za-z])(?:tel|telephone|phone|mobile|cell|call(?: me| us)?|fax))"
    rf"{_IS}(?:at |on )?(?P<value>[1-9]\d{{2,4}}(?:[ -]?\d{{1,4}}){{1,3}}){_ENDS}{_UNIT}"
)
_SOME_DIGITS = re.compile(r"\d[^\d\n]{0,4}\d[^\d\n]{0,4}\d[^\d\n]{0,4}\d[^\d\n]{0,4}\d")
_HOTLINE = re.compile(r"[48]00\d{7}|9\d{4,5}|1\d{2,4}|1010\d{4}|[1-9]\d{0,5}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"


def holds_at(text: str) -> bool:
    """True when the text may hold an e-mail address."""
    return "@" in text


_ANY_DIGIT = re.compile(r"\d")


def count_digits(text: str) -> int:
    """Returns how many digits of any script a text holds, as the patterns count them."""
    return len(_ANY_DIGIT.findall(text))


def _holds_label(*words: str, with_digits: bool = True) -> Callable[[str], bool]:
    """Returns a question whether a text holds one of the words, in any case; much quicker than the pattern they belong to."""

    def holds(text: str) -> bool:
        folded = text.casefold()
        for word in words:
            if word in folded:
                return not with_digits or holds_digits(text)
        return False

    return holds


holds_identity_label = _holds_label(
    "身份证", "证件", "护照", "通行证", "id card", "identity", "passport", "national id", "ssn"
)
holds_card_label = _holds_label("卡", "账户", "card", "account")
holds_order_label = _holds_label(
    "单", "流水", "交易", "发票", "合同", "会员", "编号", "案件", "物流", "快递", "order", "tracking", "ticket", "invoice", "waybill", "parcel", "shipment",
    "ref", "case", "booking", "transaction", "rma",
)  # fmt: skip
holds_bill_label = _holds_label("purchase", "bill", "receipt")
holds_account_label = _holds_label(
    "微信", "wechat", "weixin", "qq", "旺旺", "支付宝", "alipay", "whatsapp", "账号", "帐号", with_digits=False
)  # fmt: skip
holds_phone_label = _holds_label(
    "电话", "手机", "座机", "固话", "联系方式", "号码", "致电", "回电", "拨打", "tel", "phone", "mobile", "cell", "call", "fax"
)  # fmt: skip


def holds_han_one(text: str) -> bool:
    """True when the text holds the character that a mobile written in words begins with."""
    return "一" in text or "幺" in text


def holds_digits(text: str) -> bool:
    """True when the text holds five digits near each other; shorter numbers name nobody."""
    return _SOME_DIGITS.search(text) is not None


def always_looked_for(text: str) -> bool:
    """True: the pattern itself is the quickest way to know."""
    return True


def always(match: re.Match[str]) -> bool:
    """Every hit of the pattern counts."""
    return True


def is_plate(match: re.Match[str]) -> bool:
    """True with at least two digits: a plate, not an abbreviation."""
    return sum(character.isdigit() for character in match.group()) >= 2


def is_identity_18(match: re.Match[str]) -> bool:
    """True when the date of birth exists and the check digit of GB 11643 is right."""
    digits = _digits(match.group())
    last = match.group()[-1].upper()
    number = digits[:17] if last == "X" else digits[:-1]
    if len(number) != 17 or _day(number[6:14]) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11] == last


def is_identity_15(match: re.Match[str]) -> bool:
    """True when the date of birth (yymmdd) exists."""
    return _day("19" + match.group()[6:12]) is not None


def is_card(match: re.Match[str]) -> bool:
    """True when the last digit is right by the rule of Luhn (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in _digits(match.group())]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[::-2]) + sum(doubled)) % 10 == 0


# Also as names of files have it: `tickets-2026-11`, `export_2026-11-05`.
_MONTH_OR_DAY = re.compile(
    r"(?:[A-Za-z]{1,6}[-_]?)?(?:19|20)\d\d[-_](?:0?[1-9]|1[0-2])(?:[-_](?:0?[1-9]|[12]\d|3[01]))?"
)


def is_order(match: re.Match[str]) -> bool:
    """True for five and more digits that are not a date, a clause id or a hotline."""
    value = match.groupdict().get("value") or match.group()
    if (
        _is_behind_model(match)
        or _MONTH_OR_DAY.fullmatch(value)
        or re.fullmatch(r"[A-Za-z]{2,4}-\d{2,4}-[Cc]\d{2,4}", value)
    ):
        return False
    return len(_digits(value)) >= 5


_MODEL = re.compile(
    r"(?i:型号|款号|货号|款式|版本号?|固件|批号|model|version|firmware|build|sku|part(?: no| number)?)[ \t:：是为#.]{0,3}$"
)


def _is_behind_model(match: re.Match[str]) -> bool:
    """True for what is called a model, a version or a batch: it names goods."""
    return _MODEL.search(match.string[max(0, match.start() - 20) : match.start()]) is not None


def is_bill(match: re.Match[str]) -> bool:
    """True unless the digits are a day."""
    value = match[match.lastgroup or 0]
    return not (len(value) == 8 and _day(value))


def is_grouped_evenly(match: re.Match[str]) -> bool:
    """True when one sort of separator stands between the digits: "138-1234-2210", not "1.5 3.5 2.4", no host."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", match.group()):
        return False
    core = re.sub(r"^\+?(?:00)?86[ .·-]{0,3}", "", match.group())
    separators = {separator.strip() or " " for separator in re.findall(r"[ .·-]+", core)}
    return len(separators) <= 1


def is_international(match: re.Match[str]) -> bool:
    """True for eight to fifteen digits after + or 00 (ITU-T E.164)."""
    return 8 <= len(_digits(match.group()).removeprefix("00")) <= 15


def is_phone(match: re.Match[str]) -> bool:
    """True for seven and more digits that are neither a date nor a public hotline (400, 800, 95xxx, 12315)."""
    value = match.groupdict().get("value") or match.group()
    digits = _digits(value)
    if len(digits) < 7 or _HOTLINE.fullmatch(digits):
        return False
    return not (len(digits) == 8 and _day(digits))


def is_long_run(match: re.Match[str]) -> bool:
    """True unless the run is a date with a time, two dates, a hotline, one digit over and over, a book or a web page."""
    value = match.group()
    digits = _digits(value)
    before = match.string[max(0, match.start() - 20) : match.start()]
    if (
        _is_behind_model(match)
        or len(set(digits)) == 1
        or re.search(r"(?i:isbn)[ :-]{0,2}$|/[A-Za-z]{1,12}[-_]$", before)
    ):
        return False
    if _HOTLINE.fullmatch(digits) or re.search(
        r"(?:19|20)\d\d-\d{1,2}-\d{1,2}|(?:19|20)\d\d ?- ?(?:19|20)\d\d", value
    ):
        return False
    if " " in value and "-" in value and max(len(part) for part in re.split("[ -]", value)) < 5:
        return False  # 2000-100 1000-50: several small numbers beside each other
    if " " in value and re.fullmatch(r"\d{1,3}(?: \d{3}){2,}", value):
        return False  # 1 234 567 890: a quantity in groups of thousands
    return not (len(digits) in (12, 14) and _is_time(digits[8:]) and _day(digits[:8]))


def with_ends(value: str) -> str:
    """Writes a phone number with its first three and last four digits, of a short one less: 138****2210, 010****21."""
    digits = _digits(re.split(r"转|ext", value, maxsplit=1, flags=re.IGNORECASE)[0])
    if not digits:
        return "***"
    plus = "+" if value.startswith("+") else ""
    mobile = digits.removeprefix("0086").removeprefix("86") if len(digits) > 11 else digits
    if len(mobile) == 11 and mobile.startswith("1"):
        return f"{mobile[:3]}****{mobile[-4:]}"
    return f"{plus}{digits[:2]}****{digits[-2:]}"


def with_last_four(value: str) -> str:
    """Writes an order or card number as its last four digits: ****5678; of short ones two digits stay."""
    digits = _digits(value)
    return f"****{digits[-4:] if len(digits) >= 8 else digits[-2:]}"


def _digits(text: str) -> str:
    return "".join(character for character in text if "0" <= character <= "9")


def _day(digits: str) -> dt.date | None:
    """The day that eight digits spell, None when there is none between 1900 and 2099."""
    try:
        day = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return day if 1900 <= day.year < 2100 else None


def _is_time(digits: str) -> bool:
    """True for hours and minutes, with or without seconds."""
    return digits[:2] < "24" and digits[2:4] < "60" and digits[4:6] < "62"
