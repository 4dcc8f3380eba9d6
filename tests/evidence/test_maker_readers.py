"""Files of Zendesk, Jira and Freshdesk become tickets: what is joined, refused and where, pages in any order."""

import json
import shutil
import zipfile
from collections import Counter
from dataclasses import replace

import pytest

from app.evidence.tickets import Author, Channel, Priority
from tests.evidence.reader_cases import TICKETS, at, read
from tests.samples import SHARED


def test_zendesk_tables_are_joined_by_ticket():
    tickets, _, _ = read("zendesk-tables", TICKETS / "zendesk")
    assert list(tickets) == ["501", "502", "503"]
    ticket = tickets["501"]
    assert (ticket.text, ticket.team, ticket.agent) == ("第一行\n第二行, 订单 88", "华东一组", "77")
    assert (ticket.channel, ticket.priority, ticket.region) == (Channel.CHAT, Priority.URGENT, "east")
    assert ticket.tags == ("complaint", "region:east")
    assert ticket.is_complaint is True
    assert [(turn.author, turn.public) for turn in ticket.conversation] == [
        (Author.CUSTOMER, True),
        (Author.SYSTEM, True),
        (Author.AGENT, False),
        (Author.AGENT, True),
    ]


def test_the_first_reply_is_the_first_public_comment_of_an_agent():
    ticket = read("zendesk-tables", TICKETS / "zendesk")[0]["501"]
    assert ticket.first_reply_minutes == 9.5


def test_a_reopened_ticket_is_solved_when_it_was_solved_for_good():
    ticket = read("zendesk-tables", TICKETS / "zendesk")[0]["501"]
    assert (ticket.resolved_at, ticket.reopened) == (at("2026-03-03 01:00:00"), 1)
    assert ticket.resolution_minutes == 24 * 60


def test_a_deleted_ticket_is_read_and_marked():
    tickets = read("zendesk-tables", TICKETS / "zendesk")[0]
    assert [name for name, ticket in tickets.items() if ticket.deleted] == ["503"]


def test_zendesk_refuses_each_bad_row_with_file_line_and_field():
    _, refused, unused = read("zendesk-tables", TICKETS / "zendesk")
    assert refused == [
        ("ticket_comment_data.csv", 8, "created", "import.date_unreadable"),
        ("ticket_data.csv", 9, "", "import.row_short"),
        ("ticket_data.csv", 6, "id", "import.id_missing"),
        ("ticket_data.csv", 7, "created_at", "import.date_unreadable"),
        ("ticket_data.csv", 8, "priority", "import.value_unknown"),
    ]
    assert unused == {"brand_data": 2, "ticket_comment_data": 1, "ticket_tag_data": 1}


def test_zendesk_times_are_utc_whatever_the_zone_of_the_organisation():
    assert read("zendesk-tables", TICKETS / "zendesk")[0]["502"].created_at == at("2026-03-02 02:00:00")


def test_zendesk_tables_read_the_same_from_a_zip(tmp_path):
    packed = tmp_path / "export.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted((TICKETS / "zendesk").iterdir(), reverse=True):
            archive.write(file, f"export 2026/{file.name}")
    tickets, refused, _ = read("zendesk-tables", packed)
    expected, expected_refused, _ = read("zendesk-tables", TICKETS / "zendesk")
    assert tickets == expected
    assert [row[1:] for row in refused] == [row[1:] for row in expected_refused]


def test_zendesk_pages_and_rows_in_any_order_give_the_same_tickets(tmp_path):
    for file in (TICKETS / "zendesk").iterdir():
        header, *rows = file.read_text().replace("第一行\n第二行", "第一行 第二行").splitlines()
        for page in (1, 2):
            some = rows[::-1][page - 1 :: 2]
            (tmp_path / f"{file.stem}_{page}.csv").write_text("\n".join([header, *some]) + "\n")
    tickets = read("zendesk-tables", tmp_path)[0]
    expected = read("zendesk-tables", TICKETS / "zendesk")[0]
    assert list(tickets) == list(expected)
    assert {**tickets, "501": replace(tickets["501"], text="")} == {
        **expected,
        "501": replace(expected["501"], text=""),
    }


def test_a_folder_without_a_ticket_table_is_refused_as_a_whole(tmp_path):
    shutil.copy(TICKETS / "zendesk" / "group_data.csv", tmp_path)
    assert read("zendesk-tables", tmp_path)[1] == [("", 0, "", "import.no_ticket_table")]


def test_jira_issues_carry_their_comments_wherever_they_stand():
    tickets, _, _ = read("jira-rest", TICKETS / "jira")
    assert list(tickets) == ["CARE-1", "CARE-4"]
    ticket = tickets["CARE-1"]
    assert ticket.text == "换了手机号\n进不去\n试过三次"
    assert [turn.text for turn in ticket.conversation] == ["已收到", "internal", "您好，已重置"]
    assert (ticket.first_reply_minutes, ticket.resolution_minutes) == (20, 150)
    assert (ticket.priority, ticket.channel, ticket.region) == (Priority.URGENT, Channel.PHONE, "north")
    assert (ticket.is_complaint, ticket.agent, ticket.status) == (True, "a-1", "done")


def test_jira_refuses_each_bad_issue_with_its_line():
    _, refused, unused = read("jira-rest", TICKETS / "jira")
    assert refused == [
        ("page_1.json", 18, "", "import.object_expected"),
        ("page_1.json", 19, "", "import.key_twice"),
        ("page_1.json", 17, "created", "import.date_missing"),
    ]
    assert unused == {"duplicates": 1, "comments": 1, "priority": 2}


