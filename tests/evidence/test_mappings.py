"""Mappings kept as data: what each makes of its source's shapes, in any order of pages, twice, and with bad rows."""

import itertools
import json
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.access import SYSTEM
from app.core.db import db
from app.evidence import definitions, service
from app.evidence.importing import digest
from app.evidence.models import Ticket
from app.evidence.readers import MAPPINGS
from app.evidence.readers.mapping_files import FOLDER, load
from app.evidence.tickets import Author, Channel, Priority, RefusedRow, TicketKind, TicketRecord
from tests.house_fixtures import House
from tests.samples import OWN

SAMPLES = OWN / "tickets" / "mappings"
CHINA = timezone(timedelta(hours=8))
KEPT_AS_DATA = sorted(path.stem for path in FOLDER.glob("*.json"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def sample(mapping: str) -> Path:
    return next(path for path in sorted(SAMPLES.iterdir()) if path.stem == mapping)


def read(mapping: str, path: Path | None = None) -> tuple[dict[str, TicketRecord], list[tuple], Counter[str]]:
    unused: Counter[str] = Counter()
    rows = list(MAPPINGS[mapping].read(path or sample(mapping), CHINA, unused))
    tickets = sorted(
        (row for row in rows if isinstance(row, TicketRecord)),
        key=lambda row: (row.updated_at or row.created_at, row.row_hash()),
    )
    refused = [(row.line, row.field, row.reason_key) for row in rows if isinstance(row, RefusedRow)]
    return {row.external_id: row for row in tickets}, refused, unused


def test_every_mapping_names_its_document_its_day_and_whether_it_was_tried() -> None:
    assert (
        sorted(set(MAPPINGS) - {"zendesk-tables", "jira-rest", "freshdesk", "csv", "metric-series"})
        == KEPT_AS_DATA
    )
    for name in KEPT_AS_DATA:
        data = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
        mapping = MAPPINGS[name]
        assert mapping.name == name == data["name"]
        assert mapping.source.startswith("http")
        assert mapping.document
        assert mapping.dated >= datetime(2026, 11, 1, tzinfo=UTC).date()
        assert mapping.tried is False
        assert sample(name).exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"fields": {"external_id": "id"}}, "too few"),
        ({"fields": {}}, "too few"),
        ({"shape": "x"}, "x"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused(change: dict, words: str) -> None:
    data = json.loads((FOLDER / "udesk-v2.json").read_text("utf-8"))
    with pytest.raises(ValueError, match=words):
        load({**data, **change})


def test_a_zendesk_view_gives_minutes_of_both_clocks_and_marks() -> None:
    tickets, refused, _ = read("zendesk-view")
    one = tickets["71"]
    assert (one.first_reply_minutes, one.first_reply_working_minutes, one.resolution_minutes) == (90, 60, 120)
    assert (one.priority, one.channel, one.satisfaction, one.team) == (
        Priority.URGENT,
        Channel.EMAIL,
        1,
        "East",
    )
    assert (tickets["72"].priority, tickets["72"].satisfaction, tickets["72"].resolved_at) == (
        None,
        None,
        None,
    )
    assert refused == [
        (4, "first_reply_minutes", "import.duration_negative"),
        (5, "created_at", "import.date_unreadable"),
    ]


def test_zendesk_pages_are_joined_with_metrics_ratings_and_comments() -> None:
    tickets, refused, unused = read("zendesk-api")
    one, two = tickets["501"], tickets["502"]
    assert (one.subject, one.first_reply_minutes, one.first_reply_working_minutes) == ("退货没人回复", 20, 12)
    assert (one.resolution_minutes, one.resolution_working_minutes, one.reopened) == (120, 60, 1)
    assert (one.channel, one.satisfaction, one.is_complaint, one.region) == (Channel.CHAT, 1, True, "east")
    assert (two.satisfaction, two.first_reply_minutes) == (5, 10)
    assert [turn.author for turn in two.conversation] == [Author.CUSTOMER, Author.AGENT]
    assert sorted(name for name, ticket in tickets.items() if ticket.deleted) == ["504", "505"]
    assert [row[1:] for row in refused] == [("created_at", "import.date_missing")]
    assert unused == {"metrics and ratings": 1}


def test_jira_tables_have_repeated_headers_forms_of_dates_and_cells_of_several_lines() -> None:
    tickets, refused, _ = read("jira-csv")
    one = tickets["CARE-1"]
    assert one.created_at == at("2026-03-02 09:00")
    assert (one.first_reply_minutes, one.resolution_minutes) == (20, 150)
    assert one.text == 'line one\nline two, "quoted"'
    assert one.tags == ("complaint", "region:north")
    assert [turn.text for turn in one.conversation] == ["anybody?", "Reset; try again"]
    assert (one.priority, one.is_complaint) == (Priority.URGENT, True)
    assert tickets["CARE-2"].updated_at == tickets["CARE-3"].created_at == at("2026-03-02 10:00"), (
        "day before month"
    )
    assert refused == [
        (6, "created_at", "import.date_unreadable"),
    ]


def test_requests_of_jira_service_management_carry_their_service_levels() -> None:
    tickets, refused, _ = read("jira-service")
    one, two = tickets["DESK-1"], tickets["DESK-2"]
    assert (one.subject, one.text, one.priority) == ("无法登录", "试过三次", Priority.URGENT)
    assert (one.first_reply_minutes, one.first_reply_working_minutes) == (15, 10)
    assert (one.resolution_minutes, one.resolution_working_minutes) == (120, 60)
    assert two.first_reply_minutes == 30
    assert [row[1:] for row in refused] == [("created_at", "import.date_missing")]


def test_freshdesk_version_1_is_unwrapped() -> None:
    tickets, refused, _ = read("freshdesk-v1")
    one = tickets["31"]
    assert (one.status, one.priority, one.channel, one.region) == (
        "resolved",
        Priority.URGENT,
        Channel.PHONE,
        "south",
    )
    assert (one.first_reply_minutes, one.resolution_minutes, one.is_complaint) == (6, 120, True)
    assert tickets["32"].status == "open"
    assert [row[1:] for row in refused] == [("created_at", "import.date_unreadable")]


def test_udesk_codes_are_numbers_english_or_chinese() -> None:
    tickets, refused, _ = read("udesk-v1")
    assert (tickets["1"].priority, tickets["1"].channel, tickets["1"].status) == (
        Priority.URGENT,
        Channel.EMAIL,
        "solving",
    )
    assert tickets["1"].created_at == at("2026-03-02 20:44:08")
    assert (tickets["2"].status, tickets["2"].resolution_minutes) == ("resolved", 60)
    assert [row[1:] for row in refused] == [("created_at", "import.date_missing")]
    tickets, refused, _ = read("udesk-v2")
    one = tickets["#77"]
    assert (one.status, one.priority, one.channel, one.is_complaint) == (
        "resolved",
        Priority.URGENT,
        Channel.CHAT,
        True,
    )
    assert (one.first_reply_minutes, one.resolution_minutes) == (5, 120)
    assert tickets["78"].created_at == at("2026-03-02 09:00")
    assert [row[1:] for row in refused] == [("resolved_at", "import.resolved_before_creation")]
    table, refused, _ = read("udesk-v2", SAMPLES / "udesk-v2-table.csv")
    assert (table["80"].priority, table["80"].satisfaction, refused) == (Priority.URGENT, 2, [])


def test_qiyu_codes_are_numbers_and_times_milliseconds() -> None:
    tickets, refused, _ = read("qiyu")
    assert (tickets["123"].priority, tickets["123"].status) == (Priority.URGENT, "已完结")
    assert (tickets["123"].created_at, tickets["123"].resolution_minutes) == (at("2026-03-02 09:00"), 60)
    assert (tickets["124"].priority, tickets["124"].resolved_at) == (Priority.ORDINARY, None)
    assert (tickets["126"].priority, tickets["126"].status) == (Priority.URGENT, "已驳回")
    assert (tickets["127"].priority, tickets["127"].status) == (None, "已挂起"), "nobody says what 1 means"
    assert [row[1:] for row in refused] == [("created_at", "import.date_unreadable")]


def test_marks_of_surveys_are_satisfaction_and_recommendation_is_a_tag() -> None:
    tickets, refused, _ = read("survey-csat")
    assert [(one.satisfaction, one.is_complaint) for one in tickets.values()] == [(1, True), (5, None)]
    assert refused == [
        (4, "satisfaction", "import.number_out_of_range"),
        (5, "created_at", "import.date_missing"),
    ]
    tickets, refused, _ = read("survey-nps")
    assert (tickets["r1"].tags, tickets["r1"].is_complaint) == (("detractor", "nps:3"), True)
    assert (tickets["r2"].tags, tickets["r2"].satisfaction) == (("nps:10", "promoter"), None)
    assert refused == [(4, "score", "import.number_out_of_range")]


def test_posts_are_read_without_their_authors() -> None:
    tickets, refused, unused = read("social-listening")
    assert [(one.channel, one.is_complaint) for one in tickets.values()] == [
        (Channel.SOCIAL, True),
        (Channel.SOCIAL, False),
    ]
    assert "张三" not in repr(tickets)
    assert refused == [(4, "created_at", "import.date_unreadable")]
    assert unused == {"column 作者": 1}


@pytest.mark.parametrize("mapping", [name for name in KEPT_AS_DATA if sample(name).suffix == ".csv"])
def test_a_mapping_that_no_longer_fits_names_the_missing_column(tmp_path: Path, mapping: str) -> None:
    path = tmp_path / "other.csv"
    path.write_text("工单,天气\n1,晴\n2,雨\n")
    (only,) = MAPPINGS[mapping].read(path, CHINA)
    assert isinstance(only, RefusedRow)
    assert (only.line, only.reason_key) == (1, "import.mapping_no_longer_fits")
    assert only.field in ("external_id", "created_at")
    assert str(only.params["column"])


def test_a_file_of_another_system_is_refused_as_a_whole() -> None:
    assert read("zendesk-api", SAMPLES / "qiyu.json")[0] == {}


@pytest.mark.parametrize("mapping", KEPT_AS_DATA)
def test_the_same_file_twice_changes_nothing_and_every_refusal_names_its_line(
    sqlite_house: House, mapping: str
) -> None:
    path = sample(mapping)
    first = service.import_tickets(SYSTEM, mapping, path)
    assert first.created_count == len(read(mapping)[0])
    assert first.refused_count == len(first.refused) > 0
    assert all(row["line"] and row["reason"].startswith("import.") for row in first.refused)
    again = service.import_tickets(SYSTEM, mapping, path)
    assert (again.created_count, again.updated_count, again.unchanged_count) == (0, 0, first.created_count)
    assert (again.refused, again.sha256) == (first.refused, digest(path))
    working = (
        db.session.query(Ticket).filter(Ticket.source == "zendesk-api", Ticket.external_id == "501").all()
    )
    assert [one.first_reply_working_minutes for one in working] == [12] * len(working)


def test_answers_and_posts_are_no_contacts_that_somebody_was_to_answer(sqlite_house: House) -> None:
    for mapping in ("survey-csat", "social-listening", "udesk-v2"):
        service.import_tickets(SYSTEM, mapping, sample(mapping))
    kinds = Counter(one.kind for one in db.session.query(Ticket))
    assert kinds == {TicketKind.ANSWER: 2, TicketKind.POST: 2, TicketKind.CONTACT: 2}
    day = datetime(2026, 3, 2, tzinfo=UTC).date()
    counted = definitions.figures(day, day)
    assert counted.answered.n == 2, "of six rows, two waited for an answer"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
@pytest.mark.parametrize("mapping", ["zendesk-api", "jira-service", "udesk-v2"])
def test_pages_in_any_order_and_cut_anywhere_give_the_same_tickets(
    tmp_path: Path, mapping: str, data: st.DataObject
) -> None:
    """Every list of every page is shuffled, cut into pages of its own, and some pages come twice."""
    source = sample(mapping)
    files = sorted(source.iterdir()) if source.is_dir() else [source]
    folder = tmp_path / str(next(_NUMBERS))
    folder.mkdir()
    for file in files:
        page = json.loads(file.read_text("utf-8"))
        name = next(key for key, value in page.items() if isinstance(value, list))
        items = data.draw(st.permutations(page[name]))
        cut = data.draw(st.integers(0, len(items)))
        for place, piece in enumerate((items[:cut], items[cut:])):
            number = data.draw(st.integers(0, 10**6))
            (folder / f"{number}-{file.stem}-{place}.json").write_text(json.dumps({**page, name: piece}))
    if data.draw(st.booleans()):
        again = sorted(folder.iterdir())[0]
        shutil.copy(again, folder / "zz-again.json")
    assert read(mapping, folder)[0] == read(mapping)[0]


_NUMBERS = itertools.count()
