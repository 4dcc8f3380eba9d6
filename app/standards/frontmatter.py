"""Owns the head of a standard's file: the strict schema over strings that says what each means, and writing it.

It does not read YAML itself (`yaml_strings.py`) nor the clauses (`document.py`).
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from app.core.errors import FieldError, Invalid, Reason
from app.core.text import one_line
from app.standards.measures import LIMIT_SLUG, PATTERN_SLUG, Measure
from app.standards.yaml_strings import Node, load_strings

LIMIT_TITLE_BYTES = 600
LIMIT_REVIEW_MONTHS = 120
LANGUAGES = ("zh", "en")
PATTERN_CODE = re.compile(r"[a-z]{1,8}-\d{2,4}")

_PLAIN = re.compile(r"[^\W\d](?:[\w .()/·、，。（）《》-]*[\w.()（）《》。])?")
_WORDS_OF_YAML = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


class Journey(StrEnum):
    """Where on the customer's way a standard applies."""

    PRE_SALE = "pre_sale"
    IN_SALE = "in_sale"
    AFTER_SALE = "after_sale"
    ALL = "all"


class Visibility(StrEnum):
    """Who may read a standard: clauses tagged public of a public one stand on the customers' page."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True)
class Front:
    """What the head of a file says about a standard.

    The primary language's file (zh where there is one) says everything; any other says code, language and title,
    and the rest is empty: `is_primary` tells them apart. `audience` holds roles that must follow, the default
    for every clause; `review_months` is the review cycle.
    """

    code: str
    language: str
    title: str
    owner: str = ""
    category: str = ""
    journey: Journey | None = None
    audience: tuple[str, ...] = ()
    visibility: Visibility | None = None
    review_months: int = 0
    measures: tuple[Measure, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title, LIMIT_TITLE_BYTES, field="title"))
        object.__setattr__(self, "audience", tuple(sorted(set(self.audience))))
        object.__setattr__(self, "measures", tuple(sorted(self.measures, key=lambda m: (m.id, m.clause_id))))
        errors = list(_wrong_in(self))
        if errors:
            raise Invalid(errors)

    @property
    def is_primary(self) -> bool:
        """States that this head holds the facts of the standard, not only a translated title."""
        return bool(self.owner)


def _wrong_in(front: Front) -> Iterator[FieldError]:
    """Yields what no head may say, however it was made."""
    if not PATTERN_CODE.fullmatch(front.code):
        yield FieldError("code", Reason("document.bad_form", {"value": front.code[:LIMIT_SLUG]}))
    if front.language not in LANGUAGES:
        params: dict[str, object] = {"value": front.language[:LIMIT_SLUG], "allowed": ", ".join(LANGUAGES)}
        yield FieldError("language", Reason("document.not_in_list", params))
    if not front.title:
        yield FieldError("title", Reason("document.missing", {"name": "title"}))
    for field, slugs in (
        ("owner", (front.owner,)),
        ("category", (front.category,)),
        ("audience", front.audience),
    ):
        for slug in slugs:
            if slug and not (PATTERN_SLUG.fullmatch(slug) and len(slug) <= LIMIT_SLUG):
                yield FieldError(field, Reason("document.bad_form", {"value": slug[:LIMIT_SLUG]}))
    facts = {name: bool(getattr(front, name)) for name in _FACTS}
    if any(facts.values()) or front.measures:
        for name in [name for name, given in facts.items() if not given]:
            yield FieldError(name, Reason("document.missing", {"name": name}))
    if not 0 <= front.review_months <= LIMIT_REVIEW_MONTHS:
        yield FieldError("review_months", Reason("document.not_months", {"most": LIMIT_REVIEW_MONTHS}))
    ids = [measure.id for measure in front.measures]
    for double in sorted({mid for mid in ids if ids.count(mid) > 1}):
        yield FieldError("measures.id", Reason("document.double_id", {"id": double}))


_FACTS = ("owner", "category", "journey", "audience", "visibility", "review_months")


def read_front(text: str, first_line: int = 1) -> Front:
    """Returns the head made of its YAML text; `first_line` is the physical line of its first line.

    Raises Invalid listing every wrong field with its line: unknown keys, missing ones, words not in their list.
    """
    nodes = load_strings(text, first_line)
    errors: list[FieldError] = []
    measures: list[Measure] = []
    texts: dict[str, str] = {}
    audience: list[str] = []
    for key, node in nodes.items():
        if key == "measures" and isinstance(node.value, list):
            measures = list(_read_measures(node.value, errors))
        elif key == "audience" and isinstance(node.value, list):
            audience = [item.value for item in node.value if isinstance(item.value, str)]
            if len(audience) < len(node.value):
                errors.append(FieldError(key, Reason("document.not_a_text"), node.line))
        elif key not in _KEYS:
            errors.append(
                FieldError(
                    key[:LIMIT_SLUG], Reason("document.unknown_key", {"name": key[:LIMIT_SLUG]}), node.line
                )
            )
        elif key in ("measures", "audience"):
            errors.append(FieldError(key, Reason("document.not_a_list"), node.line))
        elif isinstance(node.value, str):
            texts[key] = node.value.strip()
        else:
            errors.append(FieldError(key, Reason("document.not_a_text"), node.line))
    lines = {key: node.line for key, node in nodes.items()}
    front = _make_front(texts, tuple(audience), lines, first_line, errors)
    if errors or front is None:
        raise Invalid(sorted(errors, key=lambda error: error.line or 0))
    try:
        return replace(front, measures=tuple(measures))
    except Invalid as error:
        raise Invalid(replace(e, line=lines.get("measures", first_line)) for e in error.errors) from error


_KEYS = ("code", "language", "title", *_FACTS, "measures")


def _read_measures(nodes: list[Node], errors: list[FieldError]) -> Iterator[Measure]:
    for node in nodes:
        fields = node.value
        if not isinstance(fields, dict):
            errors.append(FieldError("measures", Reason("document.not_a_mapping"), node.line))
            continue
        lines = {key: field.line for key, field in fields.items()}
        data = {key: field.data() for key, field in fields.items()}
        try:
            yield Measure.from_data(data, lines, node.line)
        except Invalid as error:
            errors.extend(error.errors)


def _make_front(
    texts: dict[str, str],
    audience: tuple[str, ...],
    lines: dict[str, int],
    first_line: int,
    errors: list[FieldError],
) -> Front | None:
    """Converts the strings, puts what is wrong into `errors` with its line, and returns None when it is too much."""

    def refuse(key: str, reason: str, **params: object) -> None:
        errors.append(FieldError(key, Reason(reason, params), lines.get(key, first_line)))

    def word(key: str, words: type[StrEnum]) -> StrEnum | None:
        text = texts.get(key, "")
        if text and text not in [item.value for item in words]:
            refuse(key, "document.not_in_list", value=text[:LIMIT_SLUG], allowed=", ".join(words))
            return next(iter(words))
        return words(text) if text else None

    months = texts.get("review_months", "")
    if months and not re.fullmatch(r"[1-9]\d{0,2}", months, re.ASCII):
        refuse("review_months", "document.not_a_number", value=months[:LIMIT_SLUG])
        months = "1"
    journey, visibility = word("journey", Journey), word("visibility", Visibility)
    try:
        return Front(
            code=texts.get("code", ""),
            language=texts.get("language", ""),
            title=texts.get("title", ""),
            owner=texts.get("owner", ""),
            category=texts.get("category", ""),
            journey=journey if isinstance(journey, Journey) else None,
            audience=audience,
            visibility=visibility if isinstance(visibility, Visibility) else None,
            review_months=int(months or 0),
        )
    except Invalid as error:
        errors.extend(replace(e, line=lines.get(e.field, first_line)) for e in error.errors)
        return None


def write_front(front: Front) -> str:
    """Returns the head as canonical YAML lines, each ended by LF, without the fences; keys in a fixed order."""
    lines = [f"{key}: {_scalar(getattr(front, key))}" for key in ("code", "language", "title")]
    if front.is_primary:
        lines += [f"{key}: {_scalar(getattr(front, key))}" for key in ("owner", "category", "journey")]
        lines.append(f"audience: {_flow_list(front.audience)}")
        lines += [f"visibility: {_scalar(str(front.visibility))}", f"review_months: {front.review_months}"]
    if front.measures:
        lines.append("measures:")
    for measure in front.measures:
        for index, (key, value) in enumerate(measure.to_data().items()):
            shown = value if isinstance(value, str) else _flow_list(tuple(value))
            lines.append(f"  {'- ' if index == 0 else '  '}{key}: {shown}")
    return "\n".join(lines) + "\n"


def _flow_list(items: tuple[str, ...]) -> str:
    return f"[{', '.join(_scalar(item) for item in items)}]"


def _scalar(text: str) -> str:
    """Writes a string plain where every YAML reader takes it for a string, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS_OF_YAML:
        return text
    return json.dumps(text, ensure_ascii=False)
