"""Owns how the form of the whole text is read: plain fields in, rows out. Keeps nothing.

`order` names the rows with their levels (`h1:2 c05:3 n1:3`); each has `heading-c05`, `body-c05`, `out-c05`.
"""

import re
from collections.abc import Mapping

from app.core.text import one_line
from app.standards.forms import FormValues
from app.standards.pasting import clean_words
from app.standards.scripts import boxed, taken
from app.standards.whole_rows import Row, Rows

MOST_ROWS = 2000
_PLACE = re.compile(r"([a-z]\d{1,6}):([2-6])")
_ACT = re.compile(r"(up|down|clause|chapter):([a-z]\d{1,6})?")


def read_form(form: FormValues, before: Mapping[str, str]) -> Rows:
    """Reads the form; `before` is {row: body} as the boxes showed them, so that a box nobody touched stays as it was.

    Rows that are not named rightly, or twice, are dropped. Raises Invalid for words that no text may hold.
    """
    made: dict[str, Row] = {}
    for place in form.get("order", "").split()[:MOST_ROWS]:
        named = _PLACE.fullmatch(place)
        if named is None or named[1] in made:
            continue
        key = named[1]
        heading = one_line(form.get(f"heading-{key}", ""), field=f"heading-{key}")
        body = _body(form.get(f"body-{key}", ""), before.get(key, ""))
        made[key] = Row(key, int(named[2]), heading, body, bool(form.get(f"out-{key}", "")))
    return Rows(_body(form.get("preamble", ""), before.get("", "")), tuple(made.values()))


def read_act(form: FormValues) -> tuple[str, str] | None:
    """Returns what a button wants done to the rows, (up, down, clause or chapter; row); None for none."""
    named = _ACT.fullmatch(form.get("then", ""))
    return (named[1], named[2] or "") if named else None


def order_of(rows: Rows) -> str:
    """Returns the rows' order as the form carries it."""
    return " ".join(f"{row.key}:{row.level}" for row in rows.rows)


def bodies_of(rows: Rows) -> dict[str, str]:
    """Returns {row: body}, under the empty name the words before the first clause."""
    return {"": rows.preamble} | {row.key: row.body for row in rows.rows}


def _body(typed: str, before: str) -> str:
    text = typed.replace("\r\n", "\n").strip("\n")
    return taken(text if text == boxed(before).strip("\n") else clean_words(text), before)
