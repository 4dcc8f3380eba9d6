"""Owns made-up numbers, addresses and names of people, and harmless numbers, as people write them. Knows no rule of masking."""

import random
from collections.abc import Callable

Make = Callable[[random.Random], str]


def digits(chance: random.Random, count: int, first: str = "0123456789") -> str:
    """Returns so many random digits; the first is one of `first`."""
    return chance.choice(first) + "".join(chance.choice("0123456789") for _ in range(count - 1))


def mobile(chance: random.Random) -> str:
    """Returns a mobile of mainland China in one of its writings."""
    number = "1" + digits(chance, 10, "3456789")
    a, b, c = number[:3], number[3:7], number[7:]
    wide = number.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)})
    forms = (
        number, f"{a} {b} {c}", f"{a}-{b}-{c}", f"{number[:5]} {number[5:]}", f"+86{number}", f"+86 {a} {b} {c}", f"+86-{number}",
        f"0086{number}", f"86-{number}", f"(+86){number}", wide, f"{a}.{b}.{c}", f"{a}－{b}－{c}", f"{a} {number[3:5]} {number[5:7]} {c}",
    )  # fmt: skip
    return chance.choice(forms)


def landline(chance: random.Random) -> str:
    """Returns a landline of a Chinese city, with and without extension."""
    area = chance.choice(("010", "021", "020", "0755", "0571", "028", "0898"))
    number = (
        digits(chance, 8, "2345678")
        if len(area) == 3 or area in ("0755", "0571")
        else digits(chance, 7, "2345678")
    )
    return chance.choice(
        (
            f"{area}-{number}",
            f"({area}){number}",
            f"{area} {number}",
            f"{area}{number}",
            f"{area}-{number}-{digits(chance, 3)}",
        )
    )


def foreign(chance: random.Random) -> str:
    """Returns a number of another country, with its code or as Americans write it."""
    ten = digits(chance, 3, "23456789") + digits(chance, 3, "23456789") + digits(chance, 4)
    a, b, c = ten[:3], ten[3:6], ten[6:]
    return chance.choice(
        (
            f"+1 {a}-{b}-{c}",
            f"({a}) {b}-{c}",
            f"{a}-{b}-{c}",
            f"+44 20 7{digits(chance, 3)} {digits(chance, 4)}",
            f"+852 9{digits(chance, 3)} {digits(chance, 4)}",
            f"+1{ten}",
        )
    )


def email(chance: random.Random) -> str:
    """Returns an e-mail address."""
    name = "".join(chance.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(chance.randint(3, 9)))
    name += chance.choice(("", str(chance.randint(1, 9999)), "_" + digits(chance, 3), ".li", "+shop"))
    return f"{name}@{chance.choice(('qq.com', '163.com', 'gmail.com', 'mail.example.co.uk', 'foxmail.com', 'corp.com.cn'))}"


def identity_18(chance: random.Random) -> str:
    """Returns an identity number of 18 with the check digit of GB 11643."""
    body = f"{chance.choice(('110101', '310104', '440305', '510107'))}{chance.randint(1950, 2008)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{digits(chance, 3)}"
    total = sum(int(one) * (2 ** (17 - place) % 11) for place, one in enumerate(body))
    whole = body + "10X98765432"[total % 11]
    return chance.choice(
        (
            whole,
            whole.lower(),
            f"{whole[:6]} {whole[6:14]} {whole[14:]}",
            f"{whole[:6]}-{whole[6:14]}-{whole[14:]}",
        )
    )


def identity_15(chance: random.Random) -> str:
    """Returns an identity number of the first generation."""
    return f"{chance.choice(('110101', '310104', '440305'))}{chance.randint(50, 85)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{digits(chance, 3)}"


def card(chance: random.Random) -> str:
    """Returns a bank card of 16 or 19 digits that passes Luhn."""
    body = chance.choice(("622202", "621700", "4392", "5187", "3568")) + digits(chance, 30)
    body = body[: chance.choice((15, 18)) if body[0] == "6" else 15]
    total = sum(
        sum(divmod(int(one) * (2 if place % 2 == 0 else 1), 10)) for place, one in enumerate(reversed(body))
    )
    whole = body + str(-total % 10)
    fours = [whole[i : i + 4] for i in range(0, len(whole), 4)]
    return chance.choice((whole, " ".join(fours), "-".join(fours)))


def order(chance: random.Random) -> str:
    """Returns an order or parcel number: long, with letters, or short behind a label."""
    return chance.choice(
        (
            digits(chance, chance.randint(12, 20), "123456789"), f"2026{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{digits(chance, 10)}",
            f"SF{digits(chance, 13)}", f"JD00{digits(chance, 11)}", f"订单号{digits(chance, 8)}", f"order {digits(chance, 7, '123456789')}",
            f"order #{digits(chance, 9)}", f"单号：YT{digits(chance, 13)}", f"tracking number 1Z{digits(chance, 3)}AA1{digits(chance, 9)}", f"运单{digits(chance, 12)}",
        )
    )  # fmt: skip


