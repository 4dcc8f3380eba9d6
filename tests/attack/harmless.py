"""Owns what makes a page harmless, read with the standard library's parser and not with ours."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

from tests.samples import OWN, SHARED, present

FORBIDDEN = frozenset(
    "iframe frame frameset object embed applet base style audio video source track template portal noscript "
    "foreignobject animate set marquee bgsound keygen math isindex layer xml image listing plaintext xmp".split()
)
ADDRESSES = frozenset("href src action formaction poster background cite data xlink:href srcset ping".split())
OUTSIDE_LINKS = frozenset({"href"})  # a link in a text may lead elsewhere; nothing is loaded from there
SCHEMES = frozenset({"", "http", "https", "mailto", "tel"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.words: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = {name: value or "" for name, value in attrs}
        if tag in FORBIDDEN:
            self.faults.append(f"<{tag}>")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.faults.append(f"<script> {given}")
        if tag == "meta" and "http-equiv" in given:
            self.faults.append(f"<meta> {given}")
        for name, value in given.items():
            self._attribute(tag, name, value)

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on") or (
            name in ("style", "srcdoc", "autofocus") and tag not in ("input", "textarea")
        ):
            self.faults.append(f"<{tag} {name}={value[:80]!r}>")
        if name in ADDRESSES:
            bare = re.sub(r"[\x00-\x20]", "", value)
            parts = urlsplit(bare if "[" not in bare else bare.replace("[", "").replace("]", ""))
            if parts.scheme.lower() not in SCHEMES:
                self.faults.append(f"<{tag} {name}={value[:80]!r}>")
            is_ours = not parts.netloc or parts.hostname in ("localhost", "127.0.0.1", "www.w3.org")
            if not is_ours and (tag != "a" or name not in OUTSIDE_LINKS):
                self.faults.append(f"<{tag} {name}={value[:80]!r}> loads from elsewhere")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def faults(html: str) -> list[str]:
    """Returns what in a page could run, load from elsewhere or restyle; empty means harmless."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.faults


def words(html: str) -> str:
    """Returns the text of a page as a reader sees it, entities resolved, white space as it stands."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.words)


def payloads() -> list[str]:
    """Returns all payloads there are: our own always, the thousand of the shared folder where it is."""
    found: list[str] = []
    for path in present(OWN / "markup_payloads.txt", SHARED / "security" / "xss_payloadbox_1000.txt"):
        found += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in dict.fromkeys(found) if line.strip()]


def naughty_strings() -> list[str]:
    """Returns the naughty strings there are, ours and the shared."""
    found: list[str] = []
    for path in present(OWN / "naughty_strings.json", SHARED / "security" / "blns.json"):
        found += json.loads(path.read_text(encoding="utf-8"))
    return [text for text in dict.fromkeys(found) if text.strip()]


def formulas() -> list[str]:
    """Returns cells that a spreadsheet would compute."""
    own = [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(1,1)",
        "\t=1+1",
        "＝1+1",
        ' =HYPERLINK("http://e","x")',
        "=cmd|' /C calc'!A0",
    ]
    path = Path(SHARED / "security" / "csv_formula_injection.txt")
    return own + (
        [line for line in path.read_text("utf-8").splitlines() if line.strip()] if path.exists() else []
    )
