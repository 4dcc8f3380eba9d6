"""Attacks every place where people write with a thousand scripts, and reads all pages that show them."""

import csv
import io
import re
import subprocess
from pathlib import Path

import pytest

from app.archive import exporting
from app.core.access import SYSTEM, VISITOR
from app.core.db import db, transaction
from app.core.errors import DomainError
from app.core.text import clean_text
from app.evidence import suggestions
from app.proposals import service as proposals
from app.reviews import threads
from app.standards import handbook, library, queries
from app.standards.models import Publication
from tests.attack.harmless import faults, formulas, naughty_strings, payloads, words
from tests.house_fixtures import House
from tests.review_cases import make_review
from tests.standards.reading_world import publish

PAYLOADS = payloads()
A_GROUP = 12  # payloads in one clause or note
# Where each payload needs a row of its own, the normal run takes every third and --long the others too; notes and
# clauses show all of them in every run.
THIRD = pytest.mark.parametrize(
    "first", [0, pytest.param(1, marks=pytest.mark.long), pytest.param(2, marks=pytest.mark.long)]
)

pytestmark = pytest.mark.timeout(400)


def groups() -> list[list[str]]:
    """Returns the payloads a dozen at a time."""
    return [PAYLOADS[i : i + A_GROUP] for i in range(0, len(PAYLOADS), A_GROUP)]


def squeezed(text: str) -> str:
    """Returns the text with every run of white space as one blank, as HTML shows it."""
    return " ".join(text.split())


def read(house: House, person: str | None, address: str, language: str = "zh") -> str:
    """Returns a page; asserts that it answers and is harmless."""
    answer = house.same_client(person, language).get(address, buffered=True)
    assert answer.status_code == 200, (address, answer.status_code)
    assert not faults(answer.text), (address, faults(answer.text)[:5])
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return answer.text


def pages_of(house: House, person: str, address: str) -> str:
    """Returns the words of all pages of a list."""
    client = house.same_client(person)
    shown, number = "", 1
    while True:
        separator = "&" if "?" in address else "?"
        answer = client.get(f"{address}{separator}page={number}")
        assert answer.status_code == 200
        assert not faults(answer.text), (address, number, faults(answer.text)[:5])
        shown += words(answer.text)
        number += 1
        if not re.search(rf"[?&;]page={number}\b", answer.text):
            return squeezed(shown)


