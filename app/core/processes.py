"""Owns how a process is told from every other, and whether one that is named still lives. Starts and ends none."""

import os
import socket
from pathlib import Path

PROC = Path("/proc")


def mark() -> str:
    """Returns the name of this process: machine, start of the machine, number, start of the process; "" where unknown.

    A number alone is given again to another process, and the same number stands for others on another machine.
    """
    number = os.getpid()
    started = _started(number)
    return f"{_machine()} {boot()} {number} {started}" if started else ""


def is_gone(name: str) -> bool:
    """Tells whether the process of this mark surely lives no more; False for another machine's and for a bad mark."""
    parts = name.split(" ")
    if len(parts) != 4 or parts[0] != _machine() or not parts[2].isdecimal() or not boot():
        return False
    return parts[1] != boot() or _started(int(parts[2])) != parts[3]


def boot() -> str:
    """Returns what names the time since this machine was started; "" where the machine does not tell."""
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _machine() -> str:
    # Containers of one machine share its name for the boot and count their processes apart.
    try:
        numbers = os.readlink(PROC / "self/ns/pid")
    except OSError:
        numbers = ""
    return f"{socket.gethostname()}/{numbers}".replace(" ", "-")


def _started(number: int) -> str:
    """Returns when a process started, in ticks since the machine did; "" for one that is not there or only a zombie."""
    try:
        fields = (PROC / str(number) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in ("Z", "X") else fields[19]
