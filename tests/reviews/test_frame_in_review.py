"""What stands around the clauses is read, marked and discussed like a clause: the words before the first one, the chapters."""

import re

import pytest

from app.core.db import transaction
from app.standards import queries as standards
from app.standards.drafted_documents import draft_documents
from app.standards.frame import frame_of, groups_of
from app.standards.frame_drafting import save_frame
from tests.house_fixtures import House, csrf
from tests.reviews.test_pages_review import CHANGES, REVIEW


def introduce(house: House, words: str) -> None:
    """Drafts other words before the first clause; the chapters stay."""
    with house.app.app_context(), transaction():
        revision = standards.revision("26-001")
        document = draft_documents(revision)["zh"]
        chapters, where = frame_of(document).chapters, groups_of(document)
        save_frame(house.actor("drafter"), revision, "zh", words, chapters, where)


@pytest.fixture
def introduced(reviewing: House) -> House:
    introduce(reviewing, "本标准说明退换货怎么办。")
    return reviewing


def marked(house: House) -> tuple[str, str]:
    """Returns the hash a lawyer's mark would be made on, and which mark counts now."""
    page = house.client("lawyer").get(CHANGES).text
    form = page[page.index('id="preamble"') :]
    shown = re.search(r'name="text" value="([0-9a-f]{64})"', form).group(1)
    pressed = re.search(r'value="(\w+)" aria-pressed="true"', form[: form.index("</article>")])
    return shown, pressed.group(1) if pressed else ""


def test_a_mark_on_the_introduction_ends_when_its_words_change(introduced: House) -> None:
    lawyer = introduced.client("lawyer")
    token = csrf(lawyer.get(CHANGES).text)
    shown, _nothing = marked(introduced)
    sent = {**token, "clause": "preamble", "mark": "seen", "text": shown}
    assert lawyer.post(f"{CHANGES}/marks", data=sent).location == f"{CHANGES}#preamble"
    assert marked(introduced) == (shown, "seen")
    assert 'id="preamble"' not in lawyer.get(f"{CHANGES}?only=new").text
    assert marked(introduced)[1] == "seen"
    introduce(introduced, "本标准说明退货和换货怎么办。")
    assert marked(introduced)[0] != shown and marked(introduced)[1] == ""
    page = lawyer.get(CHANGES).text
    rest = {**token, "clause": "rest", "shown": re.findall(r'name="shown" value="([^"]+)"', page)}
    assert len(rest["shown"]) == 2
    lawyer.post(f"{CHANGES}/marks", data=rest)
    assert marked(introduced)[1] == "seen"


def test_the_introduction_is_discussed_and_the_drafter_hears_of_it(introduced: House) -> None:
    lawyer, drafter = introduced.client("lawyer"), introduced.client("drafter")
    token = csrf(lawyer.get(REVIEW).text)
    note = {**token, "clause": "preamble", "text": "写明依据哪部法律"}
    assert lawyer.post("/r/26-001/threads", data=note).location == f"{REVIEW}#preamble"
    suggested = {**note, "suggested_zh": "照此写。"}
    assert lawyer.post("/r/26-001/threads", data=suggested).status_code == 409
    page = drafter.get(REVIEW).text
    assert "写明依据哪部法律" in page
    assert "首条之前的文字 有新意见" in drafter.get("/notices").text
    introduce(introduced, "本标准依据《消费者权益保护法》。")
    assert "之后文字有改动" in lawyer.get(REVIEW).text
    assert "1 条讨论" in lawyer.get(CHANGES).text
    thread = re.search(r"/r/26-001/threads/(\d+)/resolve", page).group(1)
    assert drafter.post(f"/r/26-001/threads/{thread}/resolve", data=csrf(page)).status_code == 303
