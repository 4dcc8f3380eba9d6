"""Owns a house with something on every page: revisions in six stages, an issue, contacts, checks, a suggestion."""

import datetime as dt
import re
import shutil
from pathlib import Path

from werkzeug.datastructures import FileStorage

from app.audits import queries as audits
from app.audits.models import SampleState
from app.audits.scoring import Answer
from app.committee import budget
from app.committee import service as committee
from app.committee.models import BudgetKind, EntryKind
from app.core import clock, jobs
from app.core.access import SYSTEM, VISITOR
from app.core.db import db, transaction
from app.evidence import connectors, importing, registers, suggestions
from app.evidence.connector_models import ConnectorKind
from app.evidence.register_models import BenchmarkKind
from app.publishing import service as publishing
from app.publishing.models import TrainingVerdict
from app.reviews import counsel
from app.standards import drafting, history_uploads, imports, lifecycle, store_access, submitting, word_list
from app.standards import queries as standards
from app.standards.drafting import ClauseText
from app.standards.lifecycle import Attempt
from app.standards.measures import Comparison, Unit
from app.standards.models import Materiality, Revision
from app.standards.views_amendment import FILES as AMENDMENT_FILES
from app.standards.workflow import Move
from tests import audit_cases, house_fixtures, proposal_cases, story
from tests.git_cases import Elsewhere
from tests.house_fixtures import MONDAY, House
from tests.journeys.walking import Walker
from tests.server_fixtures import once

MOMENT = audit_cases.IN_OCTOBER
PUBLISHED, SCORING, DRAFTING, REVIEW, SIGNED, DRAFT = (f"26-00{n}" for n in range(1, 7))


