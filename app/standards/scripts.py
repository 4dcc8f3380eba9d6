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


def boxed(body: str) -> str:
    """Returns a body as a box shows it: lines of scripts without their sign, a blank line behind each script.

    Other quotes keep the sign, since nothing else tells that they are quotes.
    """
    made: list[str] = []
    is_script = False
    for line in body.split("\n"):
        words = line.strip().removeprefix(">").strip()
        is_quoted = line.strip().startswith(">")
        goes_on = is_quoted and bool(words) and (is_script or _is_mark(words))
        if is_script and not is_quoted and words:
            made.append("")  # else the next line would read as if it were said too
        made.append(words if goes_on or (is_script and is_quoted) else line)
        is_script = goes_on
    return "\n".join(made)


def taken(typed: str, before: str = "") -> str:
    """Returns the body that was typed into a box which showed `before`: what is to be said gets its sign back.

    A box that nobody touched gives `before` as it was, so that looking changes nothing; a line that began with the same
    words and was no script there stays none.
    """
    text = typed.replace("\r\n", "\n")
    if text.strip("\n") == boxed(before).strip("\n"):
        return before
    plain = {line.strip() for line in before.split("\n")}
    made: list[str] = []
    is_script = False
    for line in text.split("\n"):
        words = line.strip()
        is_script = bool(words) and (is_script or (_is_mark(words) and words not in plain))
        made.append(f"> {words.removeprefix('>').strip()}" if is_script else line)
    return "\n".join(made)


def _is_mark(words: str) -> bool:
    """States that a line without its sign begins a script."""
    return _is_script([f"> {words}"])
