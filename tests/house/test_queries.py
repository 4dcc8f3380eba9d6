"""What pages ask of the database: each page of the house a few questions, whatever its rows; none writes or starts a process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import render_template_string
from flask.testing import FlaskClient

from app.audits import queries as audits
from app.audits.models import SampleState
from app.core import clock, once
from app.core.access import VISITOR, open_to_all
from app.core.db import db, transaction
from app.evidence import suggestions
from app.people import queries as people
from app.standards import drafting, service, submitting
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.models import Materiality
from bench.budgets import MORE, budget_of
from bench.pages import Counter
from tests import audit_cases, story
from tests.house_fixtures import House, csrf
from tests.journeys import whole_house

# Pages again as somebody else, and what answers with something else than a page.
ALSO: dict[str | None, tuple[str, ...]] = {
    None: ("/commitments.atom", "/healthz"),
    "admin": ("/admin/log.csv", "/desk"),
    "agent": ("/r/26-001", "/r/26-004", "/s/cs-04", "/s/cs-04/c07", "/j/CS-04-C07"),
    "auditor": ("/desk", "/a/report/2026-09.csv", "/a/x/{sample}", "/r/26-001", "/r/26-001/dossier"),
    "chair": ("/desk", "/r/26-004", "/r/26-005", "/score/26-001", "/score/26-004"),
    "director": ("/s/cs-04", "/r/26-002", "/r/26-003", "/r/26-004", "/r/26-006", "/r/26-001/publish", "/r/26-004/publish"),
    "drafter": ("/desk", "/r/26-001", "/r/26-004", "/r/26-004/review", "/r/26-004/edit"),
    "lawyer": ("/desk", "/r/26-002", "/r/26-005/review", "/r/26-005/changes"),
    "lead": ("/desk", "/t/team", "/t/team.csv"),
    "outside": ("/desk", "/r/26-001/dossier", "/r/26-005"),
    "pilot": ("/desk", "/r/26-004/pilot", "/r/26-005/pilot", "/r/26-004"),
    "trainer": ("/desk", "/t", "/r/26-001"),
}  # fmt: skip

counter = Counter()  # Python's audit hook cannot be taken away again, so there is one


@dataclass
class Asked:
    """What one page asked."""

    who: str | None
    path: str
    rule: str
    statements: list[str] = field(default_factory=list)
    processes: int = 0

    def __str__(self) -> str:
        return f"{self.path} as {self.who}: {len(self.statements)} of {budget_of(self.rule)}"


@dataclass
class Reader:
    """Reads pages as the people of the cast and says what each asked, when what is made once was made."""

    house: House
    clients: dict[str | None, FlaskClient] = field(default_factory=dict)

    def read(self, who: str | None, path: str) -> Asked:
        if who not in self.clients:
            self.clients[who] = self.house.client(who)
        client = self.clients[who]
        assert client.get(path).status_code in (200, 302, 303), (who, path)
        rule = self.house.app.url_map.bind("localhost").match(path.partition("?")[0], return_rule=True)[0]
        with counter.counting() as seen:
            client.get(path)
        return Asked(who, path, str(rule), list(seen.statements), seen.processes)


@pytest.fixture(scope="module")
def house(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with something on every page, counted."""
    made = whole_house.copy(run_folder, tmp_path_factory.mktemp("asked") / "data")
    with made.app.app_context():
        counter.watch(db.engine)
        with clock.frozen(whole_house.MOMENT), transaction():
            service.add_note(made.actor("seller"), standards.revision(whole_house.REVIEW), "周末也算吗")
        db.session.remove()
    with clock.frozen(whole_house.MOMENT):
        yield made


def pages_of(house: House) -> list[tuple[str | None, str]]:
    with house.app.app_context():
        waiting = audits.samples(audits.plan(audit_cases.MONTH).id, SampleState.WAITING)[0].id
    more = [(who, path.format(sample=waiting)) for who, paths in ALSO.items() for path in paths]
    return whole_house.pages(house) + more


@pytest.mark.timeout(600)
def test_every_page_keeps_its_budget_writes_nothing_and_starts_nothing(house: House) -> None:
    reader = Reader(house)
    asked = [reader.read(who, path) for who, path in pages_of(house)]
    over = [a for a in asked if len(a.statements) > budget_of(a.rule)]
    assert not over, "\n".join(
        [
            "join what is asked apart, mark what is asked twice with @asked_once (ADR 9):",
            *(str(a) for a in over),
            *over[0].statements,
        ]
    )
    writing = [a for a in asked if any(not s.startswith(("SELECT", "WITH")) for s in a.statements)]
    assert not writing, "a GET writes: " + "\n".join(map(str, writing))
    assert not [a for a in asked if a.processes], "a GET starts a process"


