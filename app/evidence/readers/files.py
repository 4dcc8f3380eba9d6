"""Owns how the files of one import are found and opened: one file, a folder or a zip archive. Knows no ticket system."""

import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

from app.evidence.tickets import RefusedRow

MEBIBYTE = 1024 * 1024
MOST_FILES = 1_000
LARGEST_FILE_BYTES = 512 * MEBIBYTE  # of a file in an archive, and of one whose rows are joined in memory
LARGEST_STREAMED_BYTES = 8 * 1024 * MEBIBYTE  # of a file read row by row
LARGEST_RATIO = 500  # unpacked to packed; a table of real tickets packs about 10 to 1


@dataclass(frozen=True)
class Part:
    """One file of an import. `open()` gives its bytes from the start, as often as wanted."""

    name: str
    size_bytes: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


def list_parts(path: Path, *suffixes: str, largest: int = LARGEST_FILE_BYTES) -> Iterator[Part | RefusedRow]:
    """Yields the files under `path` whose names end in one of `suffixes`, in the order of their names.

    A folder is read flat and with its subfolders; an archive is never unpacked to disk, and a workbook is a file and no
    archive. Hidden files are passed over. `largest` is what one file may hold, in bytes.
    Yields one RefusedRow instead when the whole thing cannot be read: `import.path_missing`, `import.archive_broken`,
    `import.archive_refused` (encrypted, or larger than the limits of this module), `import.too_many_files`,
    `import.file_too_large`.
    """
    if path.is_dir():
        found: list[Part | RefusedRow] = [
            _file_part(one, path, largest) for one in path.rglob("*") if _wanted(one.name, suffixes)
        ]
    elif not path.is_file():
        found = [RefusedRow(0, "", "import.path_missing", {"name": path.name})]
    elif zipfile.is_zipfile(path) and not is_workbook(path):
        found = list(_archive_parts(path, suffixes))
    else:
        found = [_file_part(path, path.parent, largest)]
    parts = sorted((one for one in found if isinstance(one, Part)), key=lambda one: one.name)
    if len(parts) > MOST_FILES:
        yield RefusedRow(0, "", "import.too_many_files", {"limit": MOST_FILES})
        return
    yield from (one for one in found if isinstance(one, RefusedRow))
    yield from parts


def can_be_joined(paths: Sequence[Path]) -> bool:
    """Says whether paths can be read as one export: a single one, or files of which none is an archive."""
    return len(paths) == 1 or all(
        one.is_file() and (is_workbook(one) or not zipfile.is_zipfile(one)) for one in paths
    )


@contextmanager
def as_one(paths: Sequence[Path]) -> Iterator[Path]:
    """Gives several files as one folder of links, so that pages of one export are joined; a single path as it is.

    Several have to be plain files (`can_be_joined`).
    """
    if len(paths) == 1:
        yield paths[0]
        return
    names = Counter(one.name for one in paths)
    with TemporaryDirectory() as made:
        for number, one in enumerate(dict.fromkeys(path.resolve() for path in paths), 1):
            folder = Path(made) / str(number) if names[one.name] > 1 else Path(made)
            folder.mkdir(exist_ok=True)
            (folder / one.name.lstrip(".")).symlink_to(one)
        yield Path(made)


def is_workbook(path: Path) -> bool:
    """Says whether an archive is a workbook of a spreadsheet program, whatever it is called."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return False


def _wanted(name: str, suffixes: tuple[str, ...]) -> bool:
    return not name.startswith(".") and name.casefold().endswith(suffixes)


def _file_part(path: Path, root: Path, largest: int) -> Part | RefusedRow:
    name = path.relative_to(root).as_posix()
    size = path.stat().st_size
    if size > largest:
        return RefusedRow(0, "", "import.file_too_large", {"limit": largest // MEBIBYTE}, name)
    return Part(name, size, lambda: path.open("rb"))


def _archive_parts(path: Path, suffixes: tuple[str, ...]) -> Iterator[Part | RefusedRow]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        yield RefusedRow(0, "", "import.archive_broken", {}, path.name)
        return
    total = 0
    for entry in entries:
        name = PurePosixPath(entry.filename)
        if entry.is_dir() or "__MACOSX" in name.parts or not _wanted(name.name, suffixes):
            continue
        total += entry.file_size
        ratio = entry.file_size / max(entry.compress_size, 1)
        bomb = (
            total > LARGEST_STREAMED_BYTES
            or entry.file_size > LARGEST_FILE_BYTES
            or (entry.file_size > MEBIBYTE and ratio > LARGEST_RATIO)
        )
        if bomb or entry.flag_bits & 1:
            yield RefusedRow(
                0, "", "import.archive_refused", {"limit": LARGEST_FILE_BYTES // MEBIBYTE}, name.name
            )
        else:
            yield Part(entry.filename, entry.file_size, _opener(path, entry))


def _opener(path: Path, entry: zipfile.ZipInfo) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    @contextmanager
    def unpack() -> Iterator[IO[bytes]]:
        # ZipExtFile hands out at most the size the entry states and checks its sum: a lying size ends in BadZipFile.
        with zipfile.ZipFile(path) as archive, archive.open(entry) as stream:
            yield stream

    return unpack
