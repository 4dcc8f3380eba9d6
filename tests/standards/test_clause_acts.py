"""Moving, splitting and joining clauses: what becomes of ids, measures, audience and places, and what is refused."""

from pathlib import Path

import pytest

from app.core.db import db, transaction
from app.core.errors import Invalid, Refused, Stale
from app.standards import clause_acts, drafting, library, projection, queries
from app.standards.clause_acts import Split
from app.standards.comparison import Change, compare, states_of
from app.standards.drafted_documents import draft_documents
from app.standards.drafting import ClauseText
from app.standards.matching import Origin
from app.standards.models import ClauseDraft, DraftCopy, DraftKind, Materiality, Revision
from app.standards.pieces import pieces
from app.standards.publication import publish
from app.standards.store_access import store
from tests.house.pages import faults
from tests.house_fixtures import House
from tests.review_cases import draft_twelve_hours, make_drafting, twelve_hours

CODE = "/r/26-001/edit"
ZH = {"SPLIT": "由此拆分而来：", "MERGED": "并入：", "REPLACED": "接替它的是："}


@pytest.fixture
def drafting_of(house: House) -> Revision:
    return make_drafting(house, ("c07", "c09"))


def order(revision: Revision, language: str = "zh") -> list[str]:
    return [clause.id for clause in draft_documents(revision)[language].clauses]


def changes(revision: Revision) -> dict[str, Change]:
    before = queries.published_documents(revision.standard)
    found = compare(states_of(before), states_of(draft_documents(revision)), "zh")
    return {d.clause_id: d.change for d in found.differences}


def move(house: House, revision: Revision, clause_id: str, **where: str) -> ClauseDraft:
    with transaction():
        return clause_acts.move_clause(house.actor("drafter"), revision, clause_id, **where)


def split(house: House, revision: Revision, clause_id: str = "c07", **more: object) -> ClauseDraft:
    values = {
        "at": {"zh": 1, "en": 1},
        "heading_zh": "答复的内容",
        "heading_en": "What the reply says",
        "measure_ids": (),
        **more,
    }
    seen = clause_acts.seen_of(revision, clause_id)
    with transaction():
        return clause_acts.split_clause(
            house.actor("drafter"), revision, clause_id, Split(**values), seen=seen
        )


def join(house: House, revision: Revision, clause_id: str, other: str, **more: object) -> ClauseDraft:
    after = draft_documents(revision)
    zh, en = after["zh"], after["en"]
    words = ClauseText(
        heading_zh=zh.clause(clause_id).heading,
        body_zh=f"{zh.clause(clause_id).body}\n\n{zh.clause(other).body}",
        heading_en=en.clause(clause_id).heading,
        body_en=f"{en.clause(clause_id).body}\n\n{en.clause(other).body}",
        measures=[*zh.measures_of(clause_id), *zh.measures_of(other)],
    )
    seen = (clause_acts.seen_of(revision, clause_id), clause_acts.seen_of(revision, other))
    with transaction():
        return clause_acts.join_clauses(
            house.actor("drafter"), revision, clause_id, other, words, **{"seen": seen, **more}
        )


def publish_draft(house: House, revision: Revision, version: str = "2.0") -> int:
    drafts = queries.clause_drafts(revision.id)
    request = library.request_for(
        revision.standard,
        draft_documents(revision),
        version=version,
        op_key=f"test {version}",
        author_subject=house.actor("director").subject,
        effective_on=library.clock.today(),
        reasons={projection.LINEAGE: projection.lineage_of(drafts)},
    )
    return publish(store(), request, check=lambda: None, finish=projection.finish)


def test_a_moved_clause_keeps_its_words_and_is_shown_as_moved(house: House, drafting_of: Revision) -> None:
    before = {language: order(drafting_of, language) for language in ("zh", "en")}
    draft = move(house, drafting_of, "c09", after="c12")
    for language in ("zh", "en"):
        now = order(drafting_of, language)
        assert now.index("c09") == now.index("c12") + 1
        assert sorted(now) == sorted(before[language])
    assert changes(drafting_of) == {"c09": Change.MOVED}
    assert draft.materiality is Materiality.EDITORIAL
    assert draft_documents(drafting_of)["zh"].measures_of("c09")


