"""Owns the machine's check of the claim "editorial": which changes it disproves. Pure; judges no meaning."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Protocol

from app.core.errors import Reason
from app.standards.document import Document, primary_of
from app.standards.quantities import quantities

# Words that make a duty, a permission or a ban; the longer ones stand first so that 不应当 is not read as 应当.
_DUTY = {
    "zh": re.compile(
        r"不应当|不应该|不应|不得|不可以|不可|不能|禁止|严禁|必须|务必|应当|应该|可以|无需|不必|须|应(?=[在当由对将于])"
    ),
    "en": re.compile(
        r"\b(?:must not|may not|shall not|should not|cannot|must|shall|should|may|can|need not|never|always)\b",
        re.IGNORECASE,
    ),
}
_NUMBER = re.compile(r"\d+(?:[.:]\d+)*")


def against_editorial(
    before: Mapping[str, str], after: Mapping[str, str], *, measures_differ: bool
) -> tuple[Reason, ...]:
    """Returns the reasons why a change is not editorial; empty means the machine has nothing against it.

    `before` and `after` are `{language: heading and body}` of the clause. Looked at are numbers with their units,
    words of duty (必须, 不得, must, may ...) and the measures; a clause that was not there before is never editorial.
    """
    reasons = [Reason("materiality.measures")] if measures_differ else []
    for language in sorted(after, reverse=True):
        old, new = before.get(language, ""), after[language]
        if not old.strip():
            reasons += [Reason("materiality.not_a_change")] if new.strip() else []
            continue
        changed = _changed(*_number_words(old, new, language))
        if changed:
            reasons.append(Reason("materiality.numbers", {"words": changed}))
        changed = _changed(_duties(old, language), _duties(new, language))
        if changed:
            reasons.append(Reason("materiality.duty", {"words": changed}))
    return tuple(dict.fromkeys(reasons))


class DraftWords(Protocol):
    """What is looked at in a draft."""

    clause_id: str
    heading_zh: str
    body_zh: str
    heading_en: str
    body_en: str
    measures: list[dict[str, Any]]


def against_draft(draft: DraftWords, base: Mapping[str, Document]) -> tuple[Reason, ...]:
    """Returns the reasons why a draft is not editorial against the published texts."""
    before = {
        language: f"{clause.heading}\n{clause.body}"
        for language, document in base.items()
        if document.has(draft.clause_id)
        for clause in [document.clause(draft.clause_id)]
    }
    after = {
        "zh": f"{draft.heading_zh}\n{draft.body_zh}",
        "en": f"{draft.heading_en}\n{draft.body_en}",
    }
    old = [m.to_data() for m in primary_of(base).measures_of(draft.clause_id)]
    return against_editorial(before, after, measures_differ=old != draft.measures)


def _number_words(old: str, new: str, language: str) -> tuple[Counter[str], Counter[str]]:
    """Counts the quantities and bare numbers of both texts, each named as it was written first."""
    names: dict[object, str] = {}
    counted = []
    for text in (old, new):
        found = quantities(text, language)
        inside = [range(q.start, q.end) for q in found]
        bare = [m.group() for m in _NUMBER.finditer(text) if not any(m.start() in r for r in inside)]
        keys: list[object] = [(q.value.normalize(), q.unit) for q in found]
        for key, quantity in zip(keys, found, strict=True):
            names.setdefault(key, text[quantity.start : quantity.end])
        counted.append(Counter([*(names[key] for key in keys), *bare]))
    return counted[0], counted[1]


def _duties(text: str, language: str) -> Counter[str]:
    return Counter(word.lower() for word in _DUTY[language].findall(text))


def _changed(old: Counter[str], new: Counter[str]) -> str:
    """Names what is in one text only, gone first; empty when both have the same."""
    return ", ".join([*sorted((old - new).keys()), *sorted((new - old).keys())])
