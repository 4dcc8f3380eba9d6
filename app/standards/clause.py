"""Owns the two kinds of blocks a standard's text is made of: chapters and clauses, and how each is written. Pure."""

from dataclasses import dataclass

from app.core.errors import Invalid
from app.core.text import one_line
from app.standards import grammar
from app.standards.measures import LIMIT_SLUG, PATTERN_CLAUSE_ID, PATTERN_SLUG

LIMIT_HEADING_BYTES = 900
LEVELS = range(2, 7)
TAG_PUBLIC = "public"
TAG_TECHNICAL = "technical"


@dataclass(frozen=True)
class Chapter:
    """A heading that only orders clauses, with the text that stands under it."""

    heading: str
    level: int = 2
    body: str = ""

    def __post_init__(self) -> None:
        _normalise(self)
        if grammar.attributes_of(self.heading)[1]:
            raise Invalid.of("heading", "document.bad_attributes", value=self.heading[:LIMIT_SLUG])
        if grammar.heading_of(f"# {self.heading}") != (1, self.heading):
            raise Invalid.of("heading", "document.bad_form", value=self.heading[:LIMIT_SLUG])


@dataclass(frozen=True)
class Clause:
    """One clause. `id` (`c03`) is permanent; `level` is the heading's, 2 to 6; `tags` are words such as `public`.

    Tags and audience stand in the primary language only; an empty `audience` means the standard's. `chapter` is the
    heading the clause stands under, set by its Document. Making one raises Invalid for a body with a heading (it
    would become a clause of its own) or an open code block (it would swallow the next clause).
    """

    id: str
    heading: str
    body: str = ""
    tags: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    level: int = 3
    chapter: str = ""

    def __post_init__(self) -> None:
        _normalise(self)
        object.__setattr__(self, "tags", tuple(sorted(set(self.tags))))
        object.__setattr__(self, "audience", tuple(sorted(set(self.audience))))
        if not PATTERN_CLAUSE_ID.fullmatch(self.id):
            raise Invalid.of("id", "document.bad_clause_id", value=self.id[:LIMIT_SLUG])
        for name in ("tags", "audience"):
            for word in getattr(self, name):
                if not PATTERN_SLUG.fullmatch(word) or len(word) > LIMIT_SLUG:
                    raise Invalid.of(name, "document.bad_form", value=word[:LIMIT_SLUG])

    @property
    def is_public(self) -> bool:
        """States that customers may read the clause, when its standard is public too."""
        return TAG_PUBLIC in self.tags

    @property
    def is_technical(self) -> bool:
        """States that a change of the clause needs the IT feasibility check."""
        return TAG_TECHNICAL in self.tags

    @property
    def says(self) -> tuple[str, ...]:
        """The scripts to say, in order, each on one line."""
        return grammar.says(self.body)

    @property
    def never_says(self) -> tuple[str, ...]:
        """The phrases never to say, in order, each on one line."""
        return grammar.never_says(self.body)


Block = Chapter | Clause


def write_block(block: Block) -> str:
    """Returns the lines of one chapter or clause as they stand in the file, without a line end at the end."""
    heading = f"{'#' * block.level} {block.heading}"
    if isinstance(block, Clause):
        words = [f"#{block.id}", *(f".{tag}" for tag in block.tags)]
        if block.audience:
            words.append(f'audience="{" ".join(block.audience)}"')
        heading += f" {{{' '.join(words)}}}"
    return f"{heading}\n\n{block.body}" if block.body else heading


def _normalise(block: Block) -> None:
    """Puts heading and body of a new block into canonical form, or raises Invalid."""
    object.__setattr__(block, "heading", one_line(block.heading, LIMIT_HEADING_BYTES, field="heading"))
    object.__setattr__(block, "body", grammar.canonical_body(block.body, "body"))
    if not block.heading:
        raise Invalid.of("heading", "document.missing", name="heading")
    if block.level not in LEVELS:
        raise Invalid.of("level", "document.bad_form", value=str(block.level))
