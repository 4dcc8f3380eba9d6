"""Eight kinds of tampering with a clone, each found by `touchstone verify` and by `git` and `sha256sum` alone."""

import datetime as dt
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.core import activity, errors
from app.core.access import SYSTEM
from app.core.db import db
from app.standards.in_force import PublishedClause, text_in_force
from app.standards.manifest import Manifest, read_manifest
from app.standards.store import Store
from app.standards.store_copy import copy_store
from app.standards.store_names import text_path
from app.standards.verification import open_clone, verify
from tests.faults import world

SCRIPT = Path(__file__).resolve().parents[2] / "app" / "standards" / "verify.sh"
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "mallory",
    "GIT_AUTHOR_EMAIL": "mallory@people.invalid",
    "GIT_COMMITTER_NAME": "mallory",
    "GIT_COMMITTER_EMAIL": "mallory@people.invalid",
}
ZH = text_path(world.CODE, "zh")
MANIFEST = f"manifests/{world.CODE}/1.2.json"


def git(clone: Path, *arguments: str, data: str | None = None) -> str:
    done = subprocess.run(
        ["git", "-C", str(clone), *arguments],
        input=data,
        capture_output=True,
        text=True,
        check=True,
        env=ENVIRONMENT,
    )
    return done.stdout.strip()