def test_a_priority_of_the_customers_own_making_is_none_in_jira():
    assert read("jira-rest", TICKETS / "jira")[0]["CARE-4"].priority is None


def test_jira_offsets_without_a_colon_are_read():
    assert read("jira-rest", TICKETS / "jira")[0]["CARE-1"].created_at == at("2026-03-02 01:00:00")


def test_jira_pages_in_any_order_give_the_same_tickets(tmp_path):
    for file in (TICKETS / "jira").iterdir():
        shutil.copy(file, tmp_path / f"{9 - len(file.stem)}-{file.stem[-1]}.json")
    shutil.copy(TICKETS / "jira" / "page_2.json", tmp_path / "again.json")
    assert read("jira-rest", tmp_path)[0] == read("jira-rest", TICKETS / "jira")[0]


def test_a_file_that_breaks_off_keeps_the_issues_before_the_break(tmp_path):
    text = (TICKETS / "jira" / "page_1.json").read_text()
    (tmp_path / "half.json").write_text(text[: text.index('"not an issue"') + 5])
    tickets, refused, _ = read("jira-rest", tmp_path / "half.json")
    assert list(tickets) == ["CARE-1"]
    assert refused[0] == ("half.json", 18, "", "import.json_broken")


def test_freshdesk_codes_become_words():
    ticket = read("freshdesk", TICKETS / "freshdesk")[0]["11"]
    assert (ticket.status, ticket.priority, ticket.channel) == ("resolved", Priority.URGENT, Channel.PHONE)
    assert (ticket.team, ticket.region, ticket.is_complaint) == ("华南一组", "south", True)


def test_freshdesk_conversations_give_the_first_reply_where_the_ticket_does_not():
    ticket = read("freshdesk", TICKETS / "freshdesk")[0]["11"]
    assert [turn.author for turn in ticket.conversation] == [Author.AGENT, Author.CUSTOMER, Author.AGENT]
    assert ticket.first_reply_minutes == 4


def test_the_newest_answer_about_a_ticket_wins_and_older_ones_fill_its_gaps():
    ticket = read("freshdesk", TICKETS / "freshdesk")[0]["11"]
    assert (ticket.text, ticket.product, ticket.resolution_minutes) == ("钱没到账", "900", 180)


def test_a_ticket_that_was_opened_again_is_not_resolved():
    ticket = read("freshdesk", TICKETS / "freshdesk")[0]["17"]
    assert (ticket.resolved_at, ticket.reopened) == (None, 1)


def test_freshdesk_refuses_each_bad_ticket_with_its_line():
    tickets, refused, unused = read("freshdesk", TICKETS / "freshdesk")
    assert list(tickets) == ["11", "12", "17"]
    assert tickets["12"].deleted
    assert refused == [
        ("tickets_1.json", 10, "id", "import.id_unreadable"),
        ("tickets_1.json", 12, "", "import.number_unreadable"),
        ("tickets_1.json", 7, "first_reply_at", "import.reply_before_creation"),
        ("tickets_1.json", 11, "status", "import.number_unreadable"),
    ]
    assert unused == {"duplicates": 1, "conversations": 1}


def test_freshdesk_pages_in_any_order_give_the_same_tickets(tmp_path):
    for file in (TICKETS / "freshdesk").iterdir():
        items = [item for item in json.loads(file.read_text()) if item.get("subject") != "no id"]
        (tmp_path / f"{file.stem[::-1]}.json").write_text(json.dumps(items[::-1]))
    assert read("freshdesk", tmp_path)[0] == read("freshdesk", TICKETS / "freshdesk")[0]


@pytest.mark.samples
def test_the_real_zendesk_tables_give_exactly_ten_tickets():
    tickets, refused, unused = read("zendesk-tables", SHARED / "tickets" / "zendesk-csv")
    assert (len(tickets), refused) == (10, [])
    assert sorted(name for name, ticket in tickets.items() if ticket.deleted) == ["11013", "1595"]
    assert [name for name, ticket in tickets.items() if ticket.resolved_at] == ["11071"]
    assert tickets["11071"].resolved_at == at("2020-11-14 11:01:27")
    assert Counter(ticket.channel for ticket in tickets.values()) == {Channel.EMAIL: 9, Channel.WEB: 1}
    joined = ("ticket_comment_data", "ticket_tag_data", "ticket_field_history_data")
    assert [unused[name] for name in joined] == [20, 10, 19]


@pytest.mark.samples
def test_the_real_jira_answers_give_exactly_eleven_issues():
    tickets, refused, unused = read("jira-rest", SHARED / "tickets" / "jira-rest")
    assert (len(tickets), refused, unused["duplicates"]) == (11, [], 12)
    newest = tickets["SAMPLEPROJECT-13"]
    assert newest.created_at == at("2011-12-15 02:35:06")
    assert [turn.text for turn in tickets["SAMPLEPROJECT-1"].conversation] == [
        "This is a comment. Creative.",
        "new comment",
    ]
    for name, count in (("issue.json", 11), ("issue_10002.json", 1)):
        assert len(read("jira-rest", SHARED / "tickets" / "jira-rest" / name)[0]) == count


@pytest.mark.samples
def test_the_real_freshdesk_answers_are_four_views_of_one_ticket():
    tickets, refused, unused = read("freshdesk", SHARED / "tickets" / "freshdesk-v2")
    assert (list(tickets), refused, unused) == (["1"], [], {"duplicates": 3, "time_entries": 3})
    assert [turn.public for turn in tickets["1"].conversation] == [False, True]
    assert tickets["1"].subject == "This is another ticket"
