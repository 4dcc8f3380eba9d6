"""Owns the settings of the store's repository: writes them once, refuses them when they changed or do not work."""

import hashlib
import shutil
import tempfile
from pathlib import Path

from app.core import errors
from app.standards.git import Plumbing, git_version, sync_folder
from app.standards.store_names import MAIN

LOWEST_GIT = (2, 36)  # the first that knows core.fsync
REMEMBERED = "store.config.sha256"

# `core.fsync=all`: with less, 31 of 120 simulated power cuts lost objects. `gc.auto=0`: maintenance runs only
# under the publish lock.
CONFIG = """\
[core]
\trepositoryformatversion = 0
\tfilemode = true
\tbare = true
\tfsync = all
\tfsyncMethod = fsync
\tlogAllRefUpdates = true
[gc]
\tauto = 0
[receive]
\tdenyNonFastForwards = true
\tdenyDeletes = true
[transfer]
\tfsckObjects = true
"""


def prepare(plumbing: Plumbing) -> None:
    """Makes the bare repository, or finishes making it after a crash; leaves a finished one alone."""
    path, remembered = plumbing.path, plumbing.path.parent / REMEMBERED
    if remembered.exists():
        return
    path.mkdir(parents=True, exist_ok=True)
    with plumbing.lock():
        plumbing.run("init", "--quiet", "--bare", "--template=", "--initial-branch=main")
        (path / "config").write_text(CONFIG)
        for folder in (path / "objects", path / "refs", path):
            sync_folder(folder)
        remembered.write_text(hashlib.sha256(CONFIG.encode()).hexdigest() + "\n")
        sync_folder(path.parent)


def check_config(path: Path) -> None:
    """Refuses (Unavailable) when the repository's config is not byte for byte the one written at creation."""
    try:
        now = hashlib.sha256((path / "config").read_bytes()).hexdigest()
        remembered = (path.parent / REMEMBERED).read_text().strip()
    except OSError as error:
        raise errors.Unavailable("store.missing") from error
    if now != remembered:
        raise errors.Unavailable("store.config_changed")


def check(path: Path) -> None:
    """Refuses (Unavailable) a changed config, an old git, or settings under which Git does not sync.

    Counts the syncs of one object and one ref in a throw-away repository with the same config, because the
    manual of Git 2.39 is wrong about which value covers refs.
    """
    check_config(path)
    if git_version() < LOWEST_GIT:
        raise errors.Unavailable("store.git_too_old", least=".".join(map(str, LOWEST_GIT)))
    with tempfile.TemporaryDirectory(prefix="probe-", dir=path.parent) as folder:
        probe = Plumbing(Path(folder) / "probe.git")
        for part in ("objects", "refs"):
            (probe.path / part).mkdir(parents=True)
        shutil.copyfile(path / "config", probe.path / "config")
        (probe.path / "HEAD").write_text(f"ref: {MAIN}\n")
        blob = probe.run(
            "hash-object", "-w", "--stdin", data=b"probe\n", environment=_traced(folder, "object")
        )
        probe.run("update-ref", "refs/tags/probe", blob, environment=_traced(folder, "ref"))
        objects, refs = (_counted_syncs(Path(folder) / name) for name in ("object", "ref"))
    if not objects or not refs:
        raise errors.Unavailable("store.does_not_sync", objects=objects, refs=refs)


def _traced(folder: str, name: str) -> dict[str, str]:
    return {"GIT_TRACE2_EVENT": str(Path(folder) / name)}


def _counted_syncs(trace: Path) -> int:
    # Git up to 2.39 tells the number as `data`, later ones as `counter`; both only when it is not zero.
    lines = trace.read_text().splitlines() if trace.exists() else []
    return sum('"category":"fsync"' in line and "hardware-flush" in line for line in lines)