def test_every_exception_is_needed(house: House) -> None:
    rules = {str(rule) for rule in house.app.url_map.iter_rules()}
    assert set(MORE) <= rules
    reader = Reader(house)
    most: dict[str, int] = {}
    for who, path in pages_of(house):
        if any(path.endswith(end) for end in ("/desk", "/dossier", "/review")) or path.count("/") == 2:
            made = reader.read(who, path)
            most[made.rule] = max(most.get(made.rule, 0), len(made.statements))
    assert all(budget_of(rule) <= most[rule] + 3 for rule in MORE), {r: most[r] for r in MORE}


GROWING: tuple[tuple[str, str], ...] = (
    ("director", "/desk"), ("lawyer", "/desk"), ("drafter", "/desk"), ("director", "/r"), ("chair", "/score"),
    ("lawyer", "/score/26-002"), ("director", "/s/cs-04"), ("agent", "/s/cs-04/c07"), ("director", "/r/26-004"),
    ("lawyer", "/r/26-004/review"), ("lawyer", "/r/26-004/changes"), ("director", "/e"), ("director", "/e/suggestions"),
    ("director", "/notices"), ("drafter", "/r/26-003/edit"), ("director", "/r/26-004/publish"), ("admin", "/admin/people"),
)  # fmt: skip


def test_three_times_the_rows_ask_no_more(house: House) -> None:
    reader = Reader(house)
    before = {place: reader.read(*place) for place in GROWING}
    _grow(house)
    for place in GROWING:
        now = reader.read(*place)
        assert len(now.statements) <= len(before[place].statements), "\n".join([str(now), *now.statements])


def _grow(house: House) -> None:
    with house.app.app_context():
        for clause_id, title in (("c09", "赠品一并退回"), ("c10", "退回运费写清楚"), ("c11", "拆封商品说明")):
            revision = story.given_accepted(house, clauses=(clause_id,), title=title)
            words = standards.published_documents(revision.standard)
            text = ClauseText(
                body_zh=words["zh"].clause(clause_id).body + "\n\n客服应当主动告知客户。",
                body_en=words["en"].clause(clause_id).body
                + "\n\nStaff tell the customer without being asked.",
                materiality=Materiality.MATERIAL,
            )
            with transaction():
                drafting.save_clause(house.actor("drafter"), revision, clause_id, text, seen_version=None)
            with transaction():
                submitting.submit(house.actor("drafter"), revision)
            house.run_jobs()
        for title in ("退货箱怎么领", "到仓时间怎么查"):
            story.given_scoring(house, clauses=("c01",) if title.startswith("退") else ("c04",), title=title)
        with transaction():
            for text in ("再写清楚一点", "周末也答复吗", "能不能上门取件"):
                suggestions.receive_suggestion(
                    VISITOR, text=text, language="zh", standard_code="cs-04", clause_id="c07", network="t"
                )
            for name in ("drafter", "lawyer", "chair"):
                service.add_note(house.actor(name), standards.revision(whole_house.REVIEW), f"看过了，{name}")
        db.session.remove()


@contextmanager
def remembering() -> Iterator[None]:
    once.begin()
    try:
        yield
    finally:
        once.end()


def test_only_a_get_remembers_and_only_until_it_ends(web: House) -> None:
    seen: dict[str, bool] = {}

    @web.app.route("/remembers", methods=["GET", "POST"])
    @open_to_all
    def remembers() -> str:
        seen["now"] = once.is_remembering()
        return render_template_string("")

    client = web.client("director")
    client.get("/remembers")
    assert seen["now"] and not once.is_remembering()
    answer = client.post("/remembers", data=csrf(client.get("/profile").text))
    assert answer.status_code == 200
    assert not seen["now"]


def test_what_a_post_changed_is_shown_at_once(web: House) -> None:
    """The page that answers a POST, and the one after it, read the rows anew; an open GET does not know them yet."""
    with web.app.app_context():
        person = people.by_sign_in_name("agent")
        assert person is not None
        with remembering():
            known = people.by_ids({person.id})
            assert people.by_ids({person.id}) == known
        with transaction():
            person.name = "吴敏敏"
        with remembering():
            assert people.by_ids({person.id})[person.id].name == "吴敏敏"
    client = web.client("agent")
    assert "吴敏敏" in client.get("/profile").text
