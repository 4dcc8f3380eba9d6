"""Owns the split of a clause's body into the rule and what to say. Pure; the marks themselves stand in `grammar.py`."""

from dataclasses import dataclass

from app.standards import grammar


@dataclass(frozen=True)
class Body:
    """A clause's body as a page shows it: the rule, and beside it what to say and what never to say."""

    rule: str
    says: tuple[str, ...]
    never_says: tuple[str, ...]


def split_body(body: str) -> Body:
    """Returns the parts of a body; a body without scripts is all rule."""
    return Body(rule_of(body), grammar.says(body), grammar.never_says(body))


def rule_of(body: str) -> str:
    """Returns the body without its scripts: the quote blocks that begin with a mark such as `> 这样说：`.

    Other quotes stay. This is the text that is rendered once for each hash.
    """
    kept: list[str] = []
    quote: list[str] = []
    for line in [*body.split("\n"), ""]:
        if line.lstrip().startswith(">"):
            quote.append(line)
            continue
        if quote and not _is_script(quote):
            kept.extend(quote)
        quote = []
        kept.append(line)
    return _without_gaps(kept)


def _is_script(quote: list[str]) -> bool:
    block = "\n".join(quote)
    return bool(grammar.says(block) or grammar.never_says(block))


def _without_gaps(lines: list[str]) -> str:
    text = "\n".join(lines).strip("\n")
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text
