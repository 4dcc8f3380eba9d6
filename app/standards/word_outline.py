"""Owns which paragraphs of a Word file are headings though their style is not called so: by the level of the outline."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from defusedxml.ElementTree import fromstring

from app.standards.word_numbers import child, name_of, value_of

DEEPEST = 5
"""Headings of six levels, counted from 0; 9 is Word's word for no heading."""
LEVEL_STYLE = "OutlineLevel"
_MOST_STEPS = 20


def style_map(styles: bytes) -> str:
    """Returns the lines that make a heading of each style with a level of the outline; its own, or of one it is based on.

    Styles called Heading or Title need no line. The part was inspected before; empty where there is none.
    """
    found = [f"p.{LEVEL_STYLE}{level} => h{level + 1}:fresh" for level in range(DEEPEST + 1)]
    if styles and b"outlineLvl" in styles:
        found += _of_styles(fromstring(styles))
    return "\n".join(found)


def with_levels(document: bytes) -> bytes:
    """Returns the main part with a style of the outline for paragraphs that were given a level themselves."""
    if b"outlineLvl" not in document:
        return document
    body = fromstring(document)
    changed = False
    for paragraph in body.iter():
        about = child(paragraph, "pPr") if name_of(paragraph) == "p" else None
        level = _level(about)
        if about is None or level is None or not any(name_of(part) == "t" for part in paragraph.iter()):
            continue
        style = child(about, "pStyle")
        space = about.tag[: -len("pPr")]
        if style is None:
            style = ET.Element(f"{space}pStyle")
            about.insert(0, style)
        style.attrib.clear()
        style.set(f"{space}val", f"{LEVEL_STYLE}{level}")
        changed = True
    return ET.tostring(body, encoding="utf-8", xml_declaration=True) if changed else document


def _of_styles(styles: ET.Element) -> Iterator[str]:
    every = {value_of(one, "styleId"): one for one in styles if name_of(one) == "style"}
    for style in every.values():
        name = value_of(child(style, "name"), "val")
        if value_of(style, "type") != "paragraph" or name.lower().startswith(("heading", "title", "标题")):
            continue
        at: ET.Element | None = style
        for _ in range(_MOST_STEPS):
            level = _level(child(at, "pPr"))
            if at is None or level is not None or child(child(at, "pPr"), "outlineLvl") is not None:
                break
            at = every.get(value_of(child(at, "basedOn"), "val"))
        if at is not None and level is not None and name and not set(name) & set("'\\\n"):
            yield f"p[style-name='{name}'] => h{level + 1}:fresh"


def _level(about: ET.Element | None) -> int | None:
    written = value_of(child(about, "outlineLvl"), "val")
    return int(written) if written in [str(level) for level in range(DEEPEST + 1)] else None
