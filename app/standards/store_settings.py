"""Owns the settings of the store's repository: writes them once, refuses them when they changed or do not work."""

import hashlib
import tempfile
from pathlib import Path

from app.core import errors
from app.standards.git import Plumbing, binary_mark, git_version, sync_folder
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

    What Git does depends on the git and the config alone, so each pair of them is tried once a process.
    """
    check_config(path)
    if git_version() < LOWEST_GIT:
        raise errors.Unavailable("store.git_too_old", least=".".join(map(str, LOWEST_GIT)))
    objects, refs = _syncs((path / "config").read_bytes(), path.parent, binary_mark())
    if not objects or not refs:
        raise errors.Unavailable("store.does_not_sync", objects=objects, refs=refs)


_tried: dict[tuple[bytes, tuple[int, int, int]], tuple[int, int]] = {}


def _syncs(config: bytes, parent: Path, mark: tuple[int, int, int]) -> tuple[int, int]:
    """Returns how often Git syncs for one object and for one ref, counted in a throw-away repository with this config,
    because the manual of Git 2.39 is wrong about which value covers refs."""
    if (config, mark) not in _tried:
        with tempfile.TemporaryDirectory(prefix="probe-", dir=parent) as folder:
            probe = Plumbing(Path(folder) / "probe.git")
            for part in ("objects", "refs"):
                (probe.path / part).mkdir(parents=True)
            (probe.path / "config").write_bytes(config)
            (probe.path / "HEAD").write_text(f"ref: {MAIN}\n")
            blob = probe.run(
                "hash-object", "-w", "--stdin", data=b"probe\n", environment=_traced(folder, "object")
            )
            probe.run("update-ref", "refs/tags/probe", blob, environment=_traced(folder, "ref"))
            objects, refs = (_counted_syncs(Path(folder) / name) for name in ("object", "ref"))
        _tried[config, mark] = objects, refs
    return _tried[config, mark]


def _traced(folder: str, name: str) -> dict[str, str]:
    return {"GIT_TRACE2_EVENT": str(Path(folder) / name)}


def _counted_syncs(trace: Path) -> int:
    # Git up to 2.39 tells the number as `data`, later ones as `counter`; both only when it is not zero.
    lines = trace.read_text().splitlines() if trace.exists() else []
    return sum('"category":"fsync"' in line and "hardware-flush" in line for line in lines)
