"""Every reason key in the code has its sentence, in both languages through the catalogues."""

import ast

from app import wiring
from app.web.reasons import known_reasons
from tests.house import rules

FIRST = {
    "Reason", "Refused", "Stale", "NotAllowed", "NotFound", "BadInput", "TooLarge", "TooMany", "Unavailable",
    "NotSignedIn", "Diverged", "DomainError",
}  # fmt: skip


def keys_in(source: str) -> set[str]:
    """Returns the reason keys written out in a file: the first word of an error, the second of `Invalid.of`."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        place = 0 if name in FIRST else 1 if name == "of" else None
        if place is not None and len(node.args) > place:
            word = node.args[place]
            if isinstance(word, ast.Constant) and isinstance(word.value, str) and "." in word.value:
                found.add(word.value)
    return found


def test_every_reason_has_words() -> None:
    assert wiring.BLUEPRINTS
    used = {key for path in rules.modules() for key in keys_in(path.read_text("utf-8"))}
    missing = sorted(used - known_reasons())
    assert not missing, f"register a sentence for each of these in the room's words.py: {missing}"


def test_a_reason_without_words_is_caught() -> None:
    assert keys_in('raise Refused("planted.key", number=1)') == {"planted.key"}
    assert keys_in('raise Invalid.of("field", "planted.field")') == {"planted.field"}
    assert not {"planted.key", "planted.field"} & known_reasons()
