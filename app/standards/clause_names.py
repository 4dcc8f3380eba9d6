"""Owns the names by which somebody may mean a clause in a table: its id, heading or number. Pure; reads no file."""

import re
import unicodedata
from collections.abc import Iterable

_NUMBER = re.compile(
    r"(?i)(?:article|section|clause|§)?\s*(\d+(?:\.\d+)*)(?=[\s.、)）:：]|$)|(第[一二三四五六七八九十百千零〇两\d]+条)"
)


def plain_name(name: str) -> str:
    """Returns a name as it is compared: NFKC, lower case, single blanks, `/` between a standard and its clause."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return re.sub(r"\s*[#:]+\s*", "/", plain).strip("/ ")


def names_of(owners: Iterable[str], clause_id: str, heading: str) -> set[str]:
    """Returns every name that may mean a clause: its id, heading and number, alone and behind what names its text."""
    number = _NUMBER.match(heading)
    alone = {clause_id, heading}
    if number:
        alone |= {number[1] or number[2], number[0], heading[number.end() :].lstrip(" .、)）:：")}
    plain = {plain_name(one) for one in alone} - {""}
    return plain | {f"{plain_name(owner)}/{one}" for owner in owners for one in plain}
