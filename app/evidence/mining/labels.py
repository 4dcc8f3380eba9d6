"""Owns what the label of a row means where it is more than a word: clauses by any of their names, strings to mask.

A row whose label cannot be understood is left out and named; it never stops the others.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from app.evidence.mining.files import BadFile, Row, read_rows
from app.standards.clause_names import plain_name

MOST_NAMED = 20
LONGEST_COMPARED = 2_000  # characters of a text beside its masked form
SAME_SHARE = 0.8  # of the masked form, but for its masks, has to stand in the text
_BETWEEN_IDS = re.compile(r"[;|,；，、｜\n]+")
_BETWEEN_STRINGS = (re.compile(r"[|｜\n]+"), re.compile(r"[|｜\n;；]+"), re.compile(r"[|｜\n;；,，、]+"))
_MASK = re.compile(r"\*{2,}|[\[【<＜{][^\[\]【】<>＜＞{}]{1,20}[\]】>＞}]|[xX]{3,}|[×＊]{2,}")
_NO = frozenset(
    "0 0.0 no none false clean safe harmless negative neg n o - 无 否 没有 不含 正常 安全 无隐私 无需 不需要 不脱敏 无敏感信息".split()
)
_YES = frozenset(
    "1 1.0 yes true pii positive pos y sensitive mask masked personal private 有 是 含 隐私 敏感 需要 脱敏 个人信息 phone mobile tel"
    " telephone name person email mail id id_card idcard identity card bank_card bankcard order order_no plate address account"
    " number 电话 手机 手机号 姓名 人名 邮箱 身份证 身份证号 证件号 银行卡 银行卡号 卡号 订单 订单号 车牌 车牌号 地址 账号".split()
)


class ClauseNames:
    """Which clause a name in a table means. A clause is `{key, names, …}`; names are in the form of `plain_name`."""

    def __init__(self, clauses: Iterable[Mapping[str, Any]]) -> None:
        self._means: dict[str, set[str]] = {}
        self._missed: dict[str, str] = {}
        for clause in clauses:
            for name in (plain_name(clause["key"]), *clause.get("names", ())):
                self._means.setdefault(name, set()).add(clause["key"])

    def keys(self, cell: str) -> list[str]:
        """Returns the clauses that a cell names: one name, or several with ; , | or a blank between; a JSON list too."""
        whole = self._one(cell)
        if whole:
            return whole
        found: list[str] = []
        for piece in _listed(cell) or _BETWEEN_IDS.split(cell):
            inside = self._one(piece) or [key for word in piece.split() for key in self._one(word)]
            if not inside and piece.strip():
                several = len(self._means.get(plain_name(piece), ())) > 1
                why = (
                    "stands in several standards: write code/id" if several else "is no clause of the folder"
                )
                self._missed[piece.strip()[:60]] = why
            found += inside
        return list(dict.fromkeys(found))

    def not_found(self) -> dict[str, Any]:
        """Names what no clause is called, for who reads the figures; empty when everything was found."""
        some = [f"'{name}' {why}" for name, why in list(self._missed.items())[:MOST_NAMED]]
        return {"clause_ids_not_found": some} if some else {}

    def _one(self, name: str) -> list[str]:
        found = self._means.get(plain_name(name), set())
        return sorted(found) if len(found) == 1 else []


def answered(
    path: Path, names: ClauseNames, left_out: list[str], *, must_find: bool = True
) -> list[tuple[str, list[str]]]:
    """Returns the questions with the keys of their clauses; one of which no clause is found stays, and cannot be met.

    Raises BadFile where not one clause of the whole table is found, unless it need not be.
    """
    rows = read_rows(path, "clause_ids", left_out=left_out)
    found = [(row.text, names.keys(row.label)) for row in rows]
    if must_find and not any(keys for _text, keys in found):
        first = rows[0]
        said = names.not_found().get("clause_ids_not_found", ["it names none"])
        raise BadFile(f"{path.name}, line {first.line}, field clause_ids: {said[0]}")
    return found


def are_words(rows: Sequence[Row]) -> bool:
    """Says whether the labels only tell if a text holds anything personal, by words such as yes, 0, phone or 无."""
    labels = {row.label.casefold() for row in rows if row.label}
    words = {word for label in labels for word in re.split(r"[\s|;,，；、]+", label) if word}
    if not words or words - _NO - _YES:
        return False
    return max(map(len, words)) == 1 or not all(row.label in row.text for row in rows if row.label)


def says_yes(label: str) -> bool:
    """Says whether a label of one word means that something has to be masked; an empty one does not."""
    return bool(label) and label.casefold() not in _NO


def strings_to_mask(path: Path, rows: Sequence[Row], left_out: list[str]) -> list[tuple[str, list[str]]]:
    """Returns the texts with the strings that must be gone from each: listed in the label, or what the label masked.

    A row whose label fits neither is left out. Raises BadFile where that leaves nothing.
    """
    found: list[tuple[str, list[str]]] = []
    bad: list[str] = []
    for row in rows:
        strings = _strings(row)
        if strings is None:
            bad.append(
                f"{path.name}, line {row.line}, field label: '{row.label[:40]}' does not stand in the text"
            )
        else:
            found.append((row.text, strings))
    if len(bad) > len(found):
        raise BadFile(bad[0])
    left_out += bad
    return found


def _strings(row: Row) -> list[str] | None:
    if not row.label or (row.label.casefold() in _NO and row.label not in row.text):
        return []
    listed = _listed(row.label)
    for pieces in [listed] if listed else [between.split(row.label) for between in _BETWEEN_STRINGS]:
        strings = [one.strip() for one in pieces if one.strip()]
        if all(one in row.text for one in strings):
            return strings
    return _masked_away(row.text, row.label)


def _masked_away(text: str, masked: str) -> list[str] | None:
    """Returns what stands in a text where its masked form has signs of a mask; None where that is no form of the text."""
    if not _MASK.search(masked) or max(len(text), len(masked)) > LONGEST_COMPARED:
        return None
    parts = SequenceMatcher(None, text, masked, autojunk=False)
    same = sum(block.size for block in parts.get_matching_blocks())
    if same < SAME_SHARE * len(_MASK.sub("", masked)):
        return None
    gone = [text[a:b].strip() for kind, a, b, _c, _d in parts.get_opcodes() if kind in ("replace", "delete")]
    return [one for one in gone if one]


def _listed(cell: str) -> list[str]:
    """Returns the strings of a list as JSON; empty where the cell is none."""
    if not cell.startswith("["):
        return []
    try:
        found = json.loads(cell)
    except ValueError:
        return []
    return [str(one) for one in found] if isinstance(found, list) else []
