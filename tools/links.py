"""Owns the check that relative links in the project's documents lead somewhere. Asks no network."""

import itertools
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent


def documents(root: Path) -> list[Path]:
    """Returns the Markdown documents that Git tracks or would track, without the texts of standards."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "*.md"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    paths = [root / name for name in listed.split("\0") if name and "/starter/" not in name]
    return sorted(path for path in paths if path.exists())


def targets(text: str) -> list[str]:
    """Returns the addresses of all links and images of a Markdown text, in order."""
    found = []
    for token in MarkdownIt().enable("table").parse(text):
        for child in token.children or []:
            address = child.attrGet("href") if child.type == "link_open" else None
            address = child.attrGet("src") if child.type == "image" else address
            if address is not None:
                found.append(str(address))
        if token.type in ("html_block",):
            found += re.findall(r"""(?:src|href)=["']([^"']+)["']""", token.content)
    return found


def anchors(document: Path) -> set[str]:
    """Returns the anchors that a Git host makes of the headings of a Markdown document."""
    tokens = MarkdownIt().parse(document.read_text(encoding="utf-8"))
    made: set[str] = set()
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(c.content for c in inline.children or [] if c.type in ("text", "code_inline"))
            slug = "".join(c for c in words.lower() if c in " -_" or unicodedata.category(c)[0] in "LN")
            made.add(slug.replace(" ", "-"))
    return made


def broken(root: Path) -> list[str]:
    """Returns one sentence for each relative link that leads nowhere; empty means all is well."""
    faults = []
    for document in documents(root):
        text = document.read_text(encoding="utf-8")
        for target in targets(text):
            address = urlsplit(target)
            if address.scheme or address.netloc:
                continue
            goal = document.parent / unquote(address.path) if address.path else document
            name = document.relative_to(root)
            if not goal.exists():
                faults.append(f"{name}: {target} does not exist")
            elif goal.suffix == ".md" and address.fragment and unquote(address.fragment) not in anchors(goal):
                faults.append(f"{name}: {target} names no heading")
    return faults


if __name__ == "__main__":
    found = broken(ROOT)
    print("\n".join(found) or "documents: every relative link leads somewhere")
    sys.exit(1 if found else 0)
