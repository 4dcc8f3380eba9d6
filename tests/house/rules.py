"""Owns the rules of the house as functions over source text, so that each can be shown a planted fault.

Uses the standard library's `ast` only.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"

CORRIDOR = (
    "core web people standards evidence proposals reviews pilots publishing training audits notices archive "
    "committee insights public api admin demo"
).split()
ENTRANCES = {"__init__", "factory", "cli", "evaluate_command", "setup_command", "worker", "wiring", "config"}
PRIVATE_MODULES = {"views", "forms"}
PURE = {
    "workflow.py", "in_force.py", "document.py", "measures.py", "redline.py", "wording.py", "scoring.py",
    "statistics.py", "sampling.py", "grading.py", "rates.py", "calendar.py", "intervals.py", "masking.py",
    "backtest.py", "freshness.py", "deltas.py", "effects.py", "rules.py", "terms.py", "tickets.py",
}  # fmt: skip
OWNERS: dict[str, tuple[set[str], str]] = {
    "git": ({"standards/git.py", "standards/store.py", "standards/objects.py"}, "Git belongs to the store"),
    "weasyprint": ({"core/pdf.py", "core/pdf_child.py"}, "WeasyPrint belongs to core/pdf.py"),
    "markdown": ({"core/markup.py"}, "Markdown belongs to core/markup.py"),
    "nh3": ({"core/markup.py"}, "the sanitiser belongs to core/markup.py"),
    "smtplib": ({"core/mail.py"}, "mail leaves through core/mail.py"),
}
CLOCK_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
VIEW_ONLY = {"request", "session", "current_user", "g"}


def modules() -> list[Path]:
    """Returns all source files of the app."""
    return sorted(p for p in APP.rglob("*.py") if "__pycache__" not in p.parts)


def room_of(path: str) -> str:
    """Returns the room of a file given relative to `app/`; an entrance is its own room."""
    parts = path.split("/")
    return parts[0] if len(parts) > 1 else parts[0].removesuffix(".py")


def _imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node, node.module
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"


def import_faults(path: str, source: str) -> list[str]:
    """Returns what is wrong with the imports of one file: order, doors of other rooms, functions, relative ones."""
    tree, room, faults = ast.parse(source), room_of(path), []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            faults += [
                f"{path}:{node.lineno} imports inside {function.name}(): move it to the top of the file"
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            faults.append(f"{path}:{node.lineno} relative import: write the whole name from app")
    if room in ENTRANCES:
        return faults
    for node, name in _imports(tree):
        parts = name.split(".")
        if parts[0] != "app" or len(parts) < 2 or parts[1] == room:
            continue
        other = parts[1]
        if other not in CORRIDOR:
            if other not in ENTRANCES:
                faults.append(f"{path}:{node.lineno} imports app.{other}, which is no room of the corridor")
            elif other != "config":
                faults.append(
                    f"{path}:{node.lineno} imports the entrance app.{other}: announce an event instead"
                )
            continue
        if CORRIDOR.index(other) > CORRIDOR.index(room):
            faults.append(
                f"{path}:{node.lineno} {room} imports {other}, a room to its right: calls go left, news goes right."
                f" Announce an event and let {other} react on app/wiring.py"
            )
        if (
            len(parts) > 2
            and other != "web"
            and (parts[2] in PRIVATE_MODULES or any(p.startswith("_") for p in parts[2:]))
        ):
            faults.append(
                f"{path}:{node.lineno} uses {name}, a private part of {other}: ask its service or queries"
            )
    return sorted(set(faults))


def owner_faults(path: str, source: str) -> list[str]:
    """Returns uses of a thing that another file owns: Git, WeasyPrint, the clock, Revision.state, the request."""
    tree, faults = ast.parse(source), []
    for node, name in _imports(tree):
        top = name.split(".")[0]
        if top in OWNERS and path not in OWNERS[top][0]:
            faults.append(f"{path}:{node.lineno} imports {top}: {OWNERS[top][1]}")
        if top == "os" and name in ("os.environ", "os.getenv") and path != "config.py":
            faults.append(f"{path}:{node.lineno} reads the environment: add a setting to app/config.py")
        if _is_view_name(name) and not _may_touch_request(path):
            faults.append(
                f"{path}:{node.lineno} touches {name}: only views know request and user, pass an actor"
            )
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (last, node.func.attr) in CLOCK_CALLS and path != "core/clock.py":
                faults.append(f"{path}:{node.lineno} asks the machine for the time: use core/clock.py")
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "environ"
            and getattr(node.value, "id", "") == "os"
        ):
            if path != "config.py":
                faults.append(f"{path}:{node.lineno} reads the environment: add a setting to app/config.py")
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                for part in ast.walk(target):
                    if isinstance(part, ast.Attribute) and part.attr == "state":
                        owner_name = getattr(part.value, "id", "")
                        if owner_name in ("revision", "rev") and path != "standards/lifecycle.py":
                            faults.append(
                                f"{path}:{node.lineno} writes Revision.state: only standards/lifecycle.py moves a revision"
                            )
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", "") == "update"
            and path != "standards/lifecycle.py"
        ):
            if any(getattr(arg, "id", "") == "Revision" for arg in node.args) and _sets_state(tree, node):
                faults.append(f"{path}:{node.lineno} writes Revision.state: only standards/lifecycle.py does")
    return sorted(set(faults))


def _sets_state(tree: ast.AST, update: ast.Call) -> bool:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "attr", "") == "values"
            and update in ast.walk(node)
        ):
            return any(keyword.arg == "state" for keyword in node.keywords)
    return False


def _is_view_name(name: str) -> bool:
    return name in {f"flask.{n}" for n in VIEW_ONLY} | {"flask_login.current_user"}


def _may_touch_request(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return path.startswith("web/") or name.startswith("views") or path == "people/sign_in.py"


def purity_faults(path: str, source: str) -> list[str]:
    """Returns imports that make a pure decision file impure."""
    if path.rsplit("/", 1)[-1] not in PURE or path.split("/")[0] in ("demo", "web"):
        return []
    return [
        f"{path}:{node.lineno} is a pure decision file and imports {name}: move the reading to queries.py"
        for node, name in _imports(ast.parse(source))
        if name.split(".")[0] in ("flask", "sqlalchemy", "flask_babel") or name.startswith("app.core.db")
    ]


def shape_faults(path: str, source: str) -> list[str]:
    """Returns what a reader misses: the module's first line, docstrings of public functions, marks of views."""
    tree, faults = ast.parse(source), []
    if not ast.get_docstring(tree) and source.strip():
        faults.append(f"{path}:1 says nothing in its first line: what does the module own, and what not?")
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if not node.name.startswith("_") and not ast.get_docstring(node):
            faults.append(
                f"{path}:{node.lineno} {node.name} has no docstring: write its promise in the present tense"
            )
    return faults
