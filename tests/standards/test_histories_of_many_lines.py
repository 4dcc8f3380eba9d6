"""Histories of many lines: made up with seeds, each document listed as Git lists it, its text at the tip the published one."""

import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.core.access import SYSTEM
from app.core.db import db
from app.standards import bundle, earlier, imports, queries
from app.standards.history_models import EarlierText
from app.standards.importing import read_markdown
from app.standards.models import Standard
from tests.git_cases import Elsewhere, listed_by_git
from tests.house_fixtures import House

NAMES = ("a.md", "A.md", "docs/投诉 规则.md", "docs/b'\"c.md", "x/y/z.markdown", "退款.md", "docs/退款.mdx")
Files = dict[str, tuple[str, bytes]]


def written(random_: random.Random, old: bytes = b"# T\n") -> bytes:
    """A text after somebody worked on it."""
    lines = old.decode("utf-8", "replace").split("\n")
    for _ in range(random_.randint(1, 3)):
        at = random_.randrange(len(lines))
        what = random_.random()
        if what < 0.5 or len(lines) < 5:
            number = random_.randint(0, 99)
            lines.insert(at + 1, f"\n## 第 {number} 项\n\n客服在 {number} 小时内登记编号并告知投诉者。")
        elif what < 0.75 and at:
            lines.pop(at)
        else:
            lines[at] += f" 补充 {random_.randint(0, 99)}"
    return "\n".join(lines).encode()


def worked_on(random_: random.Random, files: Files) -> None:
    """Writes, renames (with or without a change), removes, copies or turns one file into something else."""
    path = random_.choice(sorted(files) or NAMES)
    mode, data = files.get(path, ("100644", b"# T\n"))
    what = random_.random()
    if what < 0.5 or not files:
        new = random_.choice(NAMES) if what < 0.25 else path
        files[new] = (mode, written(random_, files.get(new, (mode, b"# T\n"))[1]))
    elif what < 0.7:
        files.pop(path)
        files[random_.choice(NAMES)] = (mode, written(random_, data) if what < 0.6 else data)
    elif what < 0.78:
        files.pop(path)
    elif what < 0.86:
        files[random_.choice(NAMES)] = (mode, data)
    else:
        odd = [("100755", data), ("120000", b"a.md"), ("100644", b""), ("100644", random_.randbytes(40))]
        files[path] = random_.choice(odd)


def stream(random_: random.Random) -> Iterator[bytes]:
    """A history of several lines that part and come together, two or three at once, with clocks that go wrong."""
    made: list[Files] = []
    heads: dict[str, int] = {}
    moment = 1_500_000_000
    for number in range(1, random_.randint(8, 40)):
        branch = random_.choice(sorted(heads)) if heads else "main"
        parent = heads.get(branch)
        if parent and random_.random() < 0.25 and len(heads) < 4:
            branch = f"line-{number}"
        others = [head for head in heads.values() if head != parent]
        merged = (
            random_.sample(others, min(len(others), random_.choice((0, 0, 0, 1, 1, 2)))) if parent else []
        )
        files = dict(made[parent - 1]) if parent else {}
        for other in merged:
            files |= {p: f for p, f in made[other - 1].items() if p not in files or random_.random() < 0.4}
        for _ in range(random_.randint(0 if merged else 1, 2)):
            worked_on(random_, files)
        moment += random_.choice((0, 60, 86_400, -259_200))
        yield f'commit refs/heads/{branch}\nmark :{number}\nauthor A"B <u{number % 4}@x> {moment} +0800\n'.encode()
        yield f"committer C <c@x> {moment + random_.choice((0, -90_000))} -0530\ndata 0\n".encode()
        yield f"from :{parent}\n".encode() if parent else b""
        yield b"".join(b"merge :%d\n" % other for other in merged) + b"deleteall\n"
        for path, (mode, data) in files.items():
            name = path.replace('"', '\\"')
            yield f'M {mode} inline "{name}"\ndata {len(data)}\n'.encode() + data + b"\n"
        made.append(files)
        heads[branch] = number


