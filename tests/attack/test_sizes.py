"""Attacks with much: long texts, deep nesting and other slow text, through the editor, the import and the forms."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.core.access import SYSTEM
from app.core.db import db
from app.core.errors import TooLarge
from app.standards import library, queries
from tests.house_fixtures import House, csrf
from tests.review_cases import make_drafting
from tests.standards.reading_world import starter_texts

CPU_SECONDS = 8  # an honest text takes a tenth; without limits these take minutes

SLOW = {
    "brackets": "[" * 5000,
    "pictures": "![" * 5000,
    "links": "[a](" * 3000,
    "quotes": ">" * 5000 + " x",
    "list in list": "".join(f"{'  ' * level}- x\n" for level in range(500)),
    "stars": "*a " * 8000,
    "underscores": "_" * 20000,
    "ticks": "`a" * 9000,
    "entities": "&" * 20000,
    "one line of Chinese": "服务" * 9000,
    "empty lines": "a" + "\n" * 50000,
    "table": "|" * 20000 + "\n" + "|-" * 9000,
    "autolinks": "<http://" * 4000,
    "html": "<div>" * 6000,
    "escapes": "\\" * 20000,
    "references": "[a]: <b\n" * 4000,
    "spaces": "a" + " " * 60000 + "b",
    "numbers": "9" * 20000,
    "mixed": "*[`>" * 6000,
}


@contextmanager
def cpu_at_most(seconds: float) -> Iterator[None]:
    """Asserts how much CPU time of this process the code inside takes; the clock on the wall does not count."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


@pytest.fixture
def drafting(web: House) -> tuple[House, str]:
    """A house over HTTP and the number of a revision of cs-04 in drafting."""
    with web.app.app_context():
        number = make_drafting(web).number
        db.session.remove()
    return web, number


def form(page: str, **values: str) -> dict[str, str]:
    return {
        "heading_zh": "首次答复",
        "heading_en": "First reply",
        "body_zh": "正文",
        "body_en": "Text",
        **csrf(page),
        **values,
    }


@pytest.mark.parametrize("name", sorted(SLOW))
def test_slow_text_keeps_no_worker_busy(drafting: tuple[House, str], name: str) -> None:
    house, number = drafting
    client = house.client("drafter")
    address = f"/r/{number}/edit/c07"
    values = form(client.get(address).text, body_zh=SLOW[name], body_en=SLOW[name])
    with cpu_at_most(CPU_SECONDS):
        assert client.post(f"{address}/preview", data=values).status_code == 200
        saved = client.post(address, data=values)
    assert saved.status_code in (303, 422), saved.status_code
    # Whatever was kept, every page that shows it still opens, for its writer and for others.
    for page in (address, f"/r/{number}/edit", f"/r/{number}/changes", f"/r/{number}"):
        with cpu_at_most(CPU_SECONDS):
            assert client.get(page).status_code == 200, page


def test_a_clause_beyond_its_limit_is_refused_with_the_limit(drafting: tuple[House, str]) -> None:
    house, number = drafting
    client = house.client("drafter", "en")
    address = f"/r/{number}/edit/c07"
    answer = client.post(address, data=form(client.get(address).text, body_zh="字" * 30_000))
    assert answer.status_code in (413, 422)
    assert "65" in answer.text or "64" in answer.text
    with house.app.app_context():
        assert queries.clause_draft(queries.revision(number).id, "c07") is None


def test_a_form_beyond_the_limit_is_413(drafting: tuple[House, str]) -> None:
    house, number = drafting
    client = house.client("drafter")
    address = f"/r/{number}/edit/c07"
    values = form(client.get(address).text, body_zh="a" * (3 * 1024 * 1024))
    assert client.post(address, data=values).status_code == 413
    assert client.post("/suggest", data={"text": "a" * (3 * 1024 * 1024)}).status_code == 413


def long_standard(size: int) -> dict[str, str]:
    """Returns a starter standard with a Chinese text of about so many bytes, spread over honest clauses."""
    texts = starter_texts("cs-02")
    body = "应当在 24 小时内把处理结果告诉客户，并说明依据。" * 40
    zh, number = texts["zh"], 50
    parts = [zh.rstrip() + "\n"]
    length = len(parts[0].encode())
    while length < size:
        part = f"\n### 附则 {number} {{#c{number}}}\n\n{body}\n"
        parts.append(part)
        length += len(part.encode())
        number += 1
    return {"zh": "".join(parts)}


def test_a_standard_just_below_the_limit_is_kept_and_read(web: House) -> None:
    with web.app.app_context():
        library.import_standard(SYSTEM, long_standard(500_000))
        db.session.commit()
        db.session.remove()
    page = web.client("agent").get("/s/cs-02")
    assert page.status_code == 200
    assert page.text.count("附则") > 100


def test_a_standard_of_600_kilobytes_is_413_with_the_limit(web: House) -> None:
    with web.app.app_context(), pytest.raises(TooLarge) as refusal:
        library.import_standard(SYSTEM, long_standard(600_000))
    assert refusal.value.status == 413
    assert refusal.value.reasons[0].params["limit_bytes"] == 512 * 1024