# Who looks at which page; None is a visitor. {ref} is the number of the suggestion.
PAGES: dict[str | None, tuple[str, ...]] = {
    None: ("/commitments", "/commitments/cs-04", "/commitments/changes", "/sign-in", "/suggest", "/suggest/{ref}",
        "/counsel/{secret}"),
    "admin": ("/admin", "/admin/health", "/admin/log", "/admin/people", "/admin/people/1", "/admin/people/new", "/admin/setup",
        "/admin/notices", "/admin/review-plans", "/admin/rules", "/admin/webhooks", "/admin/working-time",
        "/admin/working-time/change?change=peak&starts=2027-01-10&ends=2027-01-20&why=Sale"),
    "agent": ("/desk", "/ack/cs-04", "/ack/cs-04/asked", "/ack/cs-04/question", "/a/mine", "/a/mine/{line}/appeal", "/t"),
    "agent2": ("/ack", "/ack/cs-04/done"),
    "auditor": (
        "/a", "/a/appeals", "/a/appeals/1", "/a/plan/2026-09", "/a/report/2026-09", "/a/2026-09/next", "/a/x/{sample}/swap",
    ),
    "chair": (
        "/r/26-002", "/score", "/score/26-002", "/help/styleguide", "/committee", "/committee/2026-11-30",
        "/committee/budget/2026", "/committee/award/2026",
    ),
    "director": (
        "/desk", "/e", "/e/E-1001", "/e/E-1001/handing-on", "/e/import", "/e/import/1", "/e/import/1/check", "/s/history-files", "/s/words", "/s/history-files/{history}", "/e/suggestions", "/e/suggestions/{ref}", "/e/tickets", "/e/benchmarks",
        "/e/connectors", "/e/connectors/1", "/e/metrics", "/e/metrics/figures?measure=AHT",
        "/e/laws", "/e/laws/pipl-17", "/e/reviews", "/e/articles",
        "/e/definitions", "/e/replay", "/e/surges", "/insights/process",
        "/e/tickets/1", "/new", "/new/26-006/clauses", "/new/26-006/check", "/new/26-005/sent", "/notices", "/r",
        "/r/26-001", "/r/26-005", "/r/26-005/evidence", "/r/26-005/fast-track", "/r/26-005/hold",
        "/r/26-006/joining", "/r/26-004/pilot", "/r/26-005/publish", "/r/26-005/publish/notice", "/r/26-005/publish/check", "/r/26-005/refusal",
        "/r/26-005/withdraw", "/r/26-005/publish/emergency", "/r/26-001/dossier", "/r/26-001/effect", "/profile", "/profile/codes",
    ),
    "drafter": (
        "/r/26-003", "/r/26-003/edit", "/r/26-003/edit/c05", "/r/26-003/edit/c08/retire", "/r/26-003/edit/new", "/r/26-003/edit/all", "/r/26-003/edit/all/from-text", "/r/26-003/edit/c05/words/1", "/s",
        "/r/26-003/edit/c05/move", "/r/26-003/edit/c05/split", "/r/26-003/edit/c05/join", "/s/doc-01/earlier/1", "/s/doc-01/history",
        "/s/cs-04", "/s/cs-04/c07", "/s/cs-04/compare/1.0..1.1", "/s/cs-04/history", "/s/cs-04/v/1.0",
        "/s/cs-04/compare/1.0..1.1/amendments", "/s/cs-04/compare/1.0..1.1/amendments/pdf",
        "/s/cs-04/v/1.0/handbook", "/search?q=退货", "/help", "/help/glossary", "/help/keys",
    ),
    "lawyer": (
        "/r/26-004", "/r/26-004/changes", "/r/26-004/changes/amendments", "/r/26-004/changes/amendments/pdf",
        "/r/26-004/review", "/held-notes", "/r/26-004/review/hand-over/{task}",
        "/r/26-004/review/return", "/r/26-004/review/counsel", "/r/26-004/review/add/{task}", "/r/26-005/review/signed/legal", "/r/26-001/signatures", "/score/26-002",
    ),
    "trainer": ("/r/26-001/training", "/t/questions", "/t/team", "/t/team/remind"),
}  # fmt: skip
# What answers with something else than a page, or leads on to one.
NO_PAGES = (
    "/", "/insights", "/a/report/<month>.csv", "/a/x/<int:sample_id>", "/admin/log.csv", "/commitments.atom",
    "/e/import/<int:import_id>/refused.csv", "/e/replay/figures", "/feed/<code>.html", "/feed/<code>.json", "/feed/changes.atom", "/feed/standards.json", "/healthz", "/j/<code>", f"/r/<number>/changes/<{AMENDMENT_FILES}:filename>", "/r/<number>/dossier.pdf",
    "/r/<number>/dossier.zip", "/r/<number>/dossier/verify", "/r/<number>/pilot.csv", "/r/<number>/publish/notice.<any(zh,en):language>.txt", "/s/<code>.pdf", "/s/<code>/v/<version>.pdf",
    "/static/<path:filename>", "/counsel/<secret>/signed", "/t/team.csv", "/s/<code>/compare",
    f"/s/<code>/compare/<pair>/<{AMENDMENT_FILES}:filename>",
)  # fmt: skip


links: dict[Path, str] = {}  # the secret of counsel's link, which the house keeps nowhere


def build(folder: Path) -> House:
    """Makes the house; look at it at MOMENT."""
    folder.mkdir(parents=True)
    clock.mark_demo(folder)
    house = House(house_fixtures.make_app(folder), folder)
    jobs.on_commit_wake(None)
    with house.app.app_context():
        with clock.frozen(MONDAY):
            db.create_all()
            with transaction():
                house_fixtures.make_cast()
            proposal_cases.make_issue(folder)
            plan = audit_cases.given_plan(house, folder, size=12)
            _revision, publication = story.given_published(house)
        with clock.frozen(publication.at):
            jobs.run_due()
            _make_others(house)
            _bring_history(house, folder)
        with clock.frozen(publication.effective_at):
            publishing.take_effect()
            _do_jobs()
        with clock.frozen(MOMENT):
            audit_cases.service.draw(house.actor("auditor"), plan)
            _do_jobs()
            audit_cases.score_all(house, plan, most=10)
            _call_meeting(house)
            _ask_outside(house)
            _do_jobs()
        db.session.remove()
    with clock.frozen(MOMENT):
        _read_and_appeal(house)
    waiting = folder / "uploads" / "import-1.csv"  # somebody has sent a file and looks at it
    waiting.parent.mkdir(exist_ok=True)
    waiting.write_text("No.,created_at,text\n1,2026-03-02 09:00,nobody answers\n2,yesterday,bad\n")
    return house