def test_a_clause_moves_to_the_head_of_a_chapter(house: House, drafting_of: Revision) -> None:
    move(house, drafting_of, "c14", before="c05")
    zh = draft_documents(drafting_of)["zh"]
    assert zh.clause("c14").chapter == zh.clause("c05").chapter == "受理"
    assert order(drafting_of)[4:6] == ["c14", "c05"]
    move(house, drafting_of, "c14", before="c01")
    assert order(drafting_of)[0] == "c14"


def test_clauses_beside_a_moved_one_stay_where_they_are(house: House, drafting_of: Revision) -> None:
    move(house, drafting_of, "c10", after="c07")
    with transaction():
        new = drafting.add_clause(
            house.actor("drafter"), drafting_of, after_clause_id="c07", heading_zh="新的", heading_en="New"
        ).clause_id
    was = order(drafting_of)
    move(house, drafting_of, "c07", after="c14")
    assert [c for c in order(drafting_of) if c != "c07"] == [c for c in was if c != "c07"]
    assert order(drafting_of)[-1] == "c07"
    move(house, drafting_of, "c14", after="c07")
    move(house, drafting_of, "c07", after=new)  # a ring of neighbours would end here
    assert sorted(order(drafting_of)) == sorted(was)


def test_a_move_survives_the_neighbour_that_goes(house: House, drafting_of: Revision) -> None:
    move(house, drafting_of, "c09", after="c12")
    with transaction():
        drafting.retire_clause(house.actor("drafter"), drafting_of, "c12", reason="不再需要", successor="c11")
    now = order(drafting_of)
    assert "c12" not in now
    assert now.index("c09") == now.index("c11") + 1


