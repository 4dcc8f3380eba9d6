"""PDF files are made in a process of their own that fetches nothing, with Chinese fonts inside."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core import pdf
from app.core.errors import TooLarge, Unavailable

CSS = 'body { font-family: "Noto Sans CJK SC", sans-serif }'
ONE_PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback that notes every connection; a PDF must make none."""
    server = socket.create_server(("127.0.0.1", 0))
    asked: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _address = server.accept()
            except OSError:
                return
            asked.append(connection.recv(200))
            connection.close()

    threading.Thread(target=serve, daemon=True).start()
    yield server.getsockname()[1], asked
    server.close()


def text_of(data: bytes) -> str:
    return subprocess.run(
        ["pdftotext", "-", "-"], input=data, capture_output=True, check=True
    ).stdout.decode()


def test_chinese_text_is_there_and_its_fonts_are_embedded(tmp_path: Path) -> None:
    data = pdf.render_pdf("<h1>退换货服务标准</h1><p><b>12 小时</b>内答复 𠮷</p>", CSS)
    assert "退换货服务标准" in text_of(data)
    path = tmp_path / "made.pdf"
    path.write_bytes(data)
    fonts = subprocess.run(["pdffonts", str(path)], capture_output=True, check=True).stdout.decode()
    rows = [line.split() for line in fonts.splitlines()[2:]]
    assert any("Noto-Sans-CJK-SC" in row[0] for row in rows)
    assert any("Noto-Sans-CJK-SC-Bold" in row[0] for row in rows)
    assert all("yes" in row for row in rows)
    assert "JP" not in fonts


# Laid out without protection, one page with all of them asks for each address that it asks for alone.
VECTORS = (
    '<img src="http://127.0.0.1:{port}/a.png">',
    '<img src="//127.0.0.1:{port}/a.png">',
    '<link rel="stylesheet" href="http://127.0.0.1:{port}/a.css">',
    '<link rel="attachment" href="http://127.0.0.1:{port}/a">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    "<style>@import url(http://127.0.0.1:{port}/a.css);</style>",
    "<style>@font-face {{ font-family: a; src: url(http://127.0.0.1:{port}/a.woff) }} p {{ font-family: a }}</style>",
    '<p style="background: url(http://127.0.0.1:{port}/a.png)">x</p>',
    "<style>p::before {{ content: url(http://127.0.0.1:{port}/a.png) }}</style>",
    '<ul style="list-style: url(http://127.0.0.1:{port}/a.png)"><li>x</li></ul>',
    '<object data="http://127.0.0.1:{port}/a.svg"></object>',
    '<embed src="http://127.0.0.1:{port}/a.svg">',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1:{port}/a.png" width="9" height="9"/></svg>',
    '<link rel="stylesheet" href="data:text/css,@import url(http://127.0.0.1:{port}/a.css);">',
    '<img src="file:///etc/passwd">',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:{port}/'/></svg>\">",
    # Last, since what is named without a host before it is asked there too.
    '<base href="http://127.0.0.1:{port}/"><img src="a.png">',
)


def test_nothing_is_fetched(listener: tuple[int, list[bytes]]) -> None:
    port, asked = listener
    data = pdf.render_pdf("<p>Text</p>" + "".join(vector.format(port=port) for vector in VECTORS), CSS)
    assert "Text" in text_of(data)
    assert asked == []
    assert b"/EmbeddedFile" not in data and b"root:x:0" not in data


def test_a_picture_in_the_page_is_drawn() -> None:
    with_picture = pdf.render_pdf(f'<img alt="" src="data:image/png;base64,{ONE_PIXEL}">', CSS)
    assert b"/Subtype /Image" in with_picture or b"/Image" in with_picture


def test_a_page_that_takes_too_long_is_given_up() -> None:
    with pytest.raises(TooLarge):
        pdf.render_pdf("<table><tr><td colspan=100000>x</td></tr></table>" * 50, CSS, limit_seconds=1)


def test_a_page_that_is_too_long_is_refused_before_any_work() -> None:
    with pytest.raises(TooLarge):
        pdf.render_pdf("x" * (pdf.LIMIT_HTML_BYTES + 1), CSS)


def test_a_machine_without_the_library_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text(
        "import sys\nclass No:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'weasyprint':\n            raise OSError('cannot load library pango')\n"
        "sys.meta_path.insert(0, No())\n" + pdf.CHILD.read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    monkeypatch.setattr(pdf, "CHILD", child)
    with pytest.raises(Unavailable) as refused:
        pdf.render_pdf("<p>x</p>", CSS)
    assert refused.value.reasons[0].key == "pdf.not_available"


def test_a_web_process_never_loads_the_layout_program() -> None:
    code = "import sys; import app; sys.exit('weasyprint' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", code], cwd=pdf.CHILD.parent.parent.parent, check=False
        ).returncode
        == 0
    )
