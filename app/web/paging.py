"""Owns pages of long lists: 50 a page, always inside the list. Counts nothing itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request, url_for

PER_PAGE = 50
Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list. `number` counts from 1 and never lies outside the list."""

    items: Sequence[Item]
    number: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        """Returns how many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.per_page))

    @property
    def first(self) -> int:
        """Returns the place of the first item shown, 0 for an empty list."""
        return (self.number - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Returns the place of the last item shown."""
        return min(self.number * self.per_page, self.total)

    @property
    def nearby(self) -> list[int | None]:
        """Returns the page numbers to offer; None stands for a gap."""
        near = {1, self.pages, self.number - 1, self.number, self.number + 1}
        shown: list[int | None] = []
        for number in sorted(n for n in near if 1 <= n <= self.pages):
            last = shown[-1] if shown else None
            if last is not None and number - last == 2:
                shown.append(number - 1)
            elif last is not None and number - last > 2:
                shown.append(None)
            shown.append(number)
        return shown


def page_number(raw: str | None, total: int, per_page: int = PER_PAGE) -> int:
    """Returns the wished page as a number inside the list; anything that is no number is page 1."""
    try:
        wished = int(raw or 1)
    except ValueError:
        wished = 1
    return min(max(1, wished), max(1, -(-total // per_page)))


def paginate(total: int, fetch: Callable[[int, int], Sequence[Item]], per_page: int = PER_PAGE) -> Page[Item]:
    """Returns the page that `?page=` asks for; `fetch(offset, limit)` reads its items."""
    number = page_number(request.args.get("page"), total, per_page)
    return Page(fetch((number - 1) * per_page, per_page), number, total, per_page)


def page_url(number: int) -> str:
    """Returns the address of another page of the list shown, all filters kept."""
    args: dict[str, object] = {
        **(request.view_args or {}),
        **request.args.to_dict(flat=False),
        "page": number,
    }
    return url_for(str(request.endpoint), **args)  # type: ignore[arg-type]