@pytest.mark.parametrize(
    "where",
    [
        {"after": "c99"},
        {"after": "c07"},
        {"before": ""},
        {"after": "c06"},
        {"before": "c08"},
        {"after": "x' --"},
    ],
)
def test_a_move_to_nowhere_is_refused_at_its_field(
    house: House, drafting_of: Revision, where: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        move(house, drafting_of, "c07", **where)
    assert refused.value.errors[0].field == "place"
    assert queries.clause_draft(drafting_of.id, "c07") is None


def test_a_clause_held_elsewhere_does_not_move(house: House, drafting_of: Revision) -> None:
    words = {"title": "换货要说清运费", "problem": "客户不知道谁付运费", "benefit": "少打一次电话"}
    other = make_drafting(house, ("c11",), **words)
    assert other.id != drafting_of.id
    with pytest.raises(Refused):
        move(house, drafting_of, "c11", after="c01")


def test_splitting_gives_a_new_id_and_says_where_it_came_from(house: House, drafting_of: Revision) -> None:
    whole = queries.published_documents(drafting_of.standard)["zh"].clause("c07")
    new = split(house, drafting_of)
    assert new.clause_id == "c15"
    assert (new.origin, new.other_clause_id, new.kind) == (Origin.SPLIT, "c07", DraftKind.NEW)
    old = queries.clause_draft(drafting_of.id, "c07")
    assert "".join((old.body_zh + new.body_zh).split()) == "".join(whole.body.split())
    assert new.tags == old.tags
    assert new.audience == old.audience
    now = order(drafting_of)
    assert now.index("c15") == now.index("c07") + 1
    assert changes(drafting_of) == {"c07": Change.CHANGED, "c15": Change.NEW}
    kept = db.session.query(DraftCopy).filter_by(why="split").one()
    assert kept.fields["body_zh"] == whole.body


def test_measures_go_with_the_part_they_belong_to(house: House, drafting_of: Revision) -> None:
    measures = queries.published_documents(drafting_of.standard)["zh"].measures_of("c07")
    split(house, drafting_of, measure_ids=tuple(m.id for m in measures))
    after = draft_documents(drafting_of)["zh"]
    assert after.measures_of("c07") == ()
    assert [m.id for m in after.measures_of("c15")] == [m.id for m in measures]
    with transaction():  # who takes the split back gets the measures back
        drafting.discard_draft(house.actor("drafter"), drafting_of, "c07")
    after = draft_documents(drafting_of)["zh"]
    assert after.measures_of("c07") == measures
    assert after.measures_of("c15") == ()


def test_a_measure_that_went_away_gets_a_new_id_when_it_is_typed_again(
    house: House, drafting_of: Revision
) -> None:
    measures = queries.published_documents(drafting_of.standard)["zh"].measures_of("c07")
    split(house, drafting_of, measure_ids=tuple(m.id for m in measures))
    draft_twelve_hours(house.actor("drafter"), drafting_of)
    after = draft_documents(drafting_of)["zh"]
    ids = [m.id for m in after.front.measures]
    assert len(ids) == len(set(ids))
    assert [m.id for m in after.measures_of("c15")] == [m.id for m in measures]
    assert len(after.measures_of("c07")) == len(measures)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"at": {}}, "at_zh"),
        ({"at": {"zh": 0}}, "at_zh"),
        ({"at": {"zh": 99}}, "at_zh"),
        ({"at": {"zh": -1}}, "at_zh"),
        ({"at": {"zh": 1, "en": 99}}, "at_en"),
        ({"heading_zh": "  "}, "heading_zh"),
        ({"measure_ids": ("m99",)}, "measure"),
    ],
)
def test_a_cut_at_nothing_is_refused_at_its_field(
    house: House, drafting_of: Revision, more: dict, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        split(house, drafting_of, **more)
    assert refused.value.errors[0].field == field
    assert queries.clause_drafts(drafting_of.id) == []


def test_a_stale_page_splits_and_joins_nothing(house: House, drafting_of: Revision) -> None:
    seen = clause_acts.seen_of(drafting_of, "c07")
    other = clause_acts.seen_of(drafting_of, "c09")
    draft_twelve_hours(house.actor("colleague"), drafting_of)
    cut = Split(at={"zh": 1}, heading_zh="新", heading_en="")
    with pytest.raises(Stale), transaction():
        clause_acts.split_clause(house.actor("drafter"), drafting_of, "c07", cut, seen=seen)
    with pytest.raises(Stale):
        join(house, drafting_of, "c07", "c09", seen=(seen, other))
    assert [d.clause_id for d in queries.clause_drafts(drafting_of.id)] == ["c07"]


def test_joining_retires_the_other_and_says_where_it_went(house: House, drafting_of: Revision) -> None:
    base = queries.published_documents(drafting_of.standard)["zh"]
    join(house, drafting_of, "c07", "c09")
    gone = queries.clause_draft(drafting_of.id, "c09")
    assert (gone.kind, gone.origin, gone.other_clause_id) == (DraftKind.RETIRED, Origin.MERGED, "c07")
    after = draft_documents(drafting_of)["zh"]
    assert not after.has("c09")
    assert base.clause("c09").body in after.clause("c07").body
    assert {m.id for m in after.measures_of("c07")} == {
        m.id for clause in ("c07", "c09") for m in base.measures_of(clause)
    }
    assert set(after.clause("c07").audience) == {"agent", "team_lead"}
    assert set(after.clause("c07").tags) == {*base.clause("c07").tags, *base.clause("c09").tags}
    assert changes(drafting_of) == {"c07": Change.CHANGED, "c09": Change.RETIRED}
    assert db.session.query(DraftCopy).filter_by(why="joined").count() == 2


@pytest.mark.parametrize("undone", ["c07", "c09"])
def test_a_joint_can_be_taken_back_from_both_ends(house: House, drafting_of: Revision, undone: str) -> None:
    base = queries.published_documents(drafting_of.standard)["zh"]
    join(house, drafting_of, "c07", "c09")
    with transaction():
        drafting.discard_draft(house.actor("drafter"), drafting_of, undone)
    after = draft_documents(drafting_of)["zh"]
    assert after.clause("c09") == base.clause("c09")
    assert after.measures_of("c09") == base.measures_of("c09")
    assert after.measures_of("c07") == base.measures_of("c07")
    assert (after.clause("c07").body == base.clause("c07").body) == (undone == "c07")


def test_what_is_joined_into_a_clause_before_it_was_published_leaves_no_row(
    house: House, drafting_of: Revision
) -> None:
    split(house, drafting_of)
    join(house, drafting_of, "c07", "c15")
    assert queries.clause_draft(drafting_of.id, "c15") is None
    assert "c15" in drafting_of.standard.used_clause_ids
    assert split(house, drafting_of, "c09", at={"zh": 1}).clause_id == "c16"


@pytest.mark.parametrize("other", ["c07", "c99", "", "<script>"])
def test_joining_with_itself_or_with_nothing_is_refused(
    house: House, drafting_of: Revision, other: str
) -> None:
    words = twelve_hours(drafting_of)
    with pytest.raises(Invalid) as refused, transaction():
        clause_acts.join_clauses(house.actor("drafter"), drafting_of, "c07", other, words, seen=("", ""))
    assert refused.value.errors[0].field == "other"


def test_a_clause_that_goes_is_neither_joined_nor_split_nor_moved(
    house: House, drafting_of: Revision
) -> None:
    with transaction():
        drafting.retire_clause(house.actor("drafter"), drafting_of, "c09", reason="不再需要")
    with pytest.raises(Refused):
        move(house, drafting_of, "c09", after="c01")
    with pytest.raises(Refused):
        split(house, drafting_of, "c09")
    with pytest.raises(Invalid), transaction():
        clause_acts.join_clauses(
            house.actor("drafter"), drafting_of, "c07", "c09", twelve_hours(drafting_of), seen=("", "")
        )


def test_a_successor_must_be_a_clause_of_the_text(house: House, drafting_of: Revision) -> None:
    for forged in ("c99", "c09", "<b>"):
        with pytest.raises(Invalid), transaction():
            drafting.retire_clause(
                house.actor("drafter"), drafting_of, "c09", reason="不再需要", successor=forged
            )
    assert queries.clause_draft(drafting_of.id, "c09") is None


@pytest.mark.parametrize(
    ("body", "language", "texts"),
    [
        ("", "zh", []),
        ("一句。", "zh", ["一句。"]),
        ("一句。两句！“三句。”四句", "zh", ["一句。", "两句！", "“三句。”", "四句"]),
        (
            "- 第一。项\n- 第二\n\n> 这样说：好。再见。",
            "zh",
            ["- 第一。项", "- 第二", "> 这样说：好。再见。"],
        ),
        ("Within 2.5 hours. Then call. e.g. now", "en", ["Within 2.5 hours.", "Then call. e.g. now"]),
        ("| a | b |\n|---|---|\n| 1. X | 2 |", "en", ["| a | b |", "|---|---|", "| 1. X | 2 |"]),
    ],
)
def test_a_text_falls_into_pieces_that_make_it_up_again(body: str, language: str, texts: list[str]) -> None:
    found = pieces(body, language)
    assert [piece.text for piece in found] == texts
    for piece in found:
        assert body[piece.start :].lstrip().startswith(piece.text)


def test_the_editor_and_the_acts_stand_in_one_room() -> None:
    """The list of acts on the page and the routes are the same: a new act gets its link."""
    page = Path(clause_acts.__file__).parent / "templates/standards/edit_list.html"
    for endpoint in ("move_clause", "split_clause", "join_clauses", "retire_clause"):
        assert endpoint in page.read_text()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_new_pages_keep_the_rules_of_every_page(web: House, language: str) -> None:
    with web.app.app_context():
        make_drafting(web, ("c07", "c09"))
    client = web.client("drafter", language=language)
    for path in (CODE, f"{CODE}/all", f"{CODE}/c07/move", f"{CODE}/c07/split", f"{CODE}/c07/join?with=c09"):
        assert faults(path, client.get(path).text, language) == []