def script(clone: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", str(SCRIPT), str(clone), *arguments], capture_output=True, text=True, env=ENVIRONMENT
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with four publications and two stretches of the activity log."""
    folder = tmp_path_factory.mktemp("live")
    app = world.open_app(folder)
    store = Store(folder / "store.git")
    with app.app_context():
        world.prepare(store, 2)
        anchor(store, 1)
        for n in (3, 4):
            world.publish(store, n)
        anchor(store, activity.head()[0] - 2)
        db.session.remove()
        db.engine.dispose()
    store.close()
    return folder / "store.git"


_anchored: dict[Path, int] = {}


def anchor(store: Store, at_least: int) -> None:
    """Writes the log's lines since the last call to the records, as the archive does."""
    activity.record(SYSTEM, "standard.read", "standard", "x", prev='a "prev":"0" in a text')
    db.session.commit()
    first = _anchored.get(store.path, 0) + 1
    rows = db.session.query(activity.ActivityLine).filter(activity.ActivityLine.seq >= first)
    lines = rows.order_by(activity.ActivityLine.seq).all()
    assert len(lines) >= at_least or lines
    segment = "".join(f"{row.line}\n" for row in lines).encode()
    last, head = lines[-1].seq, lines[-1].hash
    db.session.commit()
    trailers = {
        "Audit-Seq": str(last),
        "Audit-Head": head,
        "Segment-SHA256": world.sha256_of(segment.decode()),
    }
    store.append_records({f"log/{first:09d}-{last:09d}.jsonl": segment}, "system", world.AT, trailers)
    _anchored[store.path] = last


@pytest.fixture
def clone(live: Path, tmp_path: Path) -> Path:
    """An ordinary clone with a work tree, on the branch main, with the branch of the records beside it."""
    git(tmp_path, "clone", "--quiet", "--no-hardlinks", str(live), "clone")
    git(tmp_path / "clone", "branch", "--quiet", "records", "origin/records")
    return tmp_path / "clone"


def amend(clone: Path) -> None:
    git(clone, "commit", "--quiet", "--amend", "--no-edit", "--all")


def edited_text(clone: Path) -> None:
    file = clone / ZH
    file.write_text(file.read_text().replace("分钟", "小时", 1))
    amend(clone)


def edited_manifest(clone: Path) -> None:
    file = clone / f"manifests/{world.CODE}/1.4.json"
    file.write_text(file.read_text().replace("legal_reviewer", "it_reviewer"))
    amend(clone)


def edited_older_manifest(clone: Path) -> None:
    file = clone / MANIFEST
    file.write_text(file.read_text().replace("legal_reviewer", "it_reviewer"))
    amend(clone)


def removed_commit(clone: Path) -> None:
    git(clone, "rebase", "--quiet", "-X", "theirs", "--onto", "HEAD~2", "HEAD~1")


def rewritten_commit(clone: Path) -> None:
    git(
        clone, "commit", "--quiet", "--amend", "--reset-author", "--no-edit", "--date", "2026-01-01T00:00:00Z"
    )


def foreign_commit(clone: Path) -> None:
    (clone / ZH).write_text("anything\n")
    git(clone, "commit", "--quiet", "--all", "--message", "Publish it")


def swapped_file(clone: Path) -> None:
    (clone / ZH).write_text((clone / text_path(world.CODE, "en")).read_text())
    amend(clone)


def smuggled_file(clone: Path) -> None:
    (clone / "standards" / "cs-05").mkdir()
    (clone / "standards" / "cs-05" / "zh.md").write_text("smuggled\n")
    git(clone, "add", "--all")
    amend(clone)


def retagged(clone: Path) -> None:
    git(
        clone,
        "tag",
        "--force",
        "-a",
        "-m",
        "x",
        f"std/{world.CODE}/v1.2",
        f"std/{world.CODE}/v1.3^{{commit}}",
    )


def removed_tag(clone: Path) -> None:
    git(clone, "tag", "--delete", f"std/{world.CODE}/v1.2")


def edited_log_line(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "records")
    file = sorted((clone / "log").iterdir())[-1]
    file.write_text(file.read_text().replace("publication.published", "publication.pretended", 1))
    amend(clone)
    git(clone, "checkout", "--quiet", "main")


def changed_record(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "records")
    file = sorted((clone / "log").iterdir())[0]
    file.write_text(file.read_text().replace("publication.published", "publication.pretended", 1))
    git(clone, "commit", "--quiet", "--all", "--message", "Record")
    git(clone, "checkout", "--quiet", "main")


def left_out_sign_off(clone: Path) -> None:
    """By somebody who knows the form: every hash and the tag made to agree, only the log still names the other commit."""
    file = clone / f"manifests/{world.CODE}/1.4.json"
    said = json.loads(file.read_text())
    assert said["sign_offs"], "the world signs its publications"
    said["sign_offs"] = []
    text = file.read_text()
    start = text.index('"sign_offs": [')
    made = text[:start] + '"sign_offs": []' + text[text.index("\n ]", start) + 3 :]
    assert json.loads(made) == said
    file.write_text(made)
    old = git(clone, "log", "-1", "--format=%B")
    message = re.sub("Manifest-SHA256: .*", f"Manifest-SHA256: {world.sha256_of(made)}", old)
    git(clone, "commit", "--quiet", "--amend", "--all", "--message", message)
    git(clone, "tag", "--force", "-a", "-m", "x", f"std/{world.CODE}/v1.4", "HEAD")


def emptied_object(clone: Path) -> None:
    blob = git(clone, "rev-parse", f"HEAD:{ZH}")
    file = clone / ".git/objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(b"")


TAMPERINGS: tuple[Callable[[Path], None], ...] = (
    edited_text, edited_manifest, edited_older_manifest, removed_commit, rewritten_commit, foreign_commit,
    swapped_file, smuggled_file, retagged, removed_tag, edited_log_line, changed_record, emptied_object,
    left_out_sign_off,
)  # fmt: skip


def test_an_untouched_store_and_its_clone_are_whole(live: Path, clone: Path) -> None:
    for path in (live, live.parent, clone):
        assert verify(path) == []
    assert script(clone)[0] == 0
    assert script(live)[0] == 0
    assert script(clone, git(clone, "rev-parse", "HEAD~2"))[0] == 0
    assert "4 publications, 2 records" in script(clone)[1]


def test_a_clone_without_local_branches_is_read_from_what_it_fetched(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "--detach")
    git(clone, "branch", "--quiet", "-D", "main", "records")
    assert verify(clone) == []
    assert script(clone)[0] == 0


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_by_the_program_and_by_the_script(
    clone: Path, tamper: Callable[[Path], None]
) -> None:
    tamper(clone)
    assert verify(clone), "touchstone verify did not see it"
    code, said = script(clone)
    assert code == 1, "verify.sh did not see it"
    assert "wrong: " in said


def test_a_cut_tail_is_found_by_its_tags_by_the_log_and_by_a_witness(clone: Path) -> None:
    written_down = git(clone, "rev-parse", "HEAD")
    git(clone, "reset", "--quiet", "--hard", "HEAD~1")
    assert [finding.key for finding in verify(clone)] == ["verify.tag", "verify.publication"]
    git(clone, "tag", "--delete", f"std/{world.CODE}/v1.4")
    assert [finding.key for finding in verify(clone)] == ["verify.publication"]
    assert f"1.4 is not the commit {written_down} that the activity log tells of" in script(clone)[1]
    git(clone, "branch", "--force", "--quiet", "records", "records~1")
    assert script(clone)[0] == 0, "without a witness a shorter history looks whole; docs/verify.md says so"
    assert script(clone, written_down)[0] == 1


def test_a_swapped_text_is_named(clone: Path) -> None:
    swapped_file(clone)
    assert ("verify.text", ZH) in {(finding.key, finding.detail) for finding in verify(clone)}
    assert f"{ZH} is not the text of its manifest" in script(clone)[1]


def test_what_is_no_store_is_refused(tmp_path: Path) -> None:
    assert script(tmp_path)[0] == 1
    with pytest.raises(errors.NotFound):
        open_clone(tmp_path)


def published(clone: Path) -> list[tuple[str, Manifest]]:
    """Returns each publication of a clone with the commit it stands in, oldest first, from its manifests alone."""
    made = []
    for commit in git(clone, "rev-list", "--reverse", "HEAD").split():
        changed = git(clone, "diff-tree", "--root", "--no-commit-id", "--name-only", "-r", commit).split()
        (path,) = [one for one in changed if one.startswith("manifests/")]
        made.append((commit, read_manifest(git(clone, "show", f"{commit}:{path}"))))
    return made


def test_the_text_in_force_follows_from_a_clone_alone(clone: Path) -> None:
    publications = published(clone)
    assert [manifest.version for _commit, manifest in publications] == ["1.1", "1.2", "1.3", "1.4"]
    told = [
        PublishedClause(
            clause_id=one.clause_id,
            clause_hash=one.clause_hash,
            order=order,
            position=one.position,
            effective_at=one.effective_at,
            transition_until=one.transition_until,
            is_retired=one.is_retired,
            key=commit,
        )
        for order, (commit, manifest) in enumerate(publications)
        for one in manifest.clauses
    ]
    clauses = publications[2][1].clauses
    found = text_in_force(told, clauses[0].effective_at + dt.timedelta(minutes=1))
    assert {b.clause_id: b.clause_hash for b in found.bindings} == {
        c.clause_id: c.clause_hash for c in clauses
    }
    assert [c.key for c in found.coming] == [publications[3][0]] * 2


def test_a_copy_for_an_export_is_whole_and_readable(live: Path, tmp_path: Path) -> None:
    store = open_clone(live)
    store.write_pin("26-014", 1, {ZH: b"a draft"}, "p-7f3a", world.AT)
    copy_store(store, tmp_path / "copy")
    store.close()
    assert verify(tmp_path / "copy") == []
    assert script(tmp_path / "copy")[0] == 0
    assert "投诉处理标准" in (tmp_path / "copy" / ZH).read_text()
    assert git(tmp_path / "copy", "status", "--porcelain") == ""
    assert git(tmp_path / "copy", "for-each-ref", "refs/drafts") == ""
    kept = [p for p in (tmp_path / "copy" / ".git").rglob("*") if p.is_file() and "objects" not in p.parts]
    assert not [p for p in kept if str(live).encode() in p.read_bytes()], "the copy names where it came from"
    with pytest.raises(errors.Refused):
        copy_store(open_clone(live), tmp_path / "copy")


def test_the_script_is_short_enough_to_be_read() -> None:
    assert len(SCRIPT.read_text().splitlines()) <= 62
