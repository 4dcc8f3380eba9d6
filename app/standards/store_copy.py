"""Owns the copy of the store that an export carries: an ordinary repository with its texts laid out as files."""

from pathlib import Path

from app.core import errors
from app.standards.git import Plumbing
from app.standards.store import Store
from app.standards.store_names import MAIN

COPIED = ("refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*", "refs/imports/*:refs/imports/*")


def copy_store(store: Store, folder: Path) -> None:
    """Copies publications, records and tags, without drafts, into a new folder; the texts lie there as files too.

    The copy knows nothing of where it came from. Raises Refused when the folder is there and not empty, GitFailed
    when the disk refuses; a half-made copy is then left for the caller to remove.
    """
    if folder.exists() and any(folder.iterdir()):
        raise errors.Refused("store.folder_not_empty", folder=folder.name)
    inside = folder / ".git"
    inside.mkdir(parents=True)
    copy = Plumbing(inside)
    copy.run("init", "--quiet", "--template=", "--initial-branch=main")
    copy.run("config", "core.bare", "false")  # made from inside its own folder, it would be taken for bare
    copy.run("config", "core.logAllRefUpdates", "false")  # its log would name this machine's folders
    copy.run("fetch", "--quiet", "--no-write-fetch-head", "--update-head-ok", str(store.path), *COPIED)
    if store.head(MAIN) is not None:
        copy.run("read-tree", "--reset", "-u", MAIN, environment={"GIT_WORK_TREE": str(folder.resolve())})
