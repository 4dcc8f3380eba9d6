"""Owns turning a text into HTML and back: the only place that knows Markdown and the sanitiser.

Raw HTML is never read as HTML: what looks like a tag is shown as text. The allow-list runs last, after everything
that could have made HTML. It does not know clauses (`standards/document.py`).
"""

import html
import re
import threading
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from app.core.block_repair import is_never_say, is_say, repair_blocks
from app.core.errors import TooLarge
from app.core.html_text import text_of_html
from app.core.markup_limits import check_limits
from app.core.text import clean_text

LIMIT_PASTE_BYTES = 4 * 1024 * 1024

INLINE_TAGS = frozenset({"a", "br", "code", "del", "em", "strong", "sub", "sup"})
BLOCK_TAGS = INLINE_TAGS | {"blockquote", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
BLOCK_TAGS |= {"table", "tbody", "td", "th", "thead", "tr"}
PASTE_TAGS = BLOCK_TAGS | {"b", "i", "h1", "h2", "div"}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align", "scope"},
}
CLASSES = {"p": {"say", "never-say"}}
"""The only classes in a body: on the paragraphs of a script. No id is allowed at all; the page sets the clause's."""

LIMIT_ROUNDS = 6
"""Rounds of sanitising; two are enough for what the renderer writes."""

_BLOCK_ENDS = re.compile(r"</(?:p|li|h[1-6]|pre|tr|blockquote)>|<br>|<hr>")
_CELL_ENDS = re.compile(r"</t[dh]>\s*")
_SPACES = re.compile(r"[ \t]+")
_LINES = re.compile(r"\s*\n\s*")
_LOCAL = threading.local()


def render(text: str) -> str:
    """Returns the HTML of a body, safe to put into a page; an empty text gives an empty string.

    Lists come out as CommonMark renderers show them. Headings begin at level 3; images become links, so that a page
    or a PDF never loads anything; links open only `http`, `https`, `mailto`, `tel` and paths of this site. The
    paragraphs of scripts have the class `say` or `never-say`.

    Raises what `check_markup` raises.
    """
    cleaned = check_markup(text)
    return sanitise(_renderer().reset().convert(cleaned))


def plain(text: str) -> str:
    """Returns the words of a text for search and previews: no marks, a line for each paragraph, item and row.

    Raises what `check_markup` raises.
    """
    broken = _CELL_ENDS.sub(" ", _BLOCK_ENDS.sub("\n", render(text)))
    words = html.unescape(nh3.clean(broken, tags=set(), attributes={}))
    return _LINES.sub("\n", _SPACES.sub(" ", words)).strip()


def check_markup(text: str) -> str:
    """Returns the text cleaned (`core/text.py`) when it can be rendered in about a second at most, else raises.

    TooLarge and Invalid as `check_limits`; Invalid as `clean_text`. More than 20 quotes and lists inside each other
    are refused by `render` (`markup.too_nested`).
    """
    check_limits(text)
    return clean_text(text)


def sanitise(made: str, tags: frozenset[str] = BLOCK_TAGS) -> str:
    """Returns HTML with the allow-list only; doing it twice gives the same bytes.

    No tag is listed whose content another reader could understand differently (svg, math, style, title, noscript),
    no id, no style, no address that a page would load by itself. Taking a tag away can leave a paragraph in a
    paragraph, which reads otherwise the next time, so it is done until nothing changes; what never comes to
    rest is shown as text.
    """
    for _ in range(LIMIT_ROUNDS):
        cleaned = _allowed_only(made, tags)
        if cleaned == made:
            return cleaned
        made = cleaned
    return nh3.clean_text(made)


def paste_clean(pasted: str) -> str:
    """Returns HTML from a word processor or a web page as text in our form.

    Kept are paragraphs, headings, bold, bullets, numbers, quotes, links and tables; all else loses its
    form and keeps its words. Bullets that a word processor writes as characters become list items.
    Raises TooLarge beyond 4 MB and Invalid as `clean_text`.
    """
    if len(pasted.encode(errors="surrogatepass")) > LIMIT_PASTE_BYTES:
        raise TooLarge("markup.too_large", limit_bytes=LIMIT_PASTE_BYTES)
    safe = sanitise(clean_text(pasted), PASTE_TAGS)
    return clean_text(text_of_html(safe))


def _allowed_only(made: str, tags: frozenset[str]) -> str:
    return nh3.clean(
        made,
        tags=set(tags),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items() if tag in tags},
        allowed_classes={tag: set(names) for tag, names in CLASSES.items() if tag in tags},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow" if "a" in tags else None,
        strip_comments=True,
    )


def _renderer() -> Markdown:
    """Returns this thread's renderer: one keeps state while it works and costs a millisecond to make."""
    made = getattr(_LOCAL, "renderer", None)
    if made is None:
        made = Markdown(
            extensions=[SaneListExtension(), TableExtension(use_align_attribute=True), _OurRules()]
        )
        _LOCAL.renderer = made
    return made


class _OurRules(Extension):
    """Turns raw HTML off, repairs blocks before and sets headings, scripts and links right after rendering."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.parser.blockprocessors.deregister("setextheader")
        md.preprocessors.register(_Repair(md), "repair", 25)
        md.treeprocessors.register(_Scripts(md), "scripts", 25)
        md.treeprocessors.register(_Shape(md), "shape", 15)


class _Repair(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        def store(code: str) -> str:
            return self.md.htmlStash.store(f"<pre><code>{html.escape(code, quote=False)}\n</code></pre>")

        return repair_blocks("\n".join(lines), store, lambda: self.md.htmlStash.store("<!-- -->")).split("\n")


class _Scripts(Treeprocessor):
    """Marks the paragraphs of scripts, while the text still begins with the words that make it one."""

    def run(self, root: Element) -> None:
        for quote in root.iter("blockquote"):
            for paragraph in quote.iter("p"):
                if is_say(paragraph.text or ""):
                    paragraph.set("class", "say")
                elif is_never_say(paragraph.text or ""):
                    paragraph.set("class", "never-say")


class _Shape(Treeprocessor):
    """Begins headings at level 3, gives table heads their scope and makes every image a link."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.tag in ("h1", "h2"):
                element.tag = "h3"
            elif element.tag == "th":
                element.set("scope", "col")
            elif element.tag == "img":
                self.link(element)
        for link in root.iter("a"):
            self.unwrap_links(link)

    def link(self, image: Element) -> None:
        source, words = image.get("src", ""), image.get("alt", "")
        image.attrib.clear()
        image.tag = "a"
        image.text = words or source
        image.set("href", source)

    def unwrap_links(self, link: Element) -> None:
        """A picture in a link would be a link in a link; it becomes its words."""
        for inner in [element for element in link.iter("a") if element is not link]:
            inner.tag = "span"
            inner.attrib.clear()
