"""Owns the process that lays out one PDF: JSON with `html` and `css` on its input, the file on its output.

Run by `pdf.py` as a file of its own; it imports nothing of this program. Exit codes: 3 the library is missing,
4 the memory did not suffice, 1 anything else.
"""

import json
import logging
import resource
import sys
from typing import Any

LIMIT_MEMORY_BYTES = 1536 * 1024 * 1024
ALLOWED = ("data:image/png;", "data:image/jpeg;")

try:
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher
except (ImportError, OSError):  # OSError: the package is there and Pango is not
    sys.exit(3)


class Closed(URLFetcher):  # type: ignore[misc]
    """Answers for pictures that stand in the page itself and refuses every other address, before any request."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Returns a picture of the page; raises ValueError for everything else."""
        if not url.lower().startswith(ALLOWED):
            raise ValueError("a PDF fetches nothing")
        return super().fetch(url, headers)


def main() -> None:
    """Reads the page, writes the file."""
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_MEMORY_BYTES, LIMIT_MEMORY_BYTES))
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    given = json.load(sys.stdin)
    fetcher = Closed(allowed_protocols={"data"}, allow_redirects=False)
    page = HTML(string=given["html"], url_fetcher=fetcher, base_url=None)
    style = CSS(string=given["css"], url_fetcher=fetcher, base_url=None)
    sys.stdout.buffer.write(page.write_pdf(stylesheets=[style], pdf_variant=None) or b"")


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(4)
