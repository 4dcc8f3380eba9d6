"""Everything the activity log records has words in both languages through the catalogues."""

import ast
from collections.abc import Iterator

from app import wiring
from app.standards.workflow import Move
from app.web.log_words import known_details, known_objects, known_verbs
from tests.house import rules

CURE = "give it words in the room's log_words.py"


def recorded(source: str) -> Iterator[tuple[ast.expr, ast.expr, ast.Module]]:
    """Yields (verb, kind of object, module) of each `activity.record(...)` in a file."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "activity.record":
            yield node.args[1], node.args[2], tree


def verbs_of(verb: ast.expr, tree: ast.Module) -> set[str]:
    """Returns the verbs that an expression can be: a constant, any move, or what the function around it is given."""
    if isinstance(verb, ast.Constant):
        return {str(verb.value)}
    assert isinstance(verb, ast.JoinedStr), f"write the verb out: {ast.unparse(verb)}"
    first, second = verb.values
    assert isinstance(first, ast.Constant) and isinstance(second, ast.FormattedValue), ast.unparse(verb)
    if ast.unparse(second.value).endswith("move.value"):
        return {f"{first.value}{move.value}" for move in Move}
    return {f"{first.value}{word}" for word in _given(ast.unparse(second.value), verb, tree)}


def _given(name: str, verb: ast.expr, tree: ast.Module) -> set[str]:
    """Returns the constants that calls in the module give to the parameter of the function holding `verb`."""
    holder = next(
        f for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) and any(n is verb for n in ast.walk(f))
    )
    place = [argument.arg for argument in holder.args.args].index(name)
    calls = [c for c in ast.walk(tree) if isinstance(c, ast.Call) and ast.unparse(c.func) == holder.name]
    words = [call.args[place] for call in calls]
    assert words and all(isinstance(w, ast.Constant) for w in words), f"write the words of {holder.name} out"
    return {str(w.value) for w in words if isinstance(w, ast.Constant)}


def test_every_recorded_verb_and_kind_has_words() -> None:
    assert wiring.WORDS
    verbs: set[str] = set()
    kinds: set[str] = set()
    for path in rules.modules():
        for verb, kind, tree in recorded(path.read_text("utf-8")):
            verbs |= verbs_of(verb, tree)
            assert isinstance(kind, ast.Constant), f"write the kind of object out: {ast.unparse(kind)}"
            kinds.add(str(kind.value))
    assert len(verbs) > 60
    assert not verbs - known_verbs(), f"{CURE}: {sorted(verbs - known_verbs())}"
    assert not kinds - known_objects(), f"{CURE}: {sorted(kinds - known_objects())}"
    assert not known_verbs() - verbs, f"nobody records these: {sorted(known_verbs() - verbs)}"


def test_verbs_without_words_are_caught() -> None:
    source = (
        'def keep(what):\n    activity.record(a, f"planted.{what}", "thing", 1)\n'
        'keep("one")\nactivity.record(a, "planted.two", "thing", 1)\n'
    )
    found = {verb for expression, _kind, tree in recorded(source) for verb in verbs_of(expression, tree)}
    assert found == {"planted.one", "planted.two"}


def test_every_recorded_detail_has_a_name() -> None:
    names = {
        word.arg
        for path in rules.modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "activity.record"
        for word in node.keywords
        if word.arg
    }
    assert len(names) > 40
    assert not names - known_details(), f"name them in admin/log_words.py: {sorted(names - known_details())}"
    assert not known_details() - names, f"nobody records these: {sorted(known_details() - names)}"