@THIRD
def test_titles_stay_words(web: House, first: int) -> None:
    hostile = PAYLOADS[first::3]
    kept: dict[str, str] = {}
    refused: set[str] = set()
    with web.app.app_context():
        publish("cs-04")
        director = web.actor("director")
        for payload in hostile:
            try:
                with transaction():
                    row = proposals.start_proposal(director, queries.standard("cs-04"), title=payload)
                    kept[row.number] = row.title
            except DomainError as refusal:
                refused |= {reason.key for reason in refusal.reasons}
        db.session.remove()
    assert refused <= {"proposal.title_too_long"}
    assert len(kept) > 0.6 * len(hostile)
    number = next(iter(kept))
    assert kept[number] in squeezed(words(read(web, "director", f"/r/{number}")))
    for address in ("/r?whose=all&state=all", "/desk", "/search?q=alert", "/score"):
        pages_of(web, "director", address)
    for number in list(kept)[:: max(1, len(kept) // 40)]:
        shown = squeezed(words(read(web, "director", f"/r/{number}")))
        assert squeezed(kept[number]) in shown, kept[number]


def test_threads_stay_words(web: House) -> None:
    with web.app.app_context():
        publish("cs-04")
        revision = make_review(web)
        number = revision.number
        lawyer = web.actor("lawyer")
        for group in groups():  # notes are words and no markup, so a line cannot disarm the next
            with transaction():
                threads.open_thread(lawyer, revision, "c07", "\n".join(group))
        db.session.remove()
    shown = squeezed(words(read(web, "lawyer", f"/r/{number}/review")))
    absent = [text for text in PAYLOADS if squeezed(clean_text(text)) not in shown]
    assert not absent, absent[:3]
    read(web, "drafter", f"/r/{number}")
    read(web, "drafter", f"/r/{number}/changes")
    read(web, "drafter", f"/r/{number}/edit/c07")


def hostile_standard() -> dict[str, str]:
    """Returns a public standard whose clauses hold all payloads, in both languages."""
    head = "---\ncode: xs-01\nlanguage: {language}\ntitle: {title}\n{rest}---\n\n# {title}\n\n"
    rest = (
        "owner: service\ncategory: returns\njourney: after_sale\naudience: [agent]\nvisibility: public\n"
        "review_months: 12\n"
    )
    texts = {}
    for language, title in (("zh", "攻击"), ("en", "Attack")):
        body = head.format(language=language, title=title, rest=rest if language == "zh" else "")
        for number, group in enumerate(groups(), 1):
            tags = " .public" if language == "zh" else ""
            body += f"### {title} {number} {{#c{number:02d}{tags}}}\n\n"
            # A payload in a paragraph of its own, behind a word, so that none is taken for a heading.
            body += "".join(f"词 {line}\n\n" for line in group)
        texts[language] = body
    return texts


def test_clauses_stay_words_on_pages_and_in_the_handbook(web: House) -> None:
    with web.app.app_context():
        library.import_standard(SYSTEM, hostile_standard())
        db.session.commit()
        row = queries.standard("xs-01")
        made = queries.newest_publication(row.id)
        assert made is not None
        publication_id, version = made.id, made.version
        clauses = [c.id for c in queries.published_documents(row)["zh"].clauses]
        web.run_jobs()
        db.session.remove()
    for language in ("zh", "en"):
        shown = words(read(web, "agent", "/s/xs-01", language))
        assert "alert" in shown
        read(web, None, "/commitments/xs-01", language)
        read(web, None, "/commitments", language)
    for clause in clauses[::12]:
        read(web, "agent", f"/s/xs-01/{clause}")
    read(web, "agent", f"/s/xs-01/v/{version}")
    read(web, "agent", "/search?q=alert")
    with web.app.app_context():
        publication = db.session.get_one(Publication, publication_id)
        assert not faults(handbook.page_of(publication, "zh"))
        path = handbook.path_of(publication, "zh")
        handbook.make_handbook(publication_id, "zh")
        text = subprocess.run(
            ["pdftotext", str(path), "-"], check=True, capture_output=True, text=True
        ).stdout
        assert "alert" in text
        raw = path.read_bytes()
        assert not re.search(rb"/(JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia)\b", raw)


@THIRD
def test_suggestions_stay_words_and_cells(web: House, tmp_path: Path, first: int) -> None:
    kept: dict[str, str] = {}
    refused: set[str] = set()
    hostile = [*PAYLOADS[first::3], *formulas()]
    with web.app.app_context():
        publish("cs-04")
        for number, payload in enumerate(hostile):
            try:
                with transaction():
                    row = suggestions.receive_suggestion(
                        VISITOR, text=payload, language="zh", standard_code="cs-04", clause_id="c07",
                        network=f"10.0.{number // 200}.{number % 200}",
                    )  # fmt: skip
                    kept[row.ref] = row.text
            except DomainError as refusal:
                refused |= {reason.key for reason in refusal.reasons}
        exporting.export(SYSTEM, tmp_path / "out")
        db.session.remove()
    assert refused <= {"text.control", "suggestion.too_long"}
    assert len(kept) > 0.95 * len(hostile)
    pages_of(web, "director", "/e/suggestions")
    for ref in list(kept)[::25]:
        assert squeezed(kept[ref]) in squeezed(words(read(web, None, f"/suggest/{ref}"))), kept[ref]
        assert squeezed(kept[ref]) in squeezed(words(read(web, "director", f"/e/suggestions/{ref}"))), kept[
            ref
        ]
    for table in sorted((tmp_path / "out" / "tables").glob("*.csv")):
        for line in csv.reader(io.StringIO(table.read_text(encoding="utf-8-sig"))):
            bad = [cell for cell in line if cell.lstrip(" \n\u3000")[:1] in ("=", "+", "@", "＝", "＋", "＠")]
            bad += [cell for cell in line if re.match(r"[-－](?!\d+(\.\d+)?$)", cell)]
            assert not bad, (table.name, bad[:3])


def test_naughty_strings_are_kept_exactly_or_refused_by_name(web: House) -> None:
    expected: list[str] = []
    unnamed: list[object] = []
    with web.app.app_context():
        publish("cs-04")
        revision = make_review(web)
        number, seller = revision.number, web.actor("seller")
        for text in naughty_strings():
            try:
                with transaction():
                    threads.open_thread(seller, revision, "c07", text)
                expected.append(text)
            except DomainError as refusal:
                if not any("character" in r.params or r.key == "note.empty" for r in refusal.reasons):
                    unnamed.append((text, refusal.reasons))
        db.session.remove()
    shown = "".join(words(read(web, "seller", f"/r/{number}/review")).split())
    assert not unnamed
    absent = [text for text in expected if visible(text) not in shown]
    assert not absent, [ascii(text) for text in absent[:5]]


def visible(text: str) -> str:
    """Returns the text as stored (see `core/text.py`), without white space, which HTML shows as it likes."""
    return "".join(clean_text(text).split())
