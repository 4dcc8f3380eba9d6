"""Owns the page of memory that tests, the zygote and the shim share. Its layout is `struct page` of shim.c."""

import ctypes
from enum import IntEnum
from pathlib import Path

KINDS = ("create", "write", "sync", "rename", "link", "unlink", "truncate", "mkdir", "send")


class Mode(IntEnum):
    """What happens at the chosen call."""

    COUNT = 0  # nothing
    KILL_GROUP = 1  # the process and every git it started die
    KILL_CALLER = 2  # only the process that makes the call dies
    DISK_FULL = 3  # from this call on nothing can be written
    IO_ERROR = 4  # this one call fails


class Page(ctypes.Structure):
    """Counts and orders; written before a child begins, read after it ended."""

    _fields_ = (
        ("armed", ctypes.c_uint32),
        ("mode", ctypes.c_uint32),
        ("target", ctypes.c_uint64),
        ("count", ctypes.c_uint64),
        ("kinds", ctypes.c_uint64 * len(KINDS)),
        ("group", ctypes.c_int32),
        ("sends", ctypes.c_uint32),
        ("root", ctypes.c_char * 1024),
    )

    def arm(self, mode: Mode, target: int, group: int, root: Path, sends: bool) -> None:
        """Begins counting at zero below `root` and lets the shim strike at call `target`."""
        self.armed = 0
        self.mode, self.target, self.group, self.root = int(mode), target, group, str(root).encode()
        self.sends = int(sends)
        self.count = 0
        self.kinds = (ctypes.c_uint64 * len(KINDS))()
        self.armed = 1

    def by_kind(self) -> dict[str, int]:
        """Returns how many calls of each kind were counted, without those of no kind."""
        return {name: int(count) for name, count in zip(KINDS, self.kinds, strict=True) if count}
