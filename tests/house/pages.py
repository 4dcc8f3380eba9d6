"""Owns the rules of a rendered page, as functions over its HTML, so that each can be shown a planted fault."""

import re
from html.parser import HTMLParser

FORBIDDEN = re.compile(r"\b(git|branch|commit|merge|markdown)\b", re.IGNORECASE)
UNCHECKED_INPUTS = {"hidden", "submit", "button", "reset", "image"}
# Pages that show how to verify with Git, and the machine's own page (experience.md 13).
MAY_SAY_GIT = ("/dossier/verify", "/admin/health", "/admin/log")


class Page(HTMLParser):
    """What the rules look at: headings, title, ids, labels, links, attributes, visible words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.h1 = 0
        self.lang = ""
        self.title = ""
        self.ids: list[str] = []
        self.label_for: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self._stack: list[str] = []
        self._in_label = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {k: v or "" for k, v in attrs}
        self.attributes += [(tag, k, v) for k, v in values.items()]
        self.h1 += tag == "h1"
        if tag == "html":
            self.lang = values.get("lang", "")
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "label":
            self._in_label += 1
            if "for" in values:
                self.label_for.add(values["for"])
        if tag in ("input", "select", "textarea") and values.get("type", "") not in UNCHECKED_INPUTS:
            self.inputs.append({**values, "_in_label": "y" if self._in_label else ""})
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if tag not in ("input", "br", "meta", "link", "img", "hr", "path", "line", "rect", "circle", "use"):
            self._stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        depth = len(self._stack)
        self.handle_starttag(tag, attrs)
        del self._stack[depth:]

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self._in_label = max(0, self._in_label - 1)
        if tag in self._stack:
            while self._stack.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._stack and self._stack[-1] == "title" and "svg" not in self._stack:
            self.title += data
        if not {"script", "style"} & set(self._stack):
            self.words.append(data)


def faults(path: str, html: str, language: str) -> list[str]:
    """Returns what is wrong with one rendered page in a language (`zh`, `en`), each as a sentence with the cure."""
    return faults_of(path, Page(html), language)


def faults_of(path: str, page: Page, language: str) -> list[str]:
    """Like `faults`, of a page that was read already."""
    found = []
    if page.h1 != 1:
        found.append(f"{path}: {page.h1} h1, a page has one")
    if page.lang != {"zh": "zh-Hans", "en": "en"}[language]:
        found.append(f"{path}: lang is {page.lang!r}")
    product = {"zh": "服务标准台", "en": "Touchstone"}[language]
    if not page.title.strip().endswith(f"— {product}") or page.title.strip().startswith("—"):
        found.append(
            f"{path}: the title {page.title.strip()!r} does not say state or action, object and product"
        )
    doubled = sorted({i for i in page.ids if page.ids.count(i) > 1})
    if doubled:
        found.append(f"{path}: the ids {doubled} stand twice")
    found += [
        f"{path}: the {i.get('type', 'field')} {i.get('name') or i.get('id')!r} has no label"
        for i in page.inputs
        if not (
            i["_in_label"] or i.get("id") in page.label_for or i.get("aria-label") or i.get("aria-labelledby")
        )
    ]
    for tag, name, value in page.attributes:
        if name == "style" or name.startswith("on"):
            found.append(f"{path}: <{tag} {name}> breaks the content policy: use a class or a data attribute")
        if name in ("src", "href", "action") and re.match(r"(?i)\s*(data|javascript):", value):
            found.append(f"{path}: <{tag} {name}={value[:40]!r}>")
        if name in ("src", "href", "action") and re.match(r"(?i)(https?:)?//", value) and tag != "a":
            found.append(f"{path}: <{tag}> loads from {value[:60]!r}, another host")
    if not any(part in path for part in MAY_SAY_GIT):
        said = FORBIDDEN.findall(" ".join(page.words))
        if said:
            found.append(f"{path}: says {sorted(set(said))}; users see draft, version, change")
    return found