@pytest.mark.parametrize("seed", range(6))
def test_a_history_of_many_lines_is_read_as_git_lists_it(tmp_path: Path, seed: int) -> None:
    there = tmp_path / "there.git"
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", there], check=True)
    data = b"".join(stream(random.Random(seed)))
    subprocess.run(["git", "-C", there, "fast-import", "--quiet"], input=data, check=True)
    file = tmp_path / "there.bundle"
    subprocess.run(["git", "-C", there, "bundle", "create", "-q", file, "--all"], check=True)
    with bundle.opened(file) as past:
        assert past.documents or past.odd
        for document in past.documents:
            assert [c.commit for c in document.changes] == listed_by_git(there, document.path)[::-1]
            tip = subprocess.run(
                ["git", "-C", there, "rev-parse", f"HEAD:{document.path}"], capture_output=True, check=True, text=True
            )  # fmt: skip
            assert document.blob == tip.stdout.strip()


RULES = "# 投诉规则\n\n## 受理\n\n客服收到投诉后登记编号，并告知投诉者。\n\n## 答复\n\n普通投诉在 24 小时内答复。\n"
CHARGES = "\n## 收费\n\n不得向投诉者收取任何费用。\n"
CALLS = "\n## 回访\n\n结案后 3 天内由班组长回访投诉者。\n"


def test_what_is_published_is_the_text_where_the_lines_came_together(
    sqlite_house: House, tmp_path: Path
) -> None:
    """No commit that Git lists holds that text: each of them has one side's change only."""
    there = Elsewhere(tmp_path / "elsewhere")
    there.commit({"a.md": RULES})
    there.branch("side")
    there.commit({"a.md": RULES.replace("## 受理", CHARGES.lstrip() + "\n## 受理")})
    there.switch("main")
    there.commit({"a.md": RULES.replace("24 小时", "12 小时") + CALLS})
    there.merge("side")
    for _twice in (1, 2):
        done = imports.import_path(SYSTEM, there.bundle())
        code = done["documents"][0]["code"]
        (published,) = queries.publications(queries.standard(code).id)
        document = queries.documents_of(published)["zh"]
        ids = {clause.heading: clause.id for clause in document.clauses}
        assert set(ids) == {"收费", "受理", "答复", "回访"}
        assert "12 小时" in document.clause(ids["答复"]).body
    assert done["unchanged"] == 1
    texts = db.session.scalars(sa.select(EarlierText).order_by(EarlierText.position)).all()
    assert [t.source_commit for t in texts] == listed_by_git(there.path, "a.md")[::-1]
    for text in texts:
        found = earlier.document_of(text)
        assert found is not None and all(ids[c.heading] == c.id for c in found.clauses)
    there.commit({"a.md": (there.path / "a.md").read_text("utf-8").replace("3 天", "2 天")})
    again = imports.import_path(SYSTEM, there.bundle())
    assert (again["updated"], again["histories"][0]["new_texts"]) == (1, 1)
    newest = queries.newest_publication(queries.standard(code).id)
    assert newest is not None
    assert {c.heading: c.id for c in queries.documents_of(newest)["zh"].clauses} == ids


def test_an_older_history_merged_in_later_makes_no_second_library(
    sqlite_house: House, tmp_path: Path
) -> None:
    there = Elsewhere(tmp_path / "elsewhere")
    there.day = 10
    there.commit({"a.md": RULES})
    assert imports.import_path(SYSTEM, there.bundle())["created"] == 1
    there.git("switch", "-q", "--orphan", "old")
    there.day = 0
    there.commit({"b.md": RULES.replace("投诉", "退款")})
    there.switch("main")
    there.day = 20
    there.git("merge", "-q", "--allow-unrelated-histories", "-m", "both", "old")
    done = imports.import_path(SYSTEM, there.bundle())
    assert (done["created"], done["unchanged"]) == (1, 1)
    assert db.session.scalar(sa.select(sa.func.count(Standard.id))) == 2