def copy(run: Path, folder: Path) -> House:
    """Returns a house of one's own in the folder, which is made, as `build` makes it; that happens once in a run."""
    first, link = run / "whole-house" / "data", run / "whole-house" / "link"
    with once(run / "whole-house.done") as is_first:
        if is_first:
            made = build(first)
            with made.app.app_context():
                db.session.remove()
                db.engine.dispose()
                store_access.store().close()
            link.write_text(links[first])
    shutil.copytree(first, folder)
    jobs.on_commit_wake(None)
    links[folder] = link.read_text()
    return House(house_fixtures.make_app(folder), folder)


def _read_and_appeal(house: House) -> None:
    reader = Walker(house, "agent2")
    token = re.search(r'name="shown" value="([^"]+)"', reader.open("/ack/cs-04"))
    assert token
    reader.send("/ack/cs-04", shown=token.group(1))
    asking = Walker(house, "agent")
    asking.open("/ack/cs-04/question")
    asking.send("/ack/cs-04/question", clause="c07", question="周末也算吗？")
    appeal = f"/a/mine/{_not_met(house)[0]}/appeal"
    asking.open(appeal)
    asking.send(appeal, reason="客户当天改了地址，原话：“我改主意了”")


def _not_met(house: House) -> list[int]:
    """Returns the results of `agent` that are not met, oldest first."""
    with house.app.app_context():
        return [
            line.id
            for sample in audits.samples(audits.plan(audit_cases.MONTH).id, SampleState.SCORED)
            for line in sample.lines
            if line.answer is Answer.NOT_MET and audits.ticket_of(sample).agent == "ag-agent"
        ]


def _make_others(house: House) -> None:
    story.given_scoring(house, clauses=("c03",), title="退货地址写清楚")
    _fill_registers(house)
    word_list.begin()
    _connect(house)
    _write(house, story.given_accepted(house, clauses=("c05",), title="退款进度主动告知"), "c05")
    for clause_id, title in (("c08", "质检结果当天告知"), ("c12", "换货缺货主动联系")):
        revision = story.given_accepted(house, clauses=(clause_id,), title=title)
        _write(house, revision, clause_id)
        with transaction():
            submitting.submit(house.actor("drafter"), revision)
        _do_jobs()
    for kind in story.reviews_queries.standing(revision):
        story.sign(house, revision, kind)
    lifecycle.perform(revision, Attempt(Move.WAIVE_PILOT, house.actor("chair"), reason="旺季前已在华东试过"))
    publishing.set_plan(
        house.actor("director"),
        revision,
        effective_on=clock.today() + dt.timedelta(days=45),
        training_verdict=TrainingVerdict.READING,
        words=story.CUSTOMER_NOTICE,
    )
    db.session.commit()
    story.given_draft(house, clauses=("c02",), title="受理范围写清楚")
    with transaction():
        suggestions.receive_suggestion(
            VISITOR, text="写清楚多久答复", language="zh", standard_code="cs-04", clause_id="c07", network="t"
        )


def _ask_outside(house: House) -> None:
    """Outside counsel got a link and has not opened it."""
    with transaction():
        _row, secret = counsel.invite(
            house.actor("lawyer"), standards.revision(REVIEW), "legal", name="Gu Heng", firm="Hengzheng", email="gu@law.example",
            language="en", working_days=20, question="Is this safe?",
        )  # fmt: skip
    links[house.folder] = secret


def links_for(house: House, language: str) -> tuple[str, str]:
    """Returns the secrets of two links for counsel of that language: one that is open at MOMENT, one that ended by time."""
    made = []
    for days_ago in (0, 60):
        with clock.frozen(MOMENT - dt.timedelta(days=days_ago)), transaction():
            _row, secret = counsel.invite(
                house.actor("lawyer"), standards.revision(REVIEW), "legal", name="Gu Heng", firm="Hengzheng",
                email=f"{language}-{days_ago}@law.example", language=language, question="Is this safe?",
            )  # fmt: skip
        made.append(secret)
    return made[0], made[1]