def plate(chance: random.Random) -> str:
    """Returns a number plate: five signs, or six of a new-energy vehicle."""
    place, letter = chance.choice("京沪粤浙苏川鄂鲁"), chance.choice("ABCDEFGH")
    signs = "".join(chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(2)) + digits(chance, 3)
    forms = (
        f"{place}{letter}{signs}",
        f"{place}{letter}·{signs}",
        f"{place}{letter} {signs}",
        f"{place}{letter}D{digits(chance, 5)}",
        f"{place}{letter}·F{digits(chance, 5)}",
    )
    return chance.choice(forms)


_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚"
)
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰文辉建国志红梅晓云海燕子涵欣怡浩然"


def chinese_name(chance: random.Random) -> str:
    """Returns a form of address with a name; the name stands before 先生, 女士 or behind 联系人."""
    name = chance.choice(_SURNAMES) + "".join(chance.choice(_GIVEN) for _ in range(chance.randint(0, 2)))
    forms = [f"{name}先生", f"{name}女士", f"{name}小姐"]
    return chance.choice([*forms, f"联系人：{name}，", f"收件人{name}，"] if len(name) > 1 else forms)


def english_name(chance: random.Random) -> str:
    """Returns a title with a name."""
    first = chance.choice(("John", "Emma", "Wei", "Priya", "Carlos", "Fatima", "Liam", "Olga"))
    last = chance.choice(("Smith", "O'Brien", "Zhang", "García", "Patel", "Nowak", "Lee", "Van Dyke"))
    return chance.choice(
        (
            f"Mr {last}",
            f"Mr. {last}",
            f"Ms {last}",
            f"Mrs. {first} {last}",
            f"Dr. {last}",
            f"Ms. {first} {last}",
        )
    )


PERSONAL: dict[str, Make] = {
    "mobile": mobile, "landline": landline, "foreign phone": foreign, "e-mail": email, "identity 18": identity_18, "identity 15": identity_15,
    "bank card": card, "order": order, "plate": plate, "Chinese name": chinese_name, "English name": english_name,
}  # fmt: skip
HARMLESS: dict[str, Make] = {
    "price": lambda c: c.choice((f"¥{c.randint(1, 99999)}", f"{c.randint(1, 99999)}元", f"${c.randint(1, 999)}.{digits(c, 2)}", f"￥{c.randint(1, 99)},{digits(c, 3)}.00", f"{c.randint(1, 900000)}块", f"RMB {c.randint(1000, 99999)}")),
    "time": lambda c: c.choice((f"{c.randint(0, 23)}:{c.randint(0, 59):02d}", f"{c.randint(0, 23):02d}:{c.randint(0, 59):02d}:{c.randint(0, 59):02d}", f"{c.randint(1, 12)} pm", f"{c.randint(1, 12)}点{c.randint(10, 59)}分", f"9:00-{c.randint(17, 22)}:30")),
    "date": lambda c: c.choice((f"2026-{c.randint(1, 12):02d}-{c.randint(1, 28):02d}", f"2026年{c.randint(1, 12)}月{c.randint(1, 28)}日", f"2026/{c.randint(1, 12)}/{c.randint(1, 28)}", f"202603{c.randint(10, 28)}", f"{c.randint(1, 28)} March 2026", "2019-2021", f"2026-03-{c.randint(10, 28)} 14:05:06")),
    "model": lambda c: c.choice(("iPhone 15 Pro 256GB", "RTX4090", "GB/T 19001-2016", "ISO 9001:2015", "6205-2RS", f"DDR4-{c.choice((2666, 3200))}", "i7-13700K", "ThinkPad X1", f"HP LaserJet {c.randint(1000, 9999)}", "Windows 11 22H2", "10.15.7", "v2.14.3", f"Nokia {c.randint(1000, 9999)}", "ML-1610", "WD10EZEX")),
    "percentage": lambda c: c.choice((f"{c.randint(1, 100)}%", f"{c.randint(1, 99)}.{digits(c, 2)}%", f"{c.randint(1, 100)} percent", f"百分之{c.randint(1, 99)}")),
    "quantity": lambda c: c.choice((f"{c.randint(1, 99999)}件", f"{c.randint(1, 99)}天", f"{c.randint(1, 500)} km", f"{c.randint(1, 48)} hours", f"1 {digits(c, 3)} {digits(c, 3)}", f"{c.randint(1, 99999)}人", f"{c.randint(1, 9)}楼{c.randint(100, 999)}房", f"1366×{c.randint(600, 900)}", f"{c.randint(1, 3000)}mAh")),
    "public number": lambda c: c.choice(("400-820-8820", "4008208820", "95588", "12315", "800-810-8888", "95533", "12345", "110", "G1234", "CA1858", "10086", "ISBN 978-7-02-000220-7")),
}  # fmt: skip