@pytest.mark.parametrize(
    ("kind", "refs"), [("sha256", ["HEAD"]), ("sha1", ["v1"]), ("sha1", ["refs/remotes/origin/main"])]
)
def test_other_names_of_the_same_thing_are_read(
    sqlite_house: House, tmp_path: Path, kind: str, refs: list[str]
) -> None:
    """A history named by longer ids, a bundle of one annotated tag, one of a line seen elsewhere; without Markdown, plain text."""
    there = tmp_path / "there"
    run = ["git", "-C", there, "-c", "user.name=n", "-c", "user.email=e@x"]
    subprocess.run(
        ["git", "init", "-q", f"--object-format={kind}", "--initial-branch=main", there], check=True
    )
    (there / "规则.txt").write_text(
        "投诉规则\n\n一、受理\n\n登记编号。\n\n二、答复\n\n24 小时内答复。\n", "utf-8"
    )
    subprocess.run([*run, "add", "-A"], check=True)
    subprocess.run([*run, "commit", "-q", "-m", "x"], check=True)
    subprocess.run([*run, "tag", "-a", "v1", "-m", "one"], check=True)
    subprocess.run([*run, "update-ref", "refs/remotes/origin/main", "HEAD"], check=True)
    file = tmp_path / "there.bundle"
    subprocess.run([*run, "bundle", "create", "-q", file, *refs], check=True)
    done = imports.import_path(SYSTEM, file)
    assert (done["created"], done["refused"], done["histories"][0]["new_texts"]) == (1, 0, 1), done["errors"]
    sqlite_house.run_jobs()
    text = db.session.scalar(sa.select(EarlierText))
    assert text is not None and len(text.source_commit) == (64 if kind == "sha256" else 40)


@pytest.mark.parametrize("seed", [42, 54])
def test_half_a_history_then_the_whole_one_then_again_is_listed_as_git_lists_it(
    sqlite_house: House, tmp_path: Path, seed: int
) -> None:
    """Git may come to a document's past by another way once the history is longer (54 drops a commit it listed before)."""
    there, file = tmp_path / "there.git", tmp_path / "there.bundle"
    git = ["git", "-C", there]
    subprocess.run(["git", "init", "-q", "--bare", "--initial-branch=main", there], check=True)
    subprocess.run([*git, "fast-import", "--quiet"], input=b"".join(stream(random.Random(seed))), check=True)
    ids = subprocess.run(
        [*git, "rev-list", "--first-parent", "main"], capture_output=True, check=True, text=True
    )
    tips = ids.stdout.split()
    counts = []
    for tip in (tips[len(tips) // 2], tips[0], tips[0]):
        subprocess.run([*git, "update-ref", "refs/heads/main", tip], check=True)
        subprocess.run([*git, "bundle", "create", "-q", file, "main"], check=True)
        codes = {document["code"] for document in imports.import_path(SYSTEM, file)["documents"]}
        assert codes
        for standard in db.session.scalars(sa.select(Standard).where(Standard.code.in_(codes))):
            path = (standard.source_name or "").partition(":")[2]
            assert [row.source_commit for row in earlier.texts(standard.id)] == listed_by_git(there, path)
            data = subprocess.run([*git, "show", f"main:{path}"], capture_output=True, check=True).stdout
            (published,) = queries.documents_of(queries.publications(standard.id)[0]).values()
            read = [block for block in read_markdown(path, data).blocks if block.is_clause]
            assert [c.heading for c in published.clauses] == [block.heading for block in read]
        counts.append(db.session.scalar(sa.select(sa.func.count(EarlierText.id))))
    assert counts[1] == counts[2]
    sqlite_house.run_jobs()
