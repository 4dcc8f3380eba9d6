"""Outside counsel: the link opens nothing by itself, ends by use, time or hand, and what is signed binds to the text."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from app.core import clock
from app.core.activity import ActivityLine
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, Refused
from app.notices.models import Notice
from app.reviews import counsel, counsel_queries, queries, signed_lines
from app.reviews.freshness import Kind
from app.reviews.models import CounselInvitation, Decision
from app.standards import queries as standards
from tests.house_fixtures import House, csrf
from tests.review_cases import draft_twelve_hours, make_review
from tests.servers import Mailbox

PLACE = "/r/26-001/review/counsel"
INVITED = {
    "step": "legal", "name": "Li Counsel", "firm": "Firm & Partners", "email": "li@firm.example", "language": "en",
    "days": "5", "question": "Is twelve hours safe?",
}  # fmt: skip
STATED = {"name": "Li Counsel", "firm": "Firm & Partners", "role": "partner", "number": "A-77", "said": "y"}


def link_of(house: House, who: str = "lawyer", **more: str) -> str:
    """Returns the address of a new link, as the page shows it once."""
    client = house.client(who)
    answer = client.post(PLACE, data={**INVITED, **more, **csrf(client.get(PLACE).text)})
    assert answer.status_code == 200, answer.text
    found = re.search(r"https?://[^/]+(/counsel/[\w-]{40,})", answer.text)
    assert found
    return found.group(1)


def outsider(house: House) -> FlaskClient:
    return house.app.test_client()


def state(client: FlaskClient, link: str, **more: str) -> str:
    """States the identity and returns the page that opens."""
    answer = client.post(link, data={**STATED, **more, **csrf(client.get(link).text)})
    assert answer.status_code == 303, answer.text
    return client.get(link).text


def signing(page: str, **more: str) -> dict[str, str | list[str]]:
    """Returns what the sign box sends, with what is given."""
    page = page[page.index('id="signing"') :]
    sent: dict[str, str | list[str]] = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    sent["part"] = re.findall(r'name="part" value="([^"]*)"', page)
    return {**sent, **more}


def rows(house: House) -> int:
    with house.app.app_context():
        return sum(
            int(db.session.scalar(db.select(db.func.count()).select_from(table)) or 0)
            for table in db.metadata.sorted_tables
        )


def test_counsel_signs_in_five_clicks_and_the_house_can_show_it(reviewing: House) -> None:
    link = link_of(reviewing)
    client = outsider(reviewing)
    before = rows(reviewing)
    first = client.get(link)
    assert rows(reviewing) == before
    assert first.headers["Cache-Control"] == "no-store"
    assert "12" not in re.sub(r"<form.*?</form>", "", first.text.split("<main")[1], flags=re.S).replace(
        "Is twelve", ""
    )
    page = state(client, link)  # tick, Read the changes
    assert "Li Counsel" in page
    assert "12" in page
    assert "赵律" not in client.get("/r/26-001/review").text
    answer = client.post(f"{link}/sign", data=signing(page, decision="approve"))  # choose, Sign
    assert answer.status_code == 303, answer.text
    assert 1 + 2 + 2 <= 5  # open, tick, read; choose, sign
    done = client.get(answer.location).text
    assert "I am Li Counsel, partner, of Firm &amp; Partners, registered under A-77." in done
    again = client.post(f"{link}/sign", data=signing(page, decision="return"))
    assert again.status_code == 303
    printed = reviewing.client("director").get("/r/26-001/signatures").text
    assert "Firm &amp; Partners" in printed
    assert "赵律" in printed
    assert "Li Counsel" in reviewing.client("lawyer").get("/r/26-001/review").text
    with reviewing.app.app_context():
        revision = standards.revision("26-001")
        row = counsel_queries.invitations(revision.id)[0]
        assert row.sign_off is not None
        assert row.sign_off.decision is Decision.APPROVE
        assert not queries.standing(revision)[Kind.LEGAL].is_fresh  # it replaces no signature inside
        entry = signed_lines.manifest_sign_offs(revision)[-1]
        assert (entry["outside"], entry["step"], entry["signer"]) == (True, "legal", row.subject)
        assert entry["answerable"] == reviewing.person("lawyer").subject
        assert "Li" not in str(entry)
        kept = str([str(value) for value in row.__dict__.values()])
        assert link.rpartition("/")[2] not in kept
        lines = [a.line for a in db.session.scalars(db.select(ActivityLine)) if "counsel." in a.verb]
        assert [re.findall(r"counsel\.\w+", line)[0] for line in lines] == [
            "counsel.invited", "counsel.stated", "counsel.signed",
        ]  # fmt: skip
        assert "Li Counsel" not in "".join(lines)
        told = {
            n.kind
            for n in db.session.scalars(db.select(Notice))
            if n.person_id == reviewing.person("lawyer").id
        }
        assert "counsel_approve" in told


def test_who_has_no_open_link_gets_one_answer(reviewing: House) -> None:
    used, back, old = (link_of(reviewing, email=f"{n}@firm.example") for n in ("a", "b", "c"))
    client = outsider(reviewing)
    client.post(f"{used}/sign", data=signing(state(client, used), decision="approve"))
    inside = reviewing.client("lawyer")
    answer = inside.post(f"{PLACE}/2/take-back", data=csrf(inside.get(PLACE).text))
    assert answer.status_code == 303

    def seen(link: str) -> tuple[int, str]:
        page = outsider(reviewing).get(link)
        return page.status_code, re.sub(r"\s+", " ", page.text.split("<main")[1].split("</main>")[0])

    strange = seen("/counsel/" + "x" * 43)
    assert strange[0] == 404
    assert seen(used) == seen(back) == strange == seen(f"{used}/signed")
    with clock.frozen(clock.now() + dt.timedelta(days=30)):
        status, words = seen(old)
        assert status == 404
        assert "Ask Zhao" in words or "赵" in words
        assert seen(used) == seen(back) == strange
    token = csrf(client.get("/sign-in").text)
    for link in ("/counsel/" + "y" * 43, back, used):
        assert client.post(link, data={**STATED, **token}).status_code == 404


def test_wrong_links_are_counted_and_slowed(reviewing: House) -> None:
    client = outsider(reviewing)
    token = csrf(client.get("/sign-in").text)
    tries = reviewing.app.config["SETTINGS"].sign_in_tries
    answers = [client.post(f"/counsel/{n:043}", data=token).status_code for n in range(tries + 1)]
    assert answers == [404] * tries + [429]


def test_a_text_that_moved_on_while_counsel_read_is_shown_and_not_signed(reviewing: House) -> None:
    link = link_of(reviewing)
    client = outsider(reviewing)
    page = state(client, link)
    with reviewing.app.app_context():
        draft_twelve_hours(reviewing.actor("drafter"), standards.revision("26-001"), "10")
        reviewing.run_jobs()
    sent = signing(page, decision="approve_with_conditions", comment="Only on working days")
    answer = client.post(f"{link}/sign", data=sent)
    assert answer.status_code == 409
    assert "C07 changed while you were reading" in answer.text
    assert "Only on working days" in answer.text
    assert client.post(f"{link}/sign", data={**sent, **signing(answer.text)}).status_code == 303
    with reviewing.app.app_context():  # and afterwards only what changed again is asked
        revision = standards.revision("26-001")
        draft_twelve_hours(reviewing.actor("drafter"), revision, "8")
        kinds = [n.kind for n in db.session.scalars(db.select(Notice)) if n.kind == "counsel_outdated"]
        assert len(kinds) == 1
        row = counsel_queries.rows_of(revision, signed_lines.current_lines(revision)["legal"])[0]
        assert row.is_fresh is False
        with transaction():
            second, _secret = counsel.invite(
                reviewing.actor("lawyer"),
                revision,
                "legal",
                name="Li",
                firm="F",
                email="LI@firm.example",
                language="en",
            )
        asked = counsel_queries.open_parts(revision, second)
        assert asked
        assert asked.keys() < counsel_queries.parts_of_step(revision, "legal").keys() | {"none"}
        assert all(row.invitation.sign_off.lines.get(p) != digest for p, digest in asked.items())  # type: ignore[union-attr]


def test_conditions_returns_notes_and_hostile_words(reviewing: House) -> None:
    link = link_of(reviewing)
    client = outsider(reviewing)
    assert client.post(link, data={**csrf(client.get(link).text), "name": "Li"}).status_code == 422
    page = state(client, link, name="Somebody Else", role="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page
    note = client.post(
        f"{link}/notes", data={**csrf(page), "clause": "c07", "text": "Twelve {{ 7*7 }} hours?"}
    )
    assert note.status_code == 303
    assert client.post(f"{link}/notes", data={**csrf(page), "clause": "c01", "text": "no"}).status_code == 404
    for decision, more, wrong in (
        ("", {}, "Choose your decision"),
        ("approve_with_conditions", {}, "Write the condition"),
        ("return", {"comment": "x"}, "Choose the clause"),
        ("return", {"clause": "c07"}, "Write what must change"),
    ):
        answer = client.post(f"{link}/sign", data=signing(page, decision=decision, **more))
        assert (answer.status_code, wrong in answer.text) == (422, True), wrong
    other = outsider(reviewing)  # another browser has stated nothing and may sign nothing
    sent = signing(page, decision="approve", **csrf(other.get(link).text))
    assert other.post(f"{link}/sign", data=sent).status_code == 409
    sent = signing(page, decision="return", clause="c07", comment="写明例外")
    assert client.post(f"{link}/sign", data=sent).status_code == 303
    seen = reviewing.client("lawyer").get("/r/26-001/review").text
    assert "Somebody Else" in seen
    assert "{{ 7*7 }}" in seen
    assert "写明例外" in seen
    assert "受邀人是" in reviewing.client("lawyer").get(PLACE).text
    with reviewing.app.app_context():
        assert standards.revision("26-001").state.value == "in_review"  # an outsider moves nothing


def test_staff_is_not_let_in_by_a_link(reviewing: House) -> None:
    link = link_of(reviewing)
    drafter = reviewing.client("drafter")
    page = drafter.get(link).text
    assert "员工身份" in page or "member of staff" in page
    assert drafter.post(link, data={**STATED, **csrf(drafter.get("/profile").text)}).status_code == 403


def test_only_reviewers_of_law_and_directors_invite(house: House) -> None:
    reviewing = house
    with house.app.app_context():
        revision = make_review(house)
        given = {"name": "Li", "firm": "F", "email": "li@f.example", "language": "zh"}
        for who in ("drafter", "seller", "engineer", "agent"):
            with pytest.raises((NotAllowed, Refused)):
                counsel.invite(reviewing.actor(who), revision, "legal", **given)  # type: ignore[arg-type]
        with pytest.raises(Refused):
            counsel.invite(reviewing.actor("engineer"), revision, "it", **given)  # type: ignore[arg-type]
        with pytest.raises(Invalid) as wrong:
            counsel.invite(
                reviewing.actor("lawyer"), revision, "legal", name=" ", firm="", email="x", language="fr",
                working_days=0, clause_ids=["c99"],
            )  # fmt: skip
        assert [e.field for e in wrong.value.errors] == [
            "name",
            "firm",
            "email",
            "language",
            "days",
            "clauses",
        ]
        with transaction():
            row, _secret = counsel.invite(reviewing.actor("director"), revision, "legal", **given)  # type: ignore[arg-type]
        assert db.session.get_one(CounselInvitation, row.id).email == "li@f.example"
        with pytest.raises(Invalid) as again:  # a form sent twice
            counsel.invite(reviewing.actor("lawyer"), revision, "legal", **{**given, "email": "LI@f.example"})  # type: ignore[arg-type]
        assert again.value.errors[0].reason.key == "counsel.open_already"
        with pytest.raises(NotAllowed):
            counsel.take_back(reviewing.actor("lawyer"), revision, row.id)


def kept(house: House) -> str:
    """Returns everything that stands in the database, whatever the table."""
    with house.app.app_context():
        return "".join(str(list(db.session.execute(db.select(table)))) for table in db.metadata.sorted_tables)


def invite_by_mail(house: House, smtp: str, **more: str) -> str:
    """Invites with the letter asked for and returns the page with the link."""
    house.app.config["SETTINGS"] = replace(house.app.config["SETTINGS"], smtp=smtp)
    client = house.client("lawyer")
    form = client.get(PLACE).text
    assert ('name="mail"' in form) is bool(smtp)
    answer = client.post(PLACE, data={**INVITED, **more, "mail": "y", **csrf(form)})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_house_mails_the_link_and_keeps_it_nowhere(
    reviewing: House, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        page = invite_by_mail(reviewing, mailbox.address)
    assert "带链接的邮件已寄往 li@firm.example" in page
    assert "mailto:" not in page
    (letter,) = mailbox.messages
    assert mailbox.recipients == [["li@firm.example"]]
    assert letter["Reply-To"] == "lawyer@example.invalid"
    words = letter.get_content()
    secret = re.findall(r"/counsel/([\w-]{43})", words)[0]
    assert secret in page
    assert "asks you to review changed clauses" in words
    state(outsider(reviewing), f"/counsel/{secret}")
    assert secret not in kept(reviewing)
    # The mail server of the test logs by itself what it is sent; all else is ours.
    assert not [r for r in caplog.records if secret in r.getMessage() and not r.name.startswith("mail.")]
    files = [f for f in reviewing.folder.rglob("*") if f.is_file()]
    assert files and not [f for f in files if secret.encode() in f.read_bytes()]
    assert "邮件寄出于" in reviewing.client("director").get(PLACE).text
    assert "counsel.mailed" in kept(reviewing)


@pytest.mark.parametrize(
    ("smtp", "email", "says"),
    [
        ("", "li@firm.example", "没有设置邮件服务器"),
        ("127.0.0.1:1", "li@firm.example", "现在连不上邮件服务器"),
        ("127.0.0.1:1", "li@@firm.example", "不是一个邮箱地址"),
    ],
)
def test_a_letter_that_does_not_leave_is_told_and_the_link_is_at_hand(
    reviewing: House, smtp: str, email: str, says: str
) -> None:
    page = invite_by_mail(reviewing, smtp, email=email)
    assert says in page
    assert "请自己转交链接" in page
    assert "mailto:li@" in page
    assert re.search(r"/counsel/[\w-]{43}", page)
    assert "邮件未能从这里寄出" in reviewing.client("lawyer").get(PLACE).text
    with reviewing.app.app_context():
        assert [row.mailed_at for row in db.session.scalars(db.select(CounselInvitation))] == [None]


def test_a_used_link_shows_its_signer_what_was_signed_and_everybody_else_what_to_do(reviewing: House) -> None:
    link = link_of(reviewing)
    client = outsider(reviewing)
    client.post(f"{link}/sign", data=signing(state(client, link), decision="approve"))
    assert client.get(link).location.endswith(f"{link}/signed")
    page = outsider(reviewing).get(link, headers={"Accept-Language": "en"})
    assert page.status_code == 404
    assert "You have signed already: nothing more is to do." in page.text
    assert "Li Counsel" not in page.text
