"""Owns making PDF files: one page of HTML in, bytes out, in a process of its own that may fetch nothing.

The layout program is imported by that process only (`pdf_child.py`), so a web process never carries it.
"""

import json
import subprocess
import sys
from pathlib import Path

from app.core.errors import TooLarge, Unavailable

CHILD = Path(__file__).with_name("pdf_child.py")
LIMIT_SECONDS = 60
LIMIT_HTML_BYTES = 8 * 1024 * 1024
NO_LIBRARY = 3  # the exit codes of `pdf_child.py`
NO_MEMORY = 4


def render_pdf(html: str, css: str, *, limit_seconds: int = LIMIT_SECONDS) -> bytes:
    """Returns the PDF of a whole HTML page with its stylesheet.

    Images may be PNG in `data:` addresses or inline SVG; nothing is fetched from anywhere. The process has 1.5 GB and
    `limit_seconds`. Raises Unavailable `pdf.not_available` where the machine lacks Pango, `pdf.failed` when the page
    cannot be laid out, TooLarge `pdf.too_large` beyond memory, time or 8 MB of HTML.
    """
    if len(html.encode()) > LIMIT_HTML_BYTES:
        raise TooLarge("pdf.too_large")
    try:
        done = subprocess.run(
            # Isolated: the child sees the installed packages, no user site, no PYTHON* of the surroundings.
            [sys.executable, "-I", str(CHILD)],
            input=json.dumps({"html": html, "css": css}).encode(),
            capture_output=True,
            timeout=limit_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooLarge("pdf.too_large") from error
    if done.returncode == NO_LIBRARY:
        raise Unavailable("pdf.not_available")
    if done.returncode == NO_MEMORY:
        raise TooLarge("pdf.too_large")
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        raise Unavailable("pdf.failed", why=done.stderr[-300:].decode(errors="replace"))
    return done.stdout