def _call_meeting(house: House) -> None:
    chair = house.actor("chair")
    with transaction():
        committee.call_meeting(chair, day=dt.date(2026, 11, 30))
        budget.allocate(chair, year=2026, kind=BudgetKind.TRAINING, amount="20000")
        budget.enter(
            chair, year=2026, kind=BudgetKind.TRAINING, what=EntryKind.SPENT, amount="800", words="讲师",
            revision=SCORING,
        )  # fmt: skip


def _bring_history(house: House, folder: Path) -> None:
    """A text that was kept elsewhere comes in with its past."""
    there = Elsewhere(folder.parent / "elsewhere")
    there.commit(
        {"house-rules.md": "# House rules\n\n## Hours\n\nThe team lead publishes opening hours each month.\n"}
    )
    there.commit(
        {"house-rules.md": "# House rules\n\n## Hours\n\nThe team lead publishes opening hours each week.\n"}
    )
    done = imports.import_path(SYSTEM, there.bundle())
    assert done["refused"] == 0, done["errors"]
    with transaction(), there.bundle().open("rb") as file:  # the same again, sent by a person
        history_uploads.take(house.actor("director"), FileStorage(file, "house-rules.bundle"))
    _do_jobs()


def _fill_registers(house: House) -> None:
    director = house.actor("director")
    with transaction():
        registers.add_benchmark(
            director, kind=BenchmarkKind.COMPETITOR, who="某平台", clause="CS-04-C07", metric="first_reply_time",
            comparison=Comparison.AT_MOST, value="6", unit=Unit.HOUR, source="官网", dated_on=clock.today(),
        )  # fmt: skip
        law = registers.add_obligation(
            director, code="pipl-17", title_zh="个人信息保护法 第十七条", duty="告知处理目的", source="全国人大",
            clauses=["CS-04-C02"],
        )  # fmt: skip
        registers.note_change(director, law, applies_on=clock.today(), words="告知要显著")
        registers.begin_reviews()


def _connect(house: House) -> None:
    figures = house.folder / "figures.csv"
    figures.write_text("date,measure,value,unit\n2026-09-01,AHT,6.5,min\n2026-09-02,AHT,7,min\n")
    with transaction():
        importing.import_tickets(house.actor("director"), "metric-series", figures)
    with transaction():
        row = connectors.add(
            house.actor("director"), name="care", kind=ConnectorKind.ZENDESK, base_url="https://care.invalid", account="a@b.invalid",
            only="", starts_on=clock.today(), every_minutes=60,
        )  # fmt: skip
        connectors.pause(house.actor("director"), row)


def _write(house: House, revision: Revision, clause_id: str) -> None:
    words = standards.published_documents(revision.standard)
    text = ClauseText(
        body_zh=words["zh"].clause(clause_id).body + "\n\n客服应当主动告知客户。",
        body_en=words["en"].clause(clause_id).body + "\n\nStaff tell the customer without being asked.",
        materiality=Materiality.MATERIAL,
    )
    with transaction():
        drafting.save_clause(house.actor("drafter"), revision, clause_id, text, seen_version=None)


def _do_jobs() -> None:
    db.session.commit()
    jobs.run_due(leave=("make_handbook",))


def pages(house: House) -> list[tuple[str | None, str]]:
    """Returns (who, address) of every page."""
    with house.app.app_context():
        ref = db.session.scalar(db.select(suggestions.Suggestion.ref)) or ""
        task = story.reviews_queries.tasks(standards.revision(REVIEW).id)[0].id
        history = history_uploads.readings()[0].id
        waiting = audits.samples(audits.plan(audit_cases.MONTH).id, SampleState.WAITING)[0].id
    names = {
        "ref": ref,
        "secret": links[house.folder],
        "task": task,
        "line": _not_met(house)[-1],
        "sample": waiting,
        "history": history,
    }
    return [(who, path.format(**names)) for who, paths in PAGES.items() for path in paths]


def forgotten(house: House) -> set[str]:
    """Returns the routes that answer a GET and stand neither among the pages nor among what is none."""
    doors = house.app.url_map.bind("localhost")
    shown = {str(doors.match(path.partition("?")[0], return_rule=True)[0]) for _who, path in pages(house)}
    return (
        {str(rule) for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
        - shown
        - {*NO_PAGES}
    )
